/// The shortest decimal that reads back as the same double, and of those the nearest
/// (R. Giulietti, "The Schubfach way to render doubles", 2021), with the powers that reading takes.
enum JSONShortest {
  /// (10 upper + last) 10^exponent, of a value that is not zero: upper has 16 digits, and zeros at the end may be left.
  typealias Decimal = (upper: UInt64, last: UInt64, exponent: Int)

  /// Of a normal magnitude; a power of two has 1 to 69 bits behind the point.
  @inline(__always)
  static func decimal(_ bits: UInt64) -> Decimal {
    let behind = 1075 &- Int(truncatingIfNeeded: bits >> 52)
    if _fastPath(behind > 0 && behind < scales.count) { return plain(bits, behind) }
    return any(bits)
  }

  /// Of 1 to 69 bits behind the point the power is one of 5 with less than 64 bits: one product says all.
  @inline(__always)
  private static func plain(_ bits: UInt64, _ behind: Int) -> Decimal {
    // value = high, plus `rest` / 2^64, in units of 10^(k + 1).
    let scale = unsafe scales[unchecked: behind]
    let (high, rest) = (bits &<< 11 | 1 << 63).multipliedFullWidth(by: scale)
    let (digit, next) = rest.multipliedFullWidth(by: 10)
    // Half the way to the next double. The last bit of neither is set.
    let half = scale &<< 10
    // In the middle of two, or at the end of what reads back: what is even decides.
    if _slowPath(rest == half || rest &+ half == 0 || next == 1 << 63) { return exact(bits) }
    // As below.
    let isTenthDown = (rest >> 1 &- half >> 1) >> 63
    let isTenthUp = (~rest >> 1 &- half >> 1) >> 63
    let last = (digit &+ next >> 63) & ((isTenthDown | isTenthUp) &- 1)
    return filled(high &+ isTenthUp, last, floorLog10(0 &- behind))
  }

  /// 5^n, with 10^(-n - 1) <= 2^-b < 10^-n, b being the place here, so far to the left that its product with a mantissa that fills its
  /// word has multiples of 10^-n in its upper half: by 53 - b + n bits.
  private static let scales: [70 of UInt64] = [
    0x0000000000000000, 0x0010000000000000, 0x0008000000000000, 0x0004000000000000,
    0x0014000000000000, 0x000a000000000000, 0x0005000000000000, 0x0019000000000000,
    0x000c800000000000, 0x0006400000000000, 0x001f400000000000, 0x000fa00000000000,
    0x0007d00000000000, 0x0003e80000000000, 0x0013880000000000, 0x0009c40000000000,
    0x0004e20000000000, 0x00186a0000000000, 0x000c350000000000, 0x00061a8000000000,
    0x001e848000000000, 0x000f424000000000, 0x0007a12000000000, 0x0003d09000000000,
    0x001312d000000000, 0x0009896800000000, 0x0004c4b400000000, 0x0017d78400000000,
    0x000bebc200000000, 0x0005f5e100000000, 0x001dcd6500000000, 0x000ee6b280000000,
    0x0007735940000000, 0x0003b9aca0000000, 0x0012a05f20000000, 0x0009502f90000000,
    0x0004a817c8000000, 0x00174876e8000000, 0x000ba43b74000000, 0x0005d21dba000000,
    0x001d1a94a2000000, 0x000e8d4a51000000, 0x000746a528800000, 0x0003a35294400000,
    0x0012309ce5400000, 0x0009184e72a00000, 0x00048c2739500000, 0x0016bcc41e900000,
    0x000b5e620f480000, 0x0005af3107a40000, 0x001c6bf526340000, 0x000e35fa931a0000,
    0x00071afd498d0000, 0x00038d7ea4c68000, 0x0011c37937e08000, 0x0008e1bc9bf04000,
    0x000470de4df82000, 0x0016345785d8a000, 0x000b1a2bc2ec5000, 0x00058d15e1762800,
    0x001bc16d674ec800, 0x000de0b6b3a76400, 0x0006f05b59d3b200, 0x0003782dace9d900,
    0x001158e460913d00, 0x0008ac7230489e80, 0x0004563918244f40, 0x0015af1d78b58c40,
    0x000ad78ebc5ac620, 0x00056bc75e2d6310,
  ]

  /// Of any other.
  @inline(never)
  private static func any(_ bits: UInt64) -> Decimal {
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
    return filled(upper, last, k)
  }

  /// Where there are 16 digits, the last of them is not for itself.
  @inline(__always)
  private static func filled(_ upper: UInt64, _ last: UInt64, _ exponent: Int) -> Decimal {
    let isShort = (upper &- 1_000_000_000_000_000) >> 63
    return (
      upper &+ (9 &* upper &+ last) & (0 &- isShort), last & (isShort &- 1),
      exponent &- Int(truncatingIfNeeded: isShort)
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
