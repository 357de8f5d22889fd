/// Numbers to text.
enum JSONNumberText {
  /// Bytes that any number fits in, with room for whole words to be written.
  static var room: Int { 40 }

  /// Writes an integer; how many bytes. - `out` has ``room``.
  @inline(__always)
  @unsafe
  static func write(_ value: Int64, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    guard value < 0 else { return unsafe write(UInt64(value), out) }
    unsafe out[0] = UInt8(ascii: "-")
    return unsafe 1 &+ write(value.magnitude, out + 1)
  }

  @inline(__always)
  @unsafe
  static func write(_ value: UInt64, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let count = digitCount(value)
    unsafe digits(value, count, out)
    return count
  }

  /// Writes the shortest text that reads back as `value`, in the form of ECMAScript's Number::toString, which RFC 8785 prescribes
  /// for JSON; `null` for what JSON cannot say. How many bytes. - `out` has ``room``.
  @inline(__always)
  @unsafe
  static func write(_ value: Double, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let bits = value.bitPattern
    let magnitude = bits & (1 << 63 &- 1)
    guard magnitude < 0x7ff << 52 else {
      unsafe UnsafeMutableRawPointer(out).storeBytes(of: UInt32(0x6c6c_756e).littleEndian, as: UInt32.self)
      return 4
    }
    // Negative zero is written as -0, which RFC 8785 does not: it reads back with its sign.
    var at = unsafe out
    if bits >> 63 == 1 {
      unsafe at[0] = UInt8(ascii: "-")
      unsafe at += 1
    }
    if magnitude == 0 {
      unsafe at[0] = UInt8(ascii: "0")
      return unsafe at - out &+ 1
    }
    var (digits, exponent) = JSONShortest.decimal(magnitude)
    if exponent < 0 && magnitude &- Self.lowest < Self.highest &- Self.lowest {
      return unsafe at - out &+ placePlain(digits, exponent, at)
    }
    if exponent != 0 {
      while true {
        let (quotient, rest) = digits.quotientAndRemainder(dividingBy: 10)
        if rest != 0 { break }
        (digits, exponent) = (quotient, exponent &+ 1)
      }
    }
    return unsafe at - out &+ place(digits, exponent, at)
  }

  /// The digits with point, zeros or exponent.
  @inline(__always)
  private static func place(_ value: UInt64, _ exponent: Int, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let count = digitCount(value)
    /// Where the point stands, counted from the first digit.
    let point = count &+ exponent
    if exponent >= 0 && point <= 21 {
      unsafe digits(value, count, out)
      for i in count..<point { unsafe out[i] = UInt8(ascii: "0") }
      return point
    }
    if point > 0 && point <= 21 {
      unsafe digits(value, count, out + 1)
      for i in 0..<point { unsafe out[i] = out[i &+ 1] }
      unsafe out[point] = UInt8(ascii: ".")
      return count &+ 1
    }
    if point > -6 && point <= 0 {
      unsafe out[0] = UInt8(ascii: "0")
      unsafe out[1] = UInt8(ascii: ".")
      for i in 0..<(0 &- point) { unsafe out[2 &+ i] = UInt8(ascii: "0") }
      unsafe digits(value, count, out + (2 &- point))
      return 2 &- point &+ count
    }
    unsafe digits(value, count, out + 1)
    unsafe out[0] = out[1]
    var end = 1
    if count > 1 {
      unsafe out[1] = UInt8(ascii: ".")
      end = count &+ 1
    }
    unsafe out[end] = UInt8(ascii: "e")
    unsafe out[end &+ 1] = point > 0 ? UInt8(ascii: "+") : UInt8(ascii: "-")
    let power = UInt64(truncatingIfNeeded: abs(point &- 1))
    return unsafe end &+ 2 &+ write(power, out + (end &+ 2))
  }

  /// The magnitudes that ``placePlain(_:_:_:)`` writes: 1e-6 ..< 1e7.
  private static var lowest: UInt64 { 0x3eb0_c6f7_a0b5_ed8d }
  private static var highest: UInt64 { 0x4163_12d0_0000_0000 }

