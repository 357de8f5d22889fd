/// An accumulator that another one keeps the state of.
protocol WrappingAccumulator: FoldingAccumulator {
  associatedtype Inner: GroupedAccumulator
  var inner: Inner { get set }
}

extension WrappingAccumulator {
  var groupCount: Int { inner.groupCount }
  var byteCount: Int { inner.byteCount }
  mutating func grow(to groupCount: Int) { inner.grow(to: groupCount) }
  mutating func reset(_ group: Int) { inner.reset(group) }
  @inline(__always)
  mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    inner.merge(group: group, from: other.inner, otherGroup: otherGroup)
  }
  func write(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    unsafe inner.write(groups, into: &writer)
  }

  var blank: Self { wrapping(inner.blank) }

  func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<Self>? {
    switch unsafe inner.stage(count: count, bytes) {
    case nil: nil
    case .bytes: .bytes
    case .read(let read): .read(wrapping(read))
    }
  }

  mutating func merge(_ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>) {
    unsafe inner.merge(bytes, into: targets)
  }

  mutating func load(_ bytes: UnsafeRawBufferPointer, count: Int) { unsafe inner.load(bytes, count: count) }

  private func wrapping(_ inner: Inner) -> Self {
    var copy = self
    copy.inner = inner
    return copy
  }
}

struct IntegerVariance<Value: AggregationInteger>: WrappingAccumulator {
  var inner = VarianceAccumulator<Value>()

  mutating func fold(_ block: AggregateBlock) {
    unsafe inner.update(
      groups: block.groups, values: block.typed(), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  mutating func foldRun(_ block: AggregateBlock) {
    unsafe inner.update(run: block.group, block.typed(), block.count, scratch: block.scratch)
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    let isVariance = aggregate.operation == .variance
    return try unsafe outcome(groups) { group throws(AggregationError) in
      isVariance ? inner.variance(group) : inner.standardDeviation(group)
    }
  }
}

struct FloatVariance: WrappingAccumulator {
  var inner = VarianceAccumulator<Double>()

  mutating func fold(_ block: AggregateBlock) {
    unsafe inner.update(
      groups: block.groups, values: block.typed(), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  mutating func foldRun(_ block: AggregateBlock) {
    if let run = block.run { unsafe inner.add(run, toGroup: block.group) } else { fold(block) }
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    let isVariance = aggregate.operation == .variance
    return try unsafe outcome(groups) { group throws(AggregationError) in
      isVariance ? inner.variance(group) : inner.standardDeviation(group)
    }
  }
}

/// Of numbers.
struct Distinct<Value: AggregationValue>: WrappingAccumulator {
  var inner = DistinctAccumulator()

  mutating func fold(_ block: AggregateBlock) {
    unsafe inner.update(
      groups: block.groups, values: block.typed(Value.self), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  mutating func foldRun(_ block: AggregateBlock) {
    unsafe inner.update(
      run: block.group, words: block.values, isDouble: Value.self == Double.self, block.count)
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    try unsafe distinctOutcome(groups, inner)
  }
}

/// Of strings, whose coupons come.
struct StringDistinct: WrappingAccumulator {
  var inner = DistinctAccumulator()

  mutating func fold(_ block: AggregateBlock) {
    unsafe inner.update(
      groups: block.groups, values: block.typed(UInt32.self), valid: block.valid, validOffset: block.validOffset,
      count: block.count, element: \.self)
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    try unsafe distinctOutcome(groups, inner)
  }
}

extension FoldingAccumulator {
  fileprivate func distinctOutcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ accumulator: DistinctAccumulator
  ) throws(AggregationError) -> Outcome {
    try unsafe outcome(groups) { group throws(AggregationError) in
      Int64(accumulator.result(group).estimate.rounded())
    }
  }
}

struct Quantiles: WrappingAccumulator {
  var inner = QuantileAccumulator()

  mutating func fold(_ block: AggregateBlock) {
    unsafe inner.update(
      groups: block.groups, values: block.typed(Double.self), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  mutating func foldRun(_ block: AggregateBlock) {
    unsafe inner.update(run: block.group, block.typed(), block.count)
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    var q = 0.5
    if case .quantile(let fraction) = aggregate.operation { q = fraction }
    return try unsafe outcome(groups) { group throws(AggregationError) in inner.result(group).quantile(q) }
  }
}

struct Frequent<Value: FoldedValue>: WrappingAccumulator {
  var inner: FrequentAccumulator
  let k: Int

  init(k: Int) { (self.k, inner) = (k, FrequentAccumulator(k: k)) }

  mutating func fold(_ block: AggregateBlock) {
    unsafe inner.update(
      groups: block.groups, values: block.typed(Value.self), valid: block.valid, validOffset: block.validOffset,
      count: block.count)
  }

  func outcome(
    _ groups: UnsafeBufferPointer<UInt32>, _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    var keys: [Value] = []
    var result = ResultFrequencies(keys: Value.frequencies([]))
    for row in groups.indices {
      for counter in unsafe inner.result(Int(groups[row])).counters.top(k) {
        keys.append(Value(orderKey: counter.key))
        result.counts.append(Int64(clamping: counter.count))
        result.errors.append(Int64(clamping: counter.error))
      }
      result.ends.append(keys.count)
    }
    result.keys = Value.frequencies(keys)
    return Outcome(values: .frequent(result), validity: nil)
  }
}
