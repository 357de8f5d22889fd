/// A document that is decoded, and how: what all decoders of one text share.
@safe
final class JSONDecodingSource {
  private let document: JSONDocument
  let settings: JSON.Decoder

  init(_ document: consuming JSONDocument, _ settings: JSON.Decoder) {
    self.document = document
    self.settings = settings
  }

  /// - For the time that the source is held.
  @unsafe var tape: JSONTape { unsafe document.tape }
}

/// One value, for `Decodable` types to read: a decoder, and the container of a single value.
struct JSONDecoding: Decoder {
  let source: JSONDecodingSource
  /// In the tape; below 0 where there is nothing, which reads as null.
  let index: Int
  private let parent: JSONCodingPath
  private let step: JSONCodingStep
  /// The value is a dictionary by strings.
  var keysAreData = false

  init(_ source: JSONDecodingSource, _ index: Int, _ parent: JSONCodingPath, _ step: JSONCodingStep) {
    (self.source, self.index, self.parent, self.step) = (source, index, parent, step)
  }

  var path: JSONCodingPath { parent.appending(step) }
  var codingPath: [any CodingKey] { path.keys }
  var userInfo: [CodingUserInfoKey: Any] { source.settings.userInfo }

  var kind: JSONKind { index < 0 ? .null : unsafe source.tape.kind(index) }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard kind == .object else { throw mismatch([String: Any].self) }
    return KeyedDecodingContainer(JSONKeyedDecoding(self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard kind == .array else { throw mismatch([Any].self) }
    return JSONUnkeyedDecoding(self)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  // MARK: - Errors

  func context(_ message: String) -> DecodingError.Context { .init(codingPath: codingPath, debugDescription: message) }

  /// There is a value of another kind, or none.
  func mismatch(_ type: Any.Type) -> DecodingError {
    if kind == .null { return .valueNotFound(type, context("a value of type \(type) is expected, and null is there")) }
    return .typeMismatch(type, context("a value of type \(type) is expected, and \(kind.words) is there"))
  }

  func corrupted(_ message: String) -> DecodingError { .dataCorrupted(context(message)) }
}

extension JSONKind {
  fileprivate var words: String {
    switch self {
    case .null: "null"
    case .false, .true: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

// MARK: - Values

extension JSONDecoding: SingleValueDecodingContainer {
  func decodeNil() -> Bool { kind == .null }

  func decode(_ type: Bool.Type) throws -> Bool {
    switch kind {
    case .true: return true
    case .false: return false
    default: throw mismatch(type)
    }
  }

  func decode(_ type: String.Type) throws -> String {
    guard kind == .string else { throw mismatch(type) }
    return unsafe source.tape.text(index)
  }

  func decode(_ type: Double.Type) throws -> Double { try double() }
  func decode(_ type: Float.Type) throws -> Float { try float() }
  func decode<Value: Decodable & FixedWidthInteger>(_ type: Value.Type) throws -> Value { try integer(type) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value(type) }

  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    var decoding = self
    // A cast costs a search for the conformance: not where nothing depends on it.
    decoding.keysAreData = source.settings.keys != .unchanged && type is any JSONStringKeyed.Type
    return try Value(from: decoding)
  }
}

extension JSONTape {
  /// What a string or key stands for.
  func text(_ string: Int) -> String {
    guard unsafe node(string).hasEscapes else { return unsafe String(decoding: contents(string), as: UTF8.self) }
    return unsafe JSONUnescape.string(raw(string))
  }
}
