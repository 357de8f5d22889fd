/// Text to the inside of a JSON string, eight bytes at a time: the row of every CPU.
enum JSONEscape {
  /// Bytes that `count` bytes come to at most: `\u001f` for each.
  @inline(__always)
  package static func room(_ count: Int) -> Int { 6 &* count &+ 8 }

  /// Writes `text`, UTF-8, so that it can stand between quotes; how many bytes.
  ///
  /// Escaped is what must be: quote, backslash and control characters, by their short forms where they have one.
  /// - `out` has ``room(_:)`` for the text and does not overlap it.
  @unsafe
  package static func write(_ text: UnsafeRawBufferPointer, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let count = text.count
    guard let start = text.baseAddress else { return 0 }
    var (from, to) = (0, 0)
    while count &- from >= 8 {
      let word = unsafe start.loadUnaligned(fromByteOffset: from, as: UInt64.self).littleEndian
      unsafe UnsafeMutableRawPointer(out + to).storeBytes(of: word.littleEndian, as: UInt64.self)
      let special = special(word)
      if special == 0 {
        (from, to) = (from &+ 8, to &+ 8)
        continue
      }
      let plain = special.trailingZeroBitCount / 8
      (from, to) = (from &+ plain, to &+ plain)
      to = unsafe escape(start.load(fromByteOffset: from, as: UInt8.self), out, to)
      from &+= 1
    }
    while from < count {
      let byte = unsafe start.load(fromByteOffset: from, as: UInt8.self)
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        to = unsafe escape(byte, out, to)
      } else {
        unsafe out[to] = byte
        to &+= 1
      }
      from &+= 1
    }
    return to
  }

  /// The top bit of each byte that must be escaped; exact up to the first one.
  @inline(__always)
  private static func special(_ x: UInt64) -> UInt64 {
    let (ones, tops) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
    let quote = x ^ (ones &* 0x22)
    let backslash = x ^ (ones &* 0x5c)
    return ((x &- ones &* 0x20) & ~x | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & tops
  }

  @inline(__always)
  private static func escape(_ byte: UInt8, _ out: UnsafeMutablePointer<UInt8>, _ to: Int) -> Int {
    unsafe out[to] = UInt8(ascii: "\\")
    let short: UInt8
    switch byte {
    case 8: short = UInt8(ascii: "b")
    case 9: short = UInt8(ascii: "t")
    case 10: short = UInt8(ascii: "n")
    case 12: short = UInt8(ascii: "f")
    case 13: short = UInt8(ascii: "r")
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): short = byte
    default:
      unsafe out[to &+ 1] = UInt8(ascii: "u")
      unsafe out[to &+ 2] = UInt8(ascii: "0")
      unsafe out[to &+ 3] = UInt8(ascii: "0")
      unsafe out[to &+ 4] = 0x30 &+ byte >> 4
      let low = byte & 15
      unsafe out[to &+ 5] = low < 10 ? 0x30 &+ low : 0x57 &+ low
      return to &+ 6
    }
    unsafe out[to &+ 1] = short
    return to &+ 2
  }
}
