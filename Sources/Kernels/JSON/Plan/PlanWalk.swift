/// One text, checked against the grammar of RFC 8259 while what a plan reads of it goes to a sink: as ``JSONWalk``, but that elements of
/// an array that are as one before them are not walked through (``PlanLineShape``), and what is not read is leapt over.
enum PlanWalk {
  /// An object in an array that is walked through: how many containers are open around it, where it begins, by which token of which
  /// piece, and its node.
  @unsafe
  private struct Element {
    var depth = -1
    var begin = 0
    var base = 0
    var token: UnsafePointer<UInt32>?
    var node = 0
    /// In what a plan reads.
    var place: Int32 = 0

    init() {}

    init(_ depth: Int, _ begin: Int, _ cursor: JSONCursor, _ sink: PlanTapeSink) {
      unsafe self.depth = depth
      unsafe self.begin = begin
      unsafe base = cursor.base
      unsafe token = cursor.position - 1
      unsafe node = sink.used
      unsafe place = sink.next
    }
  }

  /// Whether the text is one valid value and white space. What is wrong, and where, ``JSONFault`` finds.
  @inline(__always)
  @unsafe
  static func run(
    _ feed: UnsafeMutablePointer<JSONFeed>, _ maximumDepth: Int, _ shapes: inout PlanLineShapes,
    _ sink: inout PlanTapeSink, looksAtElements: Bool
  ) -> Bool {
    var cursor = unsafe JSONCursor(feed)
    var element = unsafe Element()
    let source = unsafe feed.pointee.source
    let count = unsafe feed.pointee.count
    var depth = 0
    var inObject = false
    /// Commas and colons that were found where they must be.
    var separators: UInt64 = 0
    var at = unsafe cursor.advance(feed, &sink)
    guard at >= 0 else { return false }

    var end = 0
    values: while true {
      var leap = PlanTapeSink.Leap.member
      if unsafe sink.mayLeap(inObject) {
        // From the token that was taken.
        unsafe cursor.position -= 1
        leap = unsafe sink.leap(feed, &cursor, &end, &depth, &inObject, &separators)
        guard leap != .bad else { return false }
        if leap == .member { at = unsafe cursor.advance(feed, &sink) }
        guard at >= 0 else { return false }
      }
      // A value begins at `at`, and ends before `end`.
      value: if leap == .member {
        if inObject {
          at = unsafe JSONWalk.member(at, feed, &cursor, &sink)
          guard at >= 0 else { return false }
          separators &+= 1
        }
        switch unsafe source[at] {
        case UInt8(ascii: "\""):
          let close = unsafe cursor.advance(feed, &sink)
          guard close >= 0 else { return false }
          end = close &+ 1
          unsafe sink.string(at, end, escaped: feed.pointee.closesEscaped(close))
        case UInt8(ascii: "{"):
          if unsafe looksAtElements && !inObject && depth > 0 && sink.isElementRead {
            let known = unsafe take(at, maximumDepth &- depth, feed, &cursor, &separators, &shapes, &sink)
            if known >= 0 {
              end = known
              break value
            }
            if unsafe element.depth < 0 { unsafe element = Element(depth, at, cursor, sink) }
          }
          guard unsafe sink.open(object: true, at: at, inObject: inObject) else { return false }
          depth &+= 1
          inObject = true
          at = unsafe cursor.advance(feed, &sink)
          guard at >= 0 else { return false }
          if unsafe source[at] == UInt8(ascii: "}") {
            inObject = unsafe sink.close(at: at)
            depth &-= 1
            end = at &+ 1
            break value
          }
          continue values
        case UInt8(ascii: "["):
          guard unsafe sink.open(object: false, at: at, inObject: inObject) else { return false }
          depth &+= 1
          inObject = false
          at = unsafe cursor.advance(feed, &sink)
          guard at >= 0 else { return false }
          if unsafe source[at] == UInt8(ascii: "]") {
            inObject = unsafe sink.close(at: at)
            depth &-= 1
            end = at &+ 1
            break value
          }
          continue values
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
          let integer: Bool
          (end, integer) = unsafe JSONNumberScan.run(source, at, count)
          guard end >= 0 else { return false }
          unsafe sink.number(at, end, integer: integer)
        case UInt8(ascii: "t"):
          guard unsafe JSONWalk.word(source, at, count, 0x6575_7274, 4) else { return false }
          end = at &+ 4
          unsafe sink.word(.true, at, end)
        case UInt8(ascii: "f"):
          guard unsafe count &- at >= 5 && JSONWalk.word(source, at &+ 1, count, 0x6573_6c61, 4) else { return false }
          end = at &+ 5
          unsafe sink.word(.false, at, end)
        case UInt8(ascii: "n"):
          guard unsafe JSONWalk.word(source, at, count, 0x6c6c_756e, 4) else { return false }
          end = at &+ 4
          unsafe sink.word(.null, at, end)
        default:
          return false
        }
      }

      // After a value: what closes it, or a comma and the next one.
      while true {
        if depth == 0 {
          return unsafe cursor.advance(feed, &sink) < 0 && feed.pointee.isGoodToTheEnd(separators)
        }
        at = unsafe cursor.advance(feed, &sink)
        guard at >= 0 else { return false }
        if unsafe source[at] == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          inObject = unsafe sink.close(at: at)
          depth &-= 1
          end = at &+ 1
          if unsafe looksAtElements && _slowPath(depth == element.depth) {
            unsafe learn(element, end, maximumDepth &- depth, feed, cursor, &shapes, sink)
            unsafe element.depth = -1
          }
          continue
        }
        guard unsafe JSONWalk.isNext(UInt8(ascii: ","), source, end, at) else { return false }
        separators &+= 1
        continue values
      }
    }
  }

  /// The tokens of the piece that the cursor is in, and its bytes: what is the same as before beyond them has tokens that are not there.
  @inline(__always)
  private static func text(
    _ feed: UnsafeMutablePointer<JSONFeed>, _ cursor: JSONCursor, _ maximumDepth: Int
  ) -> PlanLineText {
    let (base, end) = unsafe (cursor.base, cursor.end)
    // Past all tokens are some that are nowhere.
    unsafe UnsafeMutablePointer(mutating: end).update(repeating: .max, count: 2)
    return unsafe PlanLineText(
      source: feed.pointee.source + base, readable: feed.pointee.taken &- base,
      index: UnsafePointer(feed.pointee.index), end: end, escapes: UnsafePointer(feed.pointee.escapes),
      maximumDepth: maximumDepth, isLines: false)
  }

  /// Takes the element that begins at `at` where it is as one before; where it ends, or -1.
  ///
  /// - Inlined, it would keep what is called for every member from being so.
  @inline(never)
  private static func take(
    _ at: Int, _ maximumDepth: Int, _ feed: UnsafeMutablePointer<JSONFeed>, _ cursor: inout JSONCursor,
    _ separators: inout UInt64, _ shapes: inout PlanLineShapes, _ sink: inout PlanTapeSink
  ) -> Int {
    let base = unsafe cursor.base
    let text = unsafe text(feed, cursor, maximumDepth)
    var token = unsafe cursor.position
    var found = 0
    guard
      let end = unsafe shapes.take(one: text, at &- base, &token, &found, from: 0 &- base, &sink)
    else { return -1 }
    unsafe cursor.position = token
    separators &+= UInt64(truncatingIfNeeded: found)
    return base &+ end
  }

  /// Makes a shape of an element that was walked through, where it is in one piece.
  @inline(never)
  private static func learn(
    _ element: Element, _ end: Int, _ maximumDepth: Int, _ feed: UnsafeMutablePointer<JSONFeed>, _ cursor: JSONCursor,
    _ shapes: inout PlanLineShapes, _ sink: PlanTapeSink
  ) {
    let base = unsafe cursor.base
    guard unsafe element.base == base && shapes.wantsShape(), let token = unsafe element.token,
      let nodes = unsafe sink.nodes
    else { return }
    let text = unsafe text(feed, cursor, maximumDepth)
    let begin = unsafe element.begin &- base
    var feed = unsafe feed.pointee
    unsafe feed.enterLine(text.source, begin, text.readable &- begin)
    unsafe shapes.make(
      text, begin..<(end &- base), end &- base &- begin, token, nodes + element.node, first: element.node,
      origin: 0 &- base, place: element.place, &feed)
  }
}
