/// A stream folded by a plan: batches in, windows out, under a memory limit.
///
/// ```swift
/// var aggregator = try Aggregator(plan)
/// try aggregator.update(batch)
/// let closed = try aggregator.advance(to: watermark)
/// let rest = try aggregator.finish()
/// ```
/// Sums, means, variances and standard deviations are exact and rounded once, and what comes out is sorted, so that the order of rows, the
/// split over batches or aggregators, and the CPU change no bit (``Aggregation/Operation/topK(_:)`` excepted).
/// One thread at a time. An update allocates nothing once its groups are there, as long as no sketch grows.
public struct Aggregator: ~Copyable, @unchecked Sendable {
  // Columns are kept between calls for the room of the array alone: what they point to is used within a call.
  /// What is folded; as it was given.
  public let plan: Aggregation
  let needed: PlanColumns
  var core: AggregationCore
  var scratch: AggregationScratch
  var gathered: [InputColumn] = []
  private var ledgerName: [UInt8] = []

  /// Rows of the last update that were late, from 0, ascending.
  public private(set) var lateRowsOfLastUpdate: [Int] = []

  /// - Throws: ``AggregationError/Code/invalidPlan`` for a plan that is none, with the field.
  public init(_ plan: Aggregation) throws(AggregationError) {
    try plan.validate()
    self.init(plan, core: AggregationCore(plan))
  }

  init(_ plan: Aggregation, core: AggregationCore) {
    self.plan = plan
    self.core = core
    needed = PlanColumns(plan)
    scratch = AggregationScratch(keyCount: plan.keys.count)
  }

  /// Rows that came after their windows had closed, and were left out.
  public var lateRowCount: UInt64 { core.lateRows }
  /// Rows that went to the group of null keys, since the memory limit allowed no more groups.
  public var overflowRowCount: UInt64 { core.overflowRows }
  /// Groups, one for each slice and combination of keys.
  public var groupCount: Int { core.table.count }
  /// Bytes of memory that the state holds.
  public var byteCount: Int { core.byteCount }
  /// What ``advance(to:)`` was last told; nil before.
  public var watermark: Int64? { core.watermark }

  // MARK: - Rows in

  /// Folds a batch.
  ///
  /// - Throws: ``AggregationError/Code/invalidData`` for a column that is missing or of the wrong type, a null time, bytes that are not UTF-8;
  ///   ``AggregationError/Code/limitExceeded`` at the memory limit. Nothing is folded then.
  /// - Complexity: O(rows). Near the memory limit the state is copied first.
  public mutating func update(_ batch: borrowing ColumnBatch) throws(AggregationError) {
    gathered.removeAll(keepingCapacity: true)
    for name in needed.names {
      guard let column = batch.column(name) else {
        throw AggregationError(.invalidData, name, "the column is missing")
      }
      gathered.append(column)
    }
    try updateGathered(batch.rowCount)
  }

  /// Folds the rows of a shard with these sequence numbers, unless they have been folded already.
  ///
  /// - Returns: false where all of them had been, and nothing was folded now: the batch was delivered again.
  /// - Throws: ``AggregationError/Code/sequence`` where some had been and some not; else as ``update(_:)``. Nothing is folded then.
  @discardableResult
  public mutating func update(
    _ batch: borrowing ColumnBatch, shard: String, sequence: ClosedRange<UInt64>
  ) throws(AggregationError) -> Bool {
    ledgerName.removeAll(keepingCapacity: true)
    ledgerName.append(contentsOf: shard.utf8)
    switch core.ledger.standing(ledgerName, sequence) {
    case .counted: return false
    case .partly:
      throw AggregationError(.sequence, shard, "some rows of \(sequence) are counted already")
    case .new: break
    }
    try update(batch)
    core.ledger.add(ledgerName, sequence)
    return true
  }

  /// Folds columns in the order of ``needed``.
  ///
  /// - The columns hold `rowCount` rows.
  @unsafe
  package mutating func update(_ columns: [InputColumn], rowCount: Int) throws(AggregationError) {
    gathered.removeAll(keepingCapacity: true)
    gathered.append(contentsOf: columns)
    try updateGathered(rowCount)
  }

