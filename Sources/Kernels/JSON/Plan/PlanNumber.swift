/// A number's value: exact where it is an integer of 64 bits, else the nearest double; integers beyond keep their digits.
struct PlanNumber {
  enum Form { case integer, double, large }

  var form: Form
  var integer: Int64
  var double: Double

  init(_ value: Int64) { (form, integer, double) = (.integer, value, Double(value)) }
  init(_ value: Double) { (form, integer, double) = (.double, 0, value) }

  /// Of a valid number's text.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    var isInteger = true
    var magnitude: UInt64 = 0
    var fits = true
    let negative = unsafe text[0] == UInt8(ascii: "-")
    for index in (negative ? 1 : 0)..<text.count {
      let digit = unsafe UInt64(text[index] &- UInt8(ascii: "0"))
      guard digit < 10 else {
        isInteger = false
        break
      }
      let (high, low) = magnitude.multipliedFullWidth(by: 10)
      let (sum, carry) = low.addingReportingOverflow(digit)
      if high != 0 || carry { fits = false }
      magnitude = sum
    }
    if isInteger, fits, magnitude < 1 << 63 {
      self.init(negative ? -Int64(magnitude) : Int64(magnitude))
    } else {
      self.init(unsafe JSONNumber.double(UnsafeRawBufferPointer(text)))
      if isInteger { form = .large }
    }
  }

  /// Of the text of a valid number of up to eight bytes, which has no exponent; else nil.
  ///
  /// - Eight bytes may be read there.
  @inline(__always)
  init?(short text: UnsafePointer<UInt8>, _ count: Int) {
    guard let (digits, fraction) = unsafe Self.decimal(text, count) else { return nil }
    if fraction == 0 {
      self.init(digits)
    } else {
      // Both are exact: the quotient is the nearest double. A zero has its sign.
      let isNegative = unsafe text[0] == UInt8(ascii: "-")
      let value = Double(isNegative ? 0 &- digits : digits) / Self.tens[fraction]
      self.init(isNegative ? -value : value)
    }
  }

  /// Ten million times the number of such a text, which is an integer; else nil. It orders as numbers do.
  @inline(__always)
  static func scaled(short text: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
    guard let (digits, fraction) = unsafe decimal(text, count) else { return nil }
    return digits &* scales[7 &- fraction]
  }

  /// The digits of such a text as an integer, and how many of them are behind a point.
  @inline(__always)
  private static func decimal(_ text: UnsafePointer<UInt8>, _ count: Int) -> (digits: Int64, fraction: Int)? {
    var x = unsafe UnsafeRawPointer(text).loadUnaligned(as: UInt64.self).littleEndian
    var length = count
    let negative = UInt8(truncatingIfNeeded: x) == UInt8(ascii: "-")
    if negative {
      x >>= 8
      length &-= 1
    }
    // What comes after it is shifted out.
    let rest = UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let others = (JSONNumberScan.exactlyNotDigits(x) &<< rest) &>> rest
    var fraction = 0
    if others != 0 {
      // Its point is taken out.
      let place = UInt64(truncatingIfNeeded: others.trailingZeroBitCount & 56)
      guard others & (others &- 1) == 0 && UInt8(truncatingIfNeeded: x &>> place) == UInt8(ascii: ".") else {
        return nil
      }
      let before = (1 &<< place as UInt64) &- 1
      x = x & before | x >> 8 & ~before
      length &-= 1
      fraction = length &- Int(truncatingIfNeeded: place) / 8
    }
    // Zeros are shifted in.
    let digits = JSONNumber.eight((x ^ JSONDigits.zeros) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* length))
    let whole = Int64(truncatingIfNeeded: digits)
    return (negative ? 0 &- whole : whole, fraction)
  }

  private static let tens: [8 of Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7]
  private static let scales: [8 of Int64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]

  /// Less than 0, 0 or more than 0; exact between integers and doubles.
  @inline(__always)
  static func order(_ a: PlanNumber, _ b: PlanNumber) -> Int {
    switch (a.form, b.form) {
    case (.integer, .integer): return a.integer < b.integer ? -1 : a.integer > b.integer ? 1 : 0
    case (.integer, .double): return order(a.integer, b.double)
    case (.double, .integer): return -order(b.integer, a.double)
    default: return a.double < b.double ? -1 : a.double > b.double ? 1 : 0
    }
  }

  private static func order(_ a: Int64, _ b: Double) -> Int {
    if b >= 0x1p63 { return -1 }
    if b < -0x1p63 { return 1 }
    let whole = Int64(b)
    if a != whole { return a < whole ? -1 : 1 }
    let fraction = b - Double(whole)
    return fraction > 0 ? -1 : fraction < 0 ? 1 : 0
  }

  /// -1, 0 or 1 as the digits of two integers order, which both lie beyond 64 bits.
  static func orderOfDigits(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
    let negative = unsafe a[0] == UInt8(ascii: "-")
    guard unsafe (b[0] == UInt8(ascii: "-")) == negative else { return negative ? -1 : 1 }
    // No leading zeros: the longer one is the greater.
    let order = unsafe a.count != b.count ? a.count - b.count : orderOfBytes(a, b)
    return negative ? -order : order
  }
}

