import RuntimeAPIDouble

/// One process under good and bad events for as long as one likes: does it grow, does it slow down?
enum Soak {
  private static let bad = [
    "", "{", "{}", #"{"body":7}"#, #"{"body":"***","isBase64Encoded":true}"#, #"{"Records":[{}]}"#,
    #"{"features":"AAAA"}"#, String(repeating: "[", count: 1 << 20),
  ]

  static func run(_ runtime: Runtime, seconds: Int) throws {
    let workloads = Workload.all.filter { $0.name != "loop" }
    for workload in workloads {
      var served = try Served(runtime, workload.handler)
      let end = monotonicNanoseconds() + UInt64(seconds) * 1_000_000_000 / UInt64(workloads.count)
      let expected = try served.call(workload.event).answer
      var times: [UInt64] = []
      var memory = (first: 0, last: 0)
      while monotonicNanoseconds() < end || times.count < 2000 {
        let (answer, nanoseconds) = try served.call(workload.event)
        guard answer == expected else { throw Mistake("\(workload.name): another answer than the first") }
        times.append(nanoseconds)
        if times.count % 4 == 0 {
          let event = Array(bad[times.count / 4 % bad.count].utf8)
          guard case .error = unsafe try served.api.invoke(event.span.bytes) else {
            throw Mistake("\(workload.name): a malformed event was answered")
          }
        }
        if times.count == 1000 { memory.first = served.process.memory("VmRSS") ?? 0 }
      }
      memory.last = served.process.memory("VmRSS") ?? 0
      // The last tenth against the first one behind the warming-up.
      let tenth = (times.count - 1000) / 10
      let early = Quantiles(times[1000..<1000 + tenth]).median
      let late = Quantiles(times.suffix(tenth)).median
      let drift = 100 * (Double(late) / Double(early) - 1)
      print(
        "\(workload.name): \(times.count) invocations and \(times.count / 4) malformed, memory \(memory.first) to \(memory.last) KiB,",
        "drift of the median \(decimal(drift, 1)) %, connections \(served.api.connectionCount)")
      guard memory.last - memory.first <= 1024 else { throw Mistake("\(workload.name): memory grew") }
    }
  }
}
