/// What the program obtained from the C allocator and gave back, since tracking began.
///
/// Sizes are what the allocator set aside for each block, which may be some bytes more than what was asked for.
package struct LiveMemory: Hashable, Sendable {
  /// The most that was held at one time, beyond what was held at the beginning.
  package var peak: Int64
  package var obtainedBlocks: UInt64
  package var obtainedBytes: UInt64
  package var releasedBlocks: UInt64
  package var releasedBytes: UInt64

  package init(
    peak: Int64 = 0, obtainedBlocks: UInt64 = 0, obtainedBytes: UInt64 = 0, releasedBlocks: UInt64 = 0,
    releasedBytes: UInt64 = 0
  ) {
    self.peak = peak
    self.obtainedBlocks = obtainedBlocks
    self.obtainedBytes = obtainedBytes
    self.releasedBlocks = releasedBlocks
    self.releasedBytes = releasedBytes
  }

  package var leakedBlocks: Int64 { Int64(truncatingIfNeeded: obtainedBlocks &- releasedBlocks) }
  package var leakedBytes: Int64 { Int64(truncatingIfNeeded: obtainedBytes &- releasedBytes) }
}

/// The most memory that a call holds, what it frees, and what it leaks, on all threads.
///
/// The entry points of the allocator ask for the size of each block that comes and goes (`malloc_usable_size`), in passes of
/// their own. Blocks keep their layout. A block freed by another thread than its owner's counts as any other. A leak is what a
/// call obtains and does not give back before it ends: caches that calls fill show as leaks, and calls that empty them as
/// negative ones. The peak is of one call that follows others, less what a pass without calls holds.
package enum LiveMemoryMeter: Meter {
  /// `track` begins from zero or ends; `read` is what happened since. Neither may allocate.
  case tracking(track: @Sendable (Bool) -> Void, read: @Sendable () -> LiveMemory)
  case unavailable(reason: String)

  package func perCall(_ calls: Int, _ body: (Int) throws -> Void) rethrows -> [NamedMetric] {
    switch self {
    case .unavailable(let reason):
      return [.livePeak, .freedBytes, .leakedBytes, .leakedBlocks].map { NamedMetric($0, .unavailable(reason: reason)) }
    case .tracking(let track, let read):
      defer { track(false) }
      track(true)
      let passes = try TwoPasses(calls, body, read: read)
      func peak(_ calls: Int) throws -> Int64 {
        track(true)
        try body(calls)
        return read().peak
      }
      let (none, one) = try (peak(0), peak(1))
      let held: Metric =
        one < none
        ? .unavailable(reason: "a pass without calls held more than one with a call")
        : .value(Double(one - none), unit: "B", source: .measured)
      return [
        NamedMetric(.livePeak, held),
        NamedMetric(.freedBytes, passes.perCall(unit: "B") { Int64(truncatingIfNeeded: $0.releasedBytes) }),
        NamedMetric(.leakedBytes, passes.balancePerCall(unit: "B") { $0.leakedBytes }),
        NamedMetric(.leakedBlocks, passes.balancePerCall(unit: "blocks") { $0.leakedBlocks }),
      ]
    }
  }
}
