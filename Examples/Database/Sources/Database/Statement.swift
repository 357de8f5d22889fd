/// A statement of SQL, and the values of its parameters, which travel beside it and are never part of its text.
public struct Statement: Sendable {
  public enum Parameter: Sendable, Hashable {
    case int64(Int64)
    case double(Double)
    case text(String)
    case null
  }

  public let sql: String
  /// Of `$1`, `$2` and so on.
  public let parameters: [Parameter]
  /// Whether it may run twice: it is sent again where the connection had ended before the first row came.
  public let isRepeatable: Bool

  public init(_ sql: String, _ parameters: [Parameter] = [], isRepeatable: Bool = true) {
    (self.sql, self.parameters, self.isRepeatable) = (sql, parameters, isRepeatable)
  }
}

extension Statement {
  /// The values in binary, one behind the other.
  var packed: (bytes: [UInt8], ranges: [Range<Int>?], types: [UInt32]) {
    var bytes: [UInt8] = []
    var ranges: [Range<Int>?] = []
    var types: [UInt32] = []
    for parameter in parameters {
      let start = bytes.count
      switch parameter {
      case .int64(let value):
        append(UInt64(bitPattern: value), to: &bytes)
        types.append(TypeID.int8)
      case .double(let value):
        append(value.bitPattern, to: &bytes)
        types.append(TypeID.float8)
      case .text(let value):
        bytes.append(contentsOf: value.utf8)
        types.append(TypeID.text)
      case .null: types.append(0)
      }
      ranges.append(parameter == .null ? nil : start..<bytes.count)
    }
    return (bytes, ranges, types)
  }

  private func append(_ value: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }
}

/// Numbers of types in `pg_type`, which never change for the built-in ones.
///
/// Source: PostgreSQL, `src/include/catalog/pg_type.dat`.
enum TypeID {
  static let bool: UInt32 = 16
  static let name: UInt32 = 19
  static let int8: UInt32 = 20
  static let int2: UInt32 = 21
  static let int4: UInt32 = 23
  static let text: UInt32 = 25
  static let float4: UInt32 = 700
  static let float8: UInt32 = 701
  static let bpchar: UInt32 = 1042
  static let varchar: UInt32 = 1043
  static let timestamp: UInt32 = 1114
  static let timestamptz: UInt32 = 1184
}
