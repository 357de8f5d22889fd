#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A line as one before it was: the same keys in the same order, each value anything that it may be.
///
/// What stands between values (brackets, keys, separators, the line end) is compared with what stood there, eight bytes at a time, and
/// is valid because it was so before. Values are strings, whose ends the index knows, or numbers and words, which are checked. Where a
/// container that the plan does not read is another one than before, it alone is walked through. What comes out is what a walk through
/// the whole line would have found: where text matches byte by byte, its tokens are those that it had.
@unsafe
struct PlanLineShape {
  /// A run of text that is always the same, and the value behind it.
  struct Step: BitwiseCopyable {
    /// The run: the first 16 bytes, the bits of the masks of which are its own; ``PlanLineShape/words`` have all of it from `word` on.
    var low: UInt64 = 0
    var lowMask: UInt64 = 0
    var high: UInt64 = 0
    var highMask: UInt64 = 0
    var word: Int32 = 0
    var byteCount: Int32 = 0
    /// Tokens that begin in the run.
    var tokens: Int32 = 0
    /// Whether a value follows, from whose end the next token is so far away; -1: none follows.
    var next: Int32 = -1
    /// The first step and the one after the last of the outermost container that it is in and that is not read; ``isRead``: in none;
    /// ``isUnread``: the value behind the step is not read.
    var first: Int32 = isRead
    var after: Int32 = 0
    /// Of the container's last step: its commas and colons.
    var separators: Int32 = 0

    static var isRead: Int32 { -1 }
    static var isUnread: Int32 { -2 }
  }

  /// Where a node of the tape is: its begin and its end behind the begins of the runs of two steps; or the value of a step.
  struct Node: BitwiseCopyable {
    var link: UInt64
    /// As in ``JSONNode``; ``value``: the value behind the step.
    var range: UInt64
    var begin: Int32
    var end: Int32

    static var value: UInt64 { .max }
  }

  /// A value that was found, and where the run before it begins.
  struct Found: BitwiseCopyable {
    /// As in ``JSONNode``.
    var range: UInt64
    var link: UInt64
    var run: Int
  }

  static var maximumSteps: Int { 128 }
  static var maximumWords: Int { 512 }
  static var maximumNodes: Int { 256 }
  private static var ownByteCount: Int {
    unsafe maximumSteps &* MemoryLayout<Step>.stride &+ 8 &* maximumWords &+ maximumNodes &* MemoryLayout<Node>.stride
  }
  /// A multiple of 16.
  static var byteCount: Int {
    unsafe (ownByteCount &+ PlanLineFrame.byteCount &+ PlanLineProgram.byteCount &+ 15) & ~15
  }

  let steps: UnsafeMutablePointer<Step>
  let words: UnsafeMutablePointer<UInt64>
  let nodes: UnsafeMutablePointer<Node>
  var stepCount = 0
  var wordCount = 0
  var nodeCount = 0
  /// Commas and colons of a line.
  var separators = 0
  /// In what a plan reads, where lines are elements of arrays.
  var place: Int32 = PlanReach.root
  /// Containers in one another, the line's object one of them.
  var levels = 0
  /// No other shape of the plan has it; never 0.
  var name: UInt32 = 0
  /// Of those of its lines whose values are of the kinds that the first one's were.
  var frame: PlanLineFrame
  /// Of those of its lines that have the frame.
  var program: PlanLineProgram

  /// - `memory` is writable for ``byteCount`` bytes and aligned to 16.
  init(_ memory: UnsafeMutableRawPointer) {
    unsafe steps = memory.assumingMemoryBound(to: Step.self)
    let words = unsafe memory + Self.maximumSteps &* MemoryLayout<Step>.stride
    unsafe self.words = words.assumingMemoryBound(to: UInt64.self)
    unsafe nodes = (words + 8 &* Self.maximumWords).assumingMemoryBound(to: Node.self)
    unsafe frame = PlanLineFrame(memory + Self.ownByteCount)
    unsafe program = PlanLineProgram(memory + Self.ownByteCount + PlanLineFrame.byteCount)
  }
}

