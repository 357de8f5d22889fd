/// The shortest decimal that reads back as the same double, and of those the nearest
/// (R. Giulietti, "The Schubfach way to render doubles", 2021), with the powers that reading takes.
enum JSONShortest {
  /// digits 10^exponent, for a finite value that is not zero, of the magnitude alone. Zeros at the end of the digits may be left. Those
  /// of a normal number are 16 or 17, or the exponent is 0.
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
    let isCloser = fraction == 0 && biased > 1
    let k = (q &* 1_262_611 &- (isCloser ? 524_031 : 0)) >> 22
    // 1 to 4.
    let h = UInt64(truncatingIfNeeded: q &+ (((0 &- k) &* 1_741_647) >> 19) &+ 1)
    let power = ceiling(0 &- k)
    let c4 = c << 2
    let below = rounded(power, (c4 &- (isCloser ? 1 : 2)) &<< h)
    let value = rounded(power, c4 &<< h)
    let above = rounded(power, (c4 &+ 2) &<< h)
    let lower = below &+ (c & 1)
    let upper = above &- (c & 1)

    // Which one it is cannot be foretold: both are made, without a branch.
    let s = value >> 2
    let tenth = s / 10
    let isTenthDown = bit(40 &* tenth, isAtLeast: lower)
    let isTenthUp = bit(upper, isAtLeast: 40 &* tenth &+ 40)
    let isTenth = (isTenthDown ^ isTenthUp) & bit(s, isAtLeast: 10)
    let isDown = bit(4 &* s, isAtLeast: lower)
    let isUp = bit(upper, isAtLeast: 4 &* s &+ 4)
    // In the middle between two to the even one.
    let isRoundedUp = bit(value, isAtLeast: 4 &* s &+ 3 &- (s & 1))
    let isOne = isDown ^ isUp
    let whole = s &+ (isOne & isUp | (isOne ^ 1) & isRoundedUp)
    return (whole ^ (whole ^ 10 &* (tenth &+ isTenthUp)) & (0 &- isTenth), k)
  }

  /// 1 where a >= b, else 0; both are below 2^63.
  @inline(__always)
  static func bit(_ a: UInt64, isAtLeast b: UInt64) -> UInt64 { ((a &- b) >> 63) ^ 1 }

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
    // Whether it carries, and whether anything is left, by arithmetic: a branch would be foretold wrong every other time.
    let middle = high.low &+ low.high
    let carry = (high.low & low.high | (high.low | low.high) & ~middle) >> 63
    let rest = middle >> 1
    return (high.high &+ carry) | (rest | (0 &- rest)) >> 63
  }
}
