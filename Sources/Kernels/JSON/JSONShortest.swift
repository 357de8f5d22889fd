/// The shortest decimal that reads back as the same double, and of those the nearest
/// (R. Giulietti, "The Schubfach way to render doubles", 2021), with the powers that reading takes.
enum JSONShortest {
  /// (10 upper + last) 10^exponent, of a value that is not zero: upper has 16 digits, and zeros at the end may be left.
  typealias Decimal = (upper: UInt64, last: UInt64, exponent: Int)

  /// Of a normal magnitude that is no power of two.
  @inline(__always)
  static func decimal(_ bits: UInt64) -> Decimal {
    let q = Int(truncatingIfNeeded: bits >> 52) &- 1075
    let k = floorLog10(q)
    let h = shift(q, k)
    // value = floor, plus `rest` / 2^64, in units of 10^k, of which there are 1 up to 10 from one double to the next. Of the product
    // the third word is left out and the power is cut off, so that `rest` is less than 2 off.
    let power = JSONPowers.five(0 &- k)
    let c = (bits & (1 << 52 &- 1) | 1 << 52) &<< UInt64(truncatingIfNeeded: h)
    let product = power.high.multipliedFullWidth(by: c)
    let (rest, carry) = product.low.addingReportingOverflow(power.low.multipliedFullWidth(by: c).high)
    let floor = product.high &+ (carry ? 1 : 0)
    // By the reciprocal of 10, which is right below 2^60.
    let tenth = floor.multipliedFullWidth(by: 0x1999_9999_9999_999a).high
    let digit = floor &- 10 &* tenth
    // How far the multiple of ten below is, and half the way to the next double, in 2^-59: each is less than 1 too small.
    let down = digit << 59 | rest >> 5
    let half = power.high &>> UInt64(truncatingIfNeeded: 6 &- h)
    let up = 10 << 59 &- down
    // Where a comparison, or which is nearer, hangs on what was left out.
    let isTooNear = half &- down &+ 4 < 8 || half &- up &+ 4 < 8 || rest &- (1 << 63) &+ 4 < 8
    if _slowPath(isTooNear) { return exact(bits) }
    // Which one it is cannot be foretold: both are made, without a branch. Both multiples of ten are not within half.
    let isTenthDown = (down &- half) >> 63
    let isTenthUp = (up &- half) >> 63
    let upper = tenth &+ isTenthUp
    let last = (digit &+ rest >> 63) & ((isTenthDown | isTenthUp) &- 1)
    // Where there are 16 digits, the last of them is not for itself.
    let isShort = (upper &- 1_000_000_000_000_000) >> 63
    return (
      upper &+ (9 &* upper &+ last) & (0 &- isShort), last & (isShort &- 1),
      k &- Int(truncatingIfNeeded: isShort)
    )
  }

  /// The same of any finite magnitude but zero, by the paper's comparisons.
  @inline(never)
  static func exact(_ bits: UInt64) -> Decimal {
    let fraction = bits & (1 << 52 &- 1)
    let biased = Int(truncatingIfNeeded: bits >> 52)
    let c = biased == 0 ? fraction : fraction | 1 << 52
    let q = max(biased, 1) &- 1075
    let isCloser = fraction == 0 && biased > 1
    let k = isCloser ? (q &* 1_262_611 &- 524_031) >> 22 : floorLog10(q)
    let h = UInt64(truncatingIfNeeded: shift(q, k))
    let power = ceiling(0 &- k)
    let c4 = c << 2
    let below = rounded(power, (c4 &- (isCloser ? 1 : 2)) &<< h)
    let value = rounded(power, c4 &<< h)
    let above = rounded(power, (c4 &+ 2) &<< h)
    let lower = below &+ (c & 1)
    let upper = above &- (c & 1)
    let floor = value >> 2
    let tenth = floor / 10
    let isTenthDown = lower <= 40 &* tenth
    let isTenthUp = 40 &* tenth &+ 40 <= upper
    if floor >= 10 && isTenthDown != isTenthUp { return filled(10 &* (tenth &+ (isTenthUp ? 1 : 0)), k) }
    let isDown = lower <= 4 &* floor
    let isUp = 4 &* floor &+ 4 <= upper
    // In the middle between two to the even one.
    let isRoundedUp = value >= 4 &* floor &+ 3 &- (floor & 1)
    return filled(floor &+ ((isDown != isUp ? isUp : isRoundedUp) ? 1 : 0), k)
  }

  /// digits 10^exponent with zeros up to 17 digits.
  private static func filled(_ digits: UInt64, _ exponent: Int) -> Decimal {
    var (digits, exponent) = (digits, exponent)
    while digits < 10_000_000_000_000_000 { (digits, exponent) = (10 &* digits, exponent &- 1) }
    let (upper, last) = digits.quotientAndRemainder(dividingBy: 10)
    return (upper, last, exponent)
  }

  /// floor(log10(2^q)).
  @inline(__always)
  private static func floorLog10(_ q: Int) -> Int { (q &* 1_262_611) >> 22 }

  /// 1 to 4: by how much c 2^q 10^-k is more than the product of c with the 128 bits of 10^-k, over 2^128.
  @inline(__always)
  private static func shift(_ q: Int, _ k: Int) -> Int { q &+ (((0 &- k) &* 1_741_647) >> 19) &+ 1 }

  /// The 128 most significant bits of 10^q, rounded up: those below 5^0 are so in the table, and 5^0 ... 5^55 are exact.
  private static func ceiling(_ q: Int) -> (high: UInt64, low: UInt64) {
    let power = JSONPowers.five(q)
    guard q > 55 else { return power }
    let (low, carry) = power.low.addingReportingOverflow(1)
    return (power.high &+ (carry ? 1 : 0), low)
  }

  /// The upper 64 bits of the product, with the last bit set where anything is below: rounded to odd.
  private static func rounded(_ power: (high: UInt64, low: UInt64), _ c: UInt64) -> UInt64 {
    let low = power.low.multipliedFullWidth(by: c)
    let high = power.high.multipliedFullWidth(by: c)
    let (middle, carry) = high.low.addingReportingOverflow(low.high)
    return (high.high &+ (carry ? 1 : 0)) | (middle > 1 ? 1 : 0)
  }
}
