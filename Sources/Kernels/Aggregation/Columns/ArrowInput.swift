import CKernels

/// Columns of a struct array of the Arrow C data interface, checked and in place.
///
/// What the structs themselves say is checked: formats, numbers of buffers and children, lengths, offsets, null counts. That buffers are as
/// long as the lengths say is the producer's promise.
enum ArrowInput {
  typealias Schema = ck_arrow_schema
  typealias Array = ck_arrow_array

  /// The columns of these names, in this order, and the number of rows.
  ///
  /// - `schema` and `array` are structs that have not been released, and outlive the columns.
  @unsafe
  static func columns(
    _ names: [String], _ schema: UnsafePointer<Schema>, _ array: UnsafePointer<Array>, into columns: inout [InputColumn]
  ) throws(AggregationError) -> Int {
    let (schema, array) = unsafe (schema.pointee, array.pointee)
    guard unsafe schema.format != nil, unsafe String(cString: schema.format) == "+s" else {
      throw AggregationError(.invalidData, "", "the array is none of structs")
    }
    guard unsafe schema.n_children == array.n_children, unsafe schema.n_children >= 0,
      unsafe schema.n_children == 0 || schema.children != nil && array.children != nil
    else { throw AggregationError(.invalidData, "", "schema and array have not the same children") }
    let rows = try unsafe range(array, "")
    guard unsafe array.n_buffers >= 0, unsafe array.n_buffers <= 1, unsafe array.null_count <= 0 || array.length == 0,
      unsafe array.null_count >= -1
    else { throw AggregationError(.invalidData, "", "rows must not be null") }
    if unsafe array.null_count != 0, unsafe array.n_buffers == 1, let buffers = unsafe array.buffers,
      let validity = unsafe buffers[0]?.assumingMemoryBound(to: UInt8.self)
    {
      for row in rows where unsafe !validity.bit(row) {
        throw AggregationError(.invalidData, "", "a row is null", offset: row - rows.lowerBound)
      }
    }
    columns.removeAll(keepingCapacity: true)
    for name in names {
      var found: Int?
      for i in unsafe 0..<Int(schema.n_children) where found == nil {
        if let child = unsafe schema.children[i], let text = unsafe child.pointee.name, unsafe isEqual(text, name) {
          found = i
        }
      }
      guard let found else { throw AggregationError(.invalidData, name, "the column is missing") }
      guard let childSchema = unsafe schema.children[found], let child = unsafe array.children[found] else {
        throw AggregationError(.invalidData, name, "the column is NULL")
      }
      try unsafe columns.append(column(name, childSchema.pointee, child.pointee, rows))
    }
    return rows.count
  }

  /// - `text` ends with NUL.
  @unsafe
  private static func isEqual(_ text: UnsafePointer<CChar>, _ name: String) -> Bool {
    var i = 0
    for unit in name.utf8 {
      if unsafe UInt8(bitPattern: text[i]) != unit || unit == 0 { return false }
      i += 1
    }
    return unsafe text[i] == 0
  }

  /// offset ..< offset + length, where that is possible.
  @unsafe
  private static func range(_ array: Array, _ name: String) throws(AggregationError) -> Swift.Range<Int> {
    let (end, overflow) = unsafe array.offset.addingReportingOverflow(array.length)
    guard unsafe array.length >= 0, unsafe array.offset >= 0, !overflow, end <= 1 << 58 else {
      throw AggregationError(.invalidData, name, "length or offset is out of range")
    }
    return unsafe Int(array.offset)..<Int(end)
  }

  @unsafe
  private static func column(
    _ name: String, _ schema: Schema, _ array: Array, _ rows: Swift.Range<Int>
  ) throws(AggregationError) -> InputColumn {
    guard let format = unsafe schema.format else { throw AggregationError(.invalidData, name, "the format is NULL") }
    let text = unsafe String(cString: format)
    var type = try type(name, text)
    let own = try unsafe range(array, name)
    guard rows.upperBound <= own.count else {
      throw AggregationError(.invalidData, name, "the column has fewer rows than the batch")
    }
    guard unsafe array.null_count >= -1, unsafe array.null_count <= array.length else {
      throw AggregationError(.invalidData, name, "null_count is out of range")
    }
    let isString = type == .utf8 || type == .largeUTF8
    let bufferCount = isString ? 3 : 2
    guard unsafe Int(array.n_buffers) == bufferCount, let buffers = unsafe array.buffers else {
      throw AggregationError(.invalidData, name, "\(text) has \(bufferCount) buffers")
    }
    guard unsafe array.n_children == 0, unsafe schema.n_children == 0 else {
      throw AggregationError(.invalidData, name, "\(text) has no children")
    }
    guard unsafe (schema.dictionary == nil) == (array.dictionary == nil) else {
      throw AggregationError(.invalidData, name, "schema and array have not both a dictionary")
    }
    var dictionary: (schema: Schema, array: Array)?
    if let dictionarySchema = unsafe schema.dictionary, let dictionaryArray = unsafe array.dictionary {
      unsafe dictionary = (dictionarySchema.pointee, dictionaryArray.pointee)
      guard let codes = type.codes else {
        throw AggregationError(.invalidData, name, "codes of a dictionary are integers")
      }
      type = .dictionary(codes: codes, large: false)
    }
    var column = InputColumn(type: type)
    column.offset = own.lowerBound + rows.lowerBound
    let isEmpty = rows.isEmpty
    if unsafe array.null_count != 0 {
      unsafe column.validity = buffers[0]?.assumingMemoryBound(to: UInt8.self)
      guard unsafe column.validity != nil || array.null_count < 0 else {
        throw AggregationError(.invalidData, name, "there are nulls, and no validity")
      }
    }
    guard unsafe isEmpty || buffers[1] != nil else { throw AggregationError(.invalidData, name, "a buffer is NULL") }
    if isString {
      column.strings = try unsafe strings(name, buffers, large: type == .largeUTF8, isEmpty: isEmpty)
    } else {
      unsafe column.values = buffers[1]
    }
    if let dictionary = unsafe dictionary { try unsafe add(dictionary.schema, dictionary.array, name, to: &column) }
    return column
  }

