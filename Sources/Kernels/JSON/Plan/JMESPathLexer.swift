/// The tokens of a JMESPath expression (jmespath.org, "Grammar").
struct JMESPathToken {
  enum Kind: UInt8 {
    case end, identifier, quotedIdentifier, literal, rawString, number
    case dot, star, leftBracket, rightBracket, flatten, filter, comma, colon, leftParenthesis, rightParenthesis
    case leftBrace, rightBrace, current, ampersand, and, or, pipe, not
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  }

  var kind: Kind
  /// Bytes of the expression.
  var start: Int
  var end: Int
  /// Of a number.
  var value = 0
}

/// Splits an expression, a byte at a time, into tokens.
struct JMESPathLexer {
  let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  mutating func tokens() throws(JSONPlanError) -> [JMESPathToken] {
    var result: [JMESPathToken] = []
    result.reserveCapacity(text.count / 3 + 4)
    while true {
      let token = try next()
      result.append(token)
      if token.kind == .end { return result }
    }
  }

  private func byte(_ index: Int) -> UInt8 { index < text.count ? text[index] : 0 }

  private mutating func next() throws(JSONPlanError) -> JMESPathToken {
    while true {
      switch byte(position) {
      case UInt8(ascii: " "), 9, 10, 13: position += 1
      default: return try token()
      }
    }
  }

  private mutating func token() throws(JSONPlanError) -> JMESPathToken {
    let start = position
    guard start < text.count else { return JMESPathToken(kind: .end, start: start, end: start) }
    func single(_ kind: JMESPathToken.Kind, _ length: Int = 1) -> JMESPathToken {
      JMESPathToken(kind: kind, start: start, end: start + length)
    }
    let following = byte(start + 1)
    let token: JMESPathToken
    switch text[start] {
    case UInt8(ascii: "."): token = single(.dot)
    case UInt8(ascii: "*"): token = single(.star)
    case UInt8(ascii: "]"): token = single(.rightBracket)
    case UInt8(ascii: ","): token = single(.comma)
    case UInt8(ascii: ":"): token = single(.colon)
    case UInt8(ascii: "@"): token = single(.current)
    case UInt8(ascii: "("): token = single(.leftParenthesis)
    case UInt8(ascii: ")"): token = single(.rightParenthesis)
    case UInt8(ascii: "{"): token = single(.leftBrace)
    case UInt8(ascii: "}"): token = single(.rightBrace)
    case UInt8(ascii: "["):
      switch following {
      case UInt8(ascii: "]"): token = single(.flatten, 2)
      case UInt8(ascii: "?"): token = single(.filter, 2)
      default: token = single(.leftBracket)
      }
    case UInt8(ascii: "|"): token = following == UInt8(ascii: "|") ? single(.or, 2) : single(.pipe)
    case UInt8(ascii: "&"): token = following == UInt8(ascii: "&") ? single(.and, 2) : single(.ampersand)
    case UInt8(ascii: "<"): token = following == UInt8(ascii: "=") ? single(.lessOrEqual, 2) : single(.less)
    case UInt8(ascii: ">"): token = following == UInt8(ascii: "=") ? single(.greaterOrEqual, 2) : single(.greater)
    case UInt8(ascii: "!"): token = following == UInt8(ascii: "=") ? single(.notEqual, 2) : single(.not)
    case UInt8(ascii: "="):
      guard following == UInt8(ascii: "=") else { throw JSONPlanError(.syntax, at: start, "= alone is no operator") }
      token = single(.equal, 2)
    case UInt8(ascii: "'"): token = try delimited(.rawString)
    case UInt8(ascii: "`"): token = try delimited(.literal)
    case UInt8(ascii: "\""): token = try delimited(.quotedIdentifier)
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      token = single(.identifier, identifierLength(start))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): token = number(negative: false)
    case UInt8(ascii: "-"):
      guard following >= UInt8(ascii: "0"), following <= UInt8(ascii: "9") else {
        throw JSONPlanError(.syntax, at: start, "- without a number")
      }
      token = number(negative: true)
    default: throw JSONPlanError(.syntax, at: start, "a character that begins nothing")
    }
    position = token.end
    return token
  }

  private func identifierLength(_ start: Int) -> Int {
    var end = start
    while true {
      switch byte(end) {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        end += 1
      default: return end - start
      }
    }
  }

  /// Saturates: no array has so many elements that it would matter.
  private func number(negative: Bool) -> JMESPathToken {
    var end = position + (negative ? 1 : 0)
    var value = 0
    while case UInt8(ascii: "0")...UInt8(ascii: "9") = byte(end) {
      value = min(value, Int.max / 16) * 10 + Int(byte(end) - UInt8(ascii: "0"))
      end += 1
    }
    return JMESPathToken(kind: .number, start: position, end: end, value: negative ? -value : value)
  }

  /// Up to the next delimiter that no backslash precedes.
  private func delimited(_ kind: JMESPathToken.Kind) throws(JSONPlanError) -> JMESPathToken {
    let delimiter = text[position]
    var end = position + 1
    while end < text.count, text[end] != delimiter { end += text[end] == UInt8(ascii: "\\") ? 2 : 1 }
    guard end < text.count else { throw JSONPlanError(.syntax, at: position, "a delimiter without its counterpart") }
    return JMESPathToken(kind: kind, start: position, end: end + 1)
  }
}
