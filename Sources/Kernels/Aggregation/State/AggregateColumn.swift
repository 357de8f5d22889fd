/// The states of one aggregate for all groups, whatever accumulator keeps them. Called a block or a column at a time.
protocol AggregateColumn: Sendable {
  var byteCount: Int { get }
  mutating func grow(to groupCount: Int)
  mutating func fold(_ block: AggregateBlock)
  /// The same, for groups that have seen nothing, and none so far.
  func blank() -> any AggregateColumn
  /// Merges group `sources[i]` of `other`, or i where there are no sources, into group `targets[i]`.
  ///
  /// - `other` came of ``blank()`` of this one, or the other way round; the groups are there.
  mutating func merge(
    _ other: any AggregateColumn, sources: UnsafePointer<UInt32>?, targets: UnsafeBufferPointer<UInt32>)
  func write(_ groups: UnsafeBufferPointer<UInt32>, into bytes: inout [UInt8])
  /// Reads groups 0 ..< count; false, with anything in them, where the bytes are none.
  mutating func read(count: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool
  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome
}

struct AccumulatorColumn<Accumulator: FoldingAccumulator>: AggregateColumn {
  var accumulator: Accumulator
  let empty: Accumulator

  init(_ accumulator: Accumulator) { (self.accumulator, empty) = (accumulator, accumulator) }

  var byteCount: Int { accumulator.byteCount }
  mutating func grow(to groupCount: Int) { accumulator.grow(to: groupCount) }
  mutating func fold(_ block: AggregateBlock) { accumulator.fold(block) }
  func blank() -> any AggregateColumn { Self(empty) }

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

  func write(_ groups: UnsafeBufferPointer<UInt32>, into bytes: inout [UInt8]) {
    for i in groups.indices { unsafe accumulator.write(group: Int(groups[i]), into: &bytes) }
  }

  mutating func read(count: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    for group in 0..<count {
      if !(unsafe accumulator.read(group: group, from: bytes, at: &position)) { return false }
    }
    return true
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    try unsafe accumulator.outcome(groups, aggregate)
  }
}

/// What a plan's aggregates are folded by, once the class of their values is known.
func makeColumn(_ operation: Aggregation.Operation, _ values: ValueClass) -> any AggregateColumn {
  switch values {
  case .int64: makeInteger(operation, Int64.self)
  case .uint64: makeInteger(operation, UInt64.self)
  case .double, .none: makeFloat(operation)
  case .other: operation == .count ? AccumulatorColumn(CountAccumulator()) : AccumulatorColumn(StringDistinct())
  }
}

private func makeInteger<Value: AggregationInteger & FoldedValue>(
  _ operation: Aggregation.Operation, _: Value.Type
) -> any AggregateColumn {
  switch operation {
  case .count: AccumulatorColumn(CountAccumulator())
  case .sum, .mean: AccumulatorColumn(IntegerSumAccumulator<Value>())
  case .min: AccumulatorColumn(ExtremumAccumulator<Value, MinimumOrder>())
  case .max: AccumulatorColumn(ExtremumAccumulator<Value, MaximumOrder>())
  case .variance, .stddev: AccumulatorColumn(IntegerVariance<Value>())
  case .first: AccumulatorColumn(EndAccumulator<Value, MinimumOrder>())
  case .last: AccumulatorColumn(EndAccumulator<Value, MaximumOrder>())
  case .approxDistinct: AccumulatorColumn(Distinct<Value>())
  case .quantile: AccumulatorColumn(Quantiles())
  case .topK(let k): AccumulatorColumn(Frequent<Value>(k: k))
  case .histogram(let bounds): AccumulatorColumn(HistogramAccumulator<Double>(bounds: bounds))
  }
}

private func makeFloat(_ operation: Aggregation.Operation) -> any AggregateColumn {
  switch operation {
  case .count: AccumulatorColumn(CountAccumulator())
  case .sum: AccumulatorColumn(ExactSumAccumulator<Double>())
  case .mean: AccumulatorColumn(MeanAccumulator<Double>())
  case .min: AccumulatorColumn(ExtremumAccumulator<Double, MinimumOrder>())
  case .max: AccumulatorColumn(ExtremumAccumulator<Double, MaximumOrder>())
  case .variance, .stddev: AccumulatorColumn(FloatVariance())
  case .first: AccumulatorColumn(EndAccumulator<Double, MinimumOrder>())
  case .last: AccumulatorColumn(EndAccumulator<Double, MaximumOrder>())
  case .approxDistinct: AccumulatorColumn(Distinct<Double>())
  case .quantile: AccumulatorColumn(Quantiles())
  case .topK(let k): AccumulatorColumn(Frequent<Double>(k: k))
  case .histogram(let bounds): AccumulatorColumn(HistogramAccumulator<Double>(bounds: bounds))
  }
}

extension Aggregation.Operation {
  /// Whether integers are folded as doubles.
  var takesDoubles: Bool {
    switch self {
    case .quantile, .histogram: true
    default: false
    }
  }

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
