/// What `soak` prints.
package struct SoakText {
  private let terminal: Terminal

  package init(terminal: Terminal) { self.terminal = terminal }

  package func text(_ report: SoakReport) -> String {
    var lines = [report.machine.cpu.cut(RunTable.width)]
    for result in report.cases { lines += ["", text(result)] }
    lines += [
      "",
      "Trends are slopes by Theil and Sen with Sen's 95 % interval; one below \"seen from\" would not be told",
      "from none. heap: handed out by the allocator. mallocs: of the calls in the interval.",
    ]
    if report.partial { lines.append("Interrupted: cases may be missing, and the last has fewer intervals.") }
    return lines.joined(separator: "\n")
  }

  private func text(_ result: SoakResult) -> String {
    let calls = result.intervals.reduce(result.errors) { $0 + $1.calls }
    let heading = "  row \(result.row) · \(calls) calls, \(result.errors) errors"
    let name = result.name.cut(RunTable.width)
    var lines = [terminal.styled(name, .bold) + heading.cut(RunTable.width - name.count)]
    lines.append(
      terminal.styled(Self.line(["until", "calls/s", "speed", "memory (RSS)", "heap", "mallocs"]), .dim))
    for interval in result.intervals {
      lines.append(
        Self.line([
          Format.fixed(interval.end, digits: 1) + " s", Format.count(interval.callsPerSecond.rounded()),
          Format.significant(interval.throughput) + " " + result.unit.rawValue, Self.cell(interval.resident),
          Self.cell(interval.heap), interval.mallocCalls.value.map(Format.count) ?? "n/a",
        ]))
    }
    lines.append("  throughput: " + verdict(result.throughput) { Self.relative($0, $1) })
    lines.append("  memory (RSS): " + verdict(result.resident) { value, _ in Self.bytes(value) })
    lines.append("  heap: " + verdict(result.heap) { value, _ in Self.bytes(value) })
    switch (result.mallocCalls, result.mallocBytes) {
    case (.value(let calls, _, _), .value(let bytes, _, _)):
      lines.append("  allocations per call: \(Self.small(calls)), \(Self.small(bytes)) B")
    case (.unavailable(let reason), _), (_, .unavailable(let reason)):
      lines.append("  allocations per call: n/a: \(reason)".cut(RunTable.width))
    }
    if let error = result.firstError { lines.append("  first error: \(error)".cut(RunTable.width)) }
    return lines.joined(separator: "\n")
  }

  private func verdict(_ trend: Trend, _ format: (_ value: Double, _ level: Double) -> String) -> String {
    switch trend {
    case .unavailable(let reason): return "n/a: \(reason)".cut(80)
    case .slope(let slope):
      func text(_ value: Double) -> String { format(value, slope.level) }
      let (low, high) = (text(slope.perHour.interval.low), text(slope.perHour.interval.high))
      let smallest = "seen from \(text(slope.smallestSeen)) an hour"
      switch slope.verdict {
      case .none: return "no trend seen, \(smallest)"
      case .grows: return "GROWS by \(text(slope.perHour.slope)) an hour [\(low), \(high)], \(smallest)"
      case .shrinks: return "shrinks by \(text(-slope.perHour.slope)) an hour [\(low), \(high)], \(smallest)"
      }
    }
  }

  private static func line(_ cells: [String]) -> String {
    zip(cells, [11, 14, 18, 16, 14, 12]).reduce("") { $0 + $1.0.leftPadded($1.1) }
  }

  private static func cell(_ metric: Metric) -> String { metric.value.map(Format.bytes) ?? "n/a" }

  private static func bytes(_ value: Double) -> String { value < 0 ? "-" + Format.bytes(-value) : Format.bytes(value) }

  private static func relative(_ value: Double, _ level: Double) -> String {
    level == 0 ? "n/a" : Format.percent(value / level)
  }

  /// What a report's own few allocations come to over millions of calls is more than 0, and less than two digits show.
  private static func small(_ value: Double) -> String {
    value > 0 && value < 0.005 ? "below 0.01" : Format.count(value)
  }
}
