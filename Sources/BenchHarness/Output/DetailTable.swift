/// Every statistic and every figure of every contender, within 100 columns: what `run --details` prints.
///
///     sgemm/8  m=8 n=8 k=8 type=f32 · working set 768 B
///       f32_gemm_6x16_avx2, kernel
///         min 70.6 ns · median 71.3 ns · MAD 0.21 ns · p90 71.9 ns · p99 74.2 ns · p99.9 75.0 ns
///         95 % interval of the median 71.2 ns to 71.4 ns · 51 samples of 3408 calls
///         outliers 0 low severe, 0 low mild, 2 high mild, 1 high severe · max 75.1 ns
///         ceiling.percent            15.2 %  derived
///         malloc.calls                    0  measured
package struct DetailTable {
  private let terminal: Terminal

  package init(terminal: Terminal) { self.terminal = terminal }

  package func text(_ report: Report) -> String {
    let table = RunTable(terminal: terminal)
    var lines = table.opening(report) + [""]
    for item in report.cases { lines += [text(item), ""] }
    lines += table.complexity(report.complexity)
    lines += report.warnings.flatMap { $0.wrapped(RunTable.width) }
    return lines.joined(separator: "\n")
  }

  package func text(_ item: CaseResult) -> String {
    var heading = item.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    if let bytes = item.workingSet { heading += " · working set \(Format.bytes(Double(bytes)))" }
    let name = item.name.cut(RunTable.width)
    var lines = [terminal.styled(name, .bold) + ("  " + heading).cut(RunTable.width - name.count)]
    for contender in item.contenders {
      let title = "  \(contender.samples.name), \(contender.samples.role.rawValue)".cut(RunTable.width)
      lines.append(contender.samples.role == .kernel ? title : terminal.styled(title, .dim))
      lines += details(contender)
    }
    return lines.joined(separator: "\n")
  }

  private func details(_ contender: ContenderResult) -> [String] {
    let (time, interval, outliers) = (contender.time, contender.timeInterval, contender.time.outliers)
    let percentiles = [
      ("min", time.minimum), ("median", time.median), ("MAD", time.mad), ("p90", time.p90), ("p99", time.p99),
      ("p99.9", time.p999),
    ]
    let text = [
      percentiles.map { "\($0.0) \(Format.time($0.1))" }.joined(separator: " · "),
      "95 % interval of the median \(Format.time(interval.low)) to \(Format.time(interval.high)) · "
        + "\(time.count) samples of \(contender.samples.iterations) calls",
      "outliers \(outliers.lowSevere) low severe, \(outliers.lowMild) low mild, \(outliers.highMild) high mild, "
        + "\(outliers.highSevere) high severe · max \(Format.time(time.maximum))",
    ]
    // The median is above.
    let figures = contender.metrics.filter { $0.name != .time }.map { named in
      let name = named.name.rawValue.padded(max(24, named.name.rawValue.count + 1))
      switch named.metric {
      case .value(_, _, let source): return name + named.metric.text.leftPadded(14) + "  " + source.rawValue
      case .unavailable(let reason): return name + named.metric.text.leftPadded(14) + "  " + reason
      }
    }
    // A reason goes on below where it began.
    let lines =
      text.flatMap { $0.wrapped(RunTable.width - 4, indent: 4) }
      + figures.flatMap { $0.wrapped(RunTable.width - 4, indent: 40) }
    return lines.map { "    " + $0 }
  }
}

extension Metric {
  /// The figure with its unit, or "n/a".
  package var text: String {
    guard case .value(let value, let unit, _) = self else { return "n/a" }
    switch unit {
    case "ns": return Format.time(value)
    case "B": return value == value.rounded() && value < 1024 ? "\(Format.count(value)) B" : Format.bytes(value)
    case "%": return Format.fixed(value, digits: 1) + " %"
    case "x": return Format.ratio(value)
    case "calls": return Format.count(value)
    default: return (value == value.rounded() ? Format.count(value) : Format.significant(value)) + " " + unit
    }
  }
}

extension String {
  /// In lines of at most `width` columns, broken at spaces where there are any; all but the first begin with `indent` of them.
  package func wrapped(_ width: Int, indent: Int = 0) -> [String] {
    var lines: [String] = []
    var rest = Substring(self)
    while true {
      let room = lines.isEmpty ? width : width - indent
      let margin = String(repeating: " ", count: lines.isEmpty ? 0 : indent)
      guard rest.count > room else { return lines + [margin + rest] }
      let end = rest.index(rest.startIndex, offsetBy: room)
      // A space right after the last column is a place to break, too.
      let space = rest[...end].lastIndex(of: " ").flatMap { $0 > rest.startIndex ? $0 : nil } ?? end
      lines.append(margin + rest[..<space])
      rest = rest[space...].drop { $0 == " " }
    }
  }
}
