public import Kernels

/// A batch of rows as columns: what the server sends in binary, in the form that ``Aggregator`` folds. The memory is kept from one batch to
/// the next.
public struct ResultColumns: ~Copyable {
  /// What a column holds, and the types of the database that it takes.
  public enum Kind: Sendable, Hashable {
    /// `smallint`, `integer`, `bigint`
    case int64
    /// `real`, `double precision`
    case double
    /// `text`, `varchar`, `char`, `name`
    case text
    /// `boolean`
    case bool
    /// `timestamp`, `timestamptz`: microseconds since 1970
    case timestamp
  }

  /// Rows of a batch, at most, and bytes of text in a column of it.
  public static let batchRows = 4096
  public static let batchBytes = 1 << 20

  public private(set) var rowCount = 0
  private var columns: [Column]
  /// Whether the columns of the statement at hand were compared with these.
  private var isChecked = false

  /// - Parameter columns: names and kinds, in the statement's order.
  public init(_ columns: KeyValuePairs<String, Kind>) { self.columns = columns.map { Column(name: $0, kind: $1) } }

  /// The columns as the aggregation takes them.
  public var batch: ColumnBatch {
    @_lifetime(borrow self)
    get {
      var batch = ColumnBatch(rowCount: rowCount)
      for column in columns { unsafe column.append(to: &batch) }
      return unsafe _overrideLifetime(batch, borrowing: self)
    }
  }

  var isFull: Bool { rowCount == Self.batchRows || columns.contains { $0.bytes.count >= Self.batchBytes } }

  mutating func removeAll() {
    rowCount = 0
    isChecked = false
    for i in columns.indices { columns[i].removeAll() }
  }

  mutating func append(_ row: borrowing Row) throws(DatabaseError) {
    if !isChecked { try check(row) }
    for i in columns.indices { try columns[i].append(row, i) }
    rowCount += 1
  }

  /// A row in words, "1|two|null": for tests, which read rows.
  package func text(ofRow row: Int) -> String { columns.map { $0.text(ofRow: row) }.joined(separator: "|") }

  private mutating func check(_ row: borrowing Row) throws(DatabaseError) {
    guard row.columnCount == columns.count else {
      throw DatabaseError(.unexpectedColumn, "\(row.columnCount) columns where \(columns.count) are expected")
    }
    for i in columns.indices { try columns[i].check(row.name(i), row.type(i)) }
    isChecked = true
  }
}

/// The values of a column.
private struct Column {
  let name: String
  let kind: ResultColumns.Kind
  /// Bytes that a value has, where each has as many.
  private var width = 0
  private var integers: [Int64] = []
  private var doubles: [Double] = []
  var bytes: [UInt8] = []
  private var offsets: [Int32] = [0]
  private var bits: [UInt8] = []
  private var validity: [UInt8] = []
  private var count = 0

  init(name: String, kind: ResultColumns.Kind) { (self.name, self.kind) = (name, kind) }

  mutating func removeAll() {
    count = 0
    integers.removeAll(keepingCapacity: true)
    doubles.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
    bits.removeAll(keepingCapacity: true)
    validity.removeAll(keepingCapacity: true)
  }

  mutating func check(_ name: String, _ type: UInt32) throws(DatabaseError) {
    guard name == self.name else {
      throw DatabaseError(.unexpectedColumn, "column \(name) where \(self.name) is expected")
    }
    switch (kind, type) {
    case (.int64, TypeID.int2): width = 2
    case (.int64, TypeID.int4), (.double, TypeID.float4): width = 4
    case (.int64, TypeID.int8), (.double, TypeID.float8), (.timestamp, TypeID.timestamp),
      (.timestamp, TypeID.timestamptz):
      width = 8
    case (.bool, TypeID.bool): width = 1
    case (.text, TypeID.text), (.text, TypeID.varchar), (.text, TypeID.bpchar), (.text, TypeID.name): width = 0
    default: throw DatabaseError(.unexpectedColumn, "column \(name) is of type \(type), which is not \(kind)")
    }
  }

