/// Sum, mean and extrema of columns of integers; the sum is exact to 128 bits, which 2^63 values cannot overflow.
public struct IntegerStatistics<Value: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable, Equatable {
  /// How many values there were.
  public private(set) var count: UInt64 = 0
  private var total: Int128 = 0
  private var least = Value.max
  private var greatest = Value.min

  public init() {
    precondition(Value.bitWidth <= 64, "IntegerStatistics: Value must have at most 64 bits")
  }

  /// nil of nothing.
  public var sum: Int128? { count == 0 ? nil : total }
  public var minimum: Value? { count == 0 ? nil : least }
  public var maximum: Value? { count == 0 ? nil : greatest }
  /// The exact sum over the count, rounded once; nil of nothing.
  public var mean: Double? { count == 0 ? nil : BigInteger(total).quotient(by: [count], exponent: 0) }

  /// Adds values.
  ///
  /// - Complexity: O(n), no allocation.
  public mutating func update(_ values: Span<Value>) {
    unsafe values.withUnsafeBufferPointer { unsafe update($0) }
  }

  /// Adds values.
  ///
  /// - `values` is readable for its whole count.
  @unsafe
  public mutating func update(_ values: UnsafeBufferPointer<Value>) {
    var start = 0
    // Halves of 32 bits, so that no sum of a block overflows.
    while start < values.count {
      let end = Swift.min(values.count, start &+ 1 << 20)
      var (low, high): (UInt64, Int64) = (0, 0)
      var (least, greatest) = (least, greatest)
      for i in start..<end {
        let value = unsafe values[i]
        let wide = Int64(truncatingIfNeeded: value)
        low &+= UInt64(truncatingIfNeeded: wide & 0xffff_ffff)
        high &+= Value.isSigned ? wide >> 32 : Int64(truncatingIfNeeded: UInt64(truncatingIfNeeded: wide) >> 32)
        least = Swift.min(least, value)
        greatest = Swift.max(greatest, value)
      }
      total &+= Int128(high) << 32 &+ Int128(low)
      (self.least, self.greatest) = (least, greatest)
      start = end
    }
    count &+= UInt64(values.count)
  }

  /// Adds the values that are not null.
  ///
  /// - Parameters:
  ///   - values: any number; those that are null are not looked at.
  ///   - valid: a bit for each value from bit `validOffset` on, the least significant of a byte first, 1 for a value, as in Arrow.
  ///   - validOffset: not negative.
  public mutating func update(_ values: Span<Value>, valid: RawSpan, validOffset: Int = 0) {
    checkBitmap(valid, validOffset, count: values.count)
    unsafe values.withUnsafeBufferPointer { values in
      unsafe valid.withUnsafeBytes { valid in
        unsafe forEachValid(values.count, valid.baseAddress?.assumingMemoryBound(to: UInt8.self), validOffset) { row in
          let value = unsafe values[row]
          total &+= Int128(truncatingIfNeeded: value)
          least = Swift.min(least, value)
          greatest = Swift.max(greatest, value)
          count &+= 1
        }
      }
    }
  }

  /// Adds what another state has added.
  public mutating func merge(_ other: IntegerStatistics) {
    total &+= other.total
    count &+= other.count
    least = Swift.min(least, other.least)
    greatest = Swift.max(greatest, other.greatest)
  }
}
