/// The tape of a text by its index: the walk of ``JSONWalk`` with all that a token asks for at hand.
///
/// Where two tokens of a string are in the index side by side, they are its range but for the base; where three are left, so is a
/// key and what comes after it. Elsewhere, at the end of a piece, tokens come one by one.
@unsafe
struct JSONTapeWalk {
  private let feed: UnsafeMutablePointer<JSONFeed>
  private let source: UnsafePointer<UInt8>
  private let escapes: UnsafePointer<UInt64>
  /// The next token, and the end of those that are indexed.
  private var next: UnsafePointer<UInt32>
  private var end: UnsafePointer<UInt32>
  /// What the offsets of tokens count from.
  private var base = 0
  /// What makes a range of the two tokens of a string: the base, and behind the closing quote.
  private var bias: UInt64 = 1 << 32
  /// 16 bytes before the tape, and where the next node is from there: the index after it is a sixteenth of that.
  private var tape: UnsafeMutableRawPointer
  private var to = MemoryLayout<JSONNode>.stride
  /// The innermost container's node, from `tape`, and how many values it has.
  private var current = 0
  private var values: UInt64 = 0
  private var depth = 0
  private var inObject = false
  /// Commas and colons that containers which are closed have.
  private var separators: UInt64 = 0

  private init(_ feed: UnsafeMutablePointer<JSONFeed>, _ sink: borrowing JSONTapeSink) {
    unsafe self.feed = feed
    unsafe source = feed.pointee.source
    unsafe escapes = UnsafePointer(feed.pointee.escapes)
    unsafe next = UnsafePointer(feed.pointee.index)
    unsafe end = next
    unsafe tape = UnsafeMutableRawPointer(feed)
  }
}

// MARK: - Tokens

extension JSONTapeWalk {
  /// The offset of the next token; false where there is none, or no memory for it.
  @inline(__always)
  private mutating func advance(_ offset: inout Int, _ sink: inout JSONTapeSink) -> Bool {
    if unsafe _slowPath(next == end) {
      guard let more = unsafe refilled(&sink) else { return false }
      unsafe self = unsafe more
    }
    offset = unsafe base &+ Int(next.pointee)
    unsafe next += 1
    return true
  }

  /// With the tokens of the next piece; nil where there are none, or no memory for them.
  @inline(never)
  private func refilled(_ sink: inout JSONTapeSink) -> JSONTapeWalk? {
    var walk = unsafe self
    let found = unsafe feed.pointee.refill()
    unsafe sink.used = count
    guard unsafe found > 0 && sink.reserve(found), let nodes = unsafe sink.nodes else { return nil }
    unsafe walk.tape = UnsafeMutableRawPointer(nodes) - MemoryLayout<JSONNode>.stride
    unsafe walk.next = UnsafePointer(feed.pointee.index)
    unsafe walk.end = walk.next + found
    unsafe walk.base = feed.pointee.base
    unsafe walk.bias = UInt64(truncatingIfNeeded: walk.base) &* 0x1_0000_0001 &+ 1 << 32
    return unsafe walk
  }

  /// Nodes that are written.
  private var count: Int { unsafe to / MemoryLayout<JSONNode>.stride &- 1 }

  /// The bit for a string with a backslash, by its closing quote's place in the piece.
  @inline(__always)
  private func escaped(_ close: UInt32) -> UInt64 {
    unsafe (escapes[Int(close >> 6)] >> UInt64(close & 63) & 1) << 3
  }

  /// Two tokens of this piece as a range.
  @inline(__always)
  private func range(_ tokens: UnsafePointer<UInt32>) -> UInt64 {
    unsafe UnsafeRawPointer(tokens).loadUnaligned(as: UInt64.self) &+ bias
  }
}

// MARK: - Nodes

extension JSONTapeWalk {
  /// The index of the node after the next, in the upper half.
  @inline(__always)
  private var link: UInt64 { unsafe UInt64(truncatingIfNeeded: to) << 28 }

  @inline(__always)
  private mutating func put(_ range: UInt64, _ link: UInt64) {
    unsafe tape.storeBytes(of: range, toByteOffset: to, as: UInt64.self)
    unsafe tape.storeBytes(of: link, toByteOffset: to &+ 8, as: UInt64.self)
    unsafe to &+= MemoryLayout<JSONNode>.stride
  }

  @inline(__always)
  private mutating func put(_ begin: Int, _ end: Int, _ kind: JSONKind, _ flag: UInt64 = 0) {
    let range = UInt64(truncatingIfNeeded: begin) | UInt64(truncatingIfNeeded: end) << 32
    unsafe put(range, link | UInt64(kind.rawValue) | flag)
  }

