/// Seventeen decimal digits as text, and where their point is.
struct JSONDigits {
  /// Eight digits each, the first one in the lowest byte.
  private let first: UInt64
  private let second: UInt64
  private let last: UInt8
  /// Digits up to the last one that is not 0.
  private let count: Int
  /// Digits before the point; it may be before the first or after the last one.
  private let point: Int

  private init(first: UInt64, second: UInt64, last: UInt8, count: Int, point: Int) {
    (self.first, self.second, self.last, self.count, self.point) = (first, second, last, count, point)
  }

  @inline(__always)
  init(_ decimal: JSONShortest.Decimal) {
    let upper = decimal.upper / 100_000_000
    let high = Self.eight(upper)
    let low = Self.eight(decimal.upper &- upper &* 100_000_000)
    // Zeros at the end, in bytes, which come first in the other order; of the first word where the second is zero.
    let isZero = ((low | (0 &- low)) >> 63) &- 1
    let zeros = ((low | high & isZero).byteSwapped | 1 << 63).trailingZeroBitCount >> 3
    let words = 16 &- zeros &- Int(truncatingIfNeeded: isZero & 8)
    count = decimal.last != 0 ? 17 : words
    first = high | Self.zeros
    second = low | Self.zeros
    last = UInt8(truncatingIfNeeded: decimal.last) | UInt8(ascii: "0")
    point = 17 &+ decimal.exponent
  }

  /// Eight times `0`.
  static var zeros: UInt64 { 0x3030_3030_3030_3030 }

  /// The digits of a number below 10^8, 0 to 9, the first in the lowest byte: two fours, four pairs, eight, each step by a product
  /// with the reciprocal of 100 or 10 (exact below 10^4 and 10^2). A quotient goes before its rest: x B - q (d B - 1) is q + (x - d q) B.
  @inline(__always)
  static func eight(_ value: UInt64) -> UInt64 {
    // The reciprocal of 10^4, exact below 10^8.
    let upper = (value &* 109_951_163) >> 40
    let fours = value << 32 &- upper &* (10000 << 32 &- 1)
    let hundreds = ((fours &* 10486) >> 20) & 0x0000_007f_0000_007f
    let pairs = fours << 16 &- hundreds &* (100 << 16 &- 1)
    let tens = ((pairs &* 103) >> 10) & 0x000f_000f_000f_000f
    return pairs << 8 &- tens &* (10 << 8 &- 1)
  }

  /// Writes a number that is no integer below 2^53, in the form of ECMAScript's Number::toString; how many bytes.
  ///
  /// - `out` has ``JSONNumberText/room``.
  @inline(__always)
  @unsafe
  func write(_ out: UnsafeMutableRawPointer) -> Int {
    if point > 0 && point <= 8 { return unsafe writePlain(out) }
    if point > -6 && point <= 0 {
      // "0.000000"
      unsafe out.storeBytes(of: (0x3030_3030_3030_2e30 as UInt64).littleEndian, as: UInt64.self)
      unsafe writeAll(out + (2 &- point))
      return 2 &- point &+ count
    }
    return unsafe Self.writeOther(first, second, last, count, point, out)
  }

  /// The point after 1 to 8 digits, and a digit behind it.
  ///
  /// Each part goes over what the one before wrote too much.
  @inline(__always)
  private func writePlain(_ out: UnsafeMutableRawPointer) -> Int {
    let behind = first &>> UInt64(truncatingIfNeeded: 8 &* point &- 8)
    unsafe out.storeBytes(of: first.littleEndian, as: UInt64.self)
    unsafe out.storeBytes(of: Self.pointed(behind), toByteOffset: point, as: UInt64.self)
    unsafe out.storeBytes(of: second.littleEndian, toByteOffset: 9, as: UInt64.self)
    unsafe out.storeBytes(of: last, toByteOffset: 17, as: UInt8.self)
    return count &+ 1
  }

  /// Any other number, each part in registers.
  @inline(never)
  private static func writeOther(
    _ first: UInt64, _ second: UInt64, _ last: UInt8, _ count: Int, _ point: Int, _ out: UnsafeMutableRawPointer
  ) -> Int {
    let digits = JSONDigits(first: first, second: second, last: last, count: count, point: point)
    if point > 8 && point <= 16 && point < count {
      let behind = second &>> UInt64(truncatingIfNeeded: 8 &* point &- 72)
      unsafe out.storeBytes(of: first.littleEndian, as: UInt64.self)
      unsafe out.storeBytes(of: second.littleEndian, toByteOffset: 8, as: UInt64.self)
      unsafe out.storeBytes(of: pointed(behind), toByteOffset: point, as: UInt64.self)
      unsafe out.storeBytes(of: last, toByteOffset: 17, as: UInt8.self)
      return count &+ 1
    }
    if point >= count && point <= 21 {
      unsafe digits.writeAll(out)
      unsafe out.storeBytes(of: zeros, toByteOffset: 17, as: UInt64.self)
      return point
    }
    var end = 1
    if count > 1 {
      unsafe digits.writeAll(out + 1)
      unsafe out.storeBytes(of: pointed(first), toByteOffset: 1, as: UInt64.self)
      end = count &+ 1
    }
    unsafe out.storeBytes(of: UInt8(truncatingIfNeeded: first), as: UInt8.self)
    let power = point &- 1
    let sign = power > 0 ? UInt8(ascii: "+") : UInt8(ascii: "-")
    unsafe out.storeBytes(of: UInt8(ascii: "e"), toByteOffset: end, as: UInt8.self)
    unsafe out.storeBytes(of: sign, toByteOffset: end &+ 1, as: UInt8.self)
    return unsafe end &+ 2 &+ JSONNumberText.writeShort(UInt64(truncatingIfNeeded: abs(power)), out + (end &+ 2))
  }

  @inline(__always)
  private func writeAll(_ out: UnsafeMutableRawPointer) {
    unsafe out.storeBytes(of: first.littleEndian, as: UInt64.self)
    unsafe out.storeBytes(of: second.littleEndian, toByteOffset: 8, as: UInt64.self)
    unsafe out.storeBytes(of: last, toByteOffset: 16, as: UInt8.self)
  }

  /// The word with the point as its first byte.
  @inline(__always)
  private static func pointed(_ word: UInt64) -> UInt64 { (word & ~0xff | UInt64(UInt8(ascii: "."))).littleEndian }
}
