import RuntimeAPIDouble

/// What was measured of a workload, of each runtime.
struct WorkloadResult {
  struct OfRuntime {
    let runtime: String
    /// Nanoseconds of each invocation, in the order they came.
    let invocations: [UInt64]
    /// From exec to the first request for an event.
    let cold: [UInt64]
    /// KiB.
    let peakIdle, peak: Int
  }

  let workload: Workload
  let runtimes: [OfRuntime]

  /// The runtimes take turns, an invocation each, so that what disturbs one disturbs all.
  static func measure(_ workload: Workload, _ runtimes: [Runtime], _ options: Options) throws -> WorkloadResult {
    var cold = runtimes.map { _ in [UInt64]() }
    for _ in 0..<options.cold {
      for (i, runtime) in runtimes.enumerated() {
        cold[i].append(try Served(runtime, workload.handler).nanosecondsToFirstNext)
      }
    }
    var invocations = runtimes.map { _ in [UInt64]() }
    let lanes = try runtimes.map { runtime in try Lane(runtime, workload) }
    for _ in 0..<options.count {
      for i in runtimes.indices { invocations[i].append(try lanes[i].call()) }
    }
    if let directory = options.answers {
      for (i, runtime) in runtimes.enumerated() {
        try writeFile("\(directory)/\(workload.name).\(runtime.name).json", try lanes[i].finalAnswer())
      }
    }
    return WorkloadResult(
      workload: workload,
      runtimes: runtimes.indices.map { i in
        OfRuntime(
          runtime: runtimes[i].name, invocations: invocations[i], cold: cold[i],
          peakIdle: lanes[i].peakIdle, peak: lanes[i].peak)
      })
  }
}

/// A runtime at work on a workload.
private final class Lane {
  private var served: Served
  private let workload: Workload
  private let event: [UInt8]
  /// KiB, before the first event.
  let peakIdle: Int

  init(_ runtime: Runtime, _ workload: Workload) throws {
    served = try Served(runtime, workload.handler)
    peakIdle = served.process.memory("VmHWM") ?? 0
    self.workload = workload
    if workload.hasState {
      // Of a process of its own: the first measured call is to be a first call.
      var other = try Served(runtime, workload.handler)
      event = try Workload.records(following: try other.call(workload.event).answer, isFinal: false)
    } else {
      event = workload.event
    }
  }

  func call() throws -> UInt64 { try served.call(event).nanoseconds }

  /// An answer that can be compared with the other runtimes': where there is state, that of the window's end.
  func finalAnswer() throws -> [UInt8] {
    let answer = try served.call(event).answer
    if !workload.hasState { return answer }
    return try served.call(try Workload.records(following: answer, isFinal: true)).answer
  }

  var peak: Int { served.process.memory("VmHWM") ?? 0 }
}
