/// The members of an object, by keys.
struct JSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let source: JSONDecodingSource
  private let object: Int
  private let path: JSONCodingPath
  /// Values by the names that types use; nil in small objects whose keys are those names: they are looked through.
  private let members: [String: Int]?

  private static var few: Int { 16 }

  init(_ decoding: JSONDecoding) {
    (source, object, path) = (decoding.source, decoding.index, decoding.path)
    let tape = unsafe source.tape
    let isConverted = source.settings.keys == .snakeCase && !decoding.keysAreData
    guard unsafe isConverted || tape.childCount(object) > Self.few else {
      members = nil
      return
    }
    var members: [String: Int] = [:]
    unsafe members.reserveCapacity(tape.childCount(object))
    let keepsFirst = source.settings.options.duplicateKeys == .first
    Self.forEach(source, object) { key, value in
      let name = isConverted ? JSONKeyCase.camel(key) : key
      if !keepsFirst || members[name] == nil { members[name] = value }
    }
    self.members = members
  }

  private static func forEach(_ source: JSONDecodingSource, _ object: Int, _ body: (String, Int) -> Void) {
    let tape = unsafe source.tape
    let end = unsafe tape.next(object)
    var key = object + 1
    while key < end {
      unsafe body(tape.text(key), key + 1)
      key = unsafe tape.next(key + 1)
    }
  }

  /// In the tape; below 0 where there is none.
  private func find(_ name: String) -> Int {
    if let members { return members[name] ?? -1 }
    var name = name
    return name.withUTF8 { unsafe source.tape.member(object, UnsafeRawBufferPointer($0)) }
  }

  func value(_ key: any CodingKey) throws -> JSONDecoding {
    let found = find(key.stringValue)
    guard found >= 0 else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "no member \"\(key.stringValue)\""))
    }
    return JSONDecoding(source, found, path, .key(key))
  }

  var codingPath: [any CodingKey] { path.keys }

  /// Each key once; of an object that is looked through, in the order of those that count.
  var allKeys: [Key] {
    if let members { return members.sorted { $0.value < $1.value }.compactMap { Key(stringValue: $0.key) } }
    var keys: [Key] = []
    Self.forEach(source, object) { name, value in
      if find(name) == value, let key = Key(stringValue: name) { keys.append(key) }
    }
    return keys
  }

  func contains(_ key: Key) -> Bool { find(key.stringValue) >= 0 }
  func decodeNil(forKey key: Key) throws -> Bool { try value(key).kind == .null }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).decode(type) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).decode(type) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key).double() }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(key).float() }
  func decode<Value: Decodable & FixedWidthInteger>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try value(key).integer(type)
  }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try value(key).value(type) }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    let found = find(key.stringValue)
    guard found >= 0 else { return nil }
    let value = JSONDecoding(source, found, path, .key(key))
    return value.kind == .null ? nil : try value.value(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try value(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try value(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    JSONDecoding(source, find(JSONCodingKey.super.stringValue), path, .key(JSONCodingKey.super))
  }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    JSONDecoding(source, find(key.stringValue), path, .key(key))
  }
}
