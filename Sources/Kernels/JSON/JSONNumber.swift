/// Texts of numbers to values.
enum JSONNumber {
  /// The integer at `begin` ..< `end`, valid and without fraction and exponent; nil where it does not fit. `-0` is 0.
  ///
  /// - `source` is readable for `count` bytes.
  @unsafe
  static func int64(_ source: UnsafePointer<UInt8>, _ begin: Int, _ end: Int, count: Int) -> Int64? {
    let sign = unsafe source[begin] == UInt8(ascii: "-") ? 1 : 0
    guard let magnitude = unsafe magnitude(source, begin &+ sign, end, count: count) else { return nil }
    guard magnitude < 1 << 63 &+ UInt64(truncatingIfNeeded: sign) else { return nil }
    return Int64(truncatingIfNeeded: sign == 0 ? magnitude : 0 &- magnitude)
  }

  @unsafe
  static func uint64(_ source: UnsafePointer<UInt8>, _ begin: Int, _ end: Int, count: Int) -> UInt64? {
    let sign = unsafe source[begin] == UInt8(ascii: "-") ? 1 : 0
    guard let magnitude = unsafe magnitude(source, begin &+ sign, end, count: count) else { return nil }
    return sign == 0 || magnitude == 0 ? magnitude : nil
  }

  /// The value of digits; nil where it does not fit.
  @inline(never)
  static func magnitude(_ digits: UnsafeRawBufferPointer) -> UInt64? {
    guard digits.count <= 20 else { return nil }
    var value: UInt64 = 0
    for i in 0..<digits.count {
      let digit = unsafe digits[i]
      let (product, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, over2) = product.addingReportingOverflow(UInt64(digit &- 0x30))
      if over || over2 { return nil }
      value = sum
    }
    return value
  }
}
