import BenchHarness
import CAllocationCounter

/// The counters that this program links in place of the C library's allocator.
enum AllocationCounter {
  /// A meter that has just been proved right on known numbers of calls, or the reason why there is none.
  static func meter() -> AllocationMeter {
    if let reason = unavailable ?? failure(of: countingProblem) { return .unavailable(reason: reason) }
    return .counting { read() }
  }

  /// The same for the memory that calls hold.
  static func liveMeter() -> LiveMemoryMeter {
    if let reason = unavailable ?? failure(of: trackingProblem) { return .unavailable(reason: reason) }
    return .tracking(track: { ac_track_live($0) }, read: { readLive() })
  }

  /// Why nothing is counted in this build; nil where it is.
  static var unavailable: String? {
    guard let reason = unsafe ac_unavailable() else { return nil }
    return unsafe String(cString: reason)
  }

  private static func failure(of problem: () -> String?) -> String? {
    problem().map { "the allocation counter failed its self-test: \($0)" }
  }

  private static func countingProblem() -> String? {
    for entry in AllocationEntryPoint.allCases {
      for calls: UInt64 in [0, 1, 7] {
        if let problem = checkCounts(entry, calls: calls, bytes: 48) { return problem }
      }
    }
    return nil
  }

  private static func trackingProblem() -> String? {
    for entry in AllocationEntryPoint.allocating {
      if let problem = checkLive(entry, blocks: 7, bytes: 48) { return problem }
    }
    return checkResizing()
  }

  /// Everything counted so far. Does not allocate.
  static func read() -> AllocationCounts {
    var counts = ac_counts()
    unsafe ac_read(&counts)
    var result = AllocationCounts()
    unsafe withUnsafeBytes(of: counts.of) { bytes in
      let all = unsafe bytes.bindMemory(to: ac_count_of_entry.self)
      for index in 0..<all.count {
        guard let entry = AllocationEntryPoint(rawValue: index) else { continue }
        result[entry] = unsafe AllocationCounts.Count(calls: all[index].calls, bytes: all[index].bytes)
      }
    }
    return result
  }

  /// What was obtained and released since tracking began. Does not allocate.
  static func readLive() -> LiveMemory {
    var live = ac_live()
    unsafe ac_read_live(&live)
    return LiveMemory(live)
  }
}

extension LiveMemory {
  init(_ live: ac_live) {
    self.init(
      peak: live.peak, obtainedBlocks: live.obtained_blocks, obtainedBytes: live.obtained_bytes,
      releasedBlocks: live.released_blocks, releasedBytes: live.released_bytes)
  }
}

extension AllocationEntryPoint {
  /// As the counter numbers them, which ``AllocationCounter/checkNames()`` proves.
  var counter: ac_entry_point { ac_entry_point(rawValue: UInt32(rawValue)) }
}