/// The text of many lines, and its tokens.
@unsafe
struct PlanLineText {
  let source: UnsafePointer<UInt8>
  /// Bytes that may be read.
  let readable: Int
  let index: UnsafePointer<UInt32>
  let end: UnsafePointer<UInt32>
  let escapes: UnsafePointer<UInt64>
  let maximumDepth: Int
  /// A line end is where a line ends.
  let isLines: Bool

  /// Whether the quote at `close` closes a string that has a backslash.
  @inline(__always)
  func closesEscaped(_ close: Int) -> Bool {
    unsafe escapes[close >> 6] >> UInt64(truncatingIfNeeded: close & 63) & 1 == 1
  }
}

extension PlanLineShape {
  /// Where the line that begins at `start` ends, behind its line end, or -1 where it is not as this one; `token` is then the next one's
  /// first.
  ///
  /// - `found` has room for ``maximumSteps``, and has then the values.
  /// - The strings of the text are valid.
  @inline(__always)
  func match(
    _ text: PlanLineText, _ start: Int, _ token: inout UnsafePointer<UInt32>, _ separators: inout Int,
    _ found: UnsafeMutablePointer<Found>
  ) -> Int {
    let source = unsafe text.source
    var at = start
    var next = unsafe token
    var more = unsafe self.separators
    var step = unsafe UnsafePointer(steps)
    let last = unsafe step + stepCount
    var value = unsafe found
    while unsafe step < last {
      let length = unsafe Int(step.pointee.byteCount)
      // Words are read past the run's end, and past a value's begin.
      guard unsafe at &+ length &+ 16 <= text.readable else { return -1 }
      unsafe value.pointee.run = at
      var isGood = unsafe same(step, source + at)
      if _fastPath(isGood) {
        unsafe next += Int(step.pointee.tokens)
        at &+= length
        let distance = unsafe Int(step.pointee.next)
        if distance >= 0 {
          isGood = unsafe Self.value(source, distance, &at, &next, value)
        }
      }
      unsafe step += 1
      unsafe value += 1
      if _slowPath(!isGood) {
        guard let other = unsafe skip(text, token, step - UnsafePointer(steps) - 1, found) else { return -1 }
        at = unsafe other.at
        unsafe next = other.token
        unsafe more &+= other.separators
        unsafe step = UnsafePointer(steps) + other.step
        unsafe value = found + other.step
      }
    }
    unsafe token = next
    separators &+= more
    return at
  }

  /// Whether the run of a step is at `at`.
  ///
  /// - 16 bytes more than it has may be read there.
  @inline(__always)
  private func same(_ step: UnsafePointer<Step>, _ at: UnsafePointer<UInt8>) -> Bool {
    let text = unsafe UnsafeRawPointer(at)
    let low = unsafe (text.loadUnaligned(as: UInt64.self) ^ step.pointee.low) & step.pointee.lowMask
    let high =
      unsafe (text.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ^ step.pointee.high) & step.pointee.highMask
    guard low | high == 0 else { return false }
    return unsafe step.pointee.byteCount <= 16 || sameRest(step, text)
  }

  /// The same of what is behind the first 16 bytes.
  @inline(never)
  private func sameRest(_ step: UnsafePointer<Step>, _ at: UnsafeRawPointer) -> Bool {
    let words = unsafe UnsafeRawPointer(words + Int(step.pointee.word))
    let count = unsafe Int(step.pointee.byteCount)
    var other: UInt64 = 0
    var i = 16
    while i &+ 8 <= count {
      unsafe other |=
        at.loadUnaligned(fromByteOffset: i, as: UInt64.self) ^ words.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      i &+= 8
    }
    // The last eight, some of them again.
    i = count &- 8
    unsafe other |=
      at.loadUnaligned(fromByteOffset: i, as: UInt64.self) ^ words.loadUnaligned(fromByteOffset: i, as: UInt64.self)
    return other == 0
  }

