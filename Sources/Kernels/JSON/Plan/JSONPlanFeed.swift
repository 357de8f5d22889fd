/// A plan over lines that come in pieces: keeps the line that is not at its end, and no more.
///
/// ```swift
/// var feed = JSONPlanFeed(plan, badLines: .skip)
/// while let chunk = read() {
///   try feed.take(chunk, into: &output)
///   write(output)
///   output.removeAll(keepingCapacity: true)
/// }
/// try feed.finish(into: &output)
/// ```
///
/// What comes out, and which lines are bad, does not depend on where the text is cut. Lines are as
/// ``JSONPlan/applyLines(_:badLines:skipsNull:threads:limits:)`` has them.
public struct JSONPlanFeed: ~Copyable {
  private let plan: JSONPlan
  private let badLines: JSONBadLine
  private let skipsNull: Bool
  private let threads: Int
  private let maximumLineByteCount: Int
  private var workspace: JSONPlan.Workspace
  private let part: JSONPlan.LinePart
  /// The line that was begun.
  private var rest: [UInt8] = []
  /// The line that was begun is too long, and left out: its end is waited for.
  private var isDropping = false
  /// Lines and bytes that have been passed.
  private var lines = 0
  private var offset = 0
  /// Lines that were left out because they were bad.
  public private(set) var badLineCount = 0

  /// - Parameters:
  ///   - plan: what becomes of each line.
  ///   - badLines: what to do with lines that are not JSON, on which the plan fails, or that are too long.
  ///   - skipsNull: leaves out lines whose result is null.
  ///   - threads: at least 1; each takes a part of a piece, where that is long enough.
  ///   - maximumLineByteCount: bytes of a line from which on it is bad, and what the feed keeps at most.
  ///   - limits: of each line, and of the output of a piece.
  public init(
    _ plan: JSONPlan, badLines: JSONBadLine = .fail, skipsNull: Bool = false, threads: Int = 1,
    maximumLineByteCount: Int = 64 << 20, limits: JSONPlan.Limits = JSONPlan.Limits()
  ) {
    precondition(threads >= 1, "JSONPlanFeed: threads must be at least 1")
    precondition(maximumLineByteCount >= 0, "JSONPlanFeed: maximumLineByteCount must not be negative")
    self.plan = plan
    self.badLines = badLines
    self.skipsNull = skipsNull
    self.threads = threads
    self.maximumLineByteCount = maximumLineByteCount
    workspace = JSONPlan.Workspace(limits: limits)
    part = JSONPlan.LinePart(limit: limits.outputByteCount)
  }

  /// Takes a piece of the text and appends what the lines that it completes give to `output`.
  ///
  /// - Throws: ``JSONPlanLineError`` for the first bad line, or for a limit. What the lines before it gave is in `output`; the feed is
  ///   of no more use; with several threads what the lines of the same piece gave is not.
  /// - Complexity: O(n). Warm, with one thread, no allocation but the growth of `output`.
  public mutating func take(_ chunk: RawSpan, into output: inout [UInt8]) throws(JSONPlanLineError) {
    var failure: JSONPlanLineError?
    unsafe chunk.withUnsafeBytes { chunk in
      do throws(JSONPlanLineError) { try unsafe take(chunk, &output) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Takes the last line, where the text does not end with a line end.
  public mutating func finish(into output: inout [UInt8]) throws(JSONPlanLineError) {
    if isDropping { return drop(0, endsLine: true) }
    try flush(&output)
  }

  private mutating func take(
    _ chunk: UnsafeRawBufferPointer, _ output: inout [UInt8]
  ) throws(JSONPlanLineError) {
    var begin = 0
    if isDropping || !rest.isEmpty {
      let first = unsafe chunk.firstIndex(of: 10)
      let end = first.map { $0 + 1 } ?? chunk.count
      begin = end
      if isDropping {
        drop(end, endsLine: first != nil)
      } else if rest.count + end - (first == nil ? 0 : 1) > maximumLineByteCount {
        try tooLong(rest.count + end, endsLine: first != nil)
      } else {
        unsafe rest.append(contentsOf: chunk[..<end])
        if first != nil { try flush(&output) }
      }
    }
    guard begin < chunk.count else { return }
    let tail = unsafe UnsafeRawBufferPointer(rebasing: chunk[begin...])
    let whole = unsafe tail.lastIndex(of: 10).map { $0 + 1 } ?? 0
    if whole > 0 { try unsafe run(UnsafeRawBufferPointer(rebasing: tail[..<whole]), &output) }
    if tail.count - whole > maximumLineByteCount { return try tooLong(tail.count - whole, endsLine: false) }
    unsafe rest.append(contentsOf: tail[whole...])
  }

  /// Runs the line that was begun, of which all is there.
  private mutating func flush(_ output: inout [UInt8]) throws(JSONPlanLineError) {
    guard !rest.isEmpty else { return }
    var line: [UInt8] = []
    swap(&line, &rest)
    var failure: JSONPlanLineError?
    unsafe line.withUnsafeBytes { line in
      do throws(JSONPlanLineError) { try unsafe run(line, &output) } catch { failure = error }
    }
    line.removeAll(keepingCapacity: true)
    swap(&line, &rest)
    if let failure { throw failure }
  }

  /// Runs whole lines. Those that are too long are bad, as they would be in pieces.
  private mutating func run(_ text: UnsafeRawBufferPointer, _ output: inout [UInt8]) throws(JSONPlanLineError) {
    var count = 0
    do throws(JSONPlanLineError) {
      if threads == 1 {
        part.removeAll()
        unsafe plan.run(
          text, 0..<text.count, badLines, skipsNull, maximumLineByteCount, part, &workspace)
        append(part, &output)
        count = part.lineCount
        if let failure = part.failure { throw unsafe plan.lineError(failure.error, text, failure.byteOffset) }
      } else {
        let parts = try unsafe plan.lines(
          text, badLines, skipsNull, threads, workspace.limits, maximumLineByteCount: maximumLineByteCount)
        for part in parts {
          append(part, &output)
          count += part.lineCount
        }
      }
    } catch {
      throw JSONPlanLineError(
        error: error.error, line: lines + error.line, byteOffset: offset + error.byteOffset)
    }
    lines += count
    offset += text.count
  }

  private mutating func append(_ part: JSONPlan.LinePart, _ output: inout [UInt8]) {
    unsafe output.append(contentsOf: UnsafeBufferPointer(start: part.output.start, count: part.output.count))
    badLineCount += part.badLineCount
  }

  /// The line that was begun, of which `count` bytes have come, is longer than it may be.
  private mutating func tooLong(_ count: Int, endsLine: Bool) throws(JSONPlanLineError) {
    rest.removeAll(keepingCapacity: true)
    guard badLines == .skip else {
      throw JSONPlanLineError(error: JSONPlan.lineTooLong, line: lines + 1, byteOffset: offset)
    }
    isDropping = true
    badLineCount += 1
    drop(count, endsLine: endsLine)
  }

  private mutating func drop(_ count: Int, endsLine: Bool) {
    offset += count
    if endsLine {
      lines += 1
      isDropping = false
    }
  }
}
