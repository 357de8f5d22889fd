/// The states of one aggregate, or of several that share them, for all groups, whatever accumulator keeps them. Called a block or a column at a time.
protocol AggregateColumn: Sendable {
  var byteCount: Int { get }
  mutating func grow(to groupCount: Int)
  mutating func fold(_ block: AggregateBlock)
  /// As ``FoldingAccumulator/foldRun(_:)``.
  mutating func foldRun(_ block: AggregateBlock)
  /// The same, for groups that have seen nothing, and none so far.
  func blank() -> any AggregateColumn
  /// Merges group `sources[i]` of `other`, or i where there are no sources, into group `targets[i]`.
  ///
  /// - `other` came of ``blank()`` of this one, or the other way round; the groups are there.
  mutating func merge(
    _ other: any AggregateColumn, sources: UnsafePointer<UInt32>?, targets: UnsafeBufferPointer<UInt32>)
  /// Rows of windows, put together of groups of this one.
  func windows(_ merges: WindowMerges, rowCount: Int) -> any AggregateColumn
  /// Appends the states of groups as those of `operation`, which is one of those that they are shared by.
  func write(
    _ groups: UnsafeBufferPointer<UInt32>, of operation: Aggregation.Operation, into writer: inout StateWriter)
  /// As ``FoldingAccumulator/start(of:count:)``.
  func start(of operation: Aggregation.Operation, count: Int) -> Int
  /// Looks at the states of `count` groups; nil where the bytes are none. Changes nothing.
  func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedColumn?
  /// Merges state i of what has been staged, of these bytes, into group `targets[i]`, which is there.
  mutating func merge(
    _ staged: StagedColumn, _ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>)
  /// Makes state i of what has been staged group i, where there are no groups yet.
  mutating func load(_ staged: StagedColumn, _ bytes: UnsafeRawBufferPointer, count: Int)
  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome
}

/// States that have been looked at, before they are merged.
enum StagedColumn {
  /// Nothing has folded anything.
  case nothing
  /// As they stand in their bytes.
  case bytes
  /// As a column with a group for each.
  case column(any AggregateColumn)
}

/// A column of an accumulator.
///
/// What conforms is not generic: a generic type's conformance is called through code for any accumulator, with a call and a count of
/// references for every value. That of a type without parameters is compiled for its accumulator, and one call is for a whole block.
protocol AccumulatorColumn: AggregateColumn {
  associatedtype Accumulator: FoldingAccumulator
  var accumulator: Accumulator { get set }
}

extension AccumulatorColumn {
  var byteCount: Int { accumulator.byteCount }
  mutating func grow(to groupCount: Int) { accumulator.grow(to: groupCount) }
  mutating func fold(_ block: AggregateBlock) { accumulator.fold(block) }
  mutating func foldRun(_ block: AggregateBlock) { accumulator.foldRun(block) }

  func blank() -> any AggregateColumn {
    var blank = self
    blank.accumulator = accumulator.blank
    return blank
  }

  mutating func merge(
    _ other: any AggregateColumn, sources: UnsafePointer<UInt32>?, targets: UnsafeBufferPointer<UInt32>
  ) {
    guard let other = other as? Self else { preconditionFailure("AggregateColumn: other is of another plan") }
    if let sources = unsafe sources {
      for i in targets.indices {
        unsafe accumulator.merge(group: Int(targets[i]), from: other.accumulator, otherGroup: Int(sources[i]))
      }
    } else {
      for i in targets.indices {
        unsafe accumulator.merge(group: Int(targets[i]), from: other.accumulator, otherGroup: i)
      }
    }
  }

  func windows(_ merges: WindowMerges, rowCount: Int) -> any AggregateColumn {
    var (rows, running) = (accumulator.blank, accumulator.blank)
    rows.grow(to: rowCount)
    running.grow(to: 1)
    for step in merges.steps {
      switch step {
      case .clear: running.reset(0)
      case .take(let group): running.merge(group: 0, from: accumulator, otherGroup: Int(group))
      case .give(let row): rows.merge(group: Int(row), from: running, otherGroup: 0)
      case .move(let group, let row): rows.merge(group: Int(row), from: accumulator, otherGroup: Int(group))
      }
    }
    var column = self
    column.accumulator = rows
    return column
  }

  func write(
    _ groups: UnsafeBufferPointer<UInt32>, of operation: Aggregation.Operation, into writer: inout StateWriter
  ) {
    unsafe accumulator.write(groups, of: operation, into: &writer)
  }

  func start(of operation: Aggregation.Operation, count: Int) -> Int {
    Accumulator.start(of: operation, count: count)
  }

  func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedColumn? {
    switch unsafe accumulator.stage(count: count, bytes) {
    case nil: return nil
    case .bytes: return .bytes
    case .read(let read):
      var column = self
      column.accumulator = read
      return .column(column)
    }
  }

  mutating func merge(
    _ staged: StagedColumn, _ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>
  ) {
    switch staged {
    case .nothing: return
    case .bytes: unsafe accumulator.merge(bytes, into: targets)
    case .column(let other): unsafe merge(other, sources: nil, targets: targets)
    }
  }

  mutating func load(_ staged: StagedColumn, _ bytes: UnsafeRawBufferPointer, count: Int) {
    switch staged {
    case .nothing: grow(to: count)
    case .bytes: unsafe accumulator.load(bytes, count: count)
    case .column(let other):
      guard let other = other as? Self else { preconditionFailure("AggregateColumn: staged by another column") }
      self = other
    }
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    try unsafe accumulator.outcome(groups, aggregate)
  }
}

extension Aggregation.Operation {
  /// Whether `type` can be folded.
  func accepts(_ type: InputType) -> Bool {
    switch self {
    case .count: true
    case .approxDistinct:
      switch type {
      case .utf8, .largeUTF8, .dictionary: true
      default: type.valueClass != .other
      }
    default: type.valueClass != .other
    }
  }
}
