/// A number without exponent that is no longer than 24 bytes, found by one mask of what is no digit: no branch depends on how many
/// digits there are.
struct JSONShortNumber {
  /// Of a minus, 0 or 1.
  let first: Int
  /// Digits before the point.
  let whole: Int
  /// After the last byte.
  let end: Int

  var isInteger: Bool { first &+ whole == end }

  /// Bytes that are looked at.
  static var byteCount: Int { 25 }

  /// nil where there is no such number; what comes after it is not looked at.
  ///
  /// - `text` is readable for ``byteCount`` bytes.
  @inline(__always)
  init?(_ text: UnsafePointer<UInt8>) {
    first = unsafe text[0] == UInt8(ascii: "-") ? 1 : 0
    let digits = unsafe UnsafeRawPointer(text + first)
    var others: UInt64 = 0
    for i in 0..<3 {
      let x = unsafe digits.loadUnaligned(fromByteOffset: 8 &* i, as: UInt64.self).littleEndian
      others |= JSONNumberScan.gathered(JSONNumberScan.exactlyNotDigits(x)) << UInt64(8 &* i)
    }
    whole = others.trailingZeroBitCount
    guard others != 0 && whole > 0, unsafe text[first] != UInt8(ascii: "0") || whole == 1 else { return nil }
    guard unsafe text[first &+ whole] == UInt8(ascii: ".") else {
      end = first &+ whole
      return
    }
    others &= others &- 1
    let fractionEnd = others.trailingZeroBitCount
    guard others != 0 && fractionEnd > whole &+ 1 else { return nil }
    end = first &+ fractionEnd
  }

  /// The same of a valid number's text, of `count` bytes; nil where it has an exponent, or more than 7 digits before the point and 16
  /// after it.
  ///
  /// - `text` is readable for ``byteCount`` bytes and eight more.
  @inline(__always)
  init?(_ text: UnsafePointer<UInt8>, _ count: Int) {
    first = unsafe text[0] == UInt8(ascii: "-") ? 1 : 0
    end = count
    let digits = unsafe UnsafeRawPointer(text + first)
    let others = unsafe JSONNumberScan.notDigits(digits.loadUnaligned(as: UInt64.self).littleEndian)
    let before = others.trailingZeroBitCount / 8
    whole = min(before, count &- first)
    let fraction = count &- first &- whole &- 1
    guard whole <= 7 && fraction <= 16 else { return nil }
    if fraction < 0 { return }
    guard unsafe text[first &+ whole] == UInt8(ascii: ".") else { return nil }
    // Digits alone behind the point: in what is left of two words, zeros stand for what comes after.
    let zeros = 0x3030_3030_3030_3030 as UInt64
    let low = unsafe digits.loadUnaligned(fromByteOffset: whole &+ 1, as: UInt64.self).littleEndian
    let high = unsafe digits.loadUnaligned(fromByteOffset: whole &+ 9, as: UInt64.self).littleEndian
    let bits = UInt64(truncatingIfNeeded: 8 &* fraction)
    let isLong: UInt64 = fraction >= 8 ? .max : 0
    let lowMask = isLong | ((1 &<< (bits & 63)) &- 1)
    let highMask = fraction >= 16 ? UInt64.max : isLong & ((1 &<< (bits & 63)) &- 1)
    let isDigits =
      JSONNumberScan.exactlyNotDigits(zeros ^ (low ^ zeros) & lowMask)
      | JSONNumberScan.exactlyNotDigits(zeros ^ (high ^ zeros) & highMask)
    guard isDigits == 0 && fraction > 0 else { return nil }
  }

  /// What the digits are as an integer, the point left out; nil where there are too many.
  ///
  /// - `text` is readable for ``byteCount`` bytes and eight more.
  @inline(__always)
  func digits(_ text: UnsafePointer<UInt8>) -> UInt64? {
    let fraction = isInteger ? 0 : end &- first &- whole &- 1
    guard whole <= 8 && fraction <= 16 && whole &+ fraction <= 19 else { return nil }
    let start = unsafe UnsafeRawPointer(text + first)
    let high = unsafe Self.upTo8(start, whole)
    guard fraction > 0 else { return high }
    let after = unsafe start + (whole &+ 1)
    if fraction <= 8 { return unsafe high &* Self.tens[fraction] &+ Self.upTo8(after, fraction) }
    let middle = unsafe JSONDecimal.eight(after.loadUnaligned(as: UInt64.self).littleEndian)
    let low = unsafe Self.upTo8(after + 8, fraction &- 8)
    return (high &* 100_000_000 &+ middle) &* Self.tens[fraction &- 8] &+ low
  }

  /// The first `count` digits, 1 to 8, of the eight bytes at `text`.
  @inline(__always)
  private static func upTo8(_ text: UnsafeRawPointer, _ count: Int) -> UInt64 {
    let x = unsafe text.loadUnaligned(as: UInt64.self).littleEndian
    // The bytes that are none are shifted out, and zeros, which are what `eight` takes `0` for, shifted in.
    let zeros = 0x3030_3030_3030_3030 as UInt64
    return JSONDecimal.eight(((x ^ zeros) << UInt64(truncatingIfNeeded: 64 &- 8 &* count)) ^ zeros)
  }

  private static let tens: [9 of UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ]
}
