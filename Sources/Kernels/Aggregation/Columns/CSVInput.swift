/// Reads comma-separated values, RFC 4180, with a header, piece by piece into an aggregator.
///
/// ```swift
/// var reader = CSVReader()
/// try reader.update(&aggregator, csv: bytes.span.bytes, isLast: true)
/// ```
/// Fields may be quoted, with quotes doubled inside; records end with CRLF or LF. A field that is empty and not quoted is null. The time is an
/// integer of milliseconds; keys, and what is merely counted, are strings; values are numbers, folded as doubles.
public struct CSVReader: Sendable {
  /// The column of the plan that each field goes to; nil before the header.
  private var places: [Int?]?
  private var fieldNames = 0
  /// Records that have been folded so far, late ones too; the header is none.
  public private(set) var rowCount = 0

  /// Before the header.
  public init() {}

  /// Folds the records that `text` holds whole, and says how many bytes they took: the rest comes again, before what follows it.
  ///
  /// - Parameters:
  ///   - aggregator: takes the rows.
  ///   - text: records, the last of them whole or not.
  ///   - isLast: nothing follows, so that the last record needs no end.
  /// - Throws: ``AggregationError/Code/invalidData`` with the byte's offset for a quote where none may be, a record of another number of
  ///   fields than the header, a value that is no number; else as ``Aggregator/update(_:)``. Nothing is folded then, and the header, if it was
  ///   in `text`, is still to come.
  /// - Complexity: O(bytes).
  @discardableResult
  public mutating func update(
    _ aggregator: inout Aggregator, csv text: RawSpan, isLast: Bool
  ) throws(AggregationError) -> Int {
    var reader = self
    var rows = TextRows(aggregator.plan, aggregator.needed, keysAreStrings: true)
    let (names, time) = (aggregator.needed.names, aggregator.needed.time)
    let result = unsafe text.withUnsafeBytes { bytes -> Result<(used: Int, rows: Int), AggregationError> in
      do throws(AggregationError) {
        return .success(try unsafe reader.read(bytes, isLast, names, time, &rows))
      } catch {
        return .failure(error)
      }
    }
    let read = try result.get()
    try aggregator.update(&rows, rowCount: read.rows)
    reader.rowCount += read.rows
    self = reader
    return read.used
  }

  private struct Field {
    var start: Int
    var end: Int
    var isQuoted: Bool
    var hasQuotes: Bool
  }

  @unsafe
  private mutating func read(
    _ bytes: UnsafeRawBufferPointer, _ isLast: Bool, _ names: [String], _ time: Int?, _ rows: inout TextRows
  ) throws(AggregationError) -> (used: Int, rows: Int) {
    var fields: [Field] = []
    var unquoted: [UInt8] = []
    var (at, count) = (0, 0)
    while at < bytes.count {
      guard let next = try unsafe Self.record(bytes, at, isLast, &fields) else { break }
      let isBlank = fields.count == 1 && fields[0].start == fields[0].end && !fields[0].isQuoted
      if let places {
        if !isBlank || fieldNames == 1 {
          guard fields.count == fieldNames else {
            throw AggregationError(
              .invalidData, "", "a record of \(fields.count) fields, not \(fieldNames)", offset: at)
          }
          for (field, place) in zip(fields, places) {
            guard let place else { continue }
            try unsafe Self.append(bytes, field, &unquoted, names[place], place == time, &rows.columns[place])
          }
          count += 1
        }
      } else {
        try unsafe readHeader(bytes, fields, names)
      }
      at = next
    }
    if places == nil && isLast { throw AggregationError(.invalidData, "", "there is no header", offset: at) }
    return (at, count)
  }

  private mutating func readHeader(
    _ bytes: UnsafeRawBufferPointer, _ fields: [Field], _ names: [String]
  ) throws(AggregationError) {
    var found: [Int?] = []
    for field in fields {
      var unquoted: [UInt8] = []
      let text = unsafe Self.content(bytes, field, &unquoted)
      let place = names.firstIndex { text.elementsEqual($0.utf8) }
      if let place, found.contains(place) {
        throw AggregationError(.invalidData, names[place], "two columns have this name", offset: field.start)
      }
      found.append(place)
    }
    for (i, name) in names.enumerated() where !found.contains(i) {
      throw AggregationError(.invalidData, name, "the column is missing")
    }
    places = found
    fieldNames = fields.count
  }

