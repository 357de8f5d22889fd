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
  /// Reads many lines at once, and of them what the columns name.
  private var reader = PlanReader()
  private let code: PlanCode?
  /// A shape of lines, and where in their tapes the value of each column is, or -1; and the shape of the last line that was not so.
  private var shape: UInt32 = 0
  private var places: [Int]
  private var lastShape: UInt32 = 0
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
    places = [Int](repeating: -1, count: columns.count)
    self.badLines = badLines
    self.options = options
    // A plan takes a lone surrogate for itself, and a column for U+FFFD.
    let isPlain = !columns.contains { $0.name.unicodeScalars.contains("\u{fffd}") }
    let mayBatch = options.duplicateKeys != .reject && options.maximumByteCount >= JSONLineBatch.byteCount
    code = isPlain && mayBatch ? try? JSONPlan(.members(columns.map { .keep($0.name) })).code : nil
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
    var start = range.lowerBound
    while start < range.upperBound {
      let end = unsafe JSONLineBatch.end(text, from: start, to: range.upperBound)
      if end > start, let code {
        let batch = unsafe UnsafeRawBufferPointer(rebasing: text[start..<end])
        let count = unsafe reader.readLines(batch, readable: text.count &- start, code, options)
        if count >= 0 {
          try read(lines: count, from: start)
          start = end
          continue
        }
      }
      // A line of them is bad, or is too long: each on its own.
      var lines = unsafe JSONLines(text, in: start..<(end > start ? end : range.upperBound))
      while let line = unsafe lines.next() {
        do throws(JSONError) {
          let line = unsafe UnsafeRawBufferPointer(rebasing: text[line.range])
          try unsafe document.parse(borrowing: line, options: options)
          try unsafe row(document.tape)
        } catch {
          try fail(error, line.range.lowerBound)
        }
        // After a line that is longer than a batch there may be batches again.
        if end == start { break }
      }
      start = end > start ? end : unsafe lines.position
    }
  }

  /// A row for each line that was read last, from `start` on.
  private mutating func read(lines count: Int, from start: Int) throws(JSONError) {
    var nodes = 0
    for index in 0..<count {
      let line = unsafe reader.line(index, nodes: nodes, options)
      unsafe nodes = line.nodes
      if unsafe line.shape != 0 && line.shape == shape && shapedRow(line.tape) { continue }
      do throws(JSONError) { try unsafe row(line.tape) } catch {
        try unsafe fail(error, start + line.start)
        continue
      }
      // Where two follow each other, more will.
      if unsafe line.shape != 0 && line.shape == lastShape { unsafe learn(line.tape, line.shape) }
      lastShape = unsafe line.shape
    }
  }

  /// Keeps where the values are in lines of a shape, where no key comes twice.
  private mutating func learn(_ tape: JSONTape, _ shape: UInt32) {
    for i in places.indices { places[i] = -1 }
    self.shape = 0
    let end = unsafe tape.next(JSONTape.root)
    var key = unsafe JSONTape.root &+ 1
    var guess = 0
    while key < end {
      let column = unsafe column(tape, key, &guess)
      if column >= 0 {
        guard places[column] < 0 else { return }
        places[column] = key &+ 1
      }
      key = unsafe tape.next(key &+ 1)
    }
    self.shape = shape
  }

  /// A row of a line of the shape that is known; false, with nothing done, where a value is of another kind than its column.
  @inline(__always)
  private mutating func shapedRow(_ tape: JSONTape) -> Bool {
    let row = columns.first?.count ?? 0
    for i in 0..<places.count {
      let place = places[i]
      if place < 0 {
        columns[i].appendNull()
      } else if unsafe !columns[i].append(tape, place) {
        for i in columns.indices where columns[i].count > row { columns[i].removeLast() }
        return false
      }
    }
    return true
  }

  private mutating func fail(_ error: JSONError, _ start: Int) throws(JSONError) {
    guard badLines == .skip else { throw JSONError(error.kind, offset: start + error.offset, path: error.path) }
    badLineCount += 1
  }

  /// One object, one row.
  private mutating func row(_ tape: JSONTape) throws(JSONError) {
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
