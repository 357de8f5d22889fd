/// What `invoke` prints.
package struct InvokeText {
  private let terminal: Terminal
  private var table: DistributionTable { DistributionTable(terminal: terminal) }

  package init(terminal: Terminal) { self.terminal = terminal }

  package func text(_ report: InvokeReport) -> String {
    var lines = [
      report.machine.cpu.cut(RunTable.width),
      "clock: a reading costs \(Format.time(report.clockNanoseconds)), which is in every time",
    ]
    for result in report.cases { lines += ["", text(result)] }
    let distributions = report.cases.flatMap { [$0.raw.distribution, $0.filtered.distribution].compactMap(\.self) }
    lines += ["", table.legend(distributions), "set aside: \(InvocationFilter.rule)".cut(RunTable.width)]
    if report.partial { lines.append("Interrupted: cases may be missing, and the last has fewer invocations.") }
    return lines.joined(separator: "\n")
  }

  private func text(_ result: InvokeResult) -> String {
    let parameters = result.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    let heading =
      "  \(parameters) · row \(result.row) · \(result.invocations.count) invocations, "
      + "\(result.invocations.errors) errors"
    let name = result.name.cut(RunTable.width)
    var lines = [
      terminal.styled(name, .bold) + heading.cut(RunTable.width - name.count), table.header,
      table.text(result.raw.indented), table.text(result.filtered.indented),
    ]
    if let filter = result.filter {
      lines.append(
        "  set aside \(filter.setAside): \(filter.switched) switched, \(filter.faulted) with a page fault, "
          + "\(filter.beyondFence) beyond \(Format.time(filter.fence))")
    }
    let numbers = [("first", 1), ("100th", 100), ("last", max(1, result.invocations.nanoseconds.count))]
    lines.append(
      "  "
        + numbers.map { "\($0.0) \(result.invocation($0.1).value.map(Format.time) ?? "n/a")" }.joined(separator: " · "))
    if let drift = result.drift {
      lines.append(
        "  drift, last tenth over first: \(Format.fixed(drift.ratio, digits: 3))x "
          + "[\(Format.fixed(drift.interval.low, digits: 3)), \(Format.fixed(drift.interval.high, digits: 3))]")
    } else {
      lines.append("  drift: n/a, which needs \(Drift.leastSamples) invocations that took time")
    }
    lines.append("  memory high-water mark \(memory(result))")
    if let error = result.invocations.firstError { lines.append("  first error: \(error)".cut(RunTable.width)) }
    return lines.joined(separator: "\n")
  }

  private func memory(_ result: InvokeResult) -> String {
    switch (result.highWaterMark, result.highWaterGrowth) {
    case (.value(let mark, _, _), .value(let growth, _, _)):
      "\(Format.bytes(mark)), of which \(Format.bytes(growth)) since before the first invocation"
    case (.unavailable(let reason), _), (_, .unavailable(let reason)): "n/a: \(reason)"
    }
  }
}

extension Phase {
  /// Below a heading.
  var indented: Phase { Phase("  " + name, outcome) }
}