  /// While a container is open, its node holds what will be needed when it closes: in place of the end how many values the one around
  /// it has, in place of the link that one's node, with bit 0 set where that is an object.
  @inline(__always)
  private mutating func open(object: Bool, at: Int) {
    unsafe depth &+= 1
    let outer = unsafe UInt64(truncatingIfNeeded: current) | (inObject ? 1 : 0)
    unsafe current = to
    unsafe put(UInt64(truncatingIfNeeded: at) | (values &+ 1) << 32, outer)
    unsafe values = 0
    unsafe inObject = object
  }

  @inline(__always)
  private mutating func close(at: Int) {
    unsafe depth &-= 1
    let node = unsafe tape + current
    let own = unsafe values
    let range = unsafe node.load(as: UInt64.self)
    let outer = unsafe node.load(fromByteOffset: 8, as: UInt64.self)
    unsafe node.storeBytes(of: UInt32(truncatingIfNeeded: at &+ 1).littleEndian, toByteOffset: 4, as: UInt32.self)
    let kind = unsafe UInt64(JSONKind.array.rawValue) &+ (inObject ? 1 : 0)
    let after = unsafe UInt64(truncatingIfNeeded: to &- MemoryLayout<JSONNode>.stride) << 28
    unsafe node.storeBytes(
      of: kind | min(own, UInt64(JSONNode.maximumCount)) << 8 | after, toByteOffset: 8, as: UInt64.self)
    // A comma less than values, and a colon for each in an object.
    unsafe separators &+= own &- (own > 0 ? 1 : 0) &+ (inObject ? own : 0)
    unsafe values = range >> 32
    unsafe current = Int(truncatingIfNeeded: outer & ~1)
    unsafe inObject = outer & 1 != 0
  }
}

// MARK: - Grammar

extension JSONTapeWalk {
  /// Whether the text is one valid value and white space.
  static func run(_ feed: UnsafeMutablePointer<JSONFeed>, _ sink: inout JSONTapeSink) -> Bool {
    var walk = unsafe JSONTapeWalk(feed, sink)
    return unsafe walk.run(&sink)
  }

