/// Sums and products of doubles with what rounding took away, by additions and multiplications alone, so that every CPU gives the
/// same bits.
package enum ErrorFree {
  /// a + b rounded, and the rest, which is exact unless something overflows, and then not a number.
  ///
  /// D. Knuth, "The Art of Computer Programming", volume 2, 4.2.2, theorem B.
  @inline(__always)
  package static func sum(_ a: Double, _ b: Double) -> (sum: Double, rest: Double) {
    let sum = a + b
    let second = sum - a
    return (sum, (a - (sum - second)) + (b - second))
  }

  /// Squares in this range neither overflow nor lose a bit below the least double.
  @inline(__always)
  package static func isSquareExact(_ value: Double) -> Bool {
    // 2^-480 to 2^510
    let exponent = value.bitPattern >> 52 & 0x7ff
    return exponent &- 543 <= 990
  }

  /// value^2 rounded, and the rest: T. Dekker, "A floating-point technique for extending the available precision", 1971.
  ///
  /// Exact where ``isSquareExact(_:)``. The halves have 26 bits each and a sign.
  @inline(__always)
  package static func square(_ value: Double) -> (square: Double, rest: Double) {
    let square = value * value
    let high = Double(bitPattern: (value.bitPattern &+ 1 << 26) & ~(1 << 27 &- 1))
    let low = value - high
    return (square, ((high * high - square) + 2 * high * low) + low * low)
  }
}
