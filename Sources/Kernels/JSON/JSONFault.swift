/// Finds what is wrong with a text, byte by byte: the slow path, taken once a text was found to be bad.
@unsafe
struct JSONFault {
  private let source: UnsafeRawBufferPointer
  private let options: JSONOptions
  private var at = 0
  /// The containers that are open, outermost first.
  private var open: [Level] = []

  private struct Level {
    let isObject: Bool
    var index = 0
    /// Of the member that is read, quotes included; nil before its end.
    var key: Range<Int>?
  }

  /// What is wrong with `source`; nil when it is valid.
  ///
  /// - `source` is readable for its whole count.
  static func find(_ source: UnsafeRawBufferPointer, _ options: JSONOptions) -> JSONError? {
    var fault = unsafe JSONFault(source: source, options: options)
    do {
      try unsafe fault.run()
      return nil
    } catch {
      return unsafe JSONError(error, offset: fault.at, path: fault.path)
    }
  }

  private init(source: UnsafeRawBufferPointer, options: JSONOptions) {
    unsafe self.source = source
    unsafe self.options = options
  }

  private mutating func run() throws(JSONError.Kind) {
    value: while true {
      unsafe skipBlanks()
      switch try unsafe peek() {
      case UInt8(ascii: "{"):
        try unsafe enter(object: true)
        if try unsafe peek() != UInt8(ascii: "}") {
          try unsafe member()
          continue value
        }
      case UInt8(ascii: "["):
        try unsafe enter(object: false)
        if try unsafe peek() != UInt8(ascii: "]") { continue value }
      case UInt8(ascii: "\""): try unsafe string()
      case UInt8(ascii: "t"): try unsafe word("true")
      case UInt8(ascii: "f"): try unsafe word("false")
      case UInt8(ascii: "n"): try unsafe word("null")
      default: try unsafe number()
      }
      // After a value, or before the end of an empty container.
      while true {
        unsafe skipBlanks()
        guard let level = unsafe open.last else {
          guard unsafe at == source.count else { throw .unexpectedByte }
          return
        }
        if try unsafe peek() == UInt8(ascii: ",") {
          unsafe at += 1
          unsafe open[open.count - 1].index += 1
          unsafe open[open.count - 1].key = nil
          if level.isObject { try unsafe member() }
          continue value
        }
        try unsafe take(level.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        unsafe open.removeLast()
      }
    }
  }

  private mutating func enter(object: Bool) throws(JSONError.Kind) {
    guard unsafe open.count < options.maximumDepth else { throw .depthLimit }
    unsafe at += 1
    unsafe open.append(Level(isObject: object))
    unsafe skipBlanks()
  }

  private mutating func member() throws(JSONError.Kind) {
    unsafe skipBlanks()
    let start = unsafe at
    try unsafe string()
    unsafe open[open.count - 1].key = start..<at
    unsafe skipBlanks()
    try unsafe take(UInt8(ascii: ":"))
  }

  private mutating func word(_ word: StaticString) throws(JSONError.Kind) {
    for i in 0..<word.utf8CodeUnitCount { try unsafe take(word.utf8Start[i]) }
  }

  private mutating func number() throws(JSONError.Kind) {
    if try unsafe peek() == UInt8(ascii: "-") { unsafe at += 1 }
    let zero = try unsafe peek() == UInt8(ascii: "0")
    if zero { unsafe at += 1 } else { try unsafe digits() }
    if unsafe at < source.count && source[at] == UInt8(ascii: ".") {
      unsafe at += 1
      try unsafe digits()
    }
    if unsafe at < source.count && source[at] | 0x20 == UInt8(ascii: "e") {
      unsafe at += 1
      let sign = try unsafe peek()
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { unsafe at += 1 }
      try unsafe digits()
    }
  }

  /// One or more.
  private mutating func digits() throws(JSONError.Kind) {
    guard unsafe try peek() &- UInt8(ascii: "0") < 10 else { throw .unexpectedByte }
    while unsafe at < source.count && source[at] &- UInt8(ascii: "0") < 10 { unsafe at += 1 }
  }
}

// MARK: - Bytes

extension JSONFault {
  private func peek() throws(JSONError.Kind) -> UInt8 {
    guard unsafe at < source.count else { throw .unexpectedEnd }
    return unsafe source[at]
  }

  private mutating func take(_ byte: UInt8) throws(JSONError.Kind) {
    guard try unsafe peek() == byte else { throw .unexpectedByte }
    unsafe at += 1
  }

  private mutating func skipBlanks() {
    while unsafe at < source.count && JSONBytes.isBlank(source[at]) { unsafe at += 1 }
  }
}

// MARK: - Strings

extension JSONFault {
  private mutating func string() throws(JSONError.Kind) {
    try unsafe take(UInt8(ascii: "\""))
    var utf8 = UTF8State(0)
    while true {
      let byte = try unsafe peek()
      guard utf8.take(byte) else { throw .invalidUTF8 }
      if byte < 0x20 { throw .controlCharacter }
      unsafe at += 1
      if byte == UInt8(ascii: "\"") { return }
      if byte == UInt8(ascii: "\\") { try unsafe escape() }
    }
  }

  private mutating func escape() throws(JSONError.Kind) {
    switch try unsafe peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      unsafe at += 1
    case UInt8(ascii: "u"):
      unsafe at += 1
      let reject = unsafe options.loneSurrogates == .reject
      let unit = try unsafe unit { reject && $0 == 1 && $1 >= 0xdc && $1 < 0xe0 }
      guard reject && unit & 0xfc00 == 0xd800 else { return }
      for byte in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
        guard try unsafe peek() == byte else { throw .loneSurrogate }
        unsafe at += 1
      }
      _ = try unsafe self.unit { $0 == 0 && $1 != 0xd || $0 == 1 && $1 < 0xdc }
    default: throw .invalidEscape
    }
  }

  /// Four hexadecimal digits, unless `isLone` says of what has come (the digits before the last, and their value) that no pair has it.
  private mutating func unit(_ isLone: (Int, UInt16) -> Bool) throws(JSONError.Kind) -> UInt16 {
    var value: UInt16 = 0
    for i in 0..<4 {
      guard let digit = try JSONBytes.hexadecimal(unsafe peek()) else { throw .invalidEscape }
      value = value << 4 | UInt16(digit)
      if isLone(i, value) { throw .loneSurrogate }
      unsafe at += 1
    }
    return value
  }
}

// MARK: - The path

extension JSONFault {
  /// JSON Pointer, RFC 6901, to the value that is read.
  private var path: String {
    var path = ""
    for level in unsafe open {
      guard level.isObject else {
        path += "/\(level.index)"
        continue
      }
      guard let key = level.key else { break }
      path += unsafe "/" + JSONPointerText.escaped(JSONUnescape.string(UnsafeRawBufferPointer(rebasing: source[key])))
    }
    return path
  }
}
