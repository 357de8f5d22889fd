/// Quantiles within 1 % of the value, whatever the distribution, from counts of values in buckets of equal ratio.
///
/// A value between two bounds of a bucket is given back as one that is at most 1 % from either. Equal multisets of values give equal
/// sketches, in whatever order they came and however they were split. A NaN is not counted.
///
/// C. Masson, J. Rim, H. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", PVLDB 12, 2019.
/// Bounds are not powers of a ratio but those of a cubic in the significand, which costs 1 % more buckets and no logarithm.
public struct DDSketch: Sendable, Equatable {
  package var positive = DDBuckets()
  package var negative = DDBuckets()
  package var zeros: UInt64 = 0

  public init() {}

  /// How many values it has counted.
  public var count: UInt64 { positive.total &+ negative.total &+ zeros }

  /// Counts a value.
  ///
  /// - Complexity: O(1), amortised; allocates where a value lies far outside those before.
  @inline(__always)
  public mutating func insert(_ value: Double) {
    if value > 0 {
      positive.add(DDBuckets.index(value))
    } else if value < 0 {
      negative.add(DDBuckets.index(-value))
    } else if value == 0 {
      zeros &+= 1
    }
  }

  /// Counts values.
  public mutating func insert(_ values: Span<Double>) {
    for i in values.indices { insert(values[i]) }
  }

  /// Counts what another sketch has counted.
  public mutating func merge(_ other: borrowing DDSketch) {
    positive.merge(other.positive)
    negative.merge(other.negative)
    zeros &+= other.zeros
  }

  /// A value within 1 % of the one whose rank is floor(q (count - 1)), counted from 0; nil of nothing.
  ///
  /// - Parameter q: 0 ... 1.
  /// - Complexity: O(buckets).
  public func quantile(_ q: Double) -> Double? {
    precondition(q >= 0 && q <= 1, "quantile: q must be in 0 ... 1")
    let count = count
    if count == 0 { return nil }
    var rank = UInt64(q * Double(count - 1))
    if let index = negative.fromAbove(&rank) { return -DDBuckets.value(index) }
    if rank < zeros { return 0 }
    rank -= zeros
    if let index = positive.fromBelow(&rank) { return DDBuckets.value(index) }
    return positive.highest.map(DDBuckets.value)
  }
}
