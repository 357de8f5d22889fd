/// Sum, mean, extrema, variance and standard deviation of columns of floats, exact until each is rounded once.
///
/// Values come in any number of calls, and states merge. Equal multisets of values give equal results, bit for bit, whatever the
/// order, the split, the number of states or the CPU. Nulls are skipped.
///
/// ```swift
/// var statistics = FloatStatistics()
/// statistics.update(column)
/// print(statistics.sum, statistics.mean, statistics.variance)
/// ```
///
/// R. Neal, "Fast exact summation using small and large superaccumulators", arXiv:1505.05571, 2015; J. Demmel, Y. Hida, "Fast
/// reproducible floating-point summation", ARITH 2013.
public struct FloatStatistics: ~Copyable, Sendable {
  /// What is wanted of the values beside their count.
  public enum Wanted: Sendable {
    /// Sum, mean and extrema.
    case sum
    /// Those, and variance and standard deviation.
    case variance
  }

  private var reduction: BlockReduction
  private let kernel: ReductionKernel

  /// Chooses the implementation for this CPU. Allocates some 50 KB, and no call does after that.
  public init(_ wanted: Wanted = .variance) {
    self.init(wanted, kernel: ReductionKernel.all.select(.current))
  }

  package init(_ wanted: Wanted, kernel: ReductionKernel) {
    reduction = BlockReduction(squares: wanted == .variance)
    self.kernel = kernel
  }

  // MARK: - Adding

  /// Adds values.
  ///
  /// - Complexity: O(n); about 0.5 ns a value, or 5 ns where magnitudes are spread over more than 2^33, and 20 ns for variance
  ///   where they are over more than 2^11.
  public mutating func update(_ values: Span<Double>) {
    unsafe values.withUnsafeBufferPointer { unsafe update($0) }
  }

  /// Adds values.
  ///
  /// - `values` is readable for its whole count.
  @unsafe
  public mutating func update(_ values: UnsafeBufferPointer<Double>) {
    if let start = values.baseAddress { unsafe reduction.update(start, values.count, kernel) }
  }

  /// Adds values; each is taken as the double that it is.
  public mutating func update(_ values: Span<Float>) {
    unsafe values.withUnsafeBufferPointer { values in
      unsafe reduction.update(gathered: values.count, kernel) { row, count, memory in
        for i in 0..<count { unsafe memory[i] = Double(values[row &+ i]) }
        return count
      }
    }
  }

  /// Adds the values that are not null.
  ///
  /// - Parameters:
  ///   - values: any number; those that are null are not looked at.
  ///   - valid: a bit for each value from bit `validOffset` on, the least significant of a byte first, 1 for a value, as in Arrow.
  ///   - validOffset: not negative.
  public mutating func update(_ values: Span<Double>, valid: RawSpan, validOffset: Int = 0) {
    checkBitmap(valid, validOffset, count: values.count)
    unsafe values.withUnsafeBufferPointer { values in
      unsafe valid.withUnsafeBytes { valid in
        unsafe reduction.update(gathered: values.count, kernel) { row, count, memory in
          unsafe gatherValid(count, valid, validOffset &+ row, memory) { unsafe values[row &+ $0] }
        }
      }
    }
  }

  /// Adds the values that are not null.
  public mutating func update(_ values: Span<Float>, valid: RawSpan, validOffset: Int = 0) {
    checkBitmap(valid, validOffset, count: values.count)
    unsafe values.withUnsafeBufferPointer { values in
      unsafe valid.withUnsafeBytes { valid in
        unsafe reduction.update(gathered: values.count, kernel) { row, count, memory in
          unsafe gatherValid(count, valid, validOffset &+ row, memory) { unsafe Double(values[row &+ $0]) }
        }
      }
    }
  }

  /// Adds what another state has added; both want the same.
  public mutating func merge(_ other: borrowing FloatStatistics) {
    precondition(
      (reduction.squares == nil) == (other.reduction.squares == nil), "FloatStatistics: other must want the same")
    reduction.merge(other.reduction)
  }

  // MARK: - Results

  /// How many values there were.
  public var count: UInt64 { reduction.count }

  /// The sum, rounded once to nearest; nil of nothing. NaN propagates; beyond the range of a double it is an infinity. The sum of
  /// zeros is +0.
  public var sum: Double? { count == 0 ? nil : reduction.special.sum ?? reduction.sum.rounded }

  /// The exact sum over the count, rounded once; nil of nothing.
  public var mean: Double? {
    count == 0 ? nil : reduction.special.sum ?? reduction.sum.integer.quotient(by: [count], exponent: -1074)
  }

  /// nil of nothing, NaN where there is one; -0 is less than +0.
  public var minimum: Double? { extremum(reduction.least, .negativeInfinity, -.infinity, .positiveInfinity, .infinity) }

  /// nil of nothing, NaN where there is one; +0 is greater than -0.
  public var maximum: Double? {
    extremum(reduction.greatest, .positiveInfinity, .infinity, .negativeInfinity, -.infinity)
  }

  private func extremum(
    _ number: Double, _ first: SpecialValues, _ firstValue: Double, _ last: SpecialValues, _ lastValue: Double
  ) -> Double? {
    if count == 0 { return nil }
    if reduction.special.contains(.notANumber) { return .nan }
    if reduction.special.contains(first) { return firstValue }
    // No number at all.
    return number.isInfinite ? lastValue : number
  }

  /// Of a sample (n - 1): exact sums of values and squares, divided and rounded once. nil for fewer than two values; NaN where one
  /// is not finite.
  public var variance: Double? { moments?.variance }

  /// The root of the exact variance, rounded once.
  public var standardDeviation: Double? { moments?.standardDeviation }

  private var moments: ExactMoments? {
    guard let squares = reduction.squares else { preconditionFailure("FloatStatistics: made without variance") }
    if count < 2 { return nil }
    return ExactMoments(
      count: count, sum: reduction.sum.integer, squares: squares.integer, isFinite: reduction.special.isEmpty)
  }
}

/// Traps where a bitmap has too few bits.
func checkBitmap(_ valid: RawSpan, _ offset: Int, count: Int) {
  precondition(offset >= 0, "update: validOffset must not be negative")
  precondition(offset <= 8 * valid.byteCount - count, "update: valid must have a bit for each value")
}

/// Writes the values of `count` rows that are not null, and answers how many those are.
///
/// - `valid` has the bits from `bit` on; `memory` is writable for `count`.
@inline(__always)
@unsafe
func gatherValid(
  _ count: Int, _ valid: UnsafeRawBufferPointer, _ bit: Int, _ memory: UnsafeMutablePointer<Double>,
  _ value: (Int) -> Double
) -> Int {
  var kept = 0
  for i in 0..<count {
    // Written whether it counts or not, and overwritten where not: no branch.
    unsafe memory[kept] = value(i)
    let place = bit &+ i
    kept &+= unsafe Int(valid[place >> 3] >> UInt8(truncatingIfNeeded: place & 7) & 1)
  }
  return kept
}