  @inline(__always)
  private mutating func run(_ sink: inout JSONTapeSink) -> Bool {
    let source = unsafe source
    let count = unsafe feed.pointee.count
    let maximumDepth = unsafe sink.maximumDepth
    // A value begins at `at`, and ends before `behind`.
    var (at, behind) = (0, 0)
    guard unsafe advance(&at, &sink) else { return false }

    values: while true {
      value: do {
        switch unsafe source[at] {
        case UInt8(ascii: "\""):
          unsafe values &+= 1
          guard unsafe string(at, &behind, &sink) else { return false }
        case UInt8(ascii: "{"):
          guard unsafe depth < maximumDepth else { return false }
          unsafe open(object: true, at: at)
          guard unsafe advance(&at, &sink) else { return false }
          if unsafe source[at] == UInt8(ascii: "}") {
            unsafe close(at: at)
            behind = at &+ 1
            break value
          }
          guard unsafe member(&at, source, &sink) else { return false }
          continue values
        case UInt8(ascii: "["):
          guard unsafe depth < maximumDepth else { return false }
          unsafe open(object: false, at: at)
          guard unsafe advance(&at, &sink) else { return false }
          if unsafe source[at] == UInt8(ascii: "]") {
            unsafe close(at: at)
            behind = at &+ 1
            break value
          }
          continue values
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
          unsafe values &+= 1
          let isInteger: Bool
          (behind, isInteger) = unsafe Self.number(source, at, count)
          guard behind >= 0 else { return false }
          unsafe put(at, behind, .number, isInteger ? 8 : 0)
        case let first:
          unsafe values &+= 1
          let kind: JSONKind
          (behind, kind) = unsafe Self.word(first, source, at, count)
          guard behind >= 0 else { return false }
          unsafe put(at, behind, kind)
        }
      }

      // After a value: what closes it, or a comma and the next one.
      while unsafe current != 0 {
        guard unsafe advance(&at, &sink) else { return false }
        if unsafe source[behind] != UInt8(ascii: ",") {
          if unsafe source[at] == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            unsafe close(at: at)
            behind = at &+ 1
            continue
          }
          guard unsafe JSONWalk.isNext(UInt8(ascii: ","), source, behind, at) else { return false }
        }
        guard unsafe !inObject || member(&at, source, &sink) else { return false }
        continue values
      }
      guard unsafe next == end && feed.pointee.refill() == 0 else { return false }
      unsafe sink.used = self.count
      return unsafe feed.pointee.isGoodToTheEnd(separators)
    }
  }

  /// A string that begins at `at`, the token before the next, and where it ends.
  @inline(__always)
  private mutating func string(_ at: Int, _ behind: inout Int, _ sink: inout JSONTapeSink) -> Bool {
    if unsafe _slowPath(next == end) {
      guard let more = unsafe refilled(&sink) else { return false }
      unsafe self = unsafe more
      behind = unsafe base &+ Int(next.pointee) &+ 1
      unsafe put(at, behind, .string, escaped(next.pointee))
      unsafe next += 1
      return true
    }
    let range = unsafe range(next - 1)
    unsafe put(range, link | escaped(next.pointee) | UInt64(JSONKind.string.rawValue))
    unsafe next += 1
    behind = Int(truncatingIfNeeded: range >> 32)
    return true
  }

  /// Goes from a key that begins at `at`, the token before the next, over the colon to where the value begins.
  @inline(__always)
  private mutating func member(_ at: inout Int, _ source: UnsafePointer<UInt8>, _ sink: inout JSONTapeSink) -> Bool {
    guard unsafe source[at] == UInt8(ascii: "\"") else { return false }
    var behind = 0
    guard unsafe string(at, &behind, &sink) && advance(&at, &sink) else { return false }
    return unsafe JSONWalk.isNext(UInt8(ascii: ":"), source, behind, at)
  }

  /// The end of a number, or -1, and whether it is an integer: up to 15 digits, and 23 after a point, by words of eight; which words
  /// these end in is often the same from number to number.
  @inline(never)
  private static func number(
    _ source: UnsafePointer<UInt8>, _ begin: Int, _ count: Int
  ) -> (end: Int, integer: Bool) {
    if _fastPath(count &- begin > 48) {
      let first = unsafe begin &+ (source[begin] == UInt8(ascii: "-") ? 1 : 0)
      var whole = unsafe digits(source, first)
      if whole == 8 { whole &+= unsafe digits(source, first &+ 8) }
      let isRight = unsafe source[first] == UInt8(ascii: "0") ? whole == 1 : whole > 0
      var at = first &+ whole
      if isRight && whole < 16 {
        if unsafe source[at] != UInt8(ascii: ".") {
          if unsafe ends(source[at]) { return (at, true) }
        } else {
          at &+= 1
          var more = unsafe digits(source, at)
          guard more > 0 else { return (-1, false) }
          at &+= more
          if more == 8 {
            more = unsafe digits(source, at)
            at &+= more
            if more == 8 { unsafe at &+= digits(source, at) }
          }
          if unsafe ends(source[at]) { return (at, false) }
        }
      }
    }
    return unsafe anyNumber(source, begin, count)
  }

  @inline(never)
  private static func anyNumber(
    _ source: UnsafePointer<UInt8>, _ begin: Int, _ count: Int
  ) -> (end: Int, integer: Bool) {
    unsafe JSONNumberScan.run(source, begin, count)
  }

  /// How many of eight bytes are digits, before the first that is none.
  @inline(__always)
  private static func digits(_ source: UnsafePointer<UInt8>, _ at: Int) -> Int {
    let word = unsafe UnsafeRawPointer(source + at).loadUnaligned(as: UInt64.self).littleEndian
    return JSONNumberScan.notDigits(word).trailingZeroBitCount / 8
  }

  /// Whether a number can end before `byte`: mostly it is a comma.
  @inline(__always)
  private static func ends(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || JSONNumberScan.ends(byte) }

  /// The end of a word that begins with `first`, or -1, and what it says.
  @inline(__always)
  private static func word(
    _ first: UInt8, _ source: UnsafePointer<UInt8>, _ at: Int, _ count: Int
  ) -> (end: Int, kind: JSONKind) {
    switch first {
    case UInt8(ascii: "t"): return unsafe (JSONWalk.word(source, at, count, 0x6575_7274, 4) ? at &+ 4 : -1, .true)
    case UInt8(ascii: "n"): return unsafe (JSONWalk.word(source, at, count, 0x6c6c_756e, 4) ? at &+ 4 : -1, .null)
    case UInt8(ascii: "f"):
      return unsafe (JSONWalk.word(source, at &+ 1, count, 0x6573_6c61, 4) ? at &+ 5 : -1, .false)
    default: return (-1, .null)
    }
  }
}