  /// Takes the value at `at`: a string, or a number or word, after whose end the next token is `distance` bytes away.
  ///
  /// - Behind the last token are two that are past all that may be read.
  @inline(__always)
  private static func value(
    _ source: UnsafePointer<UInt8>, _ distance: Int, _ at: inout Int, _ token: inout UnsafePointer<UInt32>,
    _ found: UnsafeMutablePointer<Found>
  ) -> Bool {
    let begin = at
    let following = unsafe Int(token[1])
    if unsafe source[begin] == UInt8(ascii: "\"") {
      at = following &+ 1
      unsafe token += 2
      unsafe found.pointee.link = UInt64(JSONKind.string.rawValue)
    } else {
      at = following &- distance
      unsafe token += 1
      let link = unsafe PlanScalar.link(source, begin, at &- begin)
      guard link != PlanScalar.none else { return false }
      unsafe found.pointee.link = link
    }
    unsafe found.pointee.range = UInt64(truncatingIfNeeded: begin) | UInt64(truncatingIfNeeded: at) &<< 32
    return true
  }

  /// Goes through a value that is not read and is not as it was; nil where there is none, or it is not valid.
  @inline(never)
  private func skip(
    _ text: PlanLineText, _ first: UnsafePointer<UInt32>, _ step: Int, _ found: UnsafeMutablePointer<Found>
  ) -> (at: Int, token: UnsafePointer<UInt32>, step: Int, separators: Int)? {
    let container = unsafe Int(steps[step].first)
    guard container != Step.isRead else { return nil }
    var after = step &+ 1
    var at = 0
    var separators = 0
    if container == Step.isUnread {
      guard unsafe same(steps + step, text.source + found[step].run) else { return nil }
      at = unsafe found[step].run &+ Int(steps[step].byteCount)
    } else {
      after = unsafe Int(steps[step].after)
      separators = unsafe 0 &- Int(steps[after &- 1].separators)
      at = unsafe found[container].run
    }
    // The first token of the line is known.
    var token = unsafe first
    while unsafe token < text.end && Int(token.pointee) < at { unsafe token += 1 }
    // A line end in it would be one between two values.
    guard unsafe token < text.end && Int(token.pointee) == at else { return nil }
    let end = unsafe PlanSkip.value(text, &token, &separators)
    guard unsafe end >= 0 && !(text.isLines && memchr(text.source + at, 10, end &- at) != nil) else { return nil }
    return unsafe (end, token, after, separators)
  }

  /// The nodes of a line that ``match(_:_:_:_:_:)`` found, into room for ``nodeCount``.
  ///
  /// - In the nodes, offsets are counted from `start`, and `next` is the index of the first of them.
  @inline(__always)
  func write(
    _ text: PlanLineText, _ found: UnsafePointer<Found>, from start: Int, next: Int,
    _ out: UnsafeMutablePointer<JSONNode>
  ) {
    let both = UInt64(truncatingIfNeeded: start) &* 0x1_0000_0001
    let next = UInt64(truncatingIfNeeded: next) &<< 32
    var node = unsafe UnsafePointer(nodes)
    let last = unsafe node + nodeCount
    var out = unsafe out
    while unsafe node < last {
      let place = unsafe found + Int(node.pointee.begin)
      let range = unsafe node.pointee.range
      if range != Node.value {
        let end = unsafe found + Int(node.pointee.end)
        let runs = unsafe UInt64(truncatingIfNeeded: place.pointee.run &+ end.pointee.run &<< 32)
        unsafe out.pointee.range = range &+ runs &- both
        unsafe out.pointee.link = node.pointee.link &+ next
      } else {
        let range = unsafe place.pointee.range
        var link = unsafe place.pointee.link | node.pointee.link
        if link & 7 == UInt64(JSONKind.string.rawValue) {
          link |= unsafe text.closesEscaped(Int(truncatingIfNeeded: range &>> 32) &- 1) ? 8 : 0
        }
        unsafe out.pointee.range = range &- both
        unsafe out.pointee.link = link &+ next
      }
      unsafe node += 1
      unsafe out += 1
    }
  }
}
