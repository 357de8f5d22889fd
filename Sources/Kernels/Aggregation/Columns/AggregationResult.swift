/// What an aggregation emits: keys, window_start and window_end where there is a window, and the aggregates in the plan's order.
///
/// Rows are sorted by window_start and then by keys, nulls last; strings by their bytes.
public struct AggregationResult: Hashable, Sendable {
  /// Of every column.
  public let rowCount: Int
  /// In the order of the output; no two have one name.
  public let columns: [ResultColumn]

  /// The column of this name; nil where there is none.
  public subscript(_ name: String) -> ResultColumn? { columns.first { $0.name == name } }
}

/// A column of a result.
public struct ResultColumn: Hashable, Sendable {
  /// Of a key, `window_start` or `window_end`, or of the aggregate in the plan.
  public let name: String
  /// One a row; under a null a zero or an empty string.
  public let values: Values
  /// nil: no nulls. Else bit i of row i, least significant first, 1 for a value.
  public let validity: [UInt8]?

  /// Of one type.
  public enum Values: Hashable, Sendable {
    case int64([Int64])
    case uint64([UInt64])
    case double([Double])
    case bool([Bool])
    case strings(ResultStrings)
    /// As many counts a row as a histogram has bounds, and one.
    case counts([Int64], perRow: Int)
    case frequent(ResultFrequencies)
  }

  /// Whether the row has no value.
  public func isNull(_ row: Int) -> Bool {
    guard let validity else { return false }
    return validity[row >> 3] >> UInt8(row & 7) & 1 == 0
  }

  /// Nulls in the column.
  public var nullCount: Int {
    guard let validity else { return 0 }
    return rowCount - validity.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// As many as the result has.
  public var rowCount: Int {
    switch values {
    case .int64(let values): values.count
    case .uint64(let values): values.count
    case .double(let values): values.count
    case .bool(let values): values.count
    case .strings(let values): values.count
    case .counts(let values, let perRow): values.count / perRow
    case .frequent(let values): values.ends.count
    }
  }
}

/// Strings of UTF-8, one after the other.
public struct ResultStrings: Hashable, Sendable {
  public package(set) var bytes: [UInt8] = []
  /// Where each string ends in ``bytes``; it starts where the one before ends.
  public package(set) var ends: [Int] = []

  /// How many there are.
  public var count: Int { ends.count }
  /// The string of a row. O(its bytes).
  public subscript(_ row: Int) -> String {
    String(decoding: bytes[(row == 0 ? 0 : ends[row - 1])..<ends[row]], as: UTF8.self)
  }
}

/// The most frequent values of each row, the most frequent first.
public struct ResultFrequencies: Hashable, Sendable {
  /// Of the type that the column has.
  public enum Keys: Hashable, Sendable {
    case int64([Int64])
    case uint64([UInt64])
    case double([Double])
  }
  public package(set) var keys: Keys
  /// At most this often; at least ``errors`` fewer.
  public package(set) var counts: [Int64] = []
  public package(set) var errors: [Int64] = []
  /// Where each row's values end.
  public package(set) var ends: [Int] = []
}

/// Bits that are set but for nulls, made only once there is one.
struct ValidityBuilder {
  private(set) var bits: [UInt8]?
  let count: Int

  init(count: Int) { self.count = count }

  mutating func setNull(_ row: Int) {
    if bits == nil {
      bits = Array(repeating: 0xFF, count: (count + 7) / 8)
      if count & 7 != 0 { bits?[count >> 3] = UInt8(1 << (count & 7)) - 1 }
    }
    bits?[row >> 3] &= ~(1 << UInt8(row & 7))
  }
}
