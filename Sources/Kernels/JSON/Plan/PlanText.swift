/// JSON in small texts that a plan is compiled from: literals, quoted identifiers. A byte at a time; documents go another way.
enum PlanText {
  /// Nesting of arrays and objects in a literal.
  static let maximumDepth = 64

  /// The end of the value that begins at or after `start`, white space included, or nil where there is no valid one (RFC 8259).
  static func valueEnd(_ text: [UInt8], from start: Int) -> Int? {
    valueEnd(text, from: start, depth: 0).map { skipSpace(text, $0) }
  }

  private static func skipSpace(_ text: [UInt8], _ start: Int) -> Int {
    var position = start
    while position < text.count, [9, 10, 13, 32].contains(text[position]) { position += 1 }
    return position
  }

  private static func valueEnd(_ text: [UInt8], from start: Int, depth: Int) -> Int? {
    var position = skipSpace(text, start)
    guard position < text.count, depth < maximumDepth else { return nil }
    switch text[position] {
    case UInt8(ascii: "\""): return stringEnd(text, from: position)
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      let isObject = text[position] == UInt8(ascii: "{")
      let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
      position = skipSpace(text, position + 1)
      if position < text.count, text[position] == close { return position + 1 }
      while true {
        if isObject {
          position = skipSpace(text, position)
          guard let end = stringEnd(text, from: position) else { return nil }
          position = skipSpace(text, end)
          guard position < text.count, text[position] == UInt8(ascii: ":") else { return nil }
          position += 1
        }
        guard let end = valueEnd(text, from: position, depth: depth + 1) else { return nil }
        position = skipSpace(text, end)
        guard position < text.count else { return nil }
        if text[position] == close { return position + 1 }
        guard text[position] == UInt8(ascii: ",") else { return nil }
        position += 1
      }
    default: return numberEnd(text, from: position)
    }
    func word(_ name: StaticString) -> Int? {
      let end = position + name.utf8CodeUnitCount
      guard end <= text.count, text[position..<end].elementsEqual("\(name)".utf8) else { return nil }
      return end
    }
  }

  /// The end of the number that begins at `start`, or nil where none does.
  static func numberEnd(_ text: [UInt8], from start: Int) -> Int? {
    var position = start
    func digits() -> Bool {
      let first = position
      while position < text.count, text[position] >= 48, text[position] <= 57 { position += 1 }
      return position > first
    }
    if position < text.count, text[position] == UInt8(ascii: "-") { position += 1 }
    if position < text.count, text[position] == UInt8(ascii: "0") {
      position += 1
    } else if !digits() {
      return nil
    }
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      guard digits() else { return nil }
    }
    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
        position += 1
      }
      guard digits() else { return nil }
    }
    return position
  }

  /// Whether all of a text is one number.
  static func isNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    unsafe numberEnd(Array(text), from: 0) == text.count
  }

  /// The end of the string whose opening quote is at `start`, or nil where it is none.
  static func stringEnd(_ text: [UInt8], from start: Int) -> Int? {
    guard start < text.count, text[start] == UInt8(ascii: "\"") else { return nil }
    var position = start + 1
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""): return position + 1
      case 0..<32: return nil
      case UInt8(ascii: "\\"):
        guard position + 1 < text.count else { return nil }
        switch text[position + 1] {
        case UInt8(ascii: "u"):
          guard hex(text, position + 2) != nil else { return nil }
          position += 6
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
          UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
          position += 2
        default: return nil
        }
      default: position += 1
      }
    }
    return nil
  }

  private static func hex(_ text: [UInt8], _ start: Int) -> UInt32? {
    guard start + 4 <= text.count else { return nil }
    var value: UInt32 = 0
    for index in start..<start + 4 {
      switch text[index] {
      case 48...57: value = value << 4 | UInt32(text[index] - 48)
      case 65...70, 97...102: value = value << 4 | UInt32((text[index] | 0x20) - 87)
      default: return nil
      }
    }
    return value
  }

  /// The text of a valid string between its quotes, escapes resolved.
  ///
  /// A lone surrogate becomes the three bytes that UTF-8 would give it, so that nothing is lost and strings order by code point.
  static func unescaped(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(UInt8(ascii: "\\")) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let byte = text[position]
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        position += 1
        continue
      }
      switch text[position + 1] {
      case UInt8(ascii: "b"): result.append(8)
      case UInt8(ascii: "f"): result.append(12)
      case UInt8(ascii: "n"): result.append(10)
      case UInt8(ascii: "r"): result.append(13)
      case UInt8(ascii: "t"): result.append(9)
      case UInt8(ascii: "u"):
        var code = hex(text, position + 2) ?? 0
        if code & 0xFC00 == 0xD800, position + 7 < text.count, text[position + 6] == UInt8(ascii: "\\"),
          text[position + 7] == UInt8(ascii: "u"), let low = hex(text, position + 8), low & 0xFC00 == 0xDC00
        {
          code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
          position += 6
        }
        append(code, to: &result)
        position += 4
      case let other: result.append(other)
      }
      position += 2
    }
    return result
  }

  static func append(_ code: UInt32, to result: inout [UInt8]) {
    switch code {
    case 0..<0x80: result.append(UInt8(code))
    case 0..<0x800: result += [UInt8(0xC0 | code >> 6), UInt8(0x80 | code & 63)]
    case 0..<0x10000: result += [UInt8(0xE0 | code >> 12), UInt8(0x80 | code >> 6 & 63), UInt8(0x80 | code & 63)]
    default:
      result += [
        UInt8(0xF0 | code >> 18), UInt8(0x80 | code >> 12 & 63), UInt8(0x80 | code >> 6 & 63), UInt8(0x80 | code & 63),
      ]
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// `text` as a JSON string with its quotes: what must be escaped is, and lone surrogates are.
  static func quoted(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    result.reserveCapacity(text.count + 2)
    var position = 0
    while position < text.count {
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 8: result += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
      case 9: result += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 10: result += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 12: result += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
      case 13: result += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case 0..<32: escape(UInt32(byte))
      case 0xED where position + 1 < text.count && text[position] >= 0xA0:
        escape(0xD000 | UInt32(text[position] & 63) << 6 | UInt32(text[position + 1] & 63))
        position += 2
      default: result.append(byte)
      }
    }
    result.append(UInt8(ascii: "\""))
    return result
    func escape(_ code: UInt32) {
      result += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
      for shift in [12, 8, 4, 0] { result.append(digits[Int(code >> shift & 15)]) }
    }
  }
}
