import RuntimeAPIDouble

/// Invocations of one process, in the order they came.
struct Record {
  var nanoseconds: [UInt64] = []
  /// Indices in `nanoseconds`: the process lost its CPU, or had page faults.
  var switched: [Int] = []
  var faulted: [Int] = []
  /// Those that were answered with an error, or otherwise than the first one.
  var errors = 0
  var firstError: String?
}

/// A runtime at work on a workload.
final class Lane {
  private var served: Served
  private var counters: ProcessCounters
  private let workload: Workload
  /// Whether every answer must be the first one, byte for byte. Other runtimes may write the same in another order: of them the last is compared.
  private let isExact: Bool
  private let event: [UInt8]
  private var expected: [UInt8]?
  private(set) var record = Record()
  /// KiB, before the first event.
  let peakIdle: Int
  let nanosecondsToFirstNext: UInt64

  init(
    _ runtime: Runtime, _ workload: Workload, _ options: Options, group: borrowing CPUGroup? = nil,
    output: String? = nil
  ) throws {
    self.workload = workload
    isExact = runtime.name == "Kernels"
    if workload.hasState {
      // Of a process of its own: the first measured call is to be a first call.
      var other = try Served(runtime, workload, options, output: output.map { _ in "/dev/null" })
      event = try Workload.records(following: try other.call(workload.event).answer, isFinal: false)
    } else {
      event = workload.event
    }
    let served = try Served(runtime, workload, options, group: group, output: output)
    counters = ProcessCounters(process: served.process.id)
    peakIdle = served.process.memory("VmHWM") ?? 0
    nanosecondsToFirstNext = served.nanosecondsToFirstNext
    self.served = served
  }

  /// One invocation, and what there is to say of it.
  func call() {
    do {
      let before = counters.read()
      let (answer, nanoseconds) = try served.call(event)
      let after = counters.read()
      if expected == nil { expected = answer }
      guard answer == expected || !isExact else { throw Mistake("another answer than the first one") }
      if after.switches > before.switches { record.switched.append(record.nanoseconds.count) }
      if after.faults > before.faults { record.faulted.append(record.nanoseconds.count) }
      record.nanoseconds.append(nanoseconds)
    } catch {
      record.errors += 1
      if record.firstError == nil { record.firstError = "\(error)" }
    }
  }

  /// An answer that can be compared with the other runtimes': where there is state, that of the window's end.
  func finalAnswer() throws -> [UInt8] {
    let answer = try served.call(event).answer
    if !workload.hasState { return answer }
    return try served.call(try Workload.records(following: answer, isFinal: true)).answer
  }

  /// KiB.
  var peak: Int { served.process.memory("VmHWM") ?? 0 }
  var isRunning: Bool { served.process.ended() == nil }
}
