extension JSONDecoding {
  /// The number as an integer: all of it, or an error.
  func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    guard kind == .number else { throw mismatch(type) }
    let tape = unsafe source.tape
    if let number = unsafe tape.int64(index), let value = Value(exactly: number) { return value }
    if let value = unsafe JSONExactInteger.read(tape.raw(index), as: type) { return value }
    throw misfit(type)
  }

  func double() throws -> Double {
    guard kind == .number else { return try nonConforming() }
    let value = unsafe source.tape.double(index)
    guard value.isFinite else { throw misfit(Double.self) }
    return value
  }

  func float() throws -> Float {
    guard kind == .number else { return try nonConforming() }
    let wide = unsafe source.tape.double(index)
    var value = Float(wide)
    // The nearest double may lie in the middle between two floats where the number itself does not; among the smallest, middles are
    // elsewhere.
    if wide.bitPattern & 0x1fff_ffff == 0x1000_0000 || wide.magnitude < 0x1p-126 {
      value = unsafe Float(String(decoding: source.tape.raw(index), as: UTF8.self)) ?? value
    }
    guard value.isFinite else { throw misfit(Float.self) }
    return value
  }

  private func nonConforming<Value: BinaryFloatingPoint>() throws -> Value {
    guard kind == .string,
      case .strings(let positive, let negative, let nan) = source.settings.nonConformingFloats
    else { throw mismatch(Value.self) }
    switch unsafe source.tape.text(index) {
    case positive: return .infinity
    case negative: return -.infinity
    case nan: return .nan
    default: throw mismatch(Value.self)
    }
  }

  private func misfit(_ type: Any.Type) -> DecodingError {
    corrupted(
      "the number \(unsafe String(decoding: source.tape.raw(index).prefix(64), as: UTF8.self)) does not fit \(type)")
  }
}

/// Texts of numbers to integers, whatever they are written as.
enum JSONExactInteger {
  /// The integer that `text`, a valid number, is; nil where it is none or does not fit. At any width.
  @unsafe
  static func read<Value: FixedWidthInteger>(_ text: UnsafeRawBufferPointer, as type: Value.Type) -> Value? {
    let first = unsafe text[0] == UInt8(ascii: "-") ? 1 : 0
    var end = first
    var wholeDigits = -1
    while end < text.count, unsafe text[end] | 0x20 != UInt8(ascii: "e") {
      if unsafe text[end] == UInt8(ascii: ".") { wholeDigits = end &- first }
      end &+= 1
    }
    if wholeDigits < 0 { wholeDigits = end &- first }
    /// Digits of the integer that are to come: those behind are a fraction, which must be 0.
    var left = wholeDigits
    if end < text.count { left &+= unsafe exponent(text, end &+ 1) }
    var value: Value = 0
    func take(_ digit: Value) -> Bool {
      let (product, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, over2) =
        first == 1 ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      value = sum
      return !over && !over2
    }
    for i in first..<end where unsafe text[i] != UInt8(ascii: ".") {
      let digit = unsafe text[i] &- UInt8(ascii: "0")
      if left > 0 {
        guard take(Value(digit)) else { return nil }
        left &-= 1
      } else if digit != 0 {
        return nil
      }
    }
    while left > 0 && value != 0 {
      guard take(0) else { return nil }
      left &-= 1
    }
    return value
  }

  /// The exponent that begins at `from`; past a billion it is as good as endless.
  private static func exponent(_ text: UnsafeRawBufferPointer, _ from: Int) -> Int {
    var value = 0
    for i in from..<text.count {
      let digit = unsafe text[i] &- UInt8(ascii: "0")
      if digit < 10 && value < 1_000_000_000_000 { value = value &* 10 &+ Int(digit) }
    }
    return unsafe text[from] == UInt8(ascii: "-") ? 0 &- value : value
  }
}
