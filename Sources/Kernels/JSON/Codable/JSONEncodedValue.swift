/// What `Encodable` types have encoded: containers may be filled in any order, so that nothing is written before all is there.
enum JSONEncodedValue {
  case null
  case bool(Bool)
  case integer(Int64)
  case unsigned(UInt64)
  case double(Double)
  /// The text of an integer of more than 64 bits.
  case digits(String)
  case string(String)
  case array(JSONEncodedArray)
  case object(JSONEncodedObject)
  /// What a superclass encodes, or will have.
  case slot(JSONEncodedSlot)
}

final class JSONEncodedSlot {
  var value: JSONEncodedValue?
}

final class JSONEncodedArray {
  var values: [JSONEncodedValue] = []
}

/// Members in the order in which their keys first came.
final class JSONEncodedObject {
  private(set) var members: [(key: String, value: JSONEncodedValue)] = []
  /// Places by key, once there are too many to look through.
  private var places: [String: Int] = [:]

  private static var few: Int { 16 }

  private func place(_ key: String) -> Int? {
    members.count <= Self.few ? members.firstIndex { $0.key == key } : places[key]
  }

  subscript(key: String) -> JSONEncodedValue? { place(key).map { members[$0].value } }

  /// The value of a key; that which it had goes.
  func set(_ key: String, _ value: JSONEncodedValue) {
    if let place = place(key) {
      members[place].value = value
      return
    }
    members.append((key, value))
    if members.count == Self.few + 1 {
      for (place, member) in members.enumerated() { places[member.key] = place }
    } else if members.count > Self.few {
      places[key] = members.count - 1
    }
  }
}

extension JSONEncodedValue {
  func write(to writer: inout JSONWriter, sorted: Bool) throws(JSONError) {
    switch self {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .integer(let value): writer.number(value)
    case .unsigned(let value): writer.number(value)
    case .double(let value): writer.number(value)
    case .digits(let text):
      try Self.copy(text, to: &writer)
    case .string(let value): writer.string(value)
    case .array(let array):
      writer.beginArray()
      for value in array.values { try value.write(to: &writer, sorted: sorted) }
      writer.endArray()
    case .object(let object):
      writer.beginObject()
      let members =
        sorted
        ? object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : object.members
      for (key, value) in members {
        writer.key(key)
        try value.write(to: &writer, sorted: sorted)
      }
      writer.endObject()
    case .slot(let slot):
      guard let value = slot.value else {
        writer.beginObject()
        return writer.endObject()
      }
      try value.write(to: &writer, sorted: sorted)
    }
  }

  /// A text that is JSON already.
  private static func copy(_ text: String, to writer: inout JSONWriter) throws(JSONError) {
    var document = JSONDocument()
    try document.parse(text)
    writer.value(document.root)
  }
}
