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

/// Reads newline-delimited JSON objects into columns.
///
/// Each line is one object and one row. A member that is not there, or is null, is a null; of duplicates the last counts; members
/// that no column names are checked and passed over.
///
/// ```swift
/// var reader = JSONColumnReader([("device", .string), ("v", .double)])
/// try reader.read(batch.span)
/// let sum = reader.columns[1].doubles.reduce(0, +)
/// ```
public struct JSONColumnReader: ~Copyable, Sendable {
  /// What to do with a line that is no valid object, or has a value of another kind than its column.
  public enum BadLines: Hashable, Sendable {
    /// Throw.
    case fail
    /// Leave the line out and count it.
    case skip
  }

  public private(set) var columns: [JSONColumn]
  /// Lines that were left out.
  public private(set) var badLineCount = 0
  private let names: [[UInt8]]
  private var document = JSONDocument()
  private let badLines: BadLines
  private let options: JSONOptions

  /// - Parameters:
  ///   - columns: the key of each column, unescaped, and what it holds.
  ///   - badLines: what to do with lines that do not fit.
  ///   - options: what a valid line is.
  public init(
    _ columns: [(name: String, kind: JSONColumn.Kind)], badLines: BadLines = .fail, options: JSONOptions = JSONOptions()
  ) {
    self.columns = columns.map { JSONColumn($0.name, $0.kind) }
    names = columns.map { Array($0.name.utf8) }
    self.badLines = badLines
    self.options = options
  }

  /// Forgets all rows and keeps the memory.
  public mutating func removeAll() {
    for i in columns.indices { columns[i].removeAll() }
    badLineCount = 0
  }

  /// Appends a row for each line of `text`. Rows of lines before a bad one stay.
  ///
  /// - Throws: ``JSONError`` with the offset in `text`, where bad lines fail.
  /// - Complexity: O(n). Warm, no allocation but the columns' growth.
  public mutating func read(_ text: RawSpan) throws(JSONError) {
    try unsafe text.withUnsafeBytes { (text) throws(JSONError) in try unsafe read(text) }
  }

  /// Appends a row for each line of `text`, which must be readable for its whole count.
  @unsafe
  public mutating func read(_ text: UnsafeRawBufferPointer) throws(JSONError) {
    try unsafe read(text, in: 0..<text.count)
  }

  /// Appends a row for each line of `text`, read by several threads; the order of the rows is that of the lines.
  ///
  /// - Parameters:
  ///   - text: lines, of which the last may do without its end.
  ///   - threads: at least 1; no more than the process may keep busy are used.
  public mutating func read(_ text: RawSpan, threads: Int) throws(JSONError) {
    precondition(threads >= 1, "JSONColumnReader.read: threads must be at least 1")
    let threads = Threads.cap(threads)
    guard threads > 1 else { return try read(text) }
    try unsafe text.withUnsafeBytes { (text) throws(JSONError) in try unsafe read(text, threads: threads) }
  }

  private mutating func read(_ text: UnsafeRawBufferPointer, threads: Int) throws(JSONError) {
    let slices = unsafe JSONLines.slices(text, threads)
    let layout = columns.map { (name: $0.name, kind: $0.kind) }
    var parts = [Part](repeating: Part(), count: slices.count)
    let (badLines, options) = (badLines, options)
    unsafe parts.withUnsafeMutableBufferPointer { parts in
      let start = parts.baseAddress
      Threads.run(slices.count) { i in
        var reader = JSONColumnReader(layout, badLines: badLines, options: options)
        var part = Part()
        do throws(JSONError) { try unsafe reader.read(text, in: slices[i]) } catch { part.failure = error }
        part.columns = reader.columns
        part.badLineCount = reader.badLineCount
        if let start = unsafe start { unsafe start[i] = part }
      }
    }
    for part in parts {
      for (i, column) in part.columns.enumerated() { columns[i].append(column) }
      badLineCount += part.badLineCount
      if let failure = part.failure { throw failure }
    }
  }

  private struct Part {
    var columns: [JSONColumn] = []
    var badLineCount = 0
    var failure: JSONError?
  }

  private mutating func read(_ text: UnsafeRawBufferPointer, in range: Range<Int>) throws(JSONError) {
    var lines = unsafe JSONLines(text, in: range)
    while let line = unsafe lines.next() {
      let range = line.range
      do throws(JSONError) {
        try unsafe row(UnsafeRawBufferPointer(rebasing: text[range]))
      } catch {
        guard badLines == .skip else {
          throw JSONError(error.kind, offset: range.lowerBound + error.offset, path: error.path)
        }
        badLineCount += 1
      }
    }
  }

  /// One object, one row.
  private mutating func row(_ line: UnsafeRawBufferPointer) throws(JSONError) {
    try unsafe document.parse(borrowing: line, options: options)
    let tape = unsafe document.tape
    guard unsafe tape.kind(JSONTape.root) == .object else {
      throw unsafe JSONError(.typeMismatch, offset: tape.node(JSONTape.root).begin)
    }
    let row = columns.first?.count ?? 0
    let end = unsafe tape.next(JSONTape.root)
    var key = unsafe JSONTape.root &+ 1
    // Lines mostly have their members in the same order: the column after the last one found is tried first.
    var guess = 0
    while key < end {
      let value = key &+ 1
      let column = unsafe column(tape, key, &guess)
      if column >= 0 {
        if columns[column].count > row {
          if options.duplicateKeys == .first {
            key = unsafe tape.next(value)
            continue
          }
          columns[column].removeLast()
        }
        guard unsafe columns[column].append(tape, value) else {
          for i in columns.indices where columns[i].count > row { columns[i].removeLast() }
          throw unsafe JSONError(
            .typeMismatch, offset: tape.node(value).begin, path: "/" + JSONPointerText.escaped(columns[column].name))
        }
      }
      key = unsafe tape.next(value)
    }
    for i in columns.indices where columns[i].count == row { columns[i].appendNull() }
  }

  /// The column of a key, or -1.
  @inline(__always)
  private func column(_ tape: JSONTape, _ key: Int, _ guess: inout Int) -> Int {
    for step in 0..<names.count {
      var i = guess &+ step
      if i >= names.count { i &-= names.count }
      if unsafe names[i].withUnsafeBytes({ unsafe tape.string(key, equals: $0) }) {
        guess = i &+ 1 == names.count ? 0 : i &+ 1
        return i
      }
    }
    return -1
  }
}
