/// JUnit's XML, as Jenkins' schema junit-10.xsd has it: a suite a series, a test case for each contender of a case.
///
/// `time` is the median of a call in seconds, so that a dashboard's history is that of the kernel. The other figures are
/// lines of `system-out`, and one that is not available is there with its reason. A peer that is absent is a skipped test.
package enum JUnitFormat {
  package static func text(_ report: Report) -> String {
    let absent = report.peers.filter { $0.absent != nil }
    let suites =
      report.seriesNames.map { series in suite(series, report.cases.filter { $0.series == series }, report) }
      + (absent.isEmpty ? [] : [suite(absent: absent, report)])
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"kernel-bench\">\n"
      + suites.joined() + "</testsuites>\n"
  }

  private static func suite(_ series: String, _ cases: [CaseResult], _ report: Report) -> String {
    let tests = cases.flatMap { item in
      item.contenders.filter { $0.samples.role != .ceiling }.map { (item: item, contender: $0) }
    }
    let total = tests.reduce(0) { $0 + $1.contender.time.median }
    return opening(series, tests: tests.count, skipped: 0, nanoseconds: total, report)
      + tests.map { test($0.item, $0.contender) }.joined() + "  </testsuite>\n"
  }

  private static func suite(absent: [Peer], _ report: Report) -> String {
    opening("peers", tests: absent.count, skipped: absent.count, nanoseconds: 0, report)
      + absent.map { peer in
        """
            <testcase classname="peers" name=\(quoted(peer.name)) time="0">
              <skipped message=\(quoted(peer.absent ?? ""))/>
            </testcase>

        """
      }.joined() + "  </testsuite>\n"
  }

  private static func opening(
    _ name: String, tests: Int, skipped: Int, nanoseconds: Double, _ report: Report
  ) -> String {
    let (machine, build) = (report.machine, report.build)
    let properties = [
      ("cpu", machine.cpu), ("architecture", machine.architecture), ("features", machine.featuresActive),
      ("system", machine.system), ("version", build.version), ("swift", build.swift),
      ("configuration", build.configuration), ("partial", report.isPartial.description),
    ]
    return """
        <testsuite name=\(quoted(name)) tests="\(tests)" failures="0" errors="0" skipped="\(skipped)" \
      time="\(seconds(nanoseconds))" timestamp="\(CalendarDate(secondsSince1970: report.started).iso8601)">
          <properties>

      """
        + properties.map { "      <property name=\(quoted($0.0)) value=\(quoted($0.1))/>\n" }.joined()
        + "    </properties>\n"
  }

  private static func test(_ item: CaseResult, _ contender: ContenderResult) -> String {
    let isKernel = contender.samples.role == .kernel
    let name = isKernel ? item.name : "\(item.name) by \(contender.samples.name)"
    var lines = [isKernel ? "row: \(item.row)" : "peer: \(contender.samples.name)"]
    lines += item.parameters.map { "\($0.name): \($0.value)" }
    lines += Statistic.all(contender).map { "\($0.name): \(Format.exact($0.value)) \($0.unit)" }
    for named in contender.metrics where named.name != .time {
      switch named.metric {
      case .value(let value, let unit, let source):
        lines.append("\(named.name): \(Format.exact(value)) \(unit) (\(source.rawValue))")
      case .unavailable(let reason): lines.append("\(named.name): n/a (\(reason))")
      }
    }
    return """
          <testcase classname=\(quoted(item.series)) name=\(quoted(name)) time="\(seconds(contender.time.median))">
            <system-out>\(lines.map(SVG.escaped).joined(separator: "\n"))</system-out>
          </testcase>

      """
  }

  private static func quoted(_ text: String) -> String { "\"" + SVG.escaped(text) + "\"" }

  /// xs:decimal has no exponent: digits down to a millionth of a nanosecond.
  private static func seconds(_ nanoseconds: Double) -> String {
    let digits = Format.fixed(nanoseconds, digits: 6)
    guard let point = digits.firstIndex(of: ".") else { return digits }
    let whole = digits[..<point]
    let padded = String(repeating: "0", count: max(0, 10 - whole.count)) + whole
    return padded.dropLast(9) + "." + padded.suffix(9) + digits[digits.index(after: point)...]
  }
}
