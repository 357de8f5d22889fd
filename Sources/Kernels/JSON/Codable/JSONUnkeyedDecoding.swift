/// The elements of an array, one after another.
struct JSONUnkeyedDecoding: UnkeyedDecodingContainer {
  private let source: JSONDecodingSource
  private let path: JSONCodingPath
  private let end: Int
  private var at: Int
  private let elementCount: Int
  private(set) var currentIndex = 0

  init(_ decoding: JSONDecoding) {
    (source, path) = (decoding.source, decoding.path)
    let tape = unsafe source.tape
    at = decoding.index + 1
    end = unsafe tape.next(decoding.index)
    elementCount = unsafe tape.childCount(decoding.index)
  }

  var codingPath: [any CodingKey] { path.keys }
  var count: Int? { elementCount }
  var isAtEnd: Bool { at >= end }

  /// What `read` makes of the next element, which is passed only when that succeeds.
  mutating func next<Value>(_ type: Any.Type, _ read: (JSONDecoding) throws -> Value) throws -> Value {
    guard at < end else {
      let here = path.appending(.element(currentIndex)).keys
      throw DecodingError.valueNotFound(
        type, .init(codingPath: here, debugDescription: "the array has no more than \(currentIndex) elements"))
    }
    let value = try read(JSONDecoding(source, at, path, .element(currentIndex)))
    at = unsafe source.tape.next(at)
    currentIndex += 1
    return value
  }

  mutating func decodeNil() throws -> Bool {
    let isNull = isAtEnd ? false : unsafe source.tape.kind(at) == .null
    return isNull || isAtEnd ? try next(Any?.self) { _ in true } : false
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool { try next(type) { try $0.decode(type) } }
  mutating func decode(_ type: String.Type) throws -> String { try next(type) { try $0.decode(type) } }
  mutating func decode(_ type: Double.Type) throws -> Double { try next(type) { try $0.double() } }
  mutating func decode(_ type: Float.Type) throws -> Float { try next(type) { try $0.float() } }
  mutating func decode<Value: Decodable & FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    try next(type) { try $0.integer(type) }
  }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next(type) { try $0.value(type) } }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try next([String: Any].self) { try $0.container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next([Any].self) { try $0.unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try next(Any.self) { $0 } }
}
