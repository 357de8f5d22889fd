/// What a figure is of. New names may come; one that is there keeps its meaning.
package struct MetricName: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  /// Nanoseconds of a call: the median over samples.
  package static let time = MetricName("time")
  /// Work in a second, in the unit of the case.
  package static let throughput = MetricName("throughput")
  /// Throughput over that of the ceiling in the same round, the median over rounds.
  package static let percentOfCeiling = MetricName("ceiling.percent")
  /// How many times as fast as this peer the kernel is in the same round, the median over rounds.
  package static let kernelSpeedRatio = MetricName("kernel.ratio")

}

// Of a call, unless it says otherwise.
extension MetricName {
  // AllocationMeter: entry points that may return a block, malloc and its kin, together; and each alone.
  package static let mallocCalls = MetricName("malloc.calls")
  package static let mallocBytes = MetricName("malloc.bytes")
  package static let freeCalls = MetricName("free.calls")
  package static func calls(of entry: AllocationEntryPoint) -> MetricName { MetricName("calls.\(entry.name)") }
  package static func bytes(of entry: AllocationEntryPoint) -> MetricName { MetricName("bytes.\(entry.name)") }

  // LiveMemoryMeter.
  /// The most that a call holds at one time.
  package static let livePeak = MetricName("live.peak")
  package static let freedBytes = MetricName("free.bytes")
  /// Obtained and not released by the end of the call.
  package static let leakedBytes = MetricName("leaked.bytes")
  package static let leakedBlocks = MetricName("leaked.blocks")

  // ReferenceMeter.
  package static let retains = MetricName("arc.retains")
  package static let releases = MetricName("arc.releases")

  // ProcessMeter.
  package static let cpuTime = MetricName("cpu.time")
  package static let minorFaults = MetricName("faults.minor")
  package static let majorFaults = MetricName("faults.major")
  package static let voluntarySwitches = MetricName("switches.voluntary")
  package static let involuntarySwitches = MetricName("switches.involuntary")
  /// The most that was resident while calls were made, of the whole process.
  package static let peakResident = MetricName("memory.peak")
  /// What is resident after them, of the whole process.
  package static let resident = MetricName("memory.resident")

  // PerformanceMeter.
  package static let cycles = MetricName("cycles")
  package static let instructions = MetricName("instructions")
  package static let instructionsPerCycle = MetricName("ipc")
  package static let branchMisses = MetricName("branch.misses")
  package static let l1dMisses = MetricName("l1d.misses")
  package static let llcMisses = MetricName("llc.misses")
  package static let dtlbMisses = MetricName("dtlb.misses")
}

/// A figure and what it is of.
package struct NamedMetric: Hashable, Sendable {
  package let name: MetricName
  package let metric: Metric

  package init(_ name: MetricName, _ metric: Metric) { (self.name, self.metric) = (name, metric) }
}

/// Counts something over passes of their own, beside those that are timed.
package protocol Meter: Sendable {
  /// Figures per call.
  ///
  /// - Parameters:
  ///   - calls: a number of calls that a pass makes at least, 1 or more.
  ///   - body: runs its argument's number of calls; warm, so that what is done once is not in the figure.
  func perCall(_ calls: Int, _ body: (Int) throws -> Void) throws -> [NamedMetric]
}
