/// What is made of the tokens of a text while the grammar is checked.
protocol JSONSink {
  /// Room for what `tokens` more tokens come to; false: refused.
  mutating func reserve(_ tokens: Int) -> Bool
  /// A container opens inside an object (or not); false: too deep.
  mutating func open(object: Bool, at: Int, inObject: Bool) -> Bool
  /// The innermost container closes; whether the one around it is an object. At the outermost: false.
  mutating func close(at: Int) -> Bool
  mutating func key(_ begin: Int, _ end: Int, escaped: Bool)
  mutating func string(_ begin: Int, _ end: Int, escaped: Bool)
  mutating func number(_ begin: Int, _ end: Int, integer: Bool)
  mutating func word(_ kind: JSONKind, _ begin: Int, _ end: Int)
}

/// The next tokens of a piece.
@unsafe
struct JSONCursor {
  private var next: UnsafePointer<UInt32>
  private(set) var end: UnsafePointer<UInt32>
  private(set) var base = 0
  /// Bytes of the line that is walked through, where the tokens are those of many; else -1.
  private(set) var lineCount = -1

  @inline(__always)
  init(_ feed: UnsafeMutablePointer<JSONFeed>) {
    unsafe next = UnsafePointer(feed.pointee.index)
    unsafe end = next
  }

  /// Over these tokens of many lines. A walk stops behind those of one.
  @inline(__always)
  init(ofLines next: UnsafePointer<UInt32>, to end: UnsafePointer<UInt32>) {
    unsafe self.next = next
    unsafe self.end = end
  }

  /// The next token.
  @inline(__always)
  var position: UnsafePointer<UInt32> {
    get { unsafe next }
    set { unsafe next = newValue }
  }

  /// Goes to the line that begins at `start` of the piece; whether it has a token.
  @inline(__always)
  mutating func enterLine(_ start: Int, _ count: Int) -> Bool {
    unsafe base = 0 &- start
    unsafe lineCount = count
    return unsafe !isPast(count)
  }

  /// Whether no token is left before `offset` of the line.
  @inline(__always)
  func isPast(_ offset: Int) -> Bool { unsafe next == end || base &+ Int(next.pointee) >= offset }

  /// The offset of the next token, or -1 where there is none (or the sink refuses).
  @inline(__always)
  mutating func advance(_ feed: UnsafeMutablePointer<JSONFeed>, _ sink: inout some JSONSink) -> Int {
    if unsafe _slowPath(next == end) {
      let found = unsafe feed.pointee.refill()
      guard found > 0 && sink.reserve(found) else { return -1 }
      unsafe next = UnsafePointer(feed.pointee.index)
      unsafe end = next + found
      unsafe base = feed.pointee.base
    }
    let offset = unsafe base &+ Int(next.pointee)
    unsafe next += 1
    return offset
  }
}

/// One text, checked against the grammar of RFC 8259 while its tokens go to a sink.
enum JSONWalk {
  /// Whether the text is one valid value and white space. What is wrong, and where, ``JSONFault`` finds.
  ///
  /// - No recursion: how deep it goes is the sink's to say.
  @inline(__always)
  @unsafe
  static func run(_ feed: UnsafeMutablePointer<JSONFeed>, _ sink: inout some JSONSink) -> Bool {
    var cursor = unsafe JSONCursor(feed)
    return unsafe run(feed, &cursor, &sink)
  }

