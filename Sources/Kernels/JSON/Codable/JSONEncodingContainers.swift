/// The members of an object that is encoded.
struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let settings: JSON.Encoder
  private let object: JSONEncodedObject
  private let path: JSONCodingPath
  private let isConverted: Bool

  init(_ settings: JSON.Encoder, _ object: JSONEncodedObject, _ path: JSONCodingPath, isConverted: Bool) {
    (self.settings, self.object, self.path, self.isConverted) = (settings, object, path, isConverted)
  }

  var codingPath: [any CodingKey] { path.keys }

  private func name(_ key: any CodingKey) -> String {
    isConverted ? JSONKeyCase.snake(key.stringValue) : key.stringValue
  }

  func set(_ value: JSONEncodedValue, _ key: Key) { object.set(name(key), value) }

  mutating func encodeNil(forKey key: Key) throws { object.set(name(key), .null) }
  mutating func encode(_ value: Bool, forKey key: Key) throws { object.set(name(key), .bool(value)) }
  mutating func encode(_ value: String, forKey key: Key) throws { object.set(name(key), .string(value)) }
  mutating func encode(_ value: Double, forKey key: Key) throws {
    try object.set(name(key), settings.encoded(value, at: codingPath + [key]))
  }
  mutating func encode(_ value: Float, forKey key: Key) throws {
    try object.set(name(key), settings.encoded(value, at: codingPath + [key]))
  }
  mutating func encode<Value: Encodable & FixedWidthInteger>(_ value: Value, forKey key: Key) throws {
    object.set(name(key), settings.encoded(value))
  }
  mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try object.set(name(key), settings.encoded(value, path, .key(key)))
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    let nested: JSONEncodedObject
    if case .object(let present)? = object[name(key)] {
      nested = present
    } else {
      nested = JSONEncodedObject()
      object.set(name(key), .object(nested))
    }
    return KeyedEncodingContainer(
      JSONKeyedEncoding<NestedKey>(
        settings, nested, path.appending(.key(key)), isConverted: settings.keys == .snakeCase))
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    let nested: JSONEncodedArray
    if case .array(let present)? = object[name(key)] {
      nested = present
    } else {
      nested = JSONEncodedArray()
      object.set(name(key), .array(nested))
    }
    return JSONUnkeyedEncoding(settings, nested, path.appending(.key(key)))
  }

  mutating func superEncoder() -> any Encoder { deferred(JSONCodingKey.super) }
  mutating func superEncoder(forKey key: Key) -> any Encoder { deferred(key) }

  private func deferred(_ key: any CodingKey) -> any Encoder {
    let encoding = JSONEncoding(settings, path, .key(key))
    object.set(name(key), encoding.later)
    return encoding
  }
}

/// The elements of an array that is encoded.
struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
  let settings: JSON.Encoder
  let array: JSONEncodedArray
  private let path: JSONCodingPath

  init(_ settings: JSON.Encoder, _ array: JSONEncodedArray, _ path: JSONCodingPath) {
    (self.settings, self.array, self.path) = (settings, array, path)
  }

  var codingPath: [any CodingKey] { path.keys }
  var count: Int { array.values.count }

  private var elementPath: [any CodingKey] { path.appending(.element(count)).keys }

  mutating func encodeNil() throws { array.values.append(.null) }
  mutating func encode(_ value: Bool) throws { array.values.append(.bool(value)) }
  mutating func encode(_ value: String) throws { array.values.append(.string(value)) }
  mutating func encode(_ value: Double) throws { try array.values.append(settings.encoded(value, at: elementPath)) }
  mutating func encode(_ value: Float) throws { try array.values.append(settings.encoded(value, at: elementPath)) }
  mutating func encode<Value: Encodable & FixedWidthInteger>(_ value: Value) throws {
    array.values.append(settings.encoded(value))
  }
  mutating func encode<Value: Encodable>(_ value: Value) throws {
    try array.values.append(settings.encoded(value, path, .element(count)))
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    let object = JSONEncodedObject()
    let path = path.appending(.element(count))
    array.values.append(.object(object))
    return KeyedEncodingContainer(
      JSONKeyedEncoding<NestedKey>(settings, object, path, isConverted: settings.keys == .snakeCase))
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    let nested = JSONEncodedArray()
    let path = path.appending(.element(count))
    array.values.append(.array(nested))
    return JSONUnkeyedEncoding(settings, nested, path)
  }

  mutating func superEncoder() -> any Encoder {
    let encoding = JSONEncoding(settings, path, .element(count))
    array.values.append(encoding.later)
    return encoding
  }
}
