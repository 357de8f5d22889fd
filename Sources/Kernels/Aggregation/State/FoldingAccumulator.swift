/// Rows of a block, as an aggregate takes them.
///
/// - All pointers are readable for `count` rows. `values` are Int64, UInt64 or Double, as the accumulator was made for; for strings they are
///   coupons. `valid` is nil or a bitmap whose bit `validOffset` is row 0.
@safe
struct AggregateBlock {
  var groups: UnsafePointer<UInt32>
  var values: UnsafeRawPointer
  var times: UnsafePointer<Int64>
  var valid: UnsafePointer<UInt8>?
  var validOffset: Int
  var count: Int
  /// Writable for twice ``GroupRun/limit`` doubles.
  let scratch: UnsafeMutablePointer<Double>
  /// Of a block whose rows are all of one group and none null: what its values come to, where something wants that.
  var run: GroupRun?
  var integers: IntegerRun?

  /// The group of a block whose rows are all of one.
  @inline(__always)
  var group: Int { unsafe Int(groups[0]) }

  @inline(__always)
  @unsafe
  func typed<Value>(_: Value.Type = Value.self) -> UnsafePointer<Value> {
    unsafe values.assumingMemoryBound(to: Value.self)
  }
}

/// The values of one aggregate for groups in their order of output.
struct Outcome {
  var values: ResultColumn.Values
  var validity: [UInt8]?
}

/// An accumulator that the engine drives.
protocol FoldingAccumulator: GroupedAccumulator {
  /// Folds a block.
  mutating func fold(_ block: AggregateBlock)

  /// Folds a block of at least one row, all of one group and none null; only of count may some be. The same as ``fold(_:)``, sooner.
  mutating func foldRun(_ block: AggregateBlock)

  /// Results of `groups`, in this order.
  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome

  /// Where the bytes of `count` states that are those of `operation` begin; they go on to the end.
  static func start(of operation: Aggregation.Operation, count: Int) -> Int

  /// Those bytes, as the state of `operation`.
  func write(
    _ groups: UnsafeBufferPointer<UInt32>, of operation: Aggregation.Operation, into writer: inout StateWriter)
}

/// A value that the engine folds: 64 bits.
protocol FoldedValue: AggregationValue {
  static func values(_ values: [Self]) -> ResultColumn.Values
  static func frequencies(_ keys: [Self]) -> ResultFrequencies.Keys
  static var zero: Self { get }
}

extension Int64: FoldedValue {
  static func values(_ values: [Int64]) -> ResultColumn.Values { .int64(values) }
  static func frequencies(_ keys: [Int64]) -> ResultFrequencies.Keys { .int64(keys) }
}
extension UInt64: FoldedValue {
  static func values(_ values: [UInt64]) -> ResultColumn.Values { .uint64(values) }
  static func frequencies(_ keys: [UInt64]) -> ResultFrequencies.Keys { .uint64(keys) }
}
extension Double: FoldedValue {
  static func values(_ values: [Double]) -> ResultColumn.Values { .double(values) }
  static func frequencies(_ keys: [Double]) -> ResultFrequencies.Keys { .double(keys) }
}

extension FoldingAccumulator {
  mutating func foldRun(_ block: AggregateBlock) { fold(block) }
  static func start(of operation: Aggregation.Operation, count: Int) -> Int { 0 }
  func write(
    _ groups: UnsafeBufferPointer<UInt32>, of operation: Aggregation.Operation, into writer: inout StateWriter
  ) {
    unsafe write(groups, into: &writer)
  }

  /// `value` of each group, with a null where it is nil.
  @inline(__always)
  func outcome<Value: FoldedValue>(
    _ groups: UnsafeBufferPointer<UInt32>, _ value: (Int) throws(AggregationError) -> Value?
  ) throws(AggregationError) -> Outcome {
    var validity = ValidityBuilder(count: groups.count)
    var values: [Value] = []
    values.reserveCapacity(groups.count)
    for row in groups.indices {
      if let value = try unsafe value(Int(groups[row])) {
        values.append(value)
      } else {
        values.append(Value.zero)
        validity.setNull(row)
      }
    }
    return Outcome(values: Value.values(values), validity: validity.bits)
  }
}

// MARK: - The accumulators

