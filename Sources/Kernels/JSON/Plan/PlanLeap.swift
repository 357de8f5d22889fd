extension PlanTapeSink {
  /// Where a walk goes on.
  enum Leap {
    /// At a member, or at an element.
    case member
    /// Behind a value.
    case after
    case bad
  }

  /// Whether much of what comes next in the container that is open may be leapt over.
  @inline(__always)
  func mayLeap(_ inObject: Bool) -> Bool {
    unsafe skipped > 0 || inObject && here >= 0 && !places[Int(here)].isWhole
  }

  /// Goes over members that are not read, and values in what is not read, as long as the tokens of the piece last; what is read between
  /// them and is no array it takes on its way.
  ///
  /// - ``mayLeap(_:)`` says so. It begins at a member, or an element, which must follow.
  /// - `end` is then where the last value ends, where it went on behind one.
  @inline(never)
  mutating func leap(
    _ feed: UnsafeMutablePointer<JSONFeed>, _ cursor: inout JSONCursor, _ end: inout Int, _ depth: inout Int,
    _ inObject: inout Bool, _ separators: inout UInt64
  ) -> Leap {
    let base = unsafe cursor.base
    let text = unsafe PlanSkip.Text(
      source: feed.pointee.source + base, readable: feed.pointee.count &- base, last: cursor.end)
    guard let around = unsafe around else {
      return unsafe growAround() ? .member : .bad
    }
    // Containers that are open and not read are counted here alone.
    var open = unsafe PlanSkip.Open(
      around: around, limit: min(aroundCapacity, skipped &+ maximumDepth &- self.depth), count: skipped,
      inObject: inObject, end: 0, separators: 0)
    unsafe depth &-= skipped
    unsafe self.depth &-= skipped
    unsafe skipped = 0
    var token = unsafe cursor.position
    var (stop, atMember, isOther) = (PlanSkip.Stop.closed, true, false)
    while true {
      if unsafe open.count > 0 {
        stop = unsafe PlanSkip.run(text, &token, &open, to: 0, atMember: atMember)
        guard stop == .closed else { break }
        atMember = false
      }
      guard unsafe open.inObject && here >= 0 && !places[Int(here)].isWhole else { break }
      stop = unsafe Self.pass(
        text, places[Int(here)].filter, feed.pointee.escapes, &token, &open, atMember: atMember, isOther: isOther)
      isOther = false
      if stop == .closed {
        // A container begins that is not read.
        atMember = true
      } else if stop == .found {
        switch unsafe take(memberAt: &token, text, base, feed.pointee.escapes, &open) {
        case .scalar:
          atMember = false
          continue
        case .object:
          depth &+= 1
          (stop, atMember) = (.member, true)
          continue
        case .other:
          (atMember, isOther) = (true, true)
          continue
        case .nothing: stop = .member
        case .bad: stop = .bad
        }
        break
      } else if unsafe stop == .after && token < text.last && text.source[Int(token[0])] == UInt8(ascii: "}")
        && isInObject
      {
        unsafe open.inObject = close(at: base &+ Int(token[0]))
        unsafe open.end = Int(token[0]) &+ 1
        unsafe open.limit = min(aroundCapacity, maximumDepth &- self.depth)
        depth &-= 1
        unsafe token += 1
        atMember = false
      } else {
        break
      }
    }
    unsafe cursor.position = token
    end = unsafe base &+ open.end
    unsafe depth &+= open.count
    unsafe self.depth &+= open.count
    unsafe skipped = open.count
    inObject = unsafe open.inObject
    unsafe separators &+= UInt64(truncatingIfNeeded: open.separators)
    if unsafe open.count > 0 && next >= 0 { unsafe next = PlanReach.nothing }
    return switch stop {
    case .member, .found: .member
    case .after, .closed: .after
    case .bad: .bad
    }
  }

  /// What was taken of a member.
  private enum Taken {
    /// All of it; its key, and the begin of an object.
    case scalar, object
    /// Nothing: its key is not read; it is for the walk.
    case other, nothing
    case bad
  }

  /// Takes a member that may be read, up to the end of a scalar or to an object's first member.
  @inline(never)
  private mutating func take(
    memberAt token: inout UnsafePointer<UInt32>, _ text: PlanSkip.Text, _ base: Int, _ escapes: UnsafePointer<UInt64>,
    _ open: inout PlanSkip.Open
  ) -> Taken {
    let source = unsafe text.source
    let at = unsafe Int(token[2])
    let (begin, first) = unsafe (base &+ at, source[at])
    let opensObject = first == UInt8(ascii: "{")
    guard unsafe take(key: base &+ Int(token[0]), base &+ Int(token[1]) &+ 1) else { return .other }
    if unsafe first == UInt8(ascii: "[") || opensObject && source[Int(token[3])] == UInt8(ascii: "}") {
      // The walk takes it from its key on.
      unsafe forgetKey()
      return .nothing
    }
    let end: Int
    switch first {
    case UInt8(ascii: "\""):
      let close = unsafe Int(token[3])
      let escaped = unsafe escapes[close >> 6] >> UInt64(truncatingIfNeeded: close & 63) & 1
      end = close &+ 1
      unsafe token += 1
      unsafe string(begin, base &+ end, escaped: escaped != 0)
    case UInt8(ascii: "{"):
      guard unsafe self.open(object: true, at: begin, inObject: true) else { return .bad }
      unsafe open.limit = min(aroundCapacity, maximumDepth &- depth)
      end = 0
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      let isInteger: Bool
      (end, isInteger) = unsafe JSONNumberScan.run(source, at, text.readable)
      guard end >= 0 else { return .bad }
      unsafe number(begin, base &+ end, integer: isInteger)
    default:
      end = unsafe PlanSkip.scalar(source, at, first, text.readable)
      guard end >= 0 else { return .bad }
      let kind = first == UInt8(ascii: "t") ? JSONKind.true : first == UInt8(ascii: "f") ? .false : .null
      unsafe word(kind, begin, base &+ end)
    }
    unsafe token += 3
    unsafe open.separators &+= 1
    unsafe open.end = end
    return opensObject ? .object : .scalar
  }

  /// Goes over the members of an object whose keys are not read, up to the end of one that is no container, or into one that is:
  /// then `closed`. `isOther`: the first one's key is not read, whatever the filter says.
  ///
  /// - Of the sink it has nothing: to lend all of it is to copy all of it.
  @inline(never)
  private static func pass(
    _ text: PlanSkip.Text, _ known: UInt64, _ escapes: UnsafePointer<UInt64>, _ token: inout UnsafePointer<UInt32>,
    _ open: inout PlanSkip.Open, atMember: Bool, isOther: Bool
  ) -> PlanSkip.Stop {
    let (source, last) = unsafe (text.source, text.last)
    var (next, end, separators) = unsafe (token, open.end, open.separators)
    var (atMember, filter) = (atMember, isOther ? 0 : known)
    var stop = PlanSkip.Stop.member
    while true {
      if !atMember {
        guard unsafe next < last && source[end] == UInt8(ascii: ",") else {
          stop = .after
          break
        }
        separators &+= 1
      }
      atMember = false
      guard unsafe last - next >= 5 else { break }
      let begin = unsafe Int(next[0])
      let close = unsafe Int(next[1])
      let at = unsafe Int(next[2])
      guard unsafe source[begin] == UInt8(ascii: "\"") && source[close &+ 1] == UInt8(ascii: ":") else { break }
      let bit = unsafe PlanReach.bit(close &- begin &- 1, source[begin &+ 1])
      let escaped = unsafe escapes[close >> 6] >> UInt64(truncatingIfNeeded: close & 63) & 1
      guard filter & bit == 0 && escaped == 0 else {
        if escaped == 0 { stop = .found }
        break
      }
      filter = known
      let first = unsafe source[at]
      if first == UInt8(ascii: "\"") {
        end = unsafe Int(next[3]) &+ 1
        unsafe next += 4
      } else if first | 0x20 == UInt8(ascii: "{") {
        let following = unsafe Int(next[3])
        guard unsafe open.count < open.limit else { break }
        if unsafe source[following] == first &+ 2 {
          end = following &+ 1
          unsafe next += 4
        } else {
          unsafe open.around[open.count] = true
          unsafe open.count &+= 1
          unsafe open.inObject = first == UInt8(ascii: "{")
          separators &+= 1
          unsafe next += 3
          stop = .closed
          break
        }
      } else {
        end = unsafe PlanSkip.scalar(source, at, first, text.readable)
        guard end >= 0 else {
          stop = .bad
          break
        }
        unsafe next += 3
      }
      separators &+= 1
    }
    unsafe token = next
    unsafe (open.end, open.separators) = (end, separators)
    return stop
  }
}
