import CPerformanceEvents

/// Something that the CPU or the kernel counts.
package struct PerformanceEvent: Hashable, Sendable {
  package let name: MetricName
  package let unit: String
  package let type: UInt32
  package let config: UInt64

  init(_ name: MetricName, unit: String, _ event: pe_event) {
    (self.name, self.unit, self.type, self.config) = (name, unit, event.type, event.config)
  }

  package static let cycles = PerformanceEvent(.cycles, unit: "cycles", pe_cycles())
  package static let instructions = PerformanceEvent(.instructions, unit: "instructions", pe_instructions())
  package static let branchMisses = PerformanceEvent(.branchMisses, unit: "misses", pe_branch_misses())
  package static let l1dMisses = PerformanceEvent(.l1dMisses, unit: "misses", pe_l1d_load_misses())
  package static let llcMisses = PerformanceEvent(.llcMisses, unit: "misses", pe_llc_misses())
  package static let dtlbMisses = PerformanceEvent(.dtlbMisses, unit: "misses", pe_dtlb_load_misses())

  /// The kernel's own, which need no PMU: time on the CPU, and page faults.
  package static let taskClock = PerformanceEvent(.cpuTime, unit: "ns", pe_task_clock())
  package static let pageFaults = PerformanceEvent(.minorFaults, unit: "faults", pe_page_faults())
}

/// What a group of events counted.
package struct PerformanceReading: Hashable, Sendable {
  /// In the order of the events.
  package let values: [UInt64]
  /// Nanoseconds during which the group was to count, and did.
  package let enabled: UInt64
  package let running: UInt64

  package init(values: [UInt64], enabled: UInt64, running: UInt64) {
    (self.values, self.enabled, self.running) = (values, enabled, running)
  }
}

/// Why events were not counted.
package enum PerformanceFailure: Error, Hashable, Sendable {
  /// What the kernel answered when an event was opened, started or read.
  case refused(Errno)
  /// The group could not be put onto the counters, or not all the time.
  case notScheduled
  /// Instructions on a loop of known length, as counted and as they are.
  case wrongCount(counted: UInt64, expected: UInt64)
}

/// Counts events of the calling thread, as one group: all at the same time.
package protocol PerformanceCounting: Sendable {
  /// - Parameter events: 1 ... 16 of them.
  /// - Throws: ``PerformanceFailure``, or what `body` throws.
  func count(_ events: [PerformanceEvent], _ body: () throws -> Void) throws -> PerformanceReading
}
