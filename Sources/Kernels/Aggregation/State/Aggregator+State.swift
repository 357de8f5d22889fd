extension Aggregator {
  /// The state in bytes, to be merged or restored by an aggregator of the same plan, on any machine.
  ///
  /// Canonical: equal rows give equal bytes, whatever their order, the split over aggregators that were merged, or the CPU.
  /// The format is in the article on aggregation, with a version and a checksum.
  ///
  /// - Complexity: O(groups log groups).
  public func snapshot() -> [UInt8] { core.snapshot() }

  /// An aggregator that goes on from a snapshot.
  ///
  /// - Throws: as ``merge(_:)``.
  public init(_ plan: Aggregation, restoring snapshot: RawSpan) throws(AggregationError) {
    try plan.validate()
    let restored = try Self.read(snapshot, plan)
    if let limit = plan.memoryLimit, restored.byteCount > limit {
      throw AggregationError(.limitExceeded, "memory_limit", "the state would need more than \(limit) bytes")
    }
    self.init(plan, core: restored)
  }

  private static func read(_ snapshot: RawSpan, _ plan: Aggregation) throws(AggregationError) -> AggregationCore {
    let read = unsafe snapshot.withUnsafeBytes { bytes -> Result<AggregationCore, AggregationError> in
      do throws(AggregationError) {
        return .success(try unsafe AggregationCore(plan, snapshot: bytes))
      } catch {
        return .failure(error)
      }
    }
    return try read.get()
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
    try merge(core: Self.read(snapshot, plan))
  }

  private mutating func merge(core other: AggregationCore) throws(AggregationError) {
    for key in core.keyClasses.indices {
      let (mine, theirs) = (core.keyClasses[key], other.keyClasses[key])
      guard mine == theirs || mine == .none || theirs == .none else {
        throw AggregationError(
          .invalidData, plan.keys[key], "is a key of \(mine) here and of \(theirs) in the snapshot")
      }
    }
    for i in core.classes.indices {
      let (mine, theirs) = (core.classes[i], other.classes[i])
      guard mine == theirs || mine == .none || theirs == .none else {
        throw AggregationError(
          .invalidData, plan.aggregates[i].name, "is of \(mine) here and of \(theirs) in the snapshot")
      }
    }
    var ledger = core.ledger
    if let shard = ledger.merge(other.ledger) {
      throw AggregationError(.sequence, String(decoding: shard, as: UTF8.self), "both have counted some of its rows")
    }
    let before = plan.memoryLimit == nil ? nil : core
    var other = other
    if let mark = [core.watermark, other.watermark].compactMap(\.self).max() {
      core.dropClosed(at: mark)
      other.dropClosed(at: mark)
    }
    if core.table.count == 0 {
      var adopted = other
      for key in core.keyClasses.indices where adopted.keyClasses[key] == .none {
        adopted.keyClasses[key] = core.keyClasses[key]
      }
      for i in core.classes.indices where adopted.classes[i] == .none { adopted.settle(i, core.classes[i]) }
      adopted.watermark = core.watermark
      (adopted.lateRows, adopted.overflowRows) = (core.lateRows, core.overflowRows)
      core = adopted
    } else {
      for key in core.keyClasses.indices where core.keyClasses[key] == .none {
        core.keyClasses[key] = other.keyClasses[key]
      }
      for i in core.classes.indices { core.settle(i, other.classes[i]) }
      var theirs = other
      for i in core.classes.indices { theirs.settle(i, core.classes[i]) }
      let limit = core.table.limit
      core.table.limit = GroupTable.maximumCount
      for key in core.strings.indices { core.strings[key].isFrozen = false }
      core.absorb(theirs, theirs.allGroups)
      core.table.limit = core.isFrozen ? core.table.count : limit
      for key in core.strings.indices { core.strings[key].isFrozen = core.isFrozen }
    }
    core.lateRows &+= other.lateRows
    core.overflowRows &+= other.overflowRows
    if let theirs = other.watermark { core.watermark = Swift.max(core.watermark ?? theirs, theirs) }
    core.ledger = ledger
    if let before, let limit = plan.memoryLimit, core.byteCount > limit {
      core = before
      throw AggregationError(.limitExceeded, "memory_limit", "the state would need more than \(limit) bytes")
    }
  }
}
