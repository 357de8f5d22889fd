/// Where one value is encoded: an encoder, and the container of a single value.
struct JSONEncoding: Encoder {
  let settings: JSON.Encoder
  private let parent: JSONCodingPath
  private let step: JSONCodingStep
  private let slot = JSONEncodedSlot()
  /// The value is a dictionary by strings.
  private let keysAreData: Bool

  init(_ settings: JSON.Encoder, _ parent: JSONCodingPath, _ step: JSONCodingStep, keysAreData: Bool = false) {
    (self.settings, self.parent, self.step) = (settings, parent, step)
    self.keysAreData = keysAreData
  }

  var path: JSONCodingPath { parent.appending(step) }
  var codingPath: [any CodingKey] { path.keys }
  var userInfo: [CodingUserInfoKey: Any] { settings.userInfo }
  /// What was encoded so far.
  var value: JSONEncodedValue? { slot.value }
  /// What will have been encoded.
  var later: JSONEncodedValue { .slot(slot) }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    let object: JSONEncodedObject
    if case .object(let present)? = slot.value {
      object = present
    } else {
      precondition(slot.value == nil, "JSON.Encoder: a keyed container where another value was encoded")
      object = JSONEncodedObject()
      slot.value = .object(object)
    }
    return KeyedEncodingContainer(
      JSONKeyedEncoding(settings, object, path, isConverted: settings.keys == .snakeCase && !keysAreData))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    let array: JSONEncodedArray
    if case .array(let present)? = slot.value {
      array = present
    } else {
      precondition(slot.value == nil, "JSON.Encoder: an unkeyed container where another value was encoded")
      array = JSONEncodedArray()
      slot.value = .array(array)
    }
    return JSONUnkeyedEncoding(settings, array, path)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func put(_ value: JSONEncodedValue) {
    precondition(slot.value == nil, "JSON.Encoder: two values in a container of a single one")
    slot.value = value
  }
}

// MARK: - Values

extension JSONEncoding: SingleValueEncodingContainer {
  func encodeNil() throws { put(.null) }
  func encode(_ value: Bool) throws { put(.bool(value)) }
  func encode(_ value: String) throws { put(.string(value)) }
  func encode(_ value: Double) throws { try put(settings.encoded(value, at: codingPath)) }
  func encode(_ value: Float) throws { try put(settings.encoded(value, at: codingPath)) }
  func encode<Value: Encodable & FixedWidthInteger>(_ value: Value) throws { put(settings.encoded(value)) }
  func encode<Value: Encodable>(_ value: Value) throws { try put(settings.encoded(value, parent, step)) }
}

extension JSON.Encoder {
  /// What a value encodes; nothing is an empty object.
  func encoded(
    _ value: some Encodable, _ parent: JSONCodingPath, _ step: JSONCodingStep
  ) throws -> JSONEncodedValue {
    try encodedOrNothing(value, parent, step) ?? .object(JSONEncodedObject())
  }

  func encodedOrNothing(
    _ value: some Encodable, _ parent: JSONCodingPath, _ step: JSONCodingStep
  ) throws -> JSONEncodedValue? {
    // A cast costs a search for the conformance: not where nothing depends on it.
    let isDictionary = keys != .unchanged && value is any JSONStringKeyed
    let encoding = JSONEncoding(self, parent, step, keysAreData: isDictionary)
    try value.encode(to: encoding)
    return encoding.value
  }

  func encoded(_ value: some FixedWidthInteger) -> JSONEncodedValue {
    if let value = Int64(exactly: value) { return .integer(value) }
    if let value = UInt64(exactly: value) { return .unsigned(value) }
    return .digits(String(value))
  }

  func encoded(_ value: Double, at path: @autoclosure () -> [any CodingKey]) throws -> JSONEncodedValue {
    value.isFinite ? .double(value) : try nonConforming(value, path())
  }

  /// The shortest text that reads back as the same float: the double of that text has no shorter one.
  func encoded(_ value: Float, at path: @autoclosure () -> [any CodingKey]) throws -> JSONEncodedValue {
    value.isFinite ? .double(Double(value.description) ?? Double(value)) : try nonConforming(value, path())
  }

  private func nonConforming<Value: BinaryFloatingPoint>(
    _ value: Value, _ path: [any CodingKey]
  ) throws -> JSONEncodedValue {
    guard case .strings(let positive, let negative, let nan) = nonConformingFloats else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: path, debugDescription: "\(value) is no number that JSON has"))
    }
    return .string(value.isNaN ? nan : value > 0 ? positive : negative)
  }
}
