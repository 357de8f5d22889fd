/// The shortest decimal that reads back as the same double, and of those the nearest
/// (R. Giulietti, "The Schubfach way to render doubles", 2021), with the powers that reading takes.
enum JSONShortest {
  /// digits 10^exponent, for a finite value that is not zero, of the magnitude alone. Zeros at the end of the digits may be left.
  @inline(__always)
  static func decimal(_ bits: UInt64) -> (digits: UInt64, exponent: Int) {
    let fraction = bits & (1 << 52 &- 1)
    let biased = Int(truncatingIfNeeded: bits >> 52 & 0x7ff)
    let c = biased == 0 ? fraction : fraction | 1 << 52
    let q = max(biased, 1) &- 1075
    // Integers that doubles hold exactly.
    if q <= 0 && q > -53 && c & (1 << UInt64(truncatingIfNeeded: 0 &- q) &- 1) == 0 {
      return (c >> UInt64(truncatingIfNeeded: 0 &- q), 0)
    }
    let isEven = c & 1 == 0
    let isCloser = fraction == 0 && biased > 1
    let k = (q &* 1_262_611 &- (isCloser ? 524_031 : 0)) >> 22
    let h = UInt64(truncatingIfNeeded: q &+ (((0 &- k) &* 1_741_647) >> 19) &+ 1)
    let power = ceiling(0 &- k)
    let c4 = c << 2
    let below = rounded(power, (c4 &- (isCloser ? 1 : 2)) << h)
    let value = rounded(power, c4 << h)
    let above = rounded(power, (c4 &+ 2) << h)
    let lower = below &+ (isEven ? 0 : 1)
    let upper = above &- (isEven ? 0 : 1)

    let s = value >> 2
    if s >= 10 {
      let tenth = s / 10
      let isDown = lower <= 40 &* tenth
      let isUp = 40 &* tenth &+ 40 <= upper
      if isDown != isUp { return (tenth &+ (isUp ? 1 : 0), k &+ 1) }
    }
    let isDown = lower <= 4 &* s
    let isUp = 4 &* s &+ 4 <= upper
    if isDown != isUp { return (s &+ (isUp ? 1 : 0), k) }
    let middle = 4 &* s &+ 2
    return (s &+ (value > middle || value == middle && s & 1 == 1 ? 1 : 0), k)
  }

  /// The 128 most significant bits of 10^q, rounded up: those below 5^0 are so in the table, and 5^0 ... 5^55 are exact.
  @inline(__always)
  private static func ceiling(_ q: Int) -> (high: UInt64, low: UInt64) {
    let power = JSONPowers.five(q)
    guard q > 55 else { return power }
    let (low, carry) = power.low.addingReportingOverflow(1)
    return (power.high &+ (carry ? 1 : 0), low)
  }

  /// The upper 64 bits of the product, with the last bit set where anything is below: rounded to odd.
  @inline(__always)
  private static func rounded(_ power: (high: UInt64, low: UInt64), _ c: UInt64) -> UInt64 {
    let low = power.low.multipliedFullWidth(by: c)
    let high = power.high.multipliedFullWidth(by: c)
    let (middle, carry) = high.low.addingReportingOverflow(low.high)
    let top = high.high &+ (carry ? 1 : 0)
    return top | (middle > 1 ? 1 : 0)
  }
}
