/// Doubles as Python's `repr` has them, without allocating.
enum PlanDoubleText {
  /// Writes a finite double; how many bytes. - `out` has ``JSONNumberText/room``.
  ///
  /// The digits are the shortest; between 1e-4 and 1e16 they stand with a point, and with an exponent of two digits at least elsewhere.
  @unsafe
  static func write(_ value: Double, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let length = unsafe JSONNumberText.write(value, out)
    let magnitude = value.magnitude
    if magnitude < 1e16 && (magnitude >= 1e-4 || magnitude == 0) {
      for i in 0..<length where unsafe out[i] == UInt8(ascii: ".") { return length }
      unsafe out[length] = UInt8(ascii: ".")
      unsafe out[length &+ 1] = UInt8(ascii: "0")
      return length &+ 2
    }
    return unsafe exponential(value < 0 ? out + 1 : out, value < 0 ? length &- 1 : length) &+ (value < 0 ? 1 : 0)
  }

  /// Rewrites a positive number, in the form of ECMAScript, with an exponent.
  private static func exponential(_ out: UnsafeMutablePointer<UInt8>, _ length: Int) -> Int {
    // Digits without the point, and where it stood, counted from the first one.
    var (digits, point, power, at) = (0, -1, 0, 0)
    var isLeading = true
    while at < length {
      let byte = unsafe out[at]
      at &+= 1
      if byte == UInt8(ascii: "e") { break }
      if byte == UInt8(ascii: ".") {
        point = digits
        continue
      }
      if isLeading && byte == UInt8(ascii: "0") {
        // Zeros before the first digit: 0.000012.
        if point >= 0 { power &-= 1 }
        continue
      }
      isLeading = false
      unsafe out[digits] = byte
      digits &+= 1
    }
    if at < length {
      let sign = unsafe out[at]
      at &+= 1
      var exponent = 0
      while at < length {
        exponent = unsafe exponent &* 10 &+ Int(out[at] &- UInt8(ascii: "0"))
        at &+= 1
      }
      power &+= sign == UInt8(ascii: "-") ? 0 &- exponent : exponent
    }
    power &+= (point < 0 ? digits : point) &- 1
    while unsafe digits > 1 && out[digits &- 1] == UInt8(ascii: "0") { digits &-= 1 }
    var end = 1
    if digits > 1 {
      for i in stride(from: digits, to: 1, by: -1) { unsafe out[i] = out[i &- 1] }
      unsafe out[1] = UInt8(ascii: ".")
      end = digits &+ 1
    }
    unsafe out[end] = UInt8(ascii: "e")
    unsafe out[end &+ 1] = power < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
    let size = UInt64(power.magnitude)
    if size < 10 {
      unsafe out[end &+ 2] = UInt8(ascii: "0")
      unsafe out[end &+ 3] = UInt8(ascii: "0") &+ UInt8(size)
      return end &+ 4
    }
    return unsafe end &+ 2 &+ JSONNumberText.write(size, out + (end &+ 2))
  }
}