  /// A number that is not whole, of 16 or 17 digits with the zeros at their end, and no more than seven before the point or five zeros
  /// behind it.
  ///
  /// No branch depends on how many digits there are.
  @inline(__always)
  private static func placePlain(_ value: UInt64, _ exponent: Int, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let isShort = 1 ^ JSONShortest.bit(value, isAtLeast: 10_000_000_000_000_000)
    let value = value &+ 9 &* value & (0 &- isShort)
    let point = 17 &+ exponent &- Int(truncatingIfNeeded: isShort)
    // The first digit, the next eight, and the last eight, the first in the lowest byte.
    let upper = value / 100_000_000
    let third = eight(value &- upper &* 100_000_000)
    let top = upper / 100_000_000
    let second = eight(upper &- top &* 100_000_000)
    let zeros = 0x3030_3030_3030_3030 as UInt64
    let count =
      third == zeros
      ? 9 &- (second ^ zeros).leadingZeroBitCount / 8 : 17 &- (third ^ zeros).leadingZeroBitCount / 8
    let target = UnsafeMutableRawPointer(out)
    if _fastPath(point > 0) {
      // The digits one place on, and over them the first eight bytes, with the point.
      let first = (top | 0x30) | second << 8
      let places = UInt64(truncatingIfNeeded: 8 &* point)
      let before = (1 &<< places as UInt64) &- 1
      let text = (first & before) | (0x2e &<< places) | ((first << 8) & ~(before << 8 | 0xff))
      unsafe target.storeBytes(of: second.littleEndian, toByteOffset: 2, as: UInt64.self)
      unsafe target.storeBytes(of: third.littleEndian, toByteOffset: 10, as: UInt64.self)
      unsafe target.storeBytes(of: text.littleEndian, as: UInt64.self)
      return count &+ 1
    }
    // "0.000000"
    unsafe target.storeBytes(of: (0x3030_3030_3030_2e30 as UInt64).littleEndian, as: UInt64.self)
    let start = 2 &- point
    unsafe target.storeBytes(of: UInt8(truncatingIfNeeded: top) | 0x30, toByteOffset: start, as: UInt8.self)
    unsafe target.storeBytes(of: second.littleEndian, toByteOffset: start &+ 1, as: UInt64.self)
    unsafe target.storeBytes(of: third.littleEndian, toByteOffset: start &+ 9, as: UInt64.self)
    return start &+ count
  }

  @inline(__always)
  static func digitCount(_ value: UInt64) -> Int {
    // floor(log10) from floor(log2): 1233 / 4096 is a bit above log10(2); one comparison puts it right.
    let guess = ((64 &- (value | 1).leadingZeroBitCount) &* 1233) >> 12
    return guess &+ (value >= powersOfTen(guess) ? 1 : 0) &+ (value == 0 ? 1 : 0)
  }

  @inline(__always)
  private static func powersOfTen(_ power: Int) -> UInt64 { unsafe tens.withUnsafeBufferPointer { unsafe $0[power] } }

  private static let tens: [UInt64] = [
    1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000,
    1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
    100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  /// Exactly `count` digits, from the last to the first, eight in a word where there are as many.
  @inline(__always)
  private static func digits(_ value: UInt64, _ count: Int, _ out: UnsafeMutablePointer<UInt8>) {
    var value = value
    var left = count
    while left >= 8 {
      let (quotient, rest) = value.quotientAndRemainder(dividingBy: 100_000_000)
      unsafe UnsafeMutableRawPointer(out + (left &- 8)).storeBytes(of: eight(rest).littleEndian, as: UInt64.self)
      value = quotient
      left &-= 8
    }
    var rest = UInt32(truncatingIfNeeded: value)
    while left > 0 {
      let quotient = rest / 10
      unsafe out[left &- 1] = UInt8(truncatingIfNeeded: rest &- 10 &* quotient) | 0x30
      rest = quotient
      left &-= 1
    }
  }

  /// Eight digits of a number below 10^8, the first in the lowest byte: two fours, four pairs, eight, each step by a product
  /// with the reciprocal of 100 or 10 (exact below 10^4 and 10^2). A quotient goes before its rest: x B - q (d B - 1) is q + (x - d q) B.
  @inline(__always)
  private static func eight(_ value: UInt64) -> UInt64 {
    let upper = value / 10000
    let fours = value << 32 &- upper &* (10000 << 32 &- 1)
    let hundreds = ((fours &* 10486) >> 20) & 0x0000_007f_0000_007f
    let pairs = fours << 16 &- hundreds &* (100 << 16 &- 1)
    let tens = ((pairs &* 103) >> 10) & 0x000f_000f_000f_000f
    return (pairs << 8 &- tens &* (10 << 8 &- 1)) | 0x3030_3030_3030_3030
  }
}
