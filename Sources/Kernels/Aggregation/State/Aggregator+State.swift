extension Aggregator {
  /// The state in bytes, to be merged or restored by an aggregator of the same plan, on any machine.
  ///
  /// Canonical: equal rows give equal bytes, whatever their order, the split over aggregators that were merged, or the CPU.
  /// The format is in the article on aggregation, with a version and a checksum.
  ///
  /// - Complexity: O(groups log groups).
  public func snapshot() -> [UInt8] { core.snapshot() }

  /// About how many bytes a snapshot has, or more; with sketches perhaps fewer than it has.
  package var snapshotRoom: Int { core.snapshotBytes }

  /// Writes the bytes of ``snapshot()`` to memory; how many there are, or all of them where there was not enough room.
  ///
  /// - `memory` is writable for its count.
  @unsafe
  package func writeSnapshot(to memory: UnsafeMutableRawBufferPointer) -> (count: Int, grown: [UInt8]?) {
    unsafe core.write(to: memory)
  }

  /// An aggregator that goes on from a snapshot.
  ///
  /// - Throws: as ``merge(_:)``.
  public init(_ plan: Aggregation, restoring snapshot: RawSpan) throws(AggregationError) {
    try plan.validate()
    var core = AggregationCore(plan)
    var memory = Scratch()
    try Self.merge(snapshot, into: &core, &memory)
    if let limit = plan.memoryLimit, core.byteCount > limit {
      throw AggregationError(.limitExceeded, "memory_limit", "the state would need more than \(limit) bytes")
    }
    self.init(plan, core: core)
  }

  /// Takes in a snapshot of the same plan, as if its rows had come here. The later watermark holds; late rows add up.
  ///
  /// Groups of windows that the later watermark closes are emitted by the next ``advance(to:)``. Of windows that overlap only those are emitted
  /// that it does not close, so that the rows of one of the two may be late now: those all of whose windows it closes are left out and
  /// counted. None is where both had the same watermark.
  ///
  /// - Throws: ``AggregationError/Code/invalidPlan`` for a snapshot of another plan; ``AggregationError/Code/invalidData`` for bytes that are
  ///   none, or whose columns are of other types; ``AggregationError/Code/sequence`` where both have counted some rows of a shard;
  ///   ``AggregationError/Code/limitExceeded`` at the memory limit. Nothing has changed then.
  /// - Complexity: O(snapshot).
  public mutating func merge(_ snapshot: RawSpan) throws(AggregationError) {
    guard let limit = plan.memoryLimit else { return try Self.merge(snapshot, into: &core, &scratch.merge) }
    let before = core
    try Self.merge(snapshot, into: &core, &scratch.merge)
    if core.byteCount > limit {
      core = before
      throw AggregationError(.limitExceeded, "memory_limit", "the state would need more than \(limit) bytes")
    }
  }

  private static func merge(
    _ snapshot: RawSpan, into core: inout AggregationCore, _ memory: inout Scratch
  ) throws(AggregationError) {
    let failure = unsafe snapshot.withUnsafeBytes { bytes -> AggregationError? in
      do throws(AggregationError) {
        // All of it is looked at before any of it is merged.
        let stored = try unsafe StoredState(bytes, for: core)
        if !stored.ledger.shards.isEmpty {
          var ledger = core.ledger
          if let shard = ledger.merge(stored.ledger) {
            throw AggregationError(
              .sequence, String(decoding: shard, as: UTF8.self), "both have counted some of its rows")
          }
          core.ledger = ledger
        }
        core.merge(stored, &memory)
        if let watermark = core.watermark { core.dropClosed(at: watermark) }
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }
}
