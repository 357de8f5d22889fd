/// Columns of equal length, lent for an update: views of the caller's memory, without a copy.
///
/// ```swift
/// var batch = ColumnBatch(rowCount: values.count)
/// batch.append("device", devices.span)
/// batch.append("v", values.span)
/// try aggregator.update(batch)
/// ```
/// A column that no plan names costs nothing. Validity is a bitmap as Arrow's: bit i of row i, least significant first, 1 for a value.
@safe
public struct ColumnBatch: ~Escapable {
  /// Rows of each column.
  public let rowCount: Int
  /// The first columns, so that a batch of few allocates nothing.
  private var few = InlineArray<8, Column?>(repeating: nil)
  private var more: [Column] = []
  private var columnCount = 0

  private struct Column {
    var name: String
    var view: InputColumn
  }

  @_lifetime(immortal)
  public init(rowCount: Int) {
    precondition(rowCount >= 0, "ColumnBatch: rowCount must not be negative")
    self.rowCount = rowCount
  }

  /// Forgets the columns, for those of another batch in the same place.
  public mutating func removeAll() {
    few = InlineArray(repeating: nil)
    more.removeAll(keepingCapacity: true)
    columnCount = 0
  }

  /// The first column of this name.
  func column(_ name: String) -> InputColumn? {
    for i in 0..<Swift.min(few.count, columnCount) {
      if let column = few[i], column.name == name { return column.view }
    }
    return more.first { $0.name == name }?.view
  }

  /// What a time counts.
  public enum TimeUnit: Hashable, Sendable { case seconds, milliseconds, microseconds, nanoseconds }
}

/// A type that ``ColumnBatch`` takes in place.
public protocol ColumnElement: BitwiseCopyable {
  static var columnElementKind: ColumnElementKind { get }
}

/// Which of the types that columns hold.
public struct ColumnElementKind: Sendable {
  let type: InputType
}

extension Int8: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .int8) } }
extension Int16: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .int16) } }
extension Int32: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .int32) } }
extension Int64: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .int64) } }
extension UInt8: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .uint8) } }
extension UInt16: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .uint16) } }
extension UInt32: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .uint32) } }
extension UInt64: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .uint64) } }
extension Int: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .int64) } }
extension Float: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .float) } }
extension Double: ColumnElement { public static var columnElementKind: ColumnElementKind { .init(type: .double) } }

extension ColumnBatch {
  /// Numbers, and which of them are there.
  @_lifetime(self: copy self, copy values, copy validity)
  public mutating func append<Element: ColumnElement>(
    _ name: String, _ values: Span<Element>, validity: RawSpan? = nil
  ) {
    check(name, values.count, validity)
    var column = InputColumn(type: Element.columnElementKind.type)
    unsafe values.withUnsafeBytes { unsafe column.values = $0.baseAddress }
    unsafe add(name, column, validity)
  }

  /// Times since 1970.
  @_lifetime(self: copy self, copy times, copy validity)
  public mutating func append(
    _ name: String, times: Span<Int64>, _ unit: TimeUnit, validity: RawSpan? = nil
  ) {
    check(name, times.count, validity)
    var column = InputColumn(type: unit.type)
    unsafe times.withUnsafeBytes { unsafe column.values = $0.baseAddress }
    unsafe add(name, column, validity)
  }

  /// Booleans, a bit each.
  @_lifetime(self: copy self, copy bits, copy validity)
  public mutating func append(_ name: String, bits: RawSpan, validity: RawSpan? = nil) {
    precondition(bits.byteCount >= (rowCount + 7) / 8, "ColumnBatch: bits are fewer than rows")
    check(name, rowCount, validity)
    var column = InputColumn(type: .bool)
    unsafe bits.withUnsafeBytes { unsafe column.values = $0.baseAddress }
    unsafe add(name, column, validity)
  }

  /// Strings in UTF-8: row i is bytes `offsets[i] ..< offsets[i + 1]`. Bytes that are none are the update's to refuse.
  @_lifetime(self: copy self, copy bytes, copy offsets, copy validity)
  public mutating func append(
    _ name: String, utf8 bytes: Span<UInt8>, offsets: Span<Int32>, validity: RawSpan? = nil
  ) {
    check(name, offsets.count - 1, validity)
    var column = InputColumn(type: .utf8)
    column.strings = strings(bytes, offsets)
    unsafe add(name, column, validity)
  }

  /// Strings of a dictionary: row i is string `codes[i]`, whose bytes are `offsets[code] ..< offsets[code + 1]`.
  @_lifetime(self: copy self, copy codes, copy bytes, copy offsets, copy validity)
  public mutating func append(
    _ name: String, codes: Span<Int32>, utf8 bytes: Span<UInt8>, offsets: Span<Int32>, validity: RawSpan? = nil
  ) {
    precondition(offsets.count > 0, "ColumnBatch: offsets of a dictionary are one more than its strings")
    check(name, codes.count, validity)
    var column = InputColumn(type: .dictionary(codes: .int32, large: false))
    unsafe codes.withUnsafeBytes { unsafe column.values = $0.baseAddress }
    column.strings = strings(bytes, offsets)
    column.dictionaryCount = offsets.count - 1
    unsafe add(name, column, validity)
  }

  private func check(_ name: String, _ count: Int, _ validity: RawSpan?) {
    precondition(count == rowCount, "ColumnBatch: column \(name) has not as many rows as the batch")
    if let validity {
      precondition(
        validity.byteCount >= (rowCount + 7) / 8, "ColumnBatch: validity of \(name) has fewer bits than rows")
    }
  }

  private func strings(_ bytes: Span<UInt8>, _ offsets: Span<Int32>) -> StringView {
    var falls = offsets.count > 0 && offsets[0] < 0
    for i in 1..<Swift.max(1, offsets.count) { falls = falls || offsets[i] < offsets[i - 1] }
    precondition(
      !falls && (offsets.count == 0 || Int(offsets[offsets.count - 1]) <= bytes.count),
      "ColumnBatch: offsets must rise within bytes")
    var view = unsafe StringView(offsets: nil, bytes: nil, large: false)
    unsafe offsets.withUnsafeBytes { unsafe view.offsets = $0.baseAddress }
    unsafe bytes.withUnsafeBufferPointer { unsafe view.bytes = $0.baseAddress }
    return view
  }

  @unsafe
  private mutating func add(_ name: String, _ column: InputColumn, _ validity: RawSpan?) {
    var column = column
    if let validity {
      unsafe validity.withUnsafeBytes {
        unsafe column.validity = $0.baseAddress?.assumingMemoryBound(to: UInt8.self)
      }
    }
    if columnCount < few.count {
      few[columnCount] = Column(name: name, view: column)
    } else {
      more.append(Column(name: name, view: column))
    }
    columnCount += 1
  }
}

extension ColumnBatch.TimeUnit {
  var type: InputType {
    switch self {
    case .seconds: .timestampSeconds
    case .milliseconds: .timestampMilliseconds
    case .microseconds: .timestampMicroseconds
    case .nanoseconds: .timestampNanoseconds
    }
  }
}
