extension Aggregator {
  /// Folds lines of JSON objects: a row each, whose members are the columns; those that no plan names are passed over.
  ///
  /// A member that is missing is null. The time is a number of milliseconds; keys are integers, booleans or strings, and of one type in a
  /// column; values are numbers, folded as doubles. Lines end with `\n` or `\r\n`, the last one perhaps with neither; lines of white
  /// space alone are passed over.
  ///
  /// - Returns: how many rows there were, late ones too.
  /// - Throws: ``AggregationError/Code/invalidData`` with the offset of the byte where a line is no JSON, or of the line that has something
  ///   else than the plan asks for; else as ``update(_:)``. Nothing is folded then.
  /// - Complexity: O(bytes).
  @discardableResult
  public mutating func update(ndjson text: RawSpan) throws(AggregationError) -> Int {
    var rows = TextRows(plan, needed, keysAreStrings: false)
    var document = JSONDocument()
    let names = needed.names
    let result = unsafe text.withUnsafeBytes { bytes -> Result<Int, AggregationError> in
      do throws(AggregationError) {
        return .success(try unsafe Self.read(bytes, names, needed.time, &document, &rows))
      } catch {
        return .failure(error)
      }
    }
    let count = try result.get()
    try update(&rows, rowCount: count)
    return count
  }

  /// Rows of the lines, and how many.
  @unsafe
  private static func read(
    _ bytes: UnsafeRawBufferPointer, _ names: [String], _ time: Int?, _ document: inout JSONDocument,
    _ rows: inout TextRows
  ) throws(AggregationError) -> Int {
    var start = 0
    var count = 0
    while start < bytes.count {
      var end = start
      var isBlank = true
      while end < bytes.count, unsafe bytes[end] != UInt8(ascii: "\n") {
        let byte = unsafe bytes[end]
        if byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") && byte != UInt8(ascii: "\r") { isBlank = false }
        end += 1
      }
      if !isBlank {
        let line = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        do throws(JSONError) {
          try unsafe document.parse(borrowing: line)
        } catch {
          throw AggregationError(
            error.isLimit ? .limitExceeded : .invalidData, error.path, error.kind.sentence, offset: start + error.offset
          )
        }
        let root = document.root
        guard root.kind == .object else {
          throw AggregationError(.invalidData, "", "a line is no object", offset: start)
        }
        for i in names.indices {
          guard let value = root[names[i]], !value.isNull else {
            if i == time { throw AggregationError(.invalidData, names[i], "a time is missing", offset: start) }
            rows.columns[i].appendNull()
            continue
          }
          guard unsafe append(value, to: &rows.columns[i]) else {
            throw AggregationError(.invalidData, names[i], "a value is of another type", offset: start)
          }
        }
        count += 1
      }
      start = end + 1
    }
    return count
  }

  @unsafe
  private static func append(_ value: borrowing JSONValue, to column: inout TextColumn) -> Bool {
    switch value.kind {
    case .true: return column.append(boolean: true)
    case .false: return column.append(boolean: false)
    case .string:
      let raw = value.raw
      return unsafe raw.withUnsafeBytes { raw in
        let inside = unsafe UnsafeRawBufferPointer(rebasing: raw[1..<(raw.count - 1)])
        if unsafe !inside.contains(UInt8(ascii: "\\")) { return unsafe column.append(string: inside) }
        guard var text = value.string else { return false }
        return text.withUTF8 { unsafe column.append(string: UnsafeRawBufferPointer($0)) }
      }
    case .number:
      if column.kind == .double { return column.append(double: value.double ?? .nan) }
      if let integer = value.int64 { return column.append(integer: integer) }
      guard let number = value.double else { return false }
      // 1.5e3 is an integer as well.
      if let integer = Int64(exactly: number) { return column.append(integer: integer) }
      return false
    default: return false
    }
  }
}
