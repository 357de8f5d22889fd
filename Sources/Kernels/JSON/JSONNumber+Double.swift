// Text to the nearest double: D. Lemire, "Number Parsing at a Gigabyte per Second", Software: Practice and Experience 51, 2021;
// N. Mushtak, D. Lemire, "Fast Number Parsing Without Fallback", Software: Practice and Experience 53, 2023. Small ones after
// W. Clinger, "How to Read Floating Point Numbers Accurately", PLDI 1990.

extension JSONNumber {
  /// The double nearest to the valid number `text`, ties to even; infinity past the range.
  ///
  /// Allocates only for a number of more than 19 digits whose first 19 do not decide.
  @unsafe
  static func double(_ text: UnsafeRawBufferPointer) -> Double {
    let number = unsafe JSONDecimal(text)
    let (w, q) = (number.digits, number.exponent)
    if !number.isCut { return double(w, q, number.isNegative) }
    // More than 19 digits: where these and the next 19-digit number give the same, so does all between.
    let below = nearest(w, q)
    if below == nearest(w &+ 1, q) { return signed(below, number.isNegative) }
    let up = unsafe JSONBigNumber.isAtLeastMidpoint(text, above: below)
    return signed(up ? below &+ 1 : below, number.isNegative)
  }

  /// The double nearest to w 10^q.
  @inline(__always)
  private static func double(_ w: UInt64, _ q: Int, _ isNegative: Bool) -> Double {
    if w < 1 << 53 && q >= -22 && q <= 22 {
      let value = q < 0 ? Double(w) / tens[-q] : Double(w) * tens[q]
      return isNegative ? -value : value
    }
    return signed(nearest(w, q), isNegative)
  }

  private static let tens: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21,
    1e22,
  ]

  @inline(__always)
  private static func signed(_ bits: UInt64, _ negative: Bool) -> Double {
    Double(bitPattern: negative ? bits | 1 << 63 : bits)
  }

  /// The bits of the double nearest to w 10^q.
  @inline(__always)
  static func nearest(_ w: UInt64, _ q: Int) -> UInt64 {
    let infinity: UInt64 = 0x7ff << 52
    if w == 0 || q < JSONPowers.lowest { return 0 }
    if q > 308 { return infinity }
    let zeros = w.leadingZeroBitCount
    let normal = w &<< UInt64(truncatingIfNeeded: zeros)
    let power = JSONPowers.five(q)
    var (high, low) = normal.multipliedFullWidth(by: power.high)
    if high & 0x1ff == 0x1ff {
      let more = normal.multipliedFullWidth(by: power.low).high
      let (sum, carry) = low.addingReportingOverflow(more)
      low = sum
      if carry { high &+= 1 }
    }
    let upper = Int(truncatingIfNeeded: high >> 63)
    let shift = UInt64(truncatingIfNeeded: upper &+ 9)
    var mantissa = high &>> shift
    var exponent = JSONPowers.floorLog2Ten(q) &+ 63 &+ upper &- zeros &+ 1023
    if exponent <= 0 {
      // Subnormal, or zero.
      if exponent <= -63 { return 0 }
      mantissa >>= UInt64(truncatingIfNeeded: 1 &- exponent)
      mantissa &+= mantissa & 1
      return mantissa >> 1
    }
    // Halfway between two doubles exactly: to the even one.
    if low <= 1 && q >= -4 && q <= 23 && mantissa & 3 == 1 && mantissa &<< shift == high { mantissa &= ~1 }
    mantissa &+= mantissa & 1
    mantissa >>= 1
    if mantissa >= 1 << 53 {
      mantissa = 1 << 52
      exponent &+= 1
    }
    return exponent >= 0x7ff ? infinity : UInt64(truncatingIfNeeded: exponent) << 52 | mantissa & (1 << 52 &- 1)
  }
}

/// The first 19 significant digits of a number, as an integer, and its exponent of ten.
struct JSONDecimal {
  var digits: UInt64 = 0
  var exponent = 0
  var isNegative = false
  /// There are more digits than 19, not all of them zero perhaps.
  var isCut = false

  /// - `text` is a valid number.
  @inline(__always)
  @unsafe
  init(_ text: UnsafeRawBufferPointer) {
    let count = text.count
    let start = unsafe text.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    var at = 0
    if unsafe start[0] == UInt8(ascii: "-") {
      isNegative = true
      at = 1
    }
    let first = at
    unsafe take(start, &at, count)
    var length = at &- first
    if at < count, unsafe start[at] == UInt8(ascii: ".") {
      at &+= 1
      let fraction = at
      unsafe take(start, &at, count)
      exponent = fraction &- at
      length &+= at &- fraction
    }
    if at < count { unsafe exponent &+= Self.exponent(start, at &+ 1, count) }
    if _slowPath(length > 19) { unsafe cut(start, first, count) }
  }

  /// Digits, eight at a time where there are as many; they wrap past 19.
  @inline(__always)
  private mutating func take(_ start: UnsafePointer<UInt8>, _ at: inout Int, _ count: Int) {
    while count &- at >= 8 {
      let x = unsafe UnsafeRawPointer(start + at).loadUnaligned(as: UInt64.self).littleEndian
      guard JSONNumberScan.notDigits(x) == 0 else { break }
      digits = digits &* 100_000_000 &+ JSONNumber.eight(x ^ JSONDigits.zeros)
      at &+= 8
    }
    while at < count {
      let digit = unsafe start[at] &- UInt8(ascii: "0")
      guard digit < 10 else { return }
      digits = digits &* 10 &+ UInt64(digit)
      at &+= 1
    }
  }

  /// The exponent after its `e`; past a million it is as good as endless.
  @inline(__always)
  private static func exponent(_ start: UnsafePointer<UInt8>, _ from: Int, _ count: Int) -> Int {
    var at = from
    let sign = unsafe start[at]
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { at &+= 1 }
    var value = 0
    while at < count {
      if value < 1_000_000_000_000 { value = unsafe value &* 10 &+ Int(start[at] &- UInt8(ascii: "0")) }
      at &+= 1
    }
    return sign == UInt8(ascii: "-") ? 0 &- value : value
  }

  /// Again, with the first 19 significant digits alone.
  @inline(never)
  private mutating func cut(_ start: UnsafePointer<UInt8>, _ first: Int, _ count: Int) {
    digits = 0
    var (at, taken) = (first, 0)
    // `exponent` counts from the last digit; each one that is left out is worth a power of ten.
    while at < count {
      let byte = unsafe start[at]
      at &+= 1
      if byte == UInt8(ascii: ".") { continue }
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if taken < 19 {
        if digit != 0 || taken != 0 { taken &+= 1 }
        digits = digits &* 10 &+ UInt64(digit)
      } else {
        exponent &+= 1
        isCut = isCut || digit != 0
      }
    }
  }
}
