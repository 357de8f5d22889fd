#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the operating system has counted so far: of a thread, a process, or a child that has ended.
package struct ProcessUsage: Hashable, Sendable {
  /// Page faults that found the page in memory, and those that waited for a disk.
  package var minorFaults: Int
  package var majorFaults: Int
  /// Times that the scheduler took the CPU away.
  package var involuntarySwitches: Int

  package init(minorFaults: Int, majorFaults: Int, involuntarySwitches: Int) {
    self.minorFaults = minorFaults
    self.majorFaults = majorFaults
    self.involuntarySwitches = involuntarySwitches
  }

  init(_ usage: rusage) {
    self.init(minorFaults: usage.ru_minflt, majorFaults: usage.ru_majflt, involuntarySwitches: usage.ru_nivcsw)
  }

  /// Of the calling thread. A system call: some 200 ns.
  package static var thread: ProcessUsage {
    var usage = rusage()
    unsafe getrusage(1, &usage)  // RUSAGE_THREAD of Linux's sys/resource.h, which C shows under _GNU_SOURCE alone
    return ProcessUsage(usage)
  }

  /// Of all threads of this process.
  package static var process: ProcessUsage {
    var usage = rusage()
    unsafe getrusage(0, &usage)  // RUSAGE_SELF
    return ProcessUsage(usage)
  }

  package static func - (a: ProcessUsage, b: ProcessUsage) -> ProcessUsage {
    ProcessUsage(
      minorFaults: a.minorFaults - b.minorFaults, majorFaults: a.majorFaults - b.majorFaults,
      involuntarySwitches: a.involuntarySwitches - b.involuntarySwitches)
  }
}

/// The moment when a process came to its `main`.
package struct ProcessStart: Sendable {
  /// Of the monotonic clock, which all processes of a machine share.
  package let nanoseconds: UInt64
  package let usage: ProcessUsage

  package static func now() -> ProcessStart { ProcessStart(nanoseconds: Clock.nanoseconds, usage: .process) }
}