extension CountAccumulator: FoldingAccumulator {
  mutating func fold(_ block: AggregateBlock) {
    unsafe update(groups: block.groups, valid: block.valid, validOffset: block.validOffset, count: block.count)
  }

  mutating func foldRun(_ block: AggregateBlock) {
    unsafe update(run: block.group, valid: block.valid, validOffset: block.validOffset, count: block.count)
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    try unsafe outcome(groups) { group throws(AggregationError) in Int64(clamping: result(group)) }
  }
}

extension IntegerSumAccumulator: FoldingAccumulator {
  mutating func fold(_ block: AggregateBlock) {
    unsafe update(
      groups: block.groups, values: block.typed(), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  mutating func foldRun(_ block: AggregateBlock) {
    if let run = block.integers { add(run, toGroup: block.group) } else { fold(block) }
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    if aggregate.operation == .mean {
      return try unsafe outcome(groups) { group throws(AggregationError) in mean(group) }
    }
    return try unsafe outcome(groups) { group throws(AggregationError) -> Int64? in
      guard let sum = result(group) else { return nil }
      guard let fits = Int64(exactly: sum) else {
        throw AggregationError(.limitExceeded, aggregate.name, "a sum does not fit into 64 bits")
      }
      return fits
    }
  }
}

extension ExactSumAccumulator: FoldingAccumulator {
  mutating func fold(_ block: AggregateBlock) {
    unsafe update(
      groups: block.groups, values: block.typed(), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  mutating func foldRun(_ block: AggregateBlock) {
    // Columns of floats come as doubles.
    if let run = block.run { unsafe add(run, toGroup: block.group) } else { fold(block) }
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    try unsafe outcome(groups) { group throws(AggregationError) in result(group) }
  }
}

extension MeanAccumulator: FoldingAccumulator {
  /// A mean's sums are those of a sum, behind the counts.
  static func start(of operation: Aggregation.Operation, count: Int) -> Int { operation == .sum ? 8 * count : 0 }
  func write(
    _ groups: UnsafeBufferPointer<UInt32>, of operation: Aggregation.Operation, into writer: inout StateWriter
  ) {
    if operation == .sum { unsafe writeSums(groups, into: &writer) } else { unsafe write(groups, into: &writer) }
  }

  mutating func fold(_ block: AggregateBlock) {
    unsafe update(
      groups: block.groups, values: block.typed(), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  mutating func foldRun(_ block: AggregateBlock) {
    if let run = block.run { unsafe add(run, toGroup: block.group) } else { fold(block) }
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    let isSum = aggregate.operation == .sum
    return try unsafe outcome(groups) { group throws(AggregationError) in isSum ? sum(group) : result(group) }
  }
}

extension ExtremumAccumulator: FoldingAccumulator where Value: FoldedValue {
  mutating func fold(_ block: AggregateBlock) {
    unsafe update(
      groups: block.groups, values: block.typed(), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  mutating func foldRun(_ block: AggregateBlock) {
    if let run = block.run, !run.hasNaN {
      add(Order.isMaximum ? run.greatest.orderKey : run.least.orderKey, toGroup: block.group)
    } else if let run = block.integers {
      add(Order.isMaximum ? run.greatest : run.least, toGroup: block.group)
    } else {
      fold(block)
    }
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    try unsafe outcome(groups) { group throws(AggregationError) in result(group) }
  }
}

extension EndAccumulator: FoldingAccumulator where Value: FoldedValue {
  mutating func fold(_ block: AggregateBlock) {
    unsafe update(
      groups: block.groups, times: block.times, values: block.typed(), valid: block.valid,
      validOffset: block.validOffset, count: block.count)
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    try unsafe outcome(groups) { group throws(AggregationError) in result(group) }
  }
}

extension HistogramAccumulator: FoldingAccumulator {
  mutating func fold(_ block: AggregateBlock) {
    unsafe update(
      groups: block.groups, values: block.typed(), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    var counts: [Int64] = []
    counts.reserveCapacity(groups.count * (bounds.count + 1))
    for row in groups.indices {
      unsafe counts.append(contentsOf: result(Int(groups[row])).map { Int64(clamping: $0) })
    }
    return Outcome(values: .counts(counts, perRow: bounds.count + 1), validity: nil)
  }
}
