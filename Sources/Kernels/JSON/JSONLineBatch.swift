#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lines that are indexed by one call, and each walked through on its own: of short lines the index would cost more than all else.
///
/// Where strings are good in all of a batch, none has a line end in it, and so every line's tokens are those that it has alone.
/// Where anything is wrong with any line, the batch says no, and its lines are to be read one by one.
enum JSONLineBatch {
  /// Bytes of a batch at most.
  static var byteCount: Int { unsafe JSONFeed.pieceByteCount }

  /// Where a batch that begins at `start` ends, behind a line end or at `end`; `start` where not even one line fits.
  @unsafe
  static func end(_ text: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
    guard end &- start > byteCount else { return end }
    var at = start &+ byteCount
    while at > start {
      if unsafe text[at &- 1] == UInt8(ascii: "\n") { return at }
      at &-= 1
    }
    return start
  }

  /// A line with a value, by where it begins in the batch.
  struct Line: BitwiseCopyable {
    let start: UInt32
    /// Of its shape, or 0: lines of a shape have the same nodes but for where they are in the text, and for their scalars.
    let shape: UInt32
    /// One more than the place of the shape whose program it has, and its first token; or 0, and it has nodes.
    var program: UInt32 = 0
    var token: UInt32 = 0
  }

  /// Bytes of working memory for a batch: an index and lines.
  static func scratchByteCount(_ count: Int) -> Int {
    // A line takes its end and a byte at least.
    unsafe JSONFeed.scratchByteCount(count) &+ 16 &+ MemoryLayout<Line>.stride &* (count / 2 &+ 1)
  }

  /// Walks through each line that is not blank into the sink; how many there are, or -1 where a line is not valid, or may not be.
  ///
  /// - `text` is `count` bytes, no more than ``byteCount``, and ends behind a line end or at the end of its last line; `readable` bytes
  ///   may be read, what comes after it among them.
  /// - `memory` is aligned to 8, and writable for ``scratchByteCount(_:)``; ``lines(_:_:)`` has then where the lines are.
  /// - The sink's first ``JSONSink/reserve(_:)`` does not move what it has.
  @inline(__always)
  @unsafe
  static func read(
    _ text: UnsafePointer<UInt8>, _ count: Int, readable: Int, _ options: JSONOptions, memory: UnsafeMutableRawPointer,
    kernel: JSONIndexKernel, _ shapes: inout PlanLineShapes, _ lineEnds: inout Int, _ sink: inout some JSONLineSink
  ) -> Int {
    let lines = unsafe lines(memory, count)
    var feed = unsafe JSONFeed(text, count, memory: memory, kernel: kernel)
    let tokens = unsafe feed.indexLines()
    guard unsafe feed.stringsAreGood && sink.reserve(tokens),
      unsafe !(options.loneSurrogates == .reject && feed.hasUnicodeEscapes)
    else { return -1 }
    // Past all tokens are some that are nowhere.
    unsafe (feed.index + tokens).update(repeating: .max, count: 2)
    let all = unsafe PlanLineText(
      source: text, readable: min(readable, count &+ JSONLineBatch.byteCount), index: UnsafePointer(feed.index),
      end: UnsafePointer(feed.index) + tokens, escapes: UnsafePointer(feed.escapes), maximumDepth: options.maximumDepth,
      isLines: true)
    var token = unsafe all.index
    var separators = 0
    var (start, found) = (0, 0)
    while start < count {
      let before = found
      unsafe shapes.take(all, &start, count, &token, lines, &found, &separators, &sink)
      lineEnds &+= found &- before
      guard start < count else { break }
      let ending = unsafe memchr(text + start, 10, count &- start)
      let stop = unsafe ending.map { unsafe UnsafeRawPointer($0) - UnsafeRawPointer(text) } ?? count
      lineEnds &+= stop < count ? 1 : 0
      var cursor = unsafe JSONCursor(ofLines: token, to: all.end)
      if unsafe cursor.enterLine(start, stop &- start) {
        unsafe feed.enterLine(text, start, count &- start)
        unsafe sink.restart(text + start, stop &- start)
        guard unsafe JSONWalk.run(&feed, &cursor, &sink) else { return -1 }
        unsafe lines[found] = Line(start: UInt32(truncatingIfNeeded: start), shape: 0)
        found &+= 1
        if stop < count && shapes.wantsShape(), let nodes = unsafe sink.nodes {
          unsafe shapes.make(
            all, start..<(stop &+ 1), stop &- start, token, UnsafePointer(nodes), first: 0, origin: start, &feed)
        }
      }
      unsafe token = cursor.position
      start = stop &+ 1
    }
    unsafe feed.separatorsOfLines &+= UInt64(truncatingIfNeeded: separators)
    return unsafe feed.linesAreGood ? found : -1
  }

  /// Where the lines are in the working memory of a batch of `count` bytes.
  @unsafe
  static func lines(_ memory: UnsafeMutableRawPointer, _ count: Int) -> UnsafeMutablePointer<Line> {
    let offset = unsafe (JSONFeed.scratchByteCount(count) &+ 7) & ~7
    return unsafe (memory + offset).assumingMemoryBound(to: Line.self)
  }
}

/// A sink that takes one text after another, into memory that it was given for all.
protocol JSONLineSink: JSONSink {
  /// Begins a text behind the one before.
  ///
  /// - There is room for all its tokens.
  mutating func restart(_ source: UnsafePointer<UInt8>, _ count: Int)
  /// The nodes of the text that was begun.
  var nodes: UnsafeMutablePointer<JSONNode>? { get }
  /// So many nodes, which the caller writes.
  ///
  /// - They are all that the text has.
  mutating func take(_ count: Int) -> UnsafeMutablePointer<JSONNode>
}
