/// What `cost` prints.
package struct CostText {
  private let terminal: Terminal

  package init(terminal: Terminal) { self.terminal = terminal }

  /// - Parameter explained: with the formulas, the numbers filled in.
  package func text(_ report: CostReport, explained: Bool) -> String {
    var lines = [report.machine.cpu.cut(RunTable.width)] + report.assumptions.map { $0.cut(RunTable.width) }
    for result in report.cases {
      lines += [""] + text(result, report)
      if explained { lines += [""] + CostExplanation(result, report).lines.map { $0.cut(RunTable.width) } }
    }
    lines += [
      "", "USD are of a million invocations. A vCPU counts for a CPU of this machine. Memory is the",
      "whole process's, this program's included. host from: invocations a second where it gets cheaper.",
    ].map { terminal.styled($0, .dim) }
    if report.partial { lines.append("Interrupted: cases may be missing, and the last rests on less.") }
    return lines.joined(separator: "\n")
  }

  private func text(_ result: CostResult, _ report: CostReport) -> [String] {
    let name = result.name.cut(RunTable.width)
    let heading = "  row \(result.row) · calls in an invocation: \(report.calls)"
    var lines = [terminal.styled(name, .bold) + heading.cut(RunTable.width - name.count)]
    lines.append(("  measured: " + result.measured).cut(RunTable.width))
    lines.append(
      terminal.styled(
        Self.line(["memory", "vCPU", "duration", "billed", "requests", "time", "starts", "USD", "host from"]), .dim))
    for size in result.sizes {
      if size.cpus.value == nil {
        lines.append(Self.line(["\(size.megabytes) MB"]) + "  n/a: too small, see memory above")
        continue
      }
      lines.append(
        Self.line([
          "\(size.megabytes) MB", CostFormat.text(size.cpus), CostFormat.text(size.duration),
          CostFormat.text(size.billed), CostFormat.text(size.requests), CostFormat.text(size.time),
          CostFormat.text(size.cold), CostFormat.text(size.total), CostFormat.text(size.breakEven),
        ]))
    }
    return lines + result.conclusions.map { ("  " + $0).cut(RunTable.width) }
  }

  private static func line(_ cells: [String]) -> String {
    zip(cells, [10, 6, 11, 11, 10, 11, 11, 11, 13]).reduce("") { $0 + $1.0.leftPadded($1.1) }
  }
}
