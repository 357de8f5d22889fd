/// A sum of doubles as one integer in units of 2^-1074, in two's complement, added bit pattern by bit pattern; and its rounding by
/// the distance to the doubles on both sides.
struct ExactSumReference {
  /// 64 bits each, the lowest first.
  private(set) var words = [UInt64](repeating: 0, count: 36)

  init() {}

  init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  mutating func add(_ value: Double) {
    let exponent = Int(value.exponentBitPattern)
    let significand = exponent == 0 ? value.significandBitPattern : value.significandBitPattern | 1 << 52
    let position = max(exponent, 1) - 1
    let wide = UInt128(significand) << UInt128(position % 64)
    var term = [UInt64](repeating: 0, count: words.count)
    term[position / 64] = UInt64(truncatingIfNeeded: wide)
    term[position / 64 + 1] = UInt64(truncatingIfNeeded: wide >> 64)
    words = value.sign == .minus ? Self.difference(words, term) : Self.sum(words, term)
  }

  /// To nearest, ties to even; an infinity from 2^1024 less half a unit on.
  var rounded: Double {
    let isNegative = words.last! >> 63 == 1
    let zero = [UInt64](repeating: 0, count: words.count)
    let magnitude = isNegative ? Self.difference(zero, words) : words
    if !Self.isLess(magnitude, Self.of(Double.infinity.bitPattern)) { return isNegative ? -.infinity : .infinity }
    // The greatest double that is not above the magnitude, by bisection of the bit patterns.
    var (low, high): (UInt64, UInt64) = (0, Double.greatestFiniteMagnitude.bitPattern + 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Self.isLess(magnitude, Self.of(middle)) { high = middle } else { low = middle }
    }
    let below = Self.difference(magnitude, Self.of(low))
    let above = Self.difference(Self.of(low + 1), magnitude)
    let up = Self.isLess(above, below) || above == below && low & 1 == 1
    let result = Double(bitPattern: up ? low + 1 : low)
    return isNegative ? -result : result
  }

  /// Of a bit pattern that is not negative; that of infinity reads as 2^1024.
  private static func of(_ bits: UInt64) -> [UInt64] {
    var result = ExactSumReference()
    result.add(Double(bitPattern: bits))
    return result.words
  }

  private static func isLess(_ a: [UInt64], _ b: [UInt64]) -> Bool {
    for i in a.indices.reversed() where a[i] != b[i] { return a[i] < b[i] }
    return false
  }

  private static func sum(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var carry: UInt128 = 0
    return a.indices.map { i in
      carry += UInt128(a[i]) + UInt128(b[i])
      defer { carry >>= 64 }
      return UInt64(truncatingIfNeeded: carry)
    }
  }

  private static func difference(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var carry: UInt128 = 1
    return a.indices.map { i in
      carry += UInt128(a[i]) + UInt128(~b[i])
      defer { carry >>= 64 }
      return UInt64(truncatingIfNeeded: carry)
    }
  }
}
