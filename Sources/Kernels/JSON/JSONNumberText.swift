/// Numbers to text.
enum JSONNumberText {
  /// Bytes that any number fits in, with room for whole words to be written.
  static var room: Int { 40 }

  /// Writes an integer; how many bytes. - `out` has ``room``.
  @inline(__always)
  @unsafe
  static func write(_ value: Int64, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    unsafe out[0] = UInt8(ascii: "-")
    let sign = value < 0 ? 1 : 0
    return unsafe sign &+ write(value.magnitude, out + sign)
  }

  @inline(__always)
  @unsafe
  static func write(_ value: UInt64, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let target = UnsafeMutableRawPointer(out)
    if value < 100_000_000 { return unsafe writeShort(value, target) }
    let upper = value / 100_000_000
    let count = unsafe upper < 100_000_000 ? writeShort(upper, target) : writeLong(upper, target)
    let rest = JSONDigits.eight(value &- upper &* 100_000_000) | JSONDigits.zeros
    unsafe target.storeBytes(of: rest.littleEndian, toByteOffset: count, as: UInt64.self)
    return count &+ 8
  }

  /// Below 10^8.
  @inline(__always)
  @unsafe
  static func writeShort(_ value: UInt64, _ out: UnsafeMutableRawPointer) -> Int {
    let digits = JSONDigits.eight(value)
    // Bits of the zeros before the first digit; the last digit stays.
    let before = UInt64(truncatingIfNeeded: (digits | 1 << 56).trailingZeroBitCount & 56)
    unsafe out.storeBytes(of: ((digits | JSONDigits.zeros) &>> before).littleEndian, as: UInt64.self)
    return 8 &- Int(truncatingIfNeeded: before >> 3)
  }

  /// From 10^8, below 10^12.
  @inline(never)
  private static func writeLong(_ value: UInt64, _ out: UnsafeMutableRawPointer) -> Int {
    let upper = value / 100_000_000
    let count = unsafe writeShort(upper, out)
    let rest = JSONDigits.eight(value &- upper &* 100_000_000) | JSONDigits.zeros
    unsafe out.storeBytes(of: rest.littleEndian, toByteOffset: count, as: UInt64.self)
    return count &+ 8
  }

  /// Writes the shortest text that reads back as `value`, in the form of ECMAScript's Number::toString, which RFC 8785 prescribes
  /// for JSON; `null` for what JSON cannot say. How many bytes. - `out` has ``room``.
  @inline(__always)
  @unsafe
  static func write(_ value: Double, _ out: UnsafeMutablePointer<UInt8>, row: JSONNumberKernel.Write?) -> Int {
    if let row = unsafe row {
      let count = unsafe row(value, out)
      if _fastPath(count != 0) { return count }
    }
    return unsafe write(value, out)
  }

  /// Writes doubles with a comma behind each; how many bytes. - `out` has 26 bytes for each, and ``room``.
  @inline(__always)
  @unsafe
  static func write(
    _ values: UnsafePointer<Double>, _ count: Int, _ out: UnsafeMutablePointer<UInt8>, row: JSONNumberKernel.WriteAll?
  ) -> Int {
    guard let row = unsafe row else { return unsafe write(values, count, out, from: 0, 0, nil) }
    var known = count
    let at = unsafe row(values, &known, out)
    if _fastPath(known == count) { return at }
    return unsafe write(values, count, out, from: known, at, row)
  }

  /// The same from a place on, at `at` in `out`, where the row does not know.
  @inline(never)
  private static func write(
    _ values: UnsafePointer<Double>, _ count: Int, _ out: UnsafeMutablePointer<UInt8>, from: Int, _ at: Int,
    _ row: JSONNumberKernel.WriteAll?
  ) -> Int {
    var (i, at) = (from, at)
    while i < count {
      unsafe at &+= write(values[i], out + at)
      unsafe out[at] = UInt8(ascii: ",")
      at &+= 1
      i &+= 1
      guard i < count, let row = unsafe row else { continue }
      var known = count &- i
      unsafe at &+= row(values + i, &known, out + at)
      i &+= known
    }
    return at
  }

  /// The same without a row.
  @inline(never)
  @unsafe
  static func write(_ value: Double, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let bits = value.bitPattern
    let magnitude = bits & (1 << 63 &- 1)
    // Negative zero is written as -0, which RFC 8785 does not: it reads back with its sign.
    unsafe out[0] = UInt8(ascii: "-")
    let sign = Int(truncatingIfNeeded: bits >> 63)
    let target = unsafe out + sign
    // An integer that doubles hold exactly: as many zeros at the end of the mantissa as there are bits behind the point.
    let mantissa = bits & (1 << 52 &- 1) | 1 << 52
    let behind = UInt64(truncatingIfNeeded: 1075 &- Int(truncatingIfNeeded: magnitude >> 52))
    if behind <= UInt64(truncatingIfNeeded: mantissa.trailingZeroBitCount) {
      return unsafe sign &+ write(mantissa &>> behind, target)
    }
    // A power of two, from which the double below is nearer than the one above; or subnormal, zero or infinite.
    if _slowPath(mantissa == 1 << 52 || magnitude &- 1 << 52 >= 0x7fe << 52) { return unsafe writeRare(value, out) }
    return unsafe sign &+ JSONDigits(JSONShortest.decimal(magnitude)).write(UnsafeMutableRawPointer(target))
  }

  @inline(never)
  private static func writeRare(_ value: Double, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let target = UnsafeMutableRawPointer(out)
    guard value.isFinite else {
      unsafe target.storeBytes(of: UInt32(0x6c6c_756e).littleEndian, as: UInt32.self)
      return 4
    }
    let sign = value.sign == .minus ? 1 : 0
    unsafe out[sign] = UInt8(ascii: "0")
    if value == 0 { return sign &+ 1 }
    return unsafe sign &+ JSONDigits(JSONShortest.exact(value.magnitude.bitPattern)).write(target + sign)
  }
}
