#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What to do with a line on which a plan fails, or that is not JSON.
public enum JSONBadLine: Hashable, Sendable {
  /// The call fails.
  case fail
  /// The line is left out, and counted.
  case skip
}

/// The line on which a plan failed, and why.
public struct JSONPlanLineError: Error, Hashable, Sendable, CustomStringConvertible {
  public let error: JSONPlanError
  /// From 1; lines that are blank count.
  public let line: Int
  /// Where the line begins in the text.
  public let byteOffset: Int

  public var description: String { "line \(line): \(error)" }
}

/// What a plan made of lines.
public struct JSONPlanLines: Hashable, Sendable {
  /// A value a line, each ended by `\n`.
  public var output: [UInt8]
  /// Lines that were left out because they were bad.
  public var badLineCount: Int
}

extension JSONPlan {
  /// Applies the plan to each line of a text: one JSON value a line in, one a line out, in the same order.
  ///
  /// Lines end with `\n` or `\r\n`; the last one may do without. Lines of white space alone are passed over.
  ///
  /// - Parameters:
  ///   - text: lines, of which the last may do without its end.
  ///   - badLines: what to do with lines that are not JSON, and those on which the plan fails.
  ///   - skipsNull: leaves out lines whose result is null.
  ///   - threads: at least 1; no more are used than the process may keep busy. Each takes a part of the text.
  ///   - limits: of each line, and of the output.
  /// - Throws: ``JSONPlanLineError`` for the first bad line, or for a limit.
  /// - Complexity: O(n) for each thread's part; memory for the output, and for one line's document a thread.
  public func applyLines(
    _ text: RawSpan, badLines: JSONBadLine = .fail, skipsNull: Bool = false, threads: Int = 1, limits: Limits = Limits()
  ) throws(JSONPlanLineError) -> JSONPlanLines {
    try unsafe text.withUnsafeBytes { (text) throws(JSONPlanLineError) in
      let parts = try unsafe lines(text, badLines, skipsNull, threads, limits)
      var result = JSONPlanLines(output: [], badLineCount: 0)
      result.output.reserveCapacity(parts.reduce(0) { $0 + $1.output.count })
      for part in parts {
        unsafe result.output.append(contentsOf: UnsafeBufferPointer(start: part.output.start, count: part.output.count))
        result.badLineCount += part.badLineCount
      }
      return result
    }
  }

  /// What one thread makes of its part of a text.
  package final class LinePart {
    fileprivate(set) var output: PlanOutput
    package fileprivate(set) var badLineCount = 0
    /// Line ends that were passed.
    fileprivate(set) var lineCount = 0
    fileprivate(set) var failure: (error: JSONPlanError, byteOffset: Int)?

    init(limit: Int) { output = PlanOutput(limit: limit) }

    /// Forgets all and keeps the memory.
    func removeAll() {
      output.count = 0
      badLineCount = 0
      lineCount = 0
      failure = nil
    }

    package var byteCount: Int { output.count }

    /// - `target` has room for ``byteCount`` bytes.
    @unsafe
    package func copy(to target: UnsafeMutablePointer<UInt8>) {
      unsafe target.update(from: output.start, count: output.count)
    }
  }

  /// The parts of the output, in order.
  @unsafe
  package func lines(
    _ text: UnsafeRawBufferPointer, _ badLines: JSONBadLine, _ skipsNull: Bool, _ threads: Int, _ limits: Limits,
    maximumLineByteCount: Int = .max
  ) throws(JSONPlanLineError) -> [LinePart] {
    precondition(threads >= 1, "JSONPlan.applyLines: threads must be at least 1")
    // A part of less than this is not worth a thread.
    let count = min(Threads.cap(threads), max(1, text.count >> 16))
    let parts = (0..<count).map { _ in LinePart(limit: limits.outputByteCount) }
    // Cut behind the newline at or after each even share.
    let cuts = (0...count).map { part in
      unsafe part == 0 ? 0 : part == count ? text.count : lineEnd(text, from: text.count / count * part)
    }
    Threads.run(count) { part in
      var workspace = Workspace(limits: limits)
      unsafe run(
        text, min(cuts[part], cuts[part + 1])..<cuts[part + 1], badLines, skipsNull, maximumLineByteCount, parts[part],
        &workspace)
    }
    for part in parts {
      guard let failure = part.failure else { continue }
      throw unsafe lineError(failure.error, text, failure.byteOffset)
    }
    if parts.reduce(0, { $0 + $1.output.count }) > limits.outputByteCount {
      throw unsafe lineError(
        JSONPlanError(.limitExceeded, at: 0, "the result is longer than the limit"), text, text.count)
    }
    return parts
  }

  static var lineTooLong: JSONPlanError { JSONPlanError(.limitExceeded, at: 0, "a line longer than the limit") }

  func lineError(_ error: JSONPlanError, _ text: UnsafeRawBufferPointer, _ offset: Int) -> JSONPlanLineError {
    var line = 1
    for index in 0..<offset where unsafe text[index] == UInt8(ascii: "\n") { line += 1 }
    return JSONPlanLineError(error: error, line: line, byteOffset: offset)
  }

