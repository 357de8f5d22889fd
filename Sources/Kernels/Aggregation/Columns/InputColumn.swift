/// The type of a column that comes in.
package enum InputType: Hashable, Sendable {
  case int8, int16, int32, int64, uint8, uint16, uint32, uint64, float, double, bool
  case timestampSeconds, timestampMilliseconds, timestampMicroseconds, timestampNanoseconds
  /// Strings with offsets of 32 or 64 bits.
  case utf8, largeUTF8
  /// Codes into strings.
  case dictionary(codes: CodeType, large: Bool)

  package enum CodeType: Hashable, Sendable { case int8, int16, int32, int64, uint8, uint16, uint32, uint64 }
}

/// Strings one after the other, as Arrow lays them out.
@safe
package struct StringView {
  /// `count + 1` offsets into `bytes`, of 32 bits, or of 64 where `large`; that of row 0 first.
  package var offsets: UnsafeRawPointer?
  package var bytes: UnsafePointer<UInt8>?
  package var large: Bool

  @inline(__always)
  package func bounds(_ row: Int) -> (start: Int, count: Int) {
    if large {
      let start = unsafe offsets.unsafelyUnwrapped.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self)
      let end = unsafe offsets.unsafelyUnwrapped.loadUnaligned(fromByteOffset: row &* 8 &+ 8, as: Int64.self)
      return (Int(start), Int(end &- start))
    }
    let start = unsafe offsets.unsafelyUnwrapped.loadUnaligned(fromByteOffset: row &* 4, as: Int32.self)
    let end = unsafe offsets.unsafelyUnwrapped.loadUnaligned(fromByteOffset: row &* 4 &+ 4, as: Int32.self)
    return (Int(start), Int(end) &- Int(start))
  }

  /// Whether a string ends before it starts, however far.
  func falls(_ row: Int) -> Bool {
    let (start, count) = bounds(row)
    // A difference of 64 bits may have wrapped.
    return count < 0 || start &+ count < start
  }
}

/// A column of a batch, where it lies: no copy.
///
/// - Whoever makes one sees to it that the memory outlives its use, and holds as many rows as the batch. Rows start at bit or element
///   `offset` of validity and values; the offsets of strings, and the dictionary, start with their own row 0.
@safe
package struct InputColumn {
  package var type: InputType
  /// All rows are null, and of which type they would be is not known.
  package var isUntyped = false
  /// nil: no nulls. Else a bitmap, 1 for a value, least significant bit first.
  package var validity: UnsafePointer<UInt8>?
  /// Rows before the first, of validity, values and offsets alike.
  package var offset = 0
  /// Elements, bits of bools, or codes; nil for strings, and for no rows.
  package var values: UnsafeRawPointer?
  /// Of strings, or of the dictionary.
  package var strings = unsafe StringView(offsets: nil, bytes: nil, large: false)
  package var dictionaryCount = 0
  package var dictionaryValidity: UnsafePointer<UInt8>?
  package var dictionaryOffset = 0

  package init(type: InputType) {
    self.type = type
    unsafe validity = nil
    unsafe values = nil
    unsafe dictionaryValidity = nil
  }

  @inline(__always)
  package func isValid(_ row: Int) -> Bool {
    guard let validity = unsafe validity else { return true }
    return unsafe validity.bit(offset &+ row)
  }
}

extension UnsafePointer<UInt8> {
  @inline(__always)
  package func bit(_ index: Int) -> Bool { unsafe self[index >> 3] >> UInt8(truncatingIfNeeded: index & 7) & 1 != 0 }
}

/// How integers, or floats, of any width are folded.
package enum ValueClass: UInt8, Hashable, Sendable {
  /// Nothing has come yet.
  case none = 0
  case int64 = 1
  case uint64 = 2
  case double = 3
  /// Strings, booleans: counted alone.
  case other = 4
}

/// How a key's values compare and come out.
package enum KeyClass: UInt8, Hashable, Sendable {
  case none = 0
  case int64 = 1
  case uint64 = 2
  case bool = 3
  case string = 4
}

extension InputType {
  package var valueClass: ValueClass {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32: .int64
    case .uint64: .uint64
    case .float, .double: .double
    default: .other
    }
  }

  /// Integers of any width, signed or not.
  package var isInteger: Bool { valueClass == .int64 || valueClass == .uint64 }

  /// nil for what cannot be a key.
  package var keyClass: KeyClass? {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32: .int64
    case .uint64: .uint64
    case .bool: .bool
    case .utf8, .largeUTF8, .dictionary: .string
    default: nil
    }
  }

  /// Milliseconds are a time divided by this, floored, or times it where negative; nil for what cannot be a time.
  package var timeDivisor: Int64? {
    switch self {
    case .int64, .timestampMilliseconds: 1
    case .timestampMicroseconds: 1_000
    case .timestampNanoseconds: 1_000_000
    case .timestampSeconds: -1_000
    default: nil
    }
  }

  package var name: String {
    switch self {
    case .dictionary: "dictionary"
    case .largeUTF8: "large_utf8"
    default: "\(self)"
    }
  }
}
