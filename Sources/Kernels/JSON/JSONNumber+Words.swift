// Numbers of a text, of which the bytes around may be read too: whole words end where the number ends, and what is before it is masked
// out. No branch depends on how many digits there are.

extension JSONNumber {
  /// The double nearest to the valid number at `begin` ..< `end`, ties to even; infinity past the range.
  ///
  /// - `source` is readable for `count` bytes, of which the one behind the number, if there is one, is no digit.
  @inline(__always)
  @unsafe
  static func double(_ source: UnsafePointer<UInt8>, _ begin: Int, _ end: Int, count: Int) -> Double {
    let text = unsafe UnsafeRawPointer(source)
    let sign = unsafe source[begin] == UInt8(ascii: "-") ? 1 : 0
    let first = begin &+ sign
    // Up to 17 digits and a point.
    guard _fastPath(end >= 16 && begin &+ 9 <= count && end &- first <= 18) else {
      return unsafe double(UnsafeRawBufferPointer(start: source + begin, count: end &- begin))
    }
    let head = unsafe text.loadUnaligned(fromByteOffset: first, as: UInt64.self).littleEndian
    let whole = JSONNumberScan.notDigits(head).trailingZeroBitCount >> 3
    // The point and what is behind it; 0 of an integer.
    let rest = end &- first &- whole
    let (high, low) = unsafe lastDigits(text, end, rest)
    // Other than digits and a point there are the letter of an exponent, and its sign.
    let isPlain = unsafe rest == 0 || source[first &+ whole] == UInt8(ascii: ".")
    guard _fastPath(isPlain && (high | low) & 0xf0f0_f0f0_f0f0_f0f0 == 0) else {
      return unsafe double(UnsafeRawBufferPointer(start: source + begin, count: end &- begin))
    }
    // 1 to 8 digits: zeros are shifted in before them.
    let before = (head ^ JSONDigits.zeros) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* whole)
    let power = unsafe powers[unchecked: rest]
    let digits = eight(before) &* power &+ eight(high) &* 100_000_000 &+ eight(low)
    let bits = nearestPlain(digits, 1 &- max(rest, 1))
    return Double(bitPattern: bits | UInt64(truncatingIfNeeded: sign) << 63)
  }

  /// The bits of the double nearest to w 10^q, for w < 10^17 and -16 <= q <= 0.
  @inline(__always)
  private static func nearestPlain(_ w: UInt64, _ q: Int) -> UInt64 {
    let zeros = (w | 1).leadingZeroBitCount
    let normal = w &<< UInt64(truncatingIfNeeded: zeros)
    let power = JSONPowers.five(q)
    let product = normal.multipliedFullWidth(by: power.high)
    let (low, carry) = product.low.addingReportingOverflow(normal.multipliedFullWidth(by: power.low).high)
    let high = product.high &+ (carry ? 1 : 0)
    let upper = high >> 63
    var mantissa = high &>> (upper &+ 9)
    // What is a double exactly, or in the middle between two: to the even one.
    if _slowPath(low <= 1) {
      if w == 0 { return 0 }
      if mantissa & 3 == 1 && mantissa &<< (upper &+ 9) == high { mantissa &-= 1 }
    }
    let exponent = JSONPowers.floorLog2Ten(q) &+ 1085 &- zeros &+ Int(truncatingIfNeeded: upper)
    // The mantissa's upper bit, and what rounding carries beyond it, go into the exponent.
    return UInt64(truncatingIfNeeded: exponent) << 52 &+ (mantissa &+ 1) >> 1
  }

  /// The value of an integer at `first` ..< `end`, without a sign; nil where it does not fit.
  ///
  /// - `source` is readable for `count` bytes.
  @inline(__always)
  @unsafe
  static func magnitude(_ source: UnsafePointer<UInt8>, _ first: Int, _ end: Int, count: Int) -> UInt64? {
    let text = unsafe UnsafeRawPointer(source)
    let length = end &- first
    if length <= 8 && first &+ 8 <= count {
      let digits = unsafe text.loadUnaligned(fromByteOffset: first, as: UInt64.self).littleEndian ^ JSONDigits.zeros
      return eight(digits &<< UInt64(truncatingIfNeeded: 64 &- 8 &* length))
    }
    guard _fastPath(end >= 24 && length <= 19) else {
      return unsafe magnitude(UnsafeRawBufferPointer(start: source + first, count: length))
    }
    let (high, low) = unsafe lastDigits(text, end, min(length, 16) &+ 1)
    let value = eight(high) &* 100_000_000 &+ eight(low)
    if length <= 16 { return value }
    let top = unsafe text.loadUnaligned(fromByteOffset: end &- 24, as: UInt64.self).littleEndian ^ JSONDigits.zeros
    let mask = UInt64.max &<< UInt64(truncatingIfNeeded: 8 &* (24 &- length))
    return eight(top & mask) &* 10_000_000_000_000_000 &+ value
  }

  /// Of the last `count` bytes before `end`, up to 17, all but the first, in two words, less `0` each, and with zeros before them.
  ///
  /// - `end` is 16 at least.
  @inline(__always)
  private static func lastDigits(_ text: UnsafeRawPointer, _ end: Int, _ count: Int) -> (high: UInt64, low: UInt64) {
    let high = unsafe text.loadUnaligned(fromByteOffset: end &- 16, as: UInt64.self).littleEndian ^ JSONDigits.zeros
    let low = unsafe text.loadUnaligned(fromByteOffset: end &- 8, as: UInt64.self).littleEndian ^ JSONDigits.zeros
    return unsafe masks.withUnsafeBytes { masks in
      let (first, second) = unsafe (
        masks.loadUnaligned(fromByteOffset: count, as: UInt64.self),
        masks.loadUnaligned(fromByteOffset: count &+ 8, as: UInt64.self)
      )
      return (high & first.littleEndian, low & second.littleEndian)
    }
  }

  /// Of the bytes from place n on, 16 of them, the last n - 1 are set.
  private static let masks: [UInt64] = [0, 0, (.max << 8 as UInt64).littleEndian, .max, .max]

  /// 10^(n - 1), but 1 at 0 too.
  private static let powers: [18 of UInt64] = [
    1, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    10_000_000_000_000_000,
  ]

  /// Eight digits, 0 to 9, the first in the lowest byte, as a number: pairs, then fours, then all.
  @inline(__always)
  static func eight(_ digits: UInt64) -> UInt64 {
    let pairs = ((digits &* (1 &+ 10 << 8)) >> 8) & 0x00ff_00ff_00ff_00ff
    let fours = ((pairs &* (1 &+ 100 << 16)) >> 16) & 0x0000_ffff_0000_ffff
    return (fours &* (1 &+ 10000 << 32)) >> 32
  }
}
