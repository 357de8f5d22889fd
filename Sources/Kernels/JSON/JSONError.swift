/// Why a text was refused, and where.
public struct JSONError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Kind: Error, Hashable, Sendable {
    /// A byte that no valid text has at this place.
    case unexpectedByte
    /// The text ends before the value does.
    case unexpectedEnd
    /// Bytes that are not UTF-8.
    case invalidUTF8
    /// A byte below the space inside a string.
    case controlCharacter
    /// A backslash before something that it cannot escape.
    case invalidEscape
    /// An escaped surrogate without its other half; where ``JSONOptions/loneSurrogates`` rejects it.
    case loneSurrogate
    /// A key that its object has already; where ``JSONOptions/duplicateKeys`` rejects it.
    case duplicateKey
    /// A value of another kind than asked for.
    case typeMismatch
    /// Nested deeper than ``JSONOptions/maximumDepth``.
    case depthLimit
    /// Longer than ``JSONOptions/maximumByteCount``, or than a document can be.
    case byteLimit
    /// What comes out is more than allowed, or than the memory given.
    case outputLimit
    /// The system has no more memory.
    case outOfMemory
  }

  public var kind: Kind

  /// The first byte that cannot be part of any valid text that begins as this one; the text's length when it ends too early.
  public var offset: Int

  /// JSON Pointer (RFC 6901) to the value in which it went wrong.
  public var path: String

  public init(_ kind: Kind, offset: Int, path: String = "") {
    (self.kind, self.offset, self.path) = (kind, offset, path)
  }

  /// Valid so far, but past a limit.
  public var isLimit: Bool {
    switch kind {
    case .depthLimit, .byteLimit, .outputLimit: true
    default: false
    }
  }

  /// The line of ``offset``, from 1, and its byte in that line, from 1.
  ///
  /// Lines end with `\n`. - Complexity: O(offset).
  public func position(in text: RawSpan) -> (line: Int, column: Int) {
    unsafe text.withUnsafeBytes { text in
      var (line, start) = (1, 0)
      for i in 0..<min(offset, text.count) where unsafe text[i] == UInt8(ascii: "\n") {
        line += 1
        start = i + 1
      }
      return (line, offset - start + 1)
    }
  }
}

extension JSONError: CustomStringConvertible {
  public var description: String {
    "\(kind.sentence) at byte \(offset)\(path.isEmpty ? "" : ", in \(path)")"
  }
}

extension JSONError.Kind {
  /// What is wrong, in words.
  public var sentence: String {
    switch self {
    case .unexpectedByte: "unexpected byte"
    case .unexpectedEnd: "the text ends too early"
    case .invalidUTF8: "not UTF-8"
    case .controlCharacter: "control character in a string"
    case .invalidEscape: "invalid escape"
    case .loneSurrogate: "lone surrogate"
    case .duplicateKey: "duplicate key"
    case .typeMismatch: "a value of another kind than asked for"
    case .depthLimit: "nested too deep"
    case .byteLimit: "text too long"
    case .outputLimit: "output too long"
    case .outOfMemory: "out of memory"
    }
  }
}
