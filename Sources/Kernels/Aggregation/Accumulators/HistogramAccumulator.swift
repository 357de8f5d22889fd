/// How many values of each group lie between bounds.
///
/// Bucket 0 is below the first bound, bucket i from bound i - 1 up to but without bound i, and the last from the last bound on. A NaN
/// is in none.
package struct HistogramAccumulator<Value: AggregationFloat>: SequentialAccumulator {
  package let bounds: [Double]
  private var counts: [UInt64] = []

  /// - Parameter bounds: finite, each above the one before.
  package init(bounds: [Double]) {
    precondition(Self.areBounds(bounds), "HistogramAccumulator: bounds must be finite and ascending")
    self.bounds = bounds
  }

  package static func areBounds(_ bounds: [Double]) -> Bool {
    bounds.allSatisfy(\.isFinite) && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }
  }

  private var bucketCount: Int { bounds.count + 1 }
  package var groupCount: Int { counts.count / bucketCount }
  package var byteCount: Int { counts.heldBytes + bounds.heldBytes }
  package mutating func grow(to groupCount: Int) { counts.grow(to: groupCount * bucketCount, with: 0) }

  package mutating func reset(_ group: Int) {
    for i in group * bucketCount..<(group + 1) * bucketCount { counts[i] = 0 }
  }

  package func result(_ group: Int) -> [UInt64] { Array(counts[group * bucketCount..<(group + 1) * bucketCount]) }

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    let bucketCount = bucketCount
    unsafe bounds.withUnsafeBufferPointer { bounds in
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        unsafe forEachValid(count, valid, validOffset) { row in
          let value = unsafe values[row].wide
          if value == value {
            unsafe counts[Int(groups[row]) &* bucketCount &+ histogramBucket(value, bounds)] &+= 1
          }
        }
      }
    }
  }

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    precondition(bounds == other.bounds, "HistogramAccumulator: other must have the same bounds")
    for i in 0..<bucketCount { counts[group * bucketCount + i] &+= other.counts[otherGroup * bucketCount + i] }
  }

  package var blank: Self { .init(bounds: bounds) }

  package func write(group: Int, into bytes: inout [UInt8]) {
    for count in counts[group * bucketCount..<(group + 1) * bucketCount] { bytes.appendLittleEndian(count) }
  }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    guard position >= 0, bytes.count - position >= 8 * bucketCount else { return false }
    for i in 0..<bucketCount {
      counts[group * bucketCount + i] = unsafe bytes.readLittleEndian(UInt64.self, at: &position) ?? 0
    }
    return true
  }
}

/// How many bounds are not above `value`, which is a number.
///
/// - Complexity: O(log of the bounds), without branches on the value.
@inline(__always)
@unsafe
package func histogramBucket(_ value: Double, _ bounds: UnsafeBufferPointer<Double>) -> Int {
  var (low, count) = (0, bounds.count)
  while count > 0 {
    let half = count >> 1
    let isAbove = unsafe bounds[low &+ half] <= value
    low = isAbove ? low &+ half &+ 1 : low
    count = isAbove ? count &- half &- 1 : half
  }
  return low
}