  mutating func updateGathered(_ rowCount: Int) throws(AggregationError) {
    let columns = gathered
    let failure = unsafe columns.withUnsafeBufferPointer { columns -> AggregationError? in
      do throws(AggregationError) {
        try unsafe core.validate(columns, needed, rowCount: rowCount)
        if let limit = plan.memoryLimit {
          try unsafe foldLimited(columns, rowCount, limit)
        } else {
          lateRowsOfLastUpdate.removeAll(keepingCapacity: true)
          unsafe core.settle(columns, needed)
          unsafe fold(columns, 0..<rowCount)
        }
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  @unsafe
  private mutating func fold(_ columns: UnsafeBufferPointer<InputColumn>, _ rows: Swift.Range<Int>) {
    let block = unsafe scratch.block()
    var first = rows.lowerBound
    // Rows that show how many groups there are.
    let seen = Swift.min(first + RowOrder.least / 4, rows.upperBound)
    let mayOrder = unsafe rows.count >= RowOrder.least && core.mayOrder(columns, needed)
    var opened = core.table.count
    while first < rows.upperBound {
      let left = Swift.min(RowOrder.limit, rows.upperBound - first)
      if mayOrder, first >= seen, left >= RowOrder.least / 2, 2 * left >= core.table.count,
        core.wantsOrder(opened: core.table.count - opened, by: AggregationScratch.blockRows),
        unsafe core.foldOrdered(columns, needed, first: first, count: left, block, &scratch.order)
      {
        first += left
        continue
      }
      opened = core.table.count
      first += unsafe core.fold(
        columns, needed, first: first, count: Swift.min(AggregationScratch.blockRows, rows.upperBound - first), block,
        &scratch.dictionaries, late: &lateRowsOfLastUpdate)
    }
  }

  /// The same under a memory limit: what goes past it is taken back.
  @unsafe
  private mutating func foldLimited(
    _ columns: UnsafeBufferPointer<InputColumn>, _ rowCount: Int, _ limit: Int
  ) throws(AggregationError) {
    guard unsafe core.mayPass(limit, columns, needed, rowCount) else {
      lateRowsOfLastUpdate.removeAll(keepingCapacity: true)
      unsafe core.settle(columns, needed)
      return unsafe fold(columns, 0..<rowCount)
    }
    let isHard = plan.overflow == .fail
    let before = isHard ? core : nil
    let lateBefore = lateRowsOfLastUpdate
    lateRowsOfLastUpdate.removeAll(keepingCapacity: true)
    unsafe core.settle(columns, needed)
    var first = 0
    while first < rowCount {
      let count = Swift.min(AggregationScratch.blockRows, rowCount - first)
      let held = isHard || core.isFrozen ? nil : core
      let lateCount = lateRowsOfLastUpdate.count
      unsafe fold(columns, first..<first + count)
      if core.byteCount > limit {
        if let before {
          core = before
          lateRowsOfLastUpdate = lateBefore
          throw AggregationError(.limitExceeded, "memory_limit", "the state would need more than \(limit) bytes")
        }
        if let held {
          // Once more, without opening groups.
          core = held
          // Codes of a dictionary may have been given groups that are no more.
          for key in scratch.dictionaries.indices { scratch.dictionaries[key].removeAll(keepingCapacity: true) }
          lateRowsOfLastUpdate.removeSubrange(lateCount...)
          core.freeze()
          unsafe fold(columns, first..<first + count)
        }
      }
      first += count
    }
  }

  // MARK: - Windows out

  /// Event time has come to `watermark`, in milliseconds: every window whose end plus lateness is at or before it is emitted and forgotten.
  /// Later rows of theirs are left out and counted. A watermark before the last one emits nothing and changes nothing.
  ///
  /// - Throws: ``AggregationError/Code/limitExceeded`` where a sum of integers does not fit into 64 bits. Nothing is forgotten then.
  public mutating func advance(to watermark: Int64) throws(AggregationError) -> AggregationResult {
    try advance(to: watermark) { result throws(AggregationError) in result }
  }

  /// The same; nothing is forgotten where `deliver` throws.
  mutating func advance<R>(
    to watermark: Int64, _ deliver: (AggregationResult) throws(AggregationError) -> R
  ) throws(AggregationError) -> R {
    let watermark = Swift.max(watermark, core.watermark ?? watermark)
    let emission = core.emission(watermark)
    let delivered = try deliver(core.result(emission))
    core.keep(emission.survivors)
    core.watermark = watermark
    return delivered
  }

  /// Emits all that is left, and empties the state.
  ///
  /// The count of late rows stays; the watermark and the sequence numbers go.
  ///
  /// - Throws: as ``advance(to:)``.
  public mutating func finish() throws(AggregationError) -> AggregationResult {
    try finish { result throws(AggregationError) in result }
  }

  /// The same; nothing is emptied where `deliver` throws.
  mutating func finish<R>(
    _ deliver: (AggregationResult) throws(AggregationError) -> R
  ) throws(AggregationError) -> R {
    core.openOnlyGroup()
    let delivered = try deliver(core.result(core.emission(nil)))
    let lateRows = core.lateRows
    core = AggregationCore(plan)
    core.lateRows = lateRows
    return delivered
  }
}

extension AggregationCore {
  mutating func freeze() {
    isFrozen = true
    table.limit = table.count
    for key in strings.indices { strings[key].isFrozen = true }
  }

  /// Whether a batch could take the state past `limit`, if each of its rows opened a group. Arrays grow to twice what they need, and hold
  /// what they held until they have moved.
  func mayPass(
    _ limit: Int, _ columns: UnsafeBufferPointer<InputColumn>, _ places: PlanColumns, _ rowCount: Int
  ) -> Bool {
    var perRow = 64 + 16 * table.columnCount
    for aggregate in plan.aggregates { perRow += aggregate.operation.largestState }
    var bytes = 1 << 14
    for place in places.keys {
      let column = unsafe columns[place]
      switch column.type {
      case .utf8, .largeUTF8:
        if rowCount > 0 {
          bytes +=
            column.strings.bounds(column.offset + rowCount - 1).start - column.strings.bounds(column.offset).start
          bytes += column.strings.bounds(column.offset + rowCount - 1).count
        }
      case .dictionary:
        if column.dictionaryCount > 0 {
          let last = column.strings.bounds(column.dictionaryOffset + column.dictionaryCount - 1)
          bytes += last.start + last.count - column.strings.bounds(column.dictionaryOffset).start
        }
      default: break
      }
    }
    let (new, overflow) = perRow.multipliedReportingOverflow(by: rowCount)
    return overflow || byteCount > limit / 3 || new > limit / 6 || bytes > limit / 6
      || 3 * (byteCount + new + bytes) > limit
  }
}

extension Aggregation.Operation {
  /// About the most bytes that a row adds to the state.
  fileprivate var largestState: Int {
    switch self {
    case .count, .min, .max, .first, .last, .sum, .mean: 800
    case .variance, .stddev: 2_100
    case .approxDistinct: 9_000
    case .quantile: 40_000
    case .topK: 200
    case .histogram(let bounds): 16 + 8 * bounds.count
    }
  }
}