  /// The same from a cursor on, of a line among others too: the separators of such a one are for the feed to compare.
  @inline(__always)
  @unsafe
  static func run(
    _ feed: UnsafeMutablePointer<JSONFeed>, _ cursor: inout JSONCursor, _ sink: inout some JSONSink
  ) -> Bool {
    let source = unsafe feed.pointee.source
    let count = unsafe feed.pointee.count
    var depth = 0
    var inObject = false
    /// Commas and colons that were found where they must be.
    var separators: UInt64 = 0
    var at = unsafe cursor.advance(feed, &sink)
    guard at >= 0 else { return false }

    values: while true {
      // A value begins at `at`, and ends before `end`.
      var end: Int
      value: do {
        switch unsafe source[at] {
        case UInt8(ascii: "\""):
          let close = unsafe cursor.advance(feed, &sink)
          guard close >= 0 else { return false }
          end = close &+ 1
          unsafe sink.string(at, end, escaped: feed.pointee.closesEscaped(close))
        case UInt8(ascii: "{"):
          guard sink.open(object: true, at: at, inObject: inObject) else { return false }
          depth &+= 1
          inObject = true
          at = unsafe cursor.advance(feed, &sink)
          guard at >= 0 else { return false }
          if unsafe source[at] == UInt8(ascii: "}") {
            inObject = sink.close(at: at)
            depth &-= 1
            end = at &+ 1
            break value
          }
          at = unsafe member(at, feed, &cursor, &sink)
          guard at >= 0 else { return false }
          separators &+= 1
          continue values
        case UInt8(ascii: "["):
          guard sink.open(object: false, at: at, inObject: inObject) else { return false }
          depth &+= 1
          inObject = false
          at = unsafe cursor.advance(feed, &sink)
          guard at >= 0 else { return false }
          if unsafe source[at] == UInt8(ascii: "]") {
            inObject = sink.close(at: at)
            depth &-= 1
            end = at &+ 1
            break value
          }
          continue values
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
          let integer: Bool
          (end, integer) = unsafe JSONNumberScan.run(source, at, count)
          guard end >= 0 else { return false }
          sink.number(at, end, integer: integer)
        case UInt8(ascii: "t"):
          guard unsafe word(source, at, count, 0x6575_7274, 4) else { return false }
          end = at &+ 4
          sink.word(.true, at, end)
        case UInt8(ascii: "f"):
          guard unsafe count &- at >= 5 && word(source, at &+ 1, count, 0x6573_6c61, 4) else { return false }
          end = at &+ 5
          sink.word(.false, at, end)
        case UInt8(ascii: "n"):
          guard unsafe word(source, at, count, 0x6c6c_756e, 4) else { return false }
          end = at &+ 4
          sink.word(.null, at, end)
        default:
          return false
        }
      }

      // After a value: what closes it, or a comma and the next one.
      while true {
        if depth == 0 {
          if unsafe cursor.lineCount >= 0 {
            // Brackets that are not closed here run on into the next line.
            unsafe feed.pointee.separatorsOfLines &+= separators
            return unsafe end <= cursor.lineCount && cursor.isPast(cursor.lineCount)
          }
          return unsafe cursor.advance(feed, &sink) < 0 && feed.pointee.isGoodToTheEnd(separators)
        }
        at = unsafe cursor.advance(feed, &sink)
        guard at >= 0 else { return false }
        if unsafe source[at] == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          inObject = sink.close(at: at)
          depth &-= 1
          end = at &+ 1
          continue
        }
        guard unsafe isNext(UInt8(ascii: ","), source, end, at) else { return false }
        separators &+= 1
        if inObject {
          at = unsafe member(at, feed, &cursor, &sink)
          guard at >= 0 else { return false }
          separators &+= 1
        }
        continue values
      }
    }
  }

  /// A key that begins at `at`, and the colon; where the value begins, or -1.
  @inline(__always)
  @unsafe
  static func member(
    _ at: Int, _ feed: UnsafeMutablePointer<JSONFeed>, _ cursor: inout JSONCursor, _ sink: inout some JSONSink
  ) -> Int {
    let source = unsafe feed.pointee.source
    guard unsafe source[at] == UInt8(ascii: "\"") else { return -1 }
    let close = unsafe cursor.advance(feed, &sink)
    guard close >= 0 else { return -1 }
    unsafe sink.key(at, close &+ 1, escaped: feed.pointee.closesEscaped(close))
    let value = unsafe cursor.advance(feed, &sink)
    guard unsafe value >= 0 && isNext(UInt8(ascii: ":"), source, close &+ 1, value) else { return -1 }
    return value
  }

  /// Whether the first byte from `at` that is not blank is `separator`; it is looked for before the token at `limit`.
  @inline(__always)
  @unsafe
  static func isNext(_ separator: UInt8, _ source: UnsafePointer<UInt8>, _ at: Int, _ limit: Int) -> Bool {
    if unsafe _fastPath(source[at] == separator) { return true }
    var at = at
    while unsafe at < limit && JSONBytes.isBlank(source[at]) { at &+= 1 }
    return unsafe at < limit && source[at] == separator
  }

  /// Whether four bytes at `at` are `word`, little endian, and the token ends with them.
  @inline(__always)
  @unsafe
  static func word(
    _ source: UnsafePointer<UInt8>, _ at: Int, _ count: Int, _ word: UInt32, _ length: Int
  ) -> Bool {
    guard count &- at >= length,
      unsafe UnsafeRawPointer(source + at).loadUnaligned(as: UInt32.self).littleEndian == word
    else { return false }
    let end = at &+ length
    return unsafe end == count || JSONNumberScan.ends(source[end])
  }
}