  mutating func append(_ row: borrowing Row, _ index: Int) throws(DatabaseError) {
    if count % 8 == 0 {
      bits.append(0)
      validity.append(0)
    }
    if row.isNull(index) {
      appendNull()
    } else {
      try append(row.bytes(index))
      validity[count / 8] |= 1 << UInt8(count % 8)
    }
    count += 1
  }

  private mutating func appendNull() {
    switch kind {
    case .int64, .timestamp: integers.append(0)
    case .double: doubles.append(0)
    case .text: offsets.append(Int32(bytes.count))
    case .bool: break
    }
  }

  private mutating func append(_ value: RawSpan) throws(DatabaseError) {
    guard kind == .text || value.byteCount == width else {
      throw DatabaseError(.unexpectedValue, "a value of \(name) has \(value.byteCount) bytes instead of \(width)")
    }
    switch kind {
    case .int64:
      let bits = value.bigEndian
      integers.append(Int64(bitPattern: bits << UInt64(64 - 8 * width)) >> Int64(64 - 8 * width))
    case .timestamp: try appendTime(Int64(bitPattern: value.bigEndian))
    case .double:
      doubles.append(
        width == 4 ? Double(Float(bitPattern: UInt32(value.bigEndian))) : Double(bitPattern: value.bigEndian))
    case .bool: if value.bigEndian != 0 { bits[count / 8] |= 1 << UInt8(count % 8) }
    case .text:
      guard value.byteCount <= ResultColumns.batchBytes else {
        throw DatabaseError(.limitExceeded, "a text of \(name) has \(value.byteCount) bytes")
      }
      unsafe value.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
      offsets.append(Int32(bytes.count))
    }
  }

  /// - Parameter time: microseconds since the first day of 2000; the least and the greatest number stand for times without an end.
  private mutating func appendTime(_ time: Int64) throws(DatabaseError) {
    let (shifted, overflows) = time.addingReportingOverflow(946_684_800_000_000)
    if overflows || time == .min { throw DatabaseError(.unexpectedValue, "a time of \(name) has no end") }
    integers.append(shifted)
  }

  func text(ofRow row: Int) -> String {
    if validity[row / 8] >> UInt8(row % 8) & 1 == 0 { return "null" }
    return switch kind {
    case .int64, .timestamp: "\(integers[row])"
    case .double: "\(doubles[row])"
    case .bool: "\(bits[row / 8] >> UInt8(row % 8) & 1 == 1)"
    case .text: String(decoding: bytes[Int(offsets[row])..<Int(offsets[row + 1])], as: UTF8.self)
    }
  }

  /// Lends the column.
  ///
  /// - The batch must go before this does, or changes.
  @unsafe
  @_lifetime(batch: copy batch)
  func append(to batch: inout ColumnBatch) {
    let valid = unsafe _overrideLifetime(validity.span.bytes, copying: batch)
    switch kind {
    case .int64:
      batch.append(name, unsafe _overrideLifetime(integers.span, copying: batch), validity: valid)
    case .timestamp:
      batch.append(name, times: unsafe _overrideLifetime(integers.span, copying: batch), .microseconds, validity: valid)
    case .double:
      batch.append(name, unsafe _overrideLifetime(doubles.span, copying: batch), validity: valid)
    case .bool:
      batch.append(name, bits: unsafe _overrideLifetime(bits.span.bytes, copying: batch), validity: valid)
    case .text:
      batch.append(
        name, utf8: unsafe _overrideLifetime(bytes.span, copying: batch),
        offsets: unsafe _overrideLifetime(offsets.span, copying: batch), validity: valid)
    }
  }
}

extension RawSpan {
  /// Up to eight bytes, the most significant first.
  fileprivate var bigEndian: UInt64 {
    var value: UInt64 = 0
    for i in 0..<byteCount { value = value << 8 | UInt64(unsafe unsafeLoad(fromByteOffset: i, as: UInt8.self)) }
    return value
  }
}