extension PlanMachine {
  /// The text of a number that has one: of a tape, or computed as text.
  mutating func numberText(_ value: PlanValue) -> UnsafeBufferPointer<UInt8> {
    guard value.isTape else { return unsafe UnsafeBufferPointer(start: bytes.start + value.index, count: value.count) }
    let node = node(value)
    return unsafe UnsafeBufferPointer(start: text(value.place) + node.begin, count: node.end &- node.begin)
  }

  mutating func number(_ value: PlanValue) -> PlanNumber {
    switch value.place {
    case .integer: PlanNumber(Int64(bitPattern: value.body))
    case .double: PlanNumber(Double(bitPattern: value.body))
    case .literals: unsafe literalNumbers[value.index]
    case .source: unsafe sourceNumber(sourceTape[value.index])
    default: unsafe PlanNumber(numberText(value))
    }
  }

  /// A number of the document.
  @inline(__always)
  mutating func sourceNumber(_ node: JSONNode) -> PlanNumber {
    let text = unsafe sourceBytes + node.begin
    let count = node.end &- node.begin
    if count <= 8 && sourceCount &- node.begin >= 8, let number = unsafe PlanNumber(short: text, count) {
      return number
    }
    return unsafe PlanNumber(UnsafeBufferPointer(start: text, count: count))
  }

  mutating func orderOfNumbers(_ a: PlanValue, _ b: PlanValue) -> Int {
    let left = number(a)
    let right = number(b)
    if left.form == .large, right.form == .large {
      return unsafe PlanNumber.orderOfDigits(numberText(a), numberText(b))
    }
    return PlanNumber.order(left, right)
  }

  /// A computed double; what is not finite is no JSON.
  mutating func finite(_ value: Double) throws(PlanStop) -> PlanValue {
    guard value.isFinite else { throw .invalidValue }
    return .double(value)
  }

  /// The nearest integer below, or above.
  mutating func rounded(_ value: PlanValue, up: Bool) throws(PlanStop) -> PlanValue {
    let number = number(value)
    guard number.form == .double else { return value }
    let whole = number.double.rounded(up ? .up : .down)
    if whole >= -0x1p63 && whole < 0x1p63 { return .integer(Int64(whole)) }
    return try finite(whole)
  }

  /// Without its sign; the digits stay.
  mutating func absolute(_ value: PlanValue) throws(PlanStop) -> PlanValue {
    switch value.place {
    case .integer:
      let integer = Int64(bitPattern: value.body)
      return integer == .min ? .double(0x1p63) : .integer(Swift.abs(integer))
    case .double: return .double(Double(bitPattern: value.body).magnitude)
    default:
      let length = unsafe numberText(value).count
      guard unsafe numberText(value)[0] == UInt8(ascii: "-") else { return value }
      try bytes.reserve(length)
      let start = bytes.count
      unsafe copyBytes(bytes.start + start, numberText(value).baseAddress! + 1, length &- 1)
      bytes.count &+= length &- 1
      return PlanValue(.number, .computed, start, count: length &- 1)
    }
  }

  /// Sum of an array of numbers, integers exactly as long as 64 bits hold them; nil where an element is none.
  mutating func sum(_ array: PlanValue) -> (value: PlanNumber, count: Int)? {
    var cursor = PlanCursor(array, &self)
    var whole: Int64 = 0
    var real = 0.0
    var isReal = false
    var count = 0
    while let element = cursor.next(&self) {
      guard element.kind == .number, !element.isExpression else { return nil }
      let number = number(element)
      if !isReal, number.form == .integer {
        let (sum, overflow) = whole.addingReportingOverflow(number.integer)
        if overflow {
          isReal = true
          real = Double(whole) + number.double
        } else {
          whole = sum
        }
      } else {
        if !isReal {
          isReal = true
          real = Double(whole)
        }
        real += number.double
      }
      count &+= 1
    }
    return (isReal ? PlanNumber(real) : PlanNumber(whole), count)
  }
}
