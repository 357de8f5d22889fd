/// Exact comparison, for the few numbers of more than 19 digits that lie too near the middle between two doubles.
enum JSONBigNumber {
  /// Digits that can matter: the middle between two doubles has no more than 767 (W. Clinger's bound for binary64), and what follows
  /// only says whether there is anything.
  private static var maximumDigits: Int { 800 }

  /// Whether the magnitude of `text` is above the middle between the double of these bits and the next, or on it and the first is odd.
  @unsafe
  static func isAtLeastMidpoint(_ text: UnsafeRawBufferPointer, above bits: UInt64) -> Bool {
    var left = Natural(0)
    var exponent = unsafe JSONDecimal(text).exponent
    // JSONDecimal's exponent is that of the 19th significant digit.
    var taken = 0
    var sticky = false
    for i in 0..<text.count {
      let byte = unsafe text[i]
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") { continue }
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if taken == 0 && digit == 0 { continue }
      if taken < maximumDigits {
        left.multiplyAdd(10, UInt64(digit))
        taken &+= 1
        if taken > 19 { exponent &-= 1 }
      } else {
        sticky = sticky || digit != 0
      }
    }
    if sticky {
      left.multiplyAdd(10, 1)
      exponent &-= 1
    }

    let biased = Int(truncatingIfNeeded: bits >> 52)
    let fraction = bits & (1 << 52 &- 1)
    let mantissa = biased == 0 ? fraction : fraction | 1 << 52
    var right = Natural(2 &* mantissa &+ 1)
    // The middle is (2 m + 1) 2^e.
    var power = max(biased, 1) &- 1075 &- 1
    if exponent >= 0 {
      for _ in 0..<exponent { left.multiplyAdd(5, 0) }
    } else {
      for _ in 0..<(0 &- exponent) { right.multiplyAdd(5, 0) }
    }
    power &-= exponent
    if power >= 0 { right.shift(power) } else { left.shift(0 &- power) }
    switch left.compare(right) {
    case 0: return mantissa & 1 == 1
    case let order: return order > 0
    }
  }

  /// A natural number, lowest word first, without zeros on top.
  private struct Natural {
    var words: [UInt64]

    init(_ value: UInt64) { words = value == 0 ? [] : [value] }

    mutating func multiplyAdd(_ factor: UInt64, _ summand: UInt64) {
      var carry = summand
      for i in words.indices {
        let product = words[i].multipliedFullWidth(by: factor)
        let (sum, over) = product.low.addingReportingOverflow(carry)
        words[i] = sum
        carry = product.high &+ (over ? 1 : 0)
      }
      if carry != 0 { words.append(carry) }
    }

    mutating func shift(_ bits: Int) {
      guard !words.isEmpty else { return }
      let part = UInt64(bits % 64)
      if part != 0 { multiplyAdd(1 << part, 0) }
      words.insert(contentsOf: repeatElement(0, count: bits / 64), at: 0)
    }

    func compare(_ other: Natural) -> Int {
      if words.count != other.words.count { return words.count < other.words.count ? -1 : 1 }
      for i in words.indices.reversed() where words[i] != other.words[i] { return words[i] < other.words[i] ? -1 : 1 }
      return 0
    }
  }
}
