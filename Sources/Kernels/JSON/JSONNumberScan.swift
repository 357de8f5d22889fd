/// The grammar of numbers, RFC 8259 section 6.
enum JSONNumberScan {
  /// Whether a number or word can end before `byte`: white space, comma, closing bracket. A colon passes here and fails later.
  @inline(__always)
  static func ends(_ byte: UInt8) -> Bool {
    // Bits 9, 10, 13, 32, 44, 58; and 93 - 64, 125 - 64.
    let low: UInt64 = 1 << 9 | 1 << 10 | 1 << 13 | 1 << 32 | 1 << 44 | 1 << 58
    let high: UInt64 = 1 << 29 | 1 << 61
    let word = byte < 64 ? low : byte < 128 ? high : 0
    return word >> UInt64(byte & 63) & 1 == 1
  }

  /// The end of the number that begins at `begin`, and whether it has neither fraction nor exponent; -1 where it is none.
  ///
  /// - `source` is readable for `count` bytes, and `begin` is below that.
  @inline(__always)
  @unsafe
  static func run(_ source: UnsafePointer<UInt8>, _ begin: Int, _ count: Int) -> (end: Int, integer: Bool) {
    // A minus, 16 digits, a point, 16 digits, and what comes after them.
    if _fastPath(count &- begin >= 35) {
      let sign = unsafe source[begin] == UInt8(ascii: "-") ? 1 : 0
      let text = unsafe source + (begin &+ sign)
      let whole = unsafe upTo16(text)
      // At least one digit, and no zero before others.
      let isGood = unsafe text[0] != UInt8(ascii: "0") ? whole > 0 : whole == 1
      let next = unsafe text[whole]
      if next == UInt8(ascii: ".") {
        let fraction = unsafe upTo16(text + (whole &+ 1))
        if unsafe isGood && fraction > 0 && ends(text[whole &+ 1 &+ fraction]) {
          return (begin &+ sign &+ whole &+ 1 &+ fraction, false)
        }
      } else if isGood && ends(next) {
        return (begin &+ sign &+ whole, true)
      }
    }
    return unsafe runByBytes(source, begin, count)
  }

  /// Digits from `text` on, of 16 bytes.
  @inline(__always)
  private static func upTo16(_ text: UnsafePointer<UInt8>) -> Int {
    let words = unsafe UnsafeRawPointer(text)
    let low = unsafe notDigits(words.loadUnaligned(as: UInt64.self).littleEndian)
    if low != 0 { return low.trailingZeroBitCount >> 3 }
    return unsafe 8 &+ notDigits(words.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian)
      .trailingZeroBitCount >> 3
  }

  /// The same of any number, at any place.
  @inline(never)
  private static func runByBytes(
    _ source: UnsafePointer<UInt8>, _ begin: Int, _ count: Int
  ) -> (end: Int, integer: Bool) {
    var at = begin
    if unsafe source[at] == UInt8(ascii: "-") {
      at &+= 1
      guard at < count else { return (-1, false) }
    }
    let first = at
    at = unsafe digits(source, at, count)
    // At least one digit, and no zero before others.
    guard at > first, unsafe source[first] != UInt8(ascii: "0") || at == first &+ 1 else { return (-1, false) }
    if at == count { return (at, true) }
    var byte = unsafe source[at]
    if ends(byte) { return (at, true) }
    if byte == UInt8(ascii: ".") {
      let fraction = at &+ 1
      at = unsafe digits(source, fraction, count)
      guard at > fraction else { return (-1, false) }
      if at == count { return (at, false) }
      byte = unsafe source[at]
      if ends(byte) { return (at, false) }
    }
    guard byte | 0x20 == UInt8(ascii: "e") else { return (-1, false) }
    at &+= 1
    guard at < count else { return (-1, false) }
    let sign = unsafe source[at]
    if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at &+= 1 }
    let exponent = at
    at = unsafe digits(source, exponent, count)
    guard at > exponent, unsafe at == count || ends(source[at]) else { return (-1, false) }
    return (at, false)
  }

  /// The first place at or after `at` that holds no digit.
  @inline(__always)
  private static func digits(_ source: UnsafePointer<UInt8>, _ at: Int, _ count: Int) -> Int {
    var at = at
    while count &- at >= 8 {
      let x = unsafe UnsafeRawPointer(source + at).loadUnaligned(as: UInt64.self).littleEndian
      let other = notDigits(x)
      if other != 0 { return at &+ other.trailingZeroBitCount / 8 }
      at &+= 8
    }
    while at < count, unsafe source[at] &- UInt8(ascii: "0") < 10 { at &+= 1 }
    return at
  }

  /// The top bit of each byte that is no digit; exact up to the first one.
  @inline(__always)
  static func notDigits(_ x: UInt64) -> UInt64 {
    // Digits become 0 ... 9, of which no more than 9 carries into the top bit with 0x76 added.
    let y = x ^ 0x3030_3030_3030_3030
    return (y | (y &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080
  }

  /// The top bit of each byte that is no digit, all of them exact.
  @inline(__always)
  static func exactlyNotDigits(_ x: UInt64) -> UInt64 {
    // As above, without the top bits: nothing is carried into the next byte.
    let y = x ^ 0x3030_3030_3030_3030
    return (y | ((y & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080
  }

  /// The top bits of eight bytes, where nothing else is set, as eight bits.
  @inline(__always)
  static func gathered(_ tops: UInt64) -> UInt64 { ((tops >> 7) &* 0x0102_0408_1020_4080) >> 56 }
}