  /// The fields of the record at `start`, and where the next one starts; nil where it is not whole.
  @unsafe
  private static func record(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ isLast: Bool, _ fields: inout [Field]
  ) throws(AggregationError) -> Int? {
    fields.removeAll(keepingCapacity: true)
    var at = start
    while true {
      var field = Field(start: at, end: at, isQuoted: false, hasQuotes: false)
      if at < bytes.count, unsafe bytes[at] == UInt8(ascii: "\"") {
        field.isQuoted = true
        at += 1
        field.start = at
        while true {
          while at < bytes.count, unsafe bytes[at] != UInt8(ascii: "\"") { at += 1 }
          guard at < bytes.count else {
            if isLast { throw AggregationError(.invalidData, "", "a quoted field does not end", offset: at) }
            return nil
          }
          // The last byte may be half of a doubled quote.
          if at + 1 == bytes.count && !isLast { return nil }
          if at + 1 < bytes.count, unsafe bytes[at + 1] == UInt8(ascii: "\"") {
            field.hasQuotes = true
            at += 2
            continue
          }
          break
        }
        field.end = at
        at += 1
      } else {
        while at < bytes.count {
          let byte = unsafe bytes[at]
          if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") { break }
          if byte == UInt8(ascii: "\"") {
            throw AggregationError(.invalidData, "", "a quote inside a field", offset: at)
          }
          at += 1
        }
        field.end = at
        if at > field.start, unsafe bytes[at - 1] == UInt8(ascii: "\r"),
          unsafe at == bytes.count || bytes[at] == UInt8(ascii: "\n")
        {
          field.end -= 1
        }
      }
      fields.append(field)
      guard at < bytes.count else { return isLast ? at : nil }
      switch unsafe bytes[at] {
      case UInt8(ascii: ","): at += 1
      case UInt8(ascii: "\n"): return at + 1
      case UInt8(ascii: "\r"):
        guard at + 1 < bytes.count else { return isLast ? at + 1 : nil }
        guard unsafe bytes[at + 1] == UInt8(ascii: "\n") else { fallthrough }
        return at + 2
      default: throw AggregationError(.invalidData, "", "a byte after a closing quote", offset: at)
      }
    }
  }

  /// What a field stands for.
  @unsafe
  private static func content(
    _ bytes: UnsafeRawBufferPointer, _ field: Field, _ unquoted: inout [UInt8]
  ) -> [UInt8] {
    let raw = unsafe UnsafeRawBufferPointer(rebasing: bytes[field.start..<field.end])
    unquoted.removeAll(keepingCapacity: true)
    var i = 0
    while i < raw.count {
      unsafe unquoted.append(raw[i])
      i += field.hasQuotes && (unsafe raw[i] == UInt8(ascii: "\"")) ? 2 : 1
    }
    return unquoted
  }

  @unsafe
  private static func append(
    _ bytes: UnsafeRawBufferPointer, _ field: Field, _ unquoted: inout [UInt8], _ name: String, _ isTime: Bool,
    _ column: inout TextColumn
  ) throws(AggregationError) {
    if field.start == field.end && !field.isQuoted {
      if isTime { throw AggregationError(.invalidData, name, "a time is missing", offset: field.start) }
      column.appendNull()
      return
    }
    let raw = unsafe UnsafeRawBufferPointer(rebasing: bytes[field.start..<field.end])
    let isDone: Bool
    switch column.kind {
    case .string:
      if field.hasQuotes {
        let text = unsafe content(bytes, field, &unquoted)
        isDone = unsafe text.withUnsafeBytes { unsafe column.append(string: $0) }
      } else {
        isDone = unsafe column.append(string: raw)
      }
    case .integer:
      isDone = unsafe Int64(String(decoding: raw, as: UTF8.self)).map { column.append(integer: $0) } ?? false
    default: isDone = unsafe number(raw).map { column.append(double: $0) } ?? false
    }
    guard isDone else { throw AggregationError(.invalidData, name, "a field is no number", offset: field.start) }
  }

  /// A decimal number; not the hexadecimal ones, infinities and NaNs that Swift reads as well.
  @unsafe
  private static func number(_ raw: UnsafeRawBufferPointer) -> Double? {
    for i in raw.indices {
      switch unsafe raw[i] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "e"),
        UInt8(ascii: "E"):
        break
      default: return nil
      }
    }
    return Double(unsafe String(decoding: raw, as: UTF8.self))
  }
}
