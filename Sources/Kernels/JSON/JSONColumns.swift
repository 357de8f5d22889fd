/// A column of values of one kind, with nulls: what newline-delimited JSON becomes for arithmetic.
public struct JSONColumn: Sendable {
  /// What a column holds.
  public enum Kind: Hashable, Sendable {
    /// Numbers without fraction and exponent that fit; kept in ``JSONColumn/int64s``.
    case int64
    /// Any number, to the nearest; kept in ``JSONColumn/doubles``.
    case double
    /// Kept in ``JSONColumn/int64s`` as 0 and 1.
    case bool
    /// Unescaped UTF-8: string i is `bytes[offsets[i]..<offsets[i + 1]]`.
    case string
  }

  public let name: String
  public let kind: Kind
  public private(set) var int64s: [Int64] = []
  public private(set) var doubles: [Double] = []
  /// One more than there are rows.
  public private(set) var offsets: [Int] = [0]
  public private(set) var bytes: [UInt8] = []
  /// Bit i % 64 of word i / 64: row i has a value. Where it has none, the value is 0, or the empty string.
  public private(set) var validity: [UInt64] = []
  public private(set) var nullCount = 0
  /// Rows.
  public private(set) var count = 0

  init(_ name: String, _ kind: Kind) {
    (self.name, self.kind) = (name, kind)
  }

  /// Whether row `row` has a value.
  public func isValid(_ row: Int) -> Bool { validity[row >> 6] >> UInt64(row & 63) & 1 == 1 }

  /// A row's string; nil where it is null, or the column holds none.
  public func string(_ row: Int) -> String? {
    guard kind == .string && isValid(row) else { return nil }
    return String(decoding: bytes[offsets[row]..<offsets[row + 1]], as: UTF8.self)
  }

  /// Appends a value of the tape; false, with nothing done, where it is of another kind. JSON's null is a null.
  mutating func append(_ tape: JSONTape, _ value: Int) -> Bool {
    let found = unsafe tape.kind(value)
    if found == .null {
      appendNull()
      return true
    }
    switch kind {
    case .int64:
      guard found == .number, let number = unsafe tape.int64(value) else { return false }
      int64s.append(number)
    case .double:
      guard found == .number else { return false }
      unsafe doubles.append(tape.double(value))
    case .bool:
      guard found == .true || found == .false else { return false }
      int64s.append(found == .true ? 1 : 0)
    case .string:
      guard found == .string else { return false }
      let node = unsafe tape.node(value)
      if node.hasEscapes {
        unsafe bytes.append(contentsOf: JSONUnescape.bytes(tape.contents(value)))
      } else {
        unsafe bytes.append(contentsOf: tape.contents(value))
      }
      offsets.append(bytes.count)
    }
    mark(1)
    return true
  }

  mutating func appendNull() {
    switch kind {
    case .int64, .bool: int64s.append(0)
    case .double: doubles.append(0)
    case .string: offsets.append(bytes.count)
    }
    nullCount += 1
    mark(0)
  }

  /// Takes the last row away.
  mutating func removeLast() {
    count -= 1
    if !isValid(count) { nullCount -= 1 }
    validity[count >> 6] &= ~(1 << UInt64(count & 63))
    if count & 63 == 0 { validity.removeLast() }
    switch kind {
    case .int64, .bool: int64s.removeLast()
    case .double: doubles.removeLast()
    case .string:
      offsets.removeLast()
      bytes.removeLast(bytes.count - offsets[count])
    }
  }

  private mutating func mark(_ bit: UInt64) {
    if count & 63 == 0 { validity.append(0) }
    validity[count >> 6] |= bit << UInt64(count & 63)
    count += 1
  }

  mutating func removeAll() {
    int64s.removeAll(keepingCapacity: true)
    doubles.removeAll(keepingCapacity: true)
    offsets.removeLast(offsets.count - 1)
    bytes.removeAll(keepingCapacity: true)
    validity.removeAll(keepingCapacity: true)
    (nullCount, count) = (0, 0)
  }

  /// Puts the rows of `other` after these.
  mutating func append(_ other: JSONColumn) {
    int64s += other.int64s
    doubles += other.doubles
    let base = bytes.count
    bytes += other.bytes
    offsets += other.offsets.dropFirst().map { $0 + base }
    for row in 0..<other.count { mark(other.isValid(row) ? 1 : 0) }
    nullCount += other.nullCount
  }
}
