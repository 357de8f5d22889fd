/// Escaped surrogates without their other half, where they are to be replaced.
enum PlanSurrogates {
  /// Writes `text` with `\ufffd`, which is as long, in the place of each lone surrogate; false where there is none.
  ///
  /// What is no JSON is no less so afterwards, and at the same places.
  /// - `out` has room for `text.count` bytes and does not overlap it.
  @unsafe
  static func replace(_ text: UnsafeRawBufferPointer, _ out: UnsafeMutablePointer<UInt8>) -> Bool {
    var at = 0
    var isChanged = false
    while at < text.count {
      guard unsafe text[at] == UInt8(ascii: "\\") else {
        at &+= 1
        continue
      }
      guard let unit = unsafe unit(text, at) else {
        at &+= 2
        continue
      }
      if unit & 0xfc00 == 0xd800, let low = unsafe Self.unit(text, at &+ 6), low & 0xfc00 == 0xdc00 {
        at &+= 12
        continue
      }
      if unit & 0xf800 == 0xd800 {
        if !isChanged, let start = text.baseAddress {
          unsafe UnsafeMutableRawPointer(out).copyMemory(from: start, byteCount: text.count)
        }
        isChanged = true
        for (i, digit) in "fffd".utf8.enumerated() { unsafe out[at &+ 2 &+ i] = digit }
      }
      at &+= 6
    }
    return isChanged
  }

  /// What `\u` and four digits at `at` stand for; nil where they are not there.
  private static func unit(_ text: UnsafeRawBufferPointer, _ at: Int) -> UInt32? {
    guard text.count &- at >= 6, unsafe text[at] == UInt8(ascii: "\\"), unsafe text[at &+ 1] == UInt8(ascii: "u")
    else { return nil }
    var value: UInt32 = 0
    for i in 2..<6 {
      guard let digit = unsafe JSONBytes.hexadecimal(text[at &+ i]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
