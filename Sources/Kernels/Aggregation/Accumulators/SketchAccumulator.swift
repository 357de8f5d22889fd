/// A sketch for each of many groups.
package struct SketchAccumulator<Sketch: GroupSketch>: SequentialAccumulator {
  private let parameters: Sketch.Parameters
  private var sketches: [Sketch] = []
  /// Bytes that the sketches hold themselves.
  private var ownedBytes = 0

  package init(_ parameters: Sketch.Parameters) { self.parameters = parameters }

  package var groupCount: Int { sketches.count }
  package var byteCount: Int { sketches.heldBytes + ownedBytes }

  package mutating func grow(to groupCount: Int) {
    sketches.reserveCapacity(groupCount)
    while sketches.count < groupCount {
      sketches.append(Sketch(parameters))
      ownedBytes += sketches[sketches.count - 1].byteCount
    }
  }

  package mutating func reset(_ group: Int) { replace(group, with: Sketch(parameters)) }
  package func result(_ group: Int) -> Sketch { sketches[group] }

  private mutating func replace(_ group: Int, with sketch: Sketch) {
    ownedBytes += sketch.byteCount - sketches[group].byteCount
    sketches[group] = sketch
  }

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  /// - Parameter element: what the sketch takes of a value.
  @inline(__always)
  @unsafe
  package mutating func update<Value>(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int, element: (Value) -> Sketch.Element
  ) {
    unsafe forEachValid(count, valid, validOffset) { row in
      let group = unsafe Int(groups[row])
      let before = sketches[group].byteCount
      unsafe sketches[group].insert(element(values[row]))
      ownedBytes &+= sketches[group].byteCount &- before
    }
  }

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    let before = sketches[group].byteCount
    sketches[group].merge(other.sketches[otherGroup])
    ownedBytes += sketches[group].byteCount - before
  }

  @inline(__always)
  private mutating func change(_ group: Int, _ body: (inout Sketch) -> Void) {
    let before = sketches[group].byteCount
    body(&sketches[group])
    ownedBytes += sketches[group].byteCount - before
  }

  package var blank: Self { .init(parameters) }

  package func write(group: Int, into bytes: inout [UInt8]) { sketches[group].write(into: &bytes) }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    var at = position
    guard let sketch = unsafe Sketch(parameters, bytes, at: &at) else { return false }
    replace(group, with: sketch)
    position = at
    return true
  }
}

/// approx_distinct: 2^12 registers a group, or fewer coupons.
package typealias DistinctAccumulator = SketchAccumulator<DistinctSketch>
/// quantile: within 1 %.
package typealias QuantileAccumulator = SketchAccumulator<DDSketch>
/// top_k.
package typealias FrequentAccumulator = SketchAccumulator<FrequentSketch>

extension SketchAccumulator where Sketch == DDSketch {
  package init() { self.init(()) }

  /// Counts values that are all of `group`.
  ///
  /// - `values` is readable for `count`; `group` is below ``groupCount``.
  @unsafe
  mutating func update(run group: Int, _ values: UnsafePointer<Double>, _ count: Int) {
    change(group) { unsafe $0.insert(values, count: count) }
  }

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update<Value: AggregationFloat>(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    unsafe update(
      groups: groups, values: values, valid: valid, validOffset: validOffset, count: count, element: \.wide)
  }
}

extension SketchAccumulator where Sketch == DistinctSketch {
  package init() { self.init(12) }

  /// Counts words of 64 bits that are all of `group`.
  ///
  /// - `words` is readable for `count`; `group` is below ``groupCount``.
  @unsafe
  mutating func update(run group: Int, words: UnsafeRawPointer, isDouble: Bool, _ count: Int) {
    let words = unsafe UnsafeRawBufferPointer(start: words, count: 8 * count)
    change(group) { unsafe $0.insert(words: words.bytes, isDouble: isDouble) }
  }

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update<Value: AggregationValue>(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    unsafe update(
      groups: groups, values: values, valid: valid, validOffset: validOffset, count: count, element: \.coupon)
  }
}

extension SketchAccumulator where Sketch == FrequentSketch {
  /// Counters for the `k` most frequent values: eight times as many, so that those are right in skewed data.
  package init(k: Int) { self.init(8 * Swift.max(k, 8)) }

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update<Value: AggregationValue>(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    unsafe update(
      groups: groups, values: values, valid: valid, validOffset: validOffset, count: count, element: \.orderKey)
  }
}
