/// Texts of numbers to values.
enum JSONNumber {
  /// The integer that `text`, valid and without fraction and exponent, is; nil where it does not fit. `-0` is 0.
  @unsafe
  static func int64(_ text: UnsafeRawBufferPointer) -> Int64? {
    let negative = unsafe text[0] == UInt8(ascii: "-")
    guard let magnitude = unsafe magnitude(text, negative ? 1 : 0) else { return nil }
    if negative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
    return Int64(exactly: magnitude)
  }

  @unsafe
  static func uint64(_ text: UnsafeRawBufferPointer) -> UInt64? {
    guard unsafe text[0] != UInt8(ascii: "-") else { return unsafe magnitude(text, 1) == 0 ? 0 : nil }
    return unsafe magnitude(text, 0)
  }

  @inline(__always)
  private static func magnitude(_ text: UnsafeRawBufferPointer, _ first: Int) -> UInt64? {
    let count = text.count &- first
    guard count <= 20 else { return nil }
    var value: UInt64 = 0
    // 19 digits always fit.
    for i in first..<first &+ min(count, 19) { value = unsafe value &* 10 &+ UInt64(text[i] &- 0x30) }
    guard count == 20 else { return value }
    let (product, over) = value.multipliedReportingOverflow(by: 10)
    let (sum, over2) = unsafe product.addingReportingOverflow(UInt64(text[text.count &- 1] &- 0x30))
    return over || over2 ? nil : sum
  }

  /// The double nearest to the valid number `text`, ties to even; infinity past the range.
  @unsafe
  static func double(_ text: UnsafeRawBufferPointer) -> Double {
    unsafe Double(String(decoding: text, as: UTF8.self)) ?? .nan
  }
}
