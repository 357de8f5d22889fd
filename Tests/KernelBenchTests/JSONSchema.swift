import Foundation

/// What of JSON Schema, draft 2020-12, the schemas of this package use; a keyword that is not known here is an error.
struct JSONSchema {
  private let root: [String: Any]
  /// Properties that a schema does not name are problems too: what is written must be documented.
  private let isClosed: Bool

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  init(contentsOf path: String, isClosed: Bool) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw Problem(description: "\(path) is no object")
    }
    (self.root, self.isClosed) = (root, isClosed)
  }

  /// What is wrong with a document; empty where nothing is.
  func problems(_ json: Data) throws -> [String] {
    try problems(JSONSerialization.jsonObject(with: json), root, at: "$")
  }

  /// The names of all properties that are described.
  var propertyNames: Set<String> {
    func names(_ value: Any) -> [String] {
      guard let object = value as? [String: Any] else { return (value as? [Any])?.flatMap(names) ?? [] }
      let own = (object["properties"] as? [String: Any]).map { Array($0.keys) } ?? []
      return own + object.values.flatMap(names)
    }
    return Set(names(root))
  }

  private func problems(_ value: Any, _ schema: [String: Any], at place: String) throws -> [String] {
    var result: [String] = []
    for (keyword, argument) in schema {
      switch keyword {
      case "$schema", "$id", "$defs", "title", "description": break
      case "$ref": result += try problems(value, definition(argument), at: place)
      case "const": if !Self.isEqual(value, argument) { result.append("\(place) is not \(argument)") }
      case "enum":
        let allowed = argument as? [Any] ?? []
        if !allowed.contains(where: { Self.isEqual(value, $0) }) { result.append("\(place) is \(value)") }
      case "type": if !Self.isOf(argument as? String ?? "", value) { result.append("\(place) is no \(argument)") }
      case "minimum", "exclusiveMinimum":
        guard let number = value as? Double, let least = argument as? Double else { break }
        if number < least || (number == least && keyword == "exclusiveMinimum") {
          result.append("\(place) is \(number)")
        }
      case "minItems":
        if let items = value as? [Any], items.count < argument as? Int ?? 0 { result.append("\(place) is too short") }
      case "items":
        for (index, item) in (value as? [Any] ?? []).enumerated() {
          result += try problems(item, Self.object(argument), at: "\(place)[\(index)]")
        }
      case "required":
        guard let object = value as? [String: Any] else { break }
        for name in argument as? [String] ?? [] where object[name] == nil {
          result.append("\(place).\(name) is missing")
        }
      case "properties":
        let described = try Self.object(argument)
        for (name, member) in value as? [String: Any] ?? [:] {
          if let schema = described[name] {
            result += try problems(member, Self.object(schema), at: "\(place).\(name)")
          } else if isClosed && schema["additionalProperties"] == nil {
            result.append("\(place).\(name) is not described")
          }
        }
      case "additionalProperties":
        let described = (schema["properties"] as? [String: Any]) ?? [:]
        for (name, member) in value as? [String: Any] ?? [:] where described[name] == nil {
          result += try problems(member, Self.object(argument), at: "\(place).\(name)")
        }
      case "oneOf":
        let choices = try (argument as? [Any] ?? []).map { try problems(value, Self.object($0), at: place) }
        if choices.count(where: \.isEmpty) != 1 { result.append("\(place) is not one of: \(choices)") }
      default: throw Problem(description: "the keyword \(keyword) is not known here")
      }
    }
    return result
  }

  /// `#/$defs/name`.
  private func definition(_ reference: Any) throws -> [String: Any] {
    let parts = (reference as? String ?? "").split(separator: "/").map(String.init)
    guard parts.count == 3, parts[0] == "#", parts[1] == "$defs", let all = root["$defs"] as? [String: Any],
      let definition = all[parts[2]]
    else { throw Problem(description: "\(reference) leads nowhere") }
    return try Self.object(definition)
  }

  private static func object(_ value: Any) throws -> [String: Any] {
    guard let object = value as? [String: Any] else { throw Problem(description: "\(value) is no schema") }
    return object
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": isBoolean(value)
    case "number": value is NSNumber && !isBoolean(value)
    case "integer": !isBoolean(value) && (value as? Double).map { $0 == $0.rounded() } == true
    default: false
    }
  }

  private static func isBoolean(_ value: Any) -> Bool {
    // A number that came from true or false is its own type underneath.
    (value as? NSNumber).map { unsafe String(cString: $0.objCType) == "c" } ?? false
  }

  private static func isEqual(_ a: Any, _ b: Any) -> Bool { (a as? NSObject)?.isEqual(b) ?? false }
}
