/// RFC 8259 by plain recursion over an array of bytes: the oracle of the tests. What is read is thrown away but for how far it came.
struct JSONReference {
  private let bytes: [UInt8]
  private var at = 0
  /// The furthest byte that was asked for and did not fit.
  private(set) var fault: Int?

  /// nil where `bytes` is valid; else the first byte that cannot be part of any valid text, or the count when it ends too early.
  static func fault(_ bytes: [UInt8]) -> Int? {
    var reference = JSONReference(bytes: bytes)
    return reference.text() ? nil : reference.at
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func take(_ wanted: UInt8) -> Bool { take { $0 == wanted } }

  private mutating func take(_ fits: (UInt8) -> Bool) -> Bool {
    guard let byte, fits(byte) else { return false }
    at += 1
    return true
  }

  private mutating func blanks() { while take({ [0x20, 0x09, 0x0a, 0x0d].contains($0) }) {} }

  private mutating func text() -> Bool {
    blanks()
    guard value() else { return false }
    blanks()
    return at == bytes.count
  }

  private mutating func value() -> Bool {
    switch byte {
    case UInt8(ascii: "{"): return list(UInt8(ascii: "{"), UInt8(ascii: "}")) { $0.member() }
    case UInt8(ascii: "["): return list(UInt8(ascii: "["), UInt8(ascii: "]")) { $0.value() }
    case UInt8(ascii: "\""): return string()
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    default: return number()
    }
  }

  private mutating func list(_ open: UInt8, _ close: UInt8, _ item: (inout Self) -> Bool) -> Bool {
    guard take(open) else { return false }
    blanks()
    if take(close) { return true }
    while true {
      blanks()
      guard item(&self) else { return false }
      blanks()
      if take(close) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  private mutating func member() -> Bool {
    guard string() else { return false }
    blanks()
    guard take(UInt8(ascii: ":")) else { return false }
    blanks()
    return value()
  }

  private mutating func word(_ word: String) -> Bool { word.utf8.allSatisfy { take($0) } }

  private mutating func digits() -> Bool {
    guard take({ (0x30...0x39).contains($0) }) else { return false }
    while take({ (0x30...0x39).contains($0) }) {}
    return true
  }

  private mutating func number() -> Bool {
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { guard digits() else { return false } }
    if take(UInt8(ascii: ".")) { guard digits() else { return false } }
    if take({ $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }) {
      _ = take { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      guard digits() else { return false }
    }
    return true
  }

  private mutating func string() -> Bool {
    guard take(UInt8(ascii: "\"")) else { return false }
    while true {
      if take(UInt8(ascii: "\"")) { return true }
      if take(UInt8(ascii: "\\")) {
        if take(UInt8(ascii: "u")) {
          for _ in 0..<4 {
            guard take({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }) else { return false }
          }
        } else {
          guard take({ "\"\\/bfnrt".utf8.contains($0) }) else { return false }
        }
        continue
      }
      guard character() else { return false }
    }
  }

  /// The Unicode Standard, table 3-7.
  private mutating func character() -> Bool {
    guard let lead = byte else { return false }
    let rest: [ClosedRange<UInt8>]
    switch lead {
    case 0x20...0x7f: rest = []
    case 0xc2...0xdf: rest = [0x80...0xbf]
    case 0xe0: rest = [0xa0...0xbf, 0x80...0xbf]
    case 0xed: rest = [0x80...0x9f, 0x80...0xbf]
    case 0xe1...0xef: rest = [0x80...0xbf, 0x80...0xbf]
    case 0xf0: rest = [0x90...0xbf, 0x80...0xbf, 0x80...0xbf]
    case 0xf1...0xf3: rest = [0x80...0xbf, 0x80...0xbf, 0x80...0xbf]
    case 0xf4: rest = [0x80...0x8f, 0x80...0xbf, 0x80...0xbf]
    default: return false
    }
    at += 1
    return rest.allSatisfy { range in take { range.contains($0) } }
  }
}