  /// - `buffers` are three.
  @unsafe
  private static func strings(
    _ name: String, _ buffers: UnsafeMutablePointer<UnsafeRawPointer?>, large: Bool, isEmpty: Bool
  ) throws(AggregationError) -> StringView {
    unsafe StringView(offsets: buffers[1], bytes: buffers[2]?.assumingMemoryBound(to: UInt8.self), large: large)
  }

  @unsafe
  private static func add(
    _ schema: Schema, _ array: Array, _ name: String, to column: inout InputColumn
  ) throws(AggregationError) {
    guard let format = unsafe schema.format else { throw AggregationError(.invalidData, name, "the format is NULL") }
    let type = try unsafe type(name, String(cString: format))
    guard type == .utf8 || type == .largeUTF8, unsafe schema.dictionary == nil, unsafe array.dictionary == nil else {
      throw AggregationError(.invalidData, name, "a dictionary must be of strings")
    }
    let rows = try unsafe range(array, name)
    guard unsafe array.n_buffers == 3, let buffers = unsafe array.buffers, unsafe rows.isEmpty || buffers[1] != nil,
      unsafe array.null_count >= -1, unsafe array.null_count <= array.length
    else { throw AggregationError(.invalidData, name, "the dictionary has not the shape of strings") }
    if case .dictionary(let codes, _) = column.type {
      column.type = .dictionary(codes: codes, large: type == .largeUTF8)
    }
    column.strings = try unsafe strings(name, buffers, large: type == .largeUTF8, isEmpty: rows.isEmpty)
    column.dictionaryCount = rows.count
    column.dictionaryOffset = rows.lowerBound
    if unsafe array.null_count != 0 {
      unsafe column.dictionaryValidity = buffers[0]?.assumingMemoryBound(to: UInt8.self)
      guard unsafe column.dictionaryValidity != nil || array.null_count < 0 else {
        throw AggregationError(.invalidData, name, "there are nulls in the dictionary, and no validity")
      }
    }
  }

  private static func type(_ name: String, _ format: String) throws(AggregationError) -> InputType {
    switch format {
    case "c": return .int8
    case "C": return .uint8
    case "s": return .int16
    case "S": return .uint16
    case "i": return .int32
    case "I": return .uint32
    case "l": return .int64
    case "L": return .uint64
    case "f": return .float
    case "g": return .double
    case "b": return .bool
    case "u": return .utf8
    case "U": return .largeUTF8
    default: break
    }
    if format.hasPrefix("tss:") { return .timestampSeconds }
    if format.hasPrefix("tsm:") { return .timestampMilliseconds }
    if format.hasPrefix("tsu:") { return .timestampMicroseconds }
    if format.hasPrefix("tsn:") { return .timestampNanoseconds }
    throw AggregationError(.invalidData, name, "the format \(format) is not known")
  }
}

extension InputType {
  fileprivate var codes: CodeType? {
    switch self {
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .uint64: .uint64
    default: nil
    }
  }
}

extension Aggregator {
  /// Folds a struct array of the Arrow C data interface, whose children are the columns; consumes both structs, which are released.
  ///
  /// Keys may be signed and unsigned integers, booleans, utf8, large_utf8, and dictionaries of these two; values integers and floats; the
  /// time a timestamp of any unit, or int64 milliseconds.
  ///
  /// - `schema` and `array` point to an ArrowSchema and an ArrowArray that have not been released, with buffers as long as they say.
  /// - Throws: as ``update(_:)``; nothing is consumed or folded then.
  @unsafe
  public mutating func update(
    arrowSchema schema: UnsafeMutableRawPointer, array: UnsafeMutableRawPointer
  ) throws(AggregationError) {
    let schema = unsafe schema.assumingMemoryBound(to: ck_arrow_schema.self)
    let array = unsafe array.assumingMemoryBound(to: ck_arrow_array.self)
    guard unsafe schema.pointee.release != nil, unsafe array.pointee.release != nil else {
      throw AggregationError(.invalidPlan, "", "schema or array have been released")
    }
    try unsafe updateArrow(schema, array)
    unsafe array.pointee.release?(array)
    unsafe schema.pointee.release?(schema)
  }

  @unsafe
  private mutating func updateArrow(
    _ schema: UnsafePointer<ck_arrow_schema>, _ array: UnsafePointer<ck_arrow_array>
  ) throws(AggregationError) {
    let rows = try unsafe ArrowInput.columns(needed.names, schema, array, into: &gathered)
    try updateGathered(rows)
  }
}
