/// The table of a comparison of two runs, within 100 columns: what changed, and how much did not.
package struct RunComparisonTable {
  private let terminal: Terminal
  /// Cases without a change too.
  private let showsAll: Bool

  package init(terminal: Terminal, showsAll: Bool = false) {
    self.terminal = terminal
    self.showsAll = showsAll
  }

  package func text(_ comparison: RunComparison) -> String {
    var lines = [side("old", comparison.old), side("new", comparison.new)].flatMap {
      $0.wrapped(RunTable.width, indent: 2)
    }
    if let reason = comparison.timesApart {
      lines += "Times are not compared with \(comparison.old.name): \(reason).".wrapped(RunTable.width)
    }
    lines.append("")
    let shown = comparison.cases.filter { showsAll || $0.findings.contains { $0.verdict != .noChange } }
    if !shown.isEmpty {
      lines.append(
        terminal.styled(
          "case".padded(36) + "old".leftPadded(13) + "new".leftPadded(13) + "change".leftPadded(9) + "  verdict", .dim))
    }
    for item in shown {
      let findings = item.findings.filter { showsAll || $0.verdict != .noChange }
      let (time, others) = (findings.filter { $0.metric == .time }, findings.filter { $0.metric != .time })
      if time.isEmpty { lines.append(item.name.cut(RunTable.width)) }
      lines += time.flatMap { self.lines(item.name, $0) } + others.flatMap { self.lines("  \($0.metric)", $0) }
    }
    if !shown.isEmpty { lines.append("") }
    return (lines + closing(comparison)).joined(separator: "\n")
  }

  private func lines(_ name: String, _ finding: RunComparison.Finding) -> [String] {
    func figure(_ value: Double?) -> String {
      guard let value else { return "n/a" }
      return finding.metric == .time
        ? Format.time(value) : finding.unit == "B" ? Format.bytes(value) : Format.exact(value)
    }
    let style: Terminal.Style =
      finding.isWaived ? .dim : finding.verdict == .regression ? .bad : finding.verdict == .improvement ? .good : .dim
    let line =
      name.padded(36) + figure(finding.old).leftPadded(13) + figure(finding.new).leftPadded(13)
      + (finding.change.map(BuildComparisonTable.signed) ?? "").leftPadded(9) + "  "
      + terminal.styled(finding.verdict.rawValue + (finding.isWaived ? ", waived" : ""), style)
    return [line]
      + (finding.reason?.wrapped(RunTable.width - 4).map { terminal.styled("    " + $0, .dim) } ?? [])
  }

  private func side(_ title: String, _ side: RunComparison.Side) -> String {
    let build = side.build
    return "\(title)  \(side.name): \(CalendarDate(secondsSince1970: side.started).text), machine \(side.fingerprint)"
      + (side.commit.map { ", commit \($0)" } ?? "")
      + ", version \(build.version), Swift \(build.swift), \(build.configuration)"
  }

  private func closing(_ comparison: RunComparison) -> [String] {
    let counts = [Verdict.regression, .improvement, .inconclusive, .noChange].map { verdict in
      (verdict, comparison.cases.count { $0.verdict == verdict })
    }
    let text = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ")
    let waived = comparison.cases.reduce(0) { $0 + $1.findings.count { $0.isWaived && $0.verdict != .noChange } }
    var lines = ["\(comparison.cases.count) case\(comparison.cases.count == 1 ? "" : "s"): \(text)"]
    if waived > 0 { lines.append("\(waived) waived.") }
    if !comparison.added.isEmpty {
      lines += "Not in \(comparison.old.name): \(comparison.added.joined(separator: ", ")).".wrapped(RunTable.width)
    }
    return lines
  }
}
