/// What `functions` prints, and writes with `--markdown`.
package enum FunctionsMarkdown {
  package static func text(_ report: FunctionsReport) -> String {
    var parts = ["# Functions, measured through their runtime API", report.introduction]
    parts += [
      table(report.goalsTable), table(report.summaryTable), table(report.filteredTable), table(report.startTable),
    ]
    parts += [report.pausesTable, report.sizesTable].compactMap(\.self).map(table)
    if !report.sizeReasons.isEmpty { parts.append(list(report.sizeReasons)) }
    parts += [table(report.costTable), list(report.assumptions)]
    parts += [list(report.workloads.map { "\($0.name): \($0.description)" }), FunctionsReport.notMeasured]
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The part that stands in a README.
  package static func summary(_ report: FunctionsReport) -> String {
    [
      report.introduction, table(report.summaryTable), table(report.startTable), table(report.goalsTable),
      FunctionsReport.notMeasured,
    ].joined(separator: "\n\n")
  }

  /// Puts the summary between its two marks.
  ///
  /// - Throws: ``BenchError`` where the text has not both.
  package static func replacingSummary(in text: String, by report: FunctionsReport) throws(BenchError) -> String {
    let (first, last) = ("<!-- kernel-bench functions -->", "<!-- end of kernel-bench functions -->")
    guard let start = text.firstRange(of: first), let end = text[start.upperBound...].firstRange(of: last) else {
      throw BenchError("there is no \(first) with \(last) behind it; put both where the figures are to stand")
    }
    return text[..<start.upperBound] + "\n\n" + summary(report) + "\n\n" + text[end.lowerBound...]
  }

  private static func table(_ table: FunctionsTable) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.map(escaped).joined(separator: " | ") + " |" }
    let rules = table.columns.map { $0.hasSuffix("*") ? "---:" : "---" }
    let heads = table.columns.map { $0.hasSuffix("*") ? String($0.dropLast()) : $0 }
    return ([table.caption + ":", "", line(heads), "|" + rules.joined(separator: "|") + "|"] + table.rows.map(line))
      .joined(separator: "\n")
  }

  private static func list(_ lines: [String]) -> String { lines.map { "- \($0)" }.joined(separator: "\n") }

  private static func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|").split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

extension FunctionsReport {
  var introduction: String {
    let functions = workloads.map(\.name).joined(separator: ", ")
    return """
      \(machine.cpu), \(machine.system), CPUs: \(machine.affinity). \(CalendarDate(secondsSince1970: started).text). \(samples.count) \
      invocations of each workload by each runtime, which take turns: \(functions). Ratios: the runtime's figure over that of the kernels.
      """
  }

  /// What the model of cost rests on.
  var assumptions: [String] {
    [
      "memory: \(CostFormat.price(prices.gigabyteSecond.dollars)) USD a GB-second (\(prices.gigabyteSecond.source))",
      "requests: \(CostFormat.price(prices.millionRequests.dollars)) USD a million (\(prices.millionRequests.source))",
      "host: \(CostFormat.price(prices.hostHour.dollars)) USD an hour, CPUs: \(prices.hostCPUs) (\(prices.hostHour.source))",
      "starts: \(CostFormat.percent(coldRate)) of invocations find no process waiting",
    ]
  }

  static let notMeasured = """
    Not measured here: placement of a new sandbox, download and unpacking of the code, the service's own network, Graviton, and any CPU but \
    this one. Neighbours on the machine disturb p99 and beyond.
    """
}
