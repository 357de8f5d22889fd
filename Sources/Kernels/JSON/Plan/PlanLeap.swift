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

  /// Goes over members that are not read, and values in what is not read, as long as the tokens of the piece last.
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
    let before = unsafe skipped
    var open = unsafe PlanSkip.Open(
      around: around, limit: min(aroundCapacity, before &+ maximumDepth &- self.depth), count: before,
      inObject: inObject, end: 0, separators: 0)
    var token = unsafe cursor.position
    var (stop, atMember) = (PlanSkip.Stop.closed, true)
    while true {
      if unsafe open.count > 0 {
        stop = unsafe PlanSkip.run(text, &token, &open, to: 0, atMember: atMember)
        guard stop == .closed else { break }
        atMember = false
      }
      guard unsafe open.inObject && here >= 0 && !places[Int(here)].isWhole else { break }
      stop = unsafe Self.pass(
        text, places[Int(here)].filter, feed.pointee.escapes, &token, &open, atMember: atMember)
      guard stop == .closed else { break }
      // A container begins that is not read.
      unsafe next = PlanReach.nothing
      atMember = true
    }
    unsafe cursor.position = token
    end = unsafe base &+ open.end
    unsafe depth &+= open.count &- before
    unsafe self.depth &+= open.count &- before
    unsafe skipped = open.count
    inObject = unsafe open.inObject
    unsafe separators &+= UInt64(truncatingIfNeeded: open.separators)
    return switch stop {
    case .member: .member
    case .after, .closed: .after
    case .bad: .bad
    }
  }

  /// Goes over the members of an object whose keys are not read, up to the end of one that is no container, or into one that is:
  /// then `closed`.
  ///
  /// - Of the sink it has nothing: to lend all of it is to copy all of it.
  @inline(__always)
  private static func pass(
    _ text: PlanSkip.Text, _ filter: UInt64, _ escapes: UnsafePointer<UInt64>, _ token: inout UnsafePointer<UInt32>,
    _ open: inout PlanSkip.Open, atMember: Bool
  ) -> PlanSkip.Stop {
    let (source, last) = unsafe (text.source, text.last)
    var (next, end, separators) = unsafe (token, open.end, open.separators)
    var atMember = atMember
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
      guard filter & bit == 0 && escaped == 0 else { break }
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
