#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines of newline-delimited JSON: they end with `\n` or `\r\n`, the last one may end with the text, and those of white space
/// alone are skipped.
@unsafe
package struct JSONLines {
  /// A line's bytes without its end, and which line of the text it is, from 1, those skipped counted.
  package struct Line {
    package let range: Range<Int>
    package let number: Int
  }

  private let text: UnsafeRawBufferPointer
  private var at: Int
  private let end: Int
  private var number: Int

  /// - `text` is readable as long as lines are asked for.
  /// - `number` lines came before.
  package init(_ text: UnsafeRawBufferPointer, in range: Range<Int>? = nil, after number: Int = 0) {
    unsafe self.text = text
    unsafe at = range?.lowerBound ?? 0
    unsafe end = range?.upperBound ?? text.count
    unsafe self.number = number
  }

  /// Lines that have been passed, empty ones too.
  package var passed: Int { unsafe number }

  /// Where the next line begins.
  var position: Int { unsafe at }

  package mutating func next() -> Line? {
    while unsafe at < end {
      let start = unsafe text.baseAddress.unsafelyUnwrapped
      let from = unsafe at
      let found = unsafe memchr(start + from, 10, end &- from)
      var stop: Int
      if let found = unsafe found {
        stop = unsafe UnsafeRawPointer(found) - start
        unsafe at = stop &+ 1
      } else {
        stop = unsafe end
        unsafe at = end
      }
      unsafe number &+= 1
      if unsafe stop > from && text[stop &- 1] == 13 { stop &-= 1 }
      var first = from
      while unsafe first < stop && JSONBytes.isBlank(text[first]) { first &+= 1 }
      if first < stop { return unsafe Line(range: from..<stop, number: number) }
    }
    return nil
  }

  /// `text` cut after line ends into at most `count` slices of about the same length, in order; what threads take.
  package static func slices(_ text: UnsafeRawBufferPointer, _ count: Int) -> [Range<Int>] {
    var slices: [Range<Int>] = []
    var from = 0
    for i in 1...max(count, 1) where from < text.count {
      var to = i >= count ? text.count : max(from, text.count / count &* i)
      if to < text.count, let start = text.baseAddress {
        let found = unsafe memchr(start + to, 10, text.count &- to)
        to = unsafe found.map { unsafe UnsafeRawPointer($0) - start &+ 1 } ?? text.count
      }
      if to > from { slices.append(from..<to) }
      from = to
    }
    return slices
  }
}

/// Newline-delimited JSON that comes in pieces: keeps the line that is not at its end, and no more.
///
/// ```swift
/// var lines = JSONLineFeed()
/// while let chunk = read() { try lines.feed(chunk) { line, number in ... } }
/// try lines.finish { line, number in ... }
/// ```
public struct JSONLineFeed: Sendable {
  private var rest: [UInt8] = []
  private var passed = 0
  /// Bytes of a line from which on it is refused.
  public var maximumLineByteCount: Int
  /// Bytes that came before ``rest``.
  private var offset = 0

  public init(maximumLineByteCount: Int = 64 << 20) {
    precondition(maximumLineByteCount >= 0, "JSONLineFeed: maximumLineByteCount must not be negative")
    self.maximumLineByteCount = maximumLineByteCount
  }

  /// Takes a piece of the text and hands on the lines that it completes, each without its end, with its number, from 1.
  ///
  /// - Throws: what `body` throws; ``JSONError/Kind/byteLimit`` for a line that is too long.
  public mutating func feed(
    _ chunk: RawSpan, _ body: (RawSpan, Int) throws(JSONError) -> Void
  ) throws(JSONError) {
    var failure: JSONError?
    unsafe chunk.withUnsafeBytes { chunk in
      do throws(JSONError) { try unsafe take(chunk, body) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Hands on the last line, where the text does not end with a line end.
  public mutating func finish(_ body: (RawSpan, Int) throws(JSONError) -> Void) throws(JSONError) {
    let last = rest
    rest = []
    var failure: JSONError?
    unsafe last.withUnsafeBytes { last in
      do throws(JSONError) { try unsafe hand(last, body) } catch { failure = error }
    }
    offset += last.count
    if let failure { throw failure }
  }

  private mutating func take(
    _ chunk: UnsafeRawBufferPointer, _ body: (RawSpan, Int) throws(JSONError) -> Void
  ) throws(JSONError) {
    let from = chunk.startIndex
    guard let last = unsafe chunk.lastIndex(of: 10) else {
      guard rest.count + chunk.count <= maximumLineByteCount else {
        throw JSONError(.byteLimit, offset: offset + maximumLineByteCount)
      }
      unsafe rest.append(contentsOf: chunk)
      return
    }
    var begin = from
    if !rest.isEmpty {
      // The line that was begun: its end is in this piece.
      let first = unsafe chunk.firstIndex(of: 10).unsafelyUnwrapped
      guard rest.count + first <= maximumLineByteCount else {
        throw JSONError(.byteLimit, offset: offset + maximumLineByteCount)
      }
      unsafe rest.append(contentsOf: chunk[..<(first + 1)])
      begin = first + 1
      let line = rest
      rest.removeAll(keepingCapacity: true)
      var failure: JSONError?
      unsafe line.withUnsafeBytes { line in
        do throws(JSONError) { try unsafe hand(line, body) } catch { failure = error }
      }
      offset += line.count
      if let failure { throw failure }
    }
    if begin <= last {
      try unsafe hand(UnsafeRawBufferPointer(rebasing: chunk[begin...last]), body)
      offset += last + 1 - begin
    }
    guard chunk.count - last - 1 <= maximumLineByteCount else {
      throw JSONError(.byteLimit, offset: offset + maximumLineByteCount)
    }
    unsafe rest.append(contentsOf: chunk[(last + 1)...])
  }

  private mutating func hand(
    _ text: UnsafeRawBufferPointer, _ body: (RawSpan, Int) throws(JSONError) -> Void
  ) throws(JSONError) {
    var lines = unsafe JSONLines(text, after: passed)
    while let line = unsafe lines.next() {
      passed = line.number
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: text[line.range])
      try unsafe body(RawSpan(_unsafeBytes: bytes), line.number)
    }
    passed = unsafe lines.passed
  }
}
