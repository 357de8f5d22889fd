/// Numbers and words of which it is known where they should end.
enum PlanScalar {
  /// No kind and flag.
  static var none: UInt64 { .max }

  /// Kind and flag, as in ``JSONNode``, of a number or word of so many bytes, or ``none``.
  ///
  /// - Eight bytes may be read there.
  @inline(__always)
  @unsafe
  static func link(_ source: UnsafePointer<UInt8>, _ begin: Int, _ length: Int) -> UInt64 {
    if unsafe length == 1 && source[begin] &- UInt8(ascii: "0") < 10 { return UInt64(JSONKind.number.rawValue) | 8 }
    let x = unsafe UnsafeRawPointer(source + begin).loadUnaligned(as: UInt64.self).littleEndian
    guard UInt(bitPattern: length &- 1) < 8 else { return unsafe long(source, begin, length) }
    // What comes after it is shifted out.
    let rest = UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let others = (JSONNumberScan.exactlyNotDigits(x) &<< rest) &>> rest
    let startsWithZero = UInt8(truncatingIfNeeded: x) == UInt8(ascii: "0")
    if others == 0 { return !startsWithZero ? UInt64(JSONKind.number.rawValue) | 8 : none }
    let place = others.trailingZeroBitCount / 8
    // Digits, a point and digits.
    if others & (others &- 1) == 0 && UInt8(truncatingIfNeeded: x &>> UInt64(8 &* place)) == UInt8(ascii: ".") {
      let isGood = place > 0 && place < length &- 1 && (!startsWithZero || place == 1)
      return isGood ? UInt64(JSONKind.number.rawValue) : none
    }
    if length == 4 {
      let word = UInt32(truncatingIfNeeded: x)
      if word == 0x6575_7274 { return UInt64(JSONKind.true.rawValue) }
      if word == 0x6c6c_756e { return UInt64(JSONKind.null.rawValue) }
    }
    if length == 5 && x & 0xff_ffff_ffff == 0x65_736c_6166 { return UInt64(JSONKind.false.rawValue) }
    return unsafe long(source, begin, length)
  }

  /// - There is more to read behind so many bytes.
  @inline(never)
  private static func long(_ source: UnsafePointer<UInt8>, _ begin: Int, _ length: Int) -> UInt64 {
    let first = unsafe source[begin]
    guard length > 0 && length < JSONLineBatch.byteCount,
      first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10
    else { return none }
    let number = unsafe JSONNumberScan.run(source, begin, begin &+ length)
    guard number.end == begin &+ length else { return none }
    return UInt64(JSONKind.number.rawValue) | (number.integer ? 8 : 0)
  }
}
