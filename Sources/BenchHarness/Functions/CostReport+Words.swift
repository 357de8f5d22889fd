extension CostReport {
  /// What the figures rest on, a line each.
  package var assumptions: [String] {
    [
      "memory: \(CostFormat.price(prices.gigabyteSecond.dollars)) USD a GB-second (\(prices.gigabyteSecond.source))",
      "requests: \(CostFormat.price(prices.millionRequests.dollars)) USD a million (\(prices.millionRequests.source))",
      "host: \(CostFormat.price(prices.hostHour.dollars)) USD an hour, CPUs: \(prices.hostCPUs) (\(prices.hostHour.source))",
      "starts: \(CostFormat.percent(coldRate)) of invocations find no process waiting",
    ]
  }
}

extension CostResult {
  package var measured: String {
    let mean = CostFormat.text(meanDuration)
    let memory = highWaterMark.value.map { "needs \(Format.bytes($0))" } ?? "memory unknown"
    let start = initialisation.value.map { "a start adds \(Format.time($0))" } ?? "the time of a start is unknown"
    return "\(mean) a call, the mean of \(duration.count); \(memory); \(start), the median of \(starts)"
  }

  /// What follows, a sentence each.
  package var conclusions: [String] {
    guard let least = size(cheapest) else {
      if case .unavailable(let reason) = cheapest { return ["n/a: \(reason)"] }
      return []
    }
    var lines = ["cheapest: \(least.megabytes) MB, \(CostFormat.text(least.total)) USD"]
    switch (size(speedStopsPaying), speedStopsPaying) {
    case (let enough?, _):
      lines.append(
        "speed stops paying at \(enough.megabytes) MB, \(CostFormat.text(enough.duration)): "
          + (enough.megabytes == CostModel.megabytesPerCPU
            ? "larger sizes cost more and are no faster"
            : "larger sizes cost over \(CostFormat.percent(CostModel.tolerance)) above the cheapest"))
      lines.append(
        "there, time billed up to \(CostFormat.text(requestEquivalent)) costs less than the request; this is "
          + "\(CostFormat.text(enough.billed))")
      let full = sizes.first { $0.megabytes == CostModel.megabytesPerCPU && $0.megabytes > enough.megabytes }
      if let full, let more = full.total.value, let less = least.total.value {
        lines.append(
          "full speed is at \(full.megabytes) MB, \(CostFormat.text(full.duration)), for "
            + "\(Format.percent(more / less - 1)) above the cheapest")
      }
    case (nil, .unavailable(let reason)): lines.append("where speed stops paying: n/a: \(reason)")
    case (nil, .value): break
    }
    if let rate = breakEven.value, let load = breakEvenLoad.value {
      let sustains = "sustains \(CostFormat.text(hostRate))"
      lines.append(
        load <= 100
          ? "host: cheaper from \(CostFormat.rate(rate)) on, \(Format.fixed(load, digits: 2)) % of what it sustains"
          : "host: never cheaper, for it \(sustains) and would have to sustain \(CostFormat.rate(rate))")
    } else if case .unavailable(let reason) = breakEven {
      lines.append("host: n/a: \(reason)")
    }
    return lines
  }
}