  func run(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ badLines: JSONBadLine, _ skipsNull: Bool,
    _ maximumLineByteCount: Int, _ part: LinePart, _ workspace: inout Workspace
  ) {
    let options = workspace.limits.json
    let mayBatch =
      options.loneSurrogates != .replace && options.duplicateKeys != .reject
      && min(options.maximumByteCount, maximumLineByteCount) >= JSONLineBatch.byteCount
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start
      if mayBatch {
        end = unsafe JSONLineBatch.end(text, from: start, to: range.upperBound)
        let batch = unsafe UnsafeRawBufferPointer(rebasing: text[start..<end])
        let readable = text.count &- start
        let count =
          end > start
          ? unsafe workspace.reader.readLines(batch, readable: readable, code, options, makesPrograms: true) : -1
        if count >= 0 {
          part.lineCount += workspace.reader.lineEnds
          guard unsafe run(lines: count, text, start, badLines, skipsNull, part, &workspace) else { return }
          start = end
          continue
        }
      }
      // A line of them is bad, or is too long: each on its own.
      end = max(end, start + 1)
      while start < end {
        let begin = start
        start = unsafe lineEnd(text, from: start)
        let line = unsafe UnsafeRawBufferPointer(rebasing: text[begin..<start])
        part.lineCount += unsafe line.last == 10 ? 1 : 0
        guard unsafe run(line: line, begin, badLines, skipsNull, maximumLineByteCount, part, &workspace) else { return }
      }
    }
  }

  /// Runs over the lines that were read last, of which the first piece begins at `start`; false: a failure.
  private func run(
    lines count: Int, _ text: UnsafeRawBufferPointer, _ start: Int, _ badLines: JSONBadLine, _ skipsNull: Bool,
    _ part: LinePart, _ workspace: inout Workspace
  ) -> Bool {
    begin(&part.output, &workspace)
    var refused = -1
    let isGood = run(lines: count, start, badLines, skipsNull, part, &workspace, &refused)
    swap(&workspace.machine.out, &part.output)
    guard refused >= 0 else { return isGood }
    // The result is too long: what fails, and where, is found the long way.
    let begin = start &+ refused
    let line = unsafe UnsafeRawBufferPointer(rebasing: text[begin..<lineEnd(text, from: begin)])
    if unsafe run(line: line, begin, badLines, skipsNull, .max, part, &workspace) {
      part.failure = (JSONPlanError(.limitExceeded, at: 0, "no memory for the result"), begin)
    }
    return false
  }

  /// The same, with the output in the machine. `refused` is then where a line begins whose program failed.
  @inline(__always)
  private func run(
    lines count: Int, _ start: Int, _ badLines: JSONBadLine, _ skipsNull: Bool, _ part: LinePart,
    _ workspace: inout Workspace, _ refused: inout Int
  ) -> Bool {
    let options = workspace.limits.json
    var nodes = 0
    for index in 0..<count {
      let mark = workspace.machine.out.count
      do throws(PlanStop) {
        if let isValue = try unsafe workspace.reader.run(index, &workspace.machine) {
          if isValue || !skipsNull {
            try workspace.machine.out.append(UInt8(ascii: "\n"))
          } else {
            workspace.machine.out.count = mark
          }
          continue
        }
      } catch {
        workspace.machine.out.count = mark
        refused = workspace.reader.start(index)
        return false
      }
      let line = unsafe workspace.reader.line(index, nodes: nodes, options)
      unsafe nodes = line.nodes
      do throws(JSONPlanError) {
        let isValue = try unsafe workspace.machine.run(line.tape, shape: line.shape)
        try end(&workspace.machine.out, mark, isValue || !skipsNull)
      } catch {
        workspace.machine.out.count = mark
        guard unsafe fail(error, start + line.start, badLines, part) else { return false }
      }
    }
    return true
  }

  /// Reads a line, and runs over it; false: a failure.
  private func run(
    line: UnsafeRawBufferPointer, _ begin: Int, _ badLines: JSONBadLine, _ skipsNull: Bool,
    _ maximumLineByteCount: Int, _ part: LinePart, _ workspace: inout Workspace
  ) -> Bool {
    if _slowPath(line.count > maximumLineByteCount) {
      // Counted without the line end, as where lines come in pieces.
      let length = unsafe line.count &- (line[line.count &- 1] == 10 ? 1 : 0)
      if length > maximumLineByteCount {
        guard badLines == .skip else {
          part.failure = (Self.lineTooLong, begin)
          return false
        }
        part.badLineCount += 1
        return true
      }
    }
    guard unsafe !isBlank(line) else { return true }
    let mark = part.output.count
    do throws(JSONPlanError) {
      let isValue = try unsafe run(line, &part.output, &workspace)
      try end(&part.output, mark, isValue || !skipsNull)
    } catch {
      part.output.count = mark
      return fail(error, begin, badLines, part)
    }
    return true
  }

  /// Ends the line that was written, or takes it back.
  @inline(__always)
  private func end(_ output: inout PlanOutput, _ mark: Int, _ isKept: Bool) throws(JSONPlanError) {
    guard isKept else {
      output.count = mark
      return
    }
    do throws(PlanStop) {
      try output.append(UInt8(ascii: "\n"))
    } catch {
      throw JSONPlanError(.limitExceeded, at: 0, "the result is longer than the limit")
    }
  }

  /// Counts a bad line; false: it is a failure.
  private func fail(_ error: JSONPlanError, _ begin: Int, _ badLines: JSONBadLine, _ part: LinePart) -> Bool {
    guard badLines == .skip, error.kind != .limitExceeded else {
      part.failure = (error, begin)
      return false
    }
    part.badLineCount += 1
    return true
  }

  /// Behind the first newline at or after `start`; the text's end where there is none.
  private func lineEnd(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = text.baseAddress, start < text.count else { return text.count }
    guard let found = unsafe memchr(base + start, 10, text.count - start) else { return text.count }
    return unsafe UnsafeRawPointer(found) - base + 1
  }

  private func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
    for index in 0..<line.count where unsafe !JSONBytes.isBlank(line[index]) { return false }
    return true
  }
}
