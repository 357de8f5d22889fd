#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// CPU time, page faults and context switches per call, and resident memory, as the operating system counts them.
///
/// CPU time is the clock CLOCK_THREAD_CPUTIME_ID or CLOCK_PROCESS_CPUTIME_ID, the others getrusage(2), read before and after
/// a pass that lasts a millisecond or more, so that reading them, some microseconds, is less than a percent.
/// The loop around the calls is in the figure. Resident memory is the process's, by ``ProcessMemory``; its peak is of the pass.
package struct ProcessMeter: Meter {
  /// Whose time, faults and switches.
  package enum Scope: Sendable {
    /// The calling thread: what calls do on other threads is not in it. Linux alone; elsewhere the figures are unavailable.
    case thread
    case process
  }

  package let scope: Scope

  package init(scope: Scope = .thread) { self.scope = scope }

  /// Nanoseconds that a pass lasts at least.
  private static let passNanoseconds = 1_000_000.0

  package func perCall(_ calls: Int, _ body: (Int) throws -> Void) rethrows -> [NamedMetric] {
    precondition(calls >= 1, "ProcessMeter: calls must be 1 or more")
    var calls = calls
    while true {
      let peakIsOfPass = ProcessMemory.resetPeak()
      let before = Usage(scope)
      let elapsed = try Clock.time { try body(calls) }
      let after = Usage(scope)
      if elapsed < Self.passNanoseconds && calls < 1 << 40 {
        calls *= elapsed < Self.passNanoseconds / 16 ? 8 : 2
        continue
      }
      return Self.usage(before, after, calls: calls) + Self.memory(peakIsOfPass: peakIsOfPass)
    }
  }

  private static func usage(_ before: Usage?, _ after: Usage?, calls: Int) -> [NamedMetric] {
    func figure(_ name: MetricName, _ counter: KeyPath<Usage, Int>, _ unit: String) -> NamedMetric {
      guard let before, let after else {
        return NamedMetric(name, .unavailable(reason: "a thread's use is counted on Linux alone"))
      }
      let change = after[keyPath: counter] - before[keyPath: counter]
      return NamedMetric(name, .value(Double(change) / Double(calls), unit: unit, source: .measured))
    }
    return [
      figure(.cpuTime, \.nanoseconds, "ns"), figure(.minorFaults, \.minorFaults, "faults"),
      figure(.majorFaults, \.majorFaults, "faults"), figure(.voluntarySwitches, \.voluntarySwitches, "switches"),
      figure(.involuntarySwitches, \.involuntarySwitches, "switches"),
    ]
  }

  private static func memory(peakIsOfPass: Bool) -> [NamedMetric] {
    guard let memory = ProcessMemory.current() else {
      let reason = "/proc/self/status cannot be read or does not say"
      return [.peakResident, .resident].map { NamedMetric($0, .unavailable(reason: reason)) }
    }
    return [
      NamedMetric(
        .peakResident,
        peakIsOfPass
          ? .value(Double(memory.peak), unit: "B", source: .measured)
          : .unavailable(reason: "the kernel does not let /proc/self/clear_refs reset the peak")),
      NamedMetric(.resident, .value(Double(memory.resident), unit: "B", source: .measured)),
    ]
  }
}

/// What a thread or the process has used since it began.
struct Usage {
  let nanoseconds: Int
  let minorFaults: Int
  let majorFaults: Int
  let voluntarySwitches: Int
  let involuntarySwitches: Int

  // RUSAGE_SELF and RUSAGE_THREAD of <sys/resource.h>, which C libraries spell as macros or as enumerations.
  private static let processUse: Int32 = 0
  private static let threadUse: Int32 = 1

  /// Nil where the system does not say. Does not allocate.
  init?(_ scope: ProcessMeter.Scope) {
    var usage = rusage()
    var time = timespec()
    switch scope {
    case .thread:
      #if os(Linux)
        guard unsafe getrusage(Self.threadUse, &usage) == 0 else { return nil }
        guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return nil }
      #else
        return nil
      #endif
    case .process:
      guard unsafe getrusage(Self.processUse, &usage) == 0 else { return nil }
      guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
    }
    nanoseconds = Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    minorFaults = Int(usage.ru_minflt)
    majorFaults = Int(usage.ru_majflt)
    voluntarySwitches = Int(usage.ru_nvcsw)
    involuntarySwitches = Int(usage.ru_nivcsw)
  }
}
