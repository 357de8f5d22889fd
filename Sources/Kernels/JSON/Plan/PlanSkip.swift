/// Goes over values that nothing is kept of: validated, and no more.
enum PlanSkip {
  /// Where it stopped.
  enum Stop {
    /// Behind the outermost container.
    case closed
    /// Before a key, or before a value of an array, that must follow: the tokens left are too few, or a container is one too many.
    case member
    /// Behind a value, and no token is left.
    case after
    /// Before a member that may be read: its key, which has no backslash, and the colon are there, and so are five tokens.
    case found
    /// What is not valid.
    case bad
  }

  /// Containers that are open, and where the last value ended.
  @unsafe
  struct Open {
    /// For each open container whether it stands in an object, and how many there may be.
    let around: UnsafeMutablePointer<Bool>
    var limit: Int
    var count: Int
    /// The innermost one is an object.
    var inObject: Bool
    var end: Int
    /// Commas and colons that were found in place.
    var separators: Int
  }

  /// Tokens, counted from where the text begins.
  @unsafe
  struct Text {
    let source: UnsafePointer<UInt8>
    /// Bytes that may be read.
    let readable: Int
    /// Behind the last token.
    let last: UnsafePointer<UInt32>
  }

  /// Goes on behind a value, or at a member, until `open` has no more than `floor` containers or the tokens come to their end.
  ///
  /// - The strings of the text are valid.
  /// - A function of its own: in another one, what it calls for each value would not be inlined any more.
  @inline(never)
  @unsafe
  static func run(
    _ text: Text, _ token: inout UnsafePointer<UInt32>, _ open: inout Open, to floor: Int, atMember: Bool
  ) -> Stop {
    let (source, last, around, limit) = unsafe (text.source, text.last, open.around, open.limit)
    var (next, count, inObject) = unsafe (token, open.count, open.inObject)
    var (end, separators) = unsafe (open.end, open.separators)
    var atMember = atMember
    let stop: Stop
    while true {
      if !atMember {
        guard unsafe next < last else {
          stop = .after
          break
        }
        // A token is left: what is at the value's end may be read.
        if unsafe source[end] != UInt8(ascii: ",") {
          let at = unsafe Int(next.pointee)
          if unsafe source[at] == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            unsafe next += 1
            end = at &+ 1
            count &-= 1
            inObject = unsafe around[count]
            if count != floor { continue }
            stop = .closed
            break
          }
          guard unsafe JSONWalk.isNext(UInt8(ascii: ","), source, end, at) else {
            stop = .bad
            break
          }
        }
        separators &+= 1
      }
      atMember = false
      // A key, a value and what comes then.
      guard unsafe last - next >= 4 else {
        stop = .member
        break
      }
      var at = unsafe Int(next.pointee)
      var behind = unsafe next + 1
      let isMember = inObject
      if isMember {
        let value = unsafe Int(next[2])
        guard unsafe source[at] == UInt8(ascii: "\""),
          unsafe JSONWalk.isNext(UInt8(ascii: ":"), source, Int(next[1]) &+ 1, value)
        else {
          stop = .bad
          break
        }
        at = value
        unsafe behind = next + 3
      }
      let first = unsafe source[at]
      let following = unsafe Int(behind.pointee)
      if first == UInt8(ascii: "\"") {
        end = following &+ 1
        unsafe behind += 1
      } else if first | 0x20 == UInt8(ascii: "{") {
        guard count < limit else {
          stop = .member
          break
        }
        if unsafe source[following] == first &+ 2 {
          end = following &+ 1
          unsafe behind += 1
        } else {
          unsafe around[count] = isMember
          count &+= 1
          inObject = first == UInt8(ascii: "{")
          atMember = true
        }
      } else {
        end = unsafe scalar(source, at, first, text.readable)
        guard end >= 0 else {
          stop = .bad
          break
        }
      }
      unsafe next = behind
      separators &+= isMember ? 1 : 0
    }
    unsafe token = next
    unsafe (open.count, open.inObject) = (count, inObject)
    unsafe (open.end, open.separators) = (end, separators)
    return stop
  }

  /// Where the value at the next token ends, behind which `token` is then, or -1 where it is not valid, nested deeper than 60
  /// levels, or maybe than is allowed, or the last one of the text.
  ///
  /// - Adds its commas and colons to `separators`. The strings of the text are valid.
  @inline(__always)
  @unsafe
  static func value(_ text: PlanLineText, _ token: inout UnsafePointer<UInt32>, _ separators: inout Int) -> Int {
    let tokens = unsafe Text(source: text.source, readable: text.readable, last: text.end)
    guard unsafe tokens.last - token >= 2 else { return -1 }
    let at = unsafe Int(token[0])
    let next = unsafe Int(token[1])
    let first = unsafe tokens.source[at]
    if first == UInt8(ascii: "\"") {
      unsafe token += 2
      return next &+ 1
    }
    guard first | 0x20 == UInt8(ascii: "{") else {
      unsafe token += 1
      return unsafe scalar(tokens.source, at, first, tokens.readable)
    }
    // In no more containers than a shape has.
    let limit = unsafe min(60, text.maximumDepth &- PlanLineShape.maximumDepth)
    guard limit > 0 else { return -1 }
    if unsafe tokens.source[next] == first &+ 2 {
      unsafe token += 2
      return next &+ 1
    }
    var around: [60 of Bool] = .init(repeating: false)
    return unsafe withUnsafeMutableBytes(of: &around) { around in
      var open = unsafe Open(
        around: around.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Bool.self), limit: limit, count: 1,
        inObject: first == UInt8(ascii: "{"), end: 0,
        separators: 0)
      unsafe token += 1
      guard unsafe run(tokens, &token, &open, to: 0, atMember: true) == .closed else { return -1 }
      unsafe separators &+= open.separators
      return unsafe open.end
    }
  }

  /// The end of a number or word that begins with `first`, or -1.
  @inline(__always)
  @unsafe
  static func scalar(_ source: UnsafePointer<UInt8>, _ at: Int, _ first: UInt8, _ readable: Int) -> Int {
    guard readable &- at > 16 else { return unsafe lastScalar(source, at, first, readable) }
    let text = unsafe UnsafeRawPointer(source + at).loadUnaligned(as: UInt64.self).littleEndian
    let end: Int
    if first > UInt8(ascii: "e") {
      let isFalse = text & 0xff_ffff_ffff == 0x65_736c_6166
      let word = UInt32(truncatingIfNeeded: text)
      guard isFalse || word == 0x6575_7274 || word == 0x6c6c_756e else { return -1 }
      end = at &+ (isFalse ? 5 : 4)
      return unsafe JSONNumberScan.ends(source[end]) ? end : -1
    }
    // Up to seven digits, or as many as a number of twice as many bytes has.
    let others = JSONNumberScan.notDigits(text)
    end = at &+ others.trailingZeroBitCount / 8
    let isShort = others != 0 && (first != UInt8(ascii: "0") ? end > at : end == at &+ 1)
    if unsafe isShort && JSONNumberScan.ends(source[end]) { return end }
    if unsafe isShort && source[end] == UInt8(ascii: ".") { return unsafe fraction(source, at, end, readable) }
    return unsafe longNumber(source, at, readable)
  }

  /// The end of a number with a point, which is right up to that.
  @inline(never)
  private static func fraction(_ source: UnsafePointer<UInt8>, _ at: Int, _ point: Int, _ readable: Int) -> Int {
    // At the most seven bytes before it: eight behind it may be read.
    let text = unsafe UnsafeRawPointer(source + (point + 1)).loadUnaligned(as: UInt64.self).littleEndian
    let others = JSONNumberScan.notDigits(text)
    let end = point &+ 1 &+ others.trailingZeroBitCount / 8
    if unsafe others != 0 && end > point &+ 1 && JSONNumberScan.ends(source[end]) { return end }
    return unsafe longNumber(source, at, readable)
  }

  @inline(never)
  private static func longNumber(_ source: UnsafePointer<UInt8>, _ at: Int, _ readable: Int) -> Int {
    let first = unsafe source[at]
    guard first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10 else { return -1 }
    return unsafe JSONNumberScan.run(source, at, readable).end
  }

  /// The same near the end of what may be read.
  @inline(never)
  private static func lastScalar(_ source: UnsafePointer<UInt8>, _ at: Int, _ first: UInt8, _ readable: Int) -> Int {
    switch first {
    case UInt8(ascii: "t"): return unsafe JSONWalk.word(source, at, readable, 0x6575_7274, 4) ? at &+ 4 : -1
    case UInt8(ascii: "n"): return unsafe JSONWalk.word(source, at, readable, 0x6c6c_756e, 4) ? at &+ 4 : -1
    case UInt8(ascii: "f"):
      guard unsafe readable &- at >= 5 && JSONWalk.word(source, at &+ 1, readable, 0x6573_6c61, 4) else { return -1 }
      return at &+ 5
    default: return unsafe longNumber(source, at, readable)
    }
  }
}
