#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The shapes of the lines that came last, of which the next one mostly has one.
@safe
struct PlanLineShapes: ~Copyable {
  private static var maximumCount: Int { 4 }
  /// Tokens of a line that is made a shape of.
  private static var maximumTokens: Int { 1024 }

  private var memory: UnsafeMutableRawPointer?
  private var count = 0
  /// The one that the last line had, and the one that was made last.
  private var last = 0
  private var newest = 0
  /// Lines that had one of them, and that did not, since the last look; how many were made, and how many may be.
  private var hits = 0
  private var misses = 0
  private var made = 0
  private var budget = 4
  /// Texts that are not looked at.
  private var pause = 0
  /// Of all that were made, the last one's name.
  private var names: UInt32 = 0
  /// A bit for each shape whose program lines of the present batch have: it stays.
  private var busy = 0
  private var makesPrograms = false
  /// The tokens of that batch.
  private var index: UnsafePointer<UInt32>?
  /// What the shapes are good for.
  private var code: PlanCode?
  private var options = JSONOptions()

  /// Allocates nothing yet.
  init() {}

  deinit { unsafe free(memory) }

  /// Forgets shapes of lines that were read for another plan, or in another way.
  ///
  /// - `makesPrograms`: lines may come without nodes, with a program. The same at each call.
  mutating func begin(_ code: PlanCode, _ options: JSONOptions, makesPrograms: Bool = false) {
    busy = 0
    self.makesPrograms = makesPrograms
    if self.code !== code || self.options != options {
      (count, hits, misses, made, budget, pause) = (0, 0, 0, 0, 4, 0)
      self.code = code
      self.options = options
      return
    }
    if pause > 0 {
      pause &-= 1
      return
    }
    if misses > 16 {
      // What is not worth it is tried again later.
      if misses > hits { pause = 63 }
      budget = min(budget &+ hits / 64, made &+ 4)
      (hits, misses) = (0, 0)
    }
  }

  private var shapes: UnsafeMutablePointer<PlanLineShape> {
    unsafe memory.unsafelyUnwrapped.assumingMemoryBound(to: PlanLineShape.self)
  }

  private static var shapesByteCount: Int {
    unsafe (maximumCount &* MemoryLayout<PlanLineShape>.stride &+ 15) & ~15
  }

  /// Where a shape's steps, words and nodes are.
  private func parts(_ place: Int) -> UnsafeMutableRawPointer {
    unsafe memory.unsafelyUnwrapped + Self.shapesByteCount + place &* PlanLineShape.byteCount
  }

  /// The program of a line that ``take(_:_:_:_:_:_:_:_:)`` found in the present batch, and the line's tokens.
  @inline(__always)
  @unsafe
  func program(_ line: JSONLineBatch.Line) -> (program: PlanLineProgram, tokens: UnsafePointer<UInt32>) {
    unsafe (shapes[Int(line.program) &- 1].program, index.unsafelyUnwrapped + Int(line.token))
  }

  private var found: UnsafeMutablePointer<PlanLineShape.Found> {
    unsafe parts(Self.maximumCount).assumingMemoryBound(to: PlanLineShape.Found.self)
  }

  /// The nodes of all of a line, while a shape is made of it.
  private var whole: UnsafeMutablePointer<JSONNode> {
    unsafe UnsafeMutableRawPointer(found + PlanLineShape.maximumSteps).assumingMemoryBound(to: JSONNode.self)
  }

  /// Takes lines as long as they have a known shape: puts them behind the others and writes their nodes into the sink.
  @inline(__always)
  @unsafe
  mutating func take(
    _ text: PlanLineText, _ start: inout Int, _ count: Int, _ token: inout UnsafePointer<UInt32>,
    _ lines: UnsafeMutablePointer<JSONLineBatch.Line>, _ lineCount: inout Int, _ separators: inout Int,
    _ sink: inout some JSONLineSink
  ) {
    guard self.count > 0 && isWorthIt else { return }
    unsafe index = text.index
    let (found, shapes) = unsafe (self.found, self.shapes)
    let nodes = unsafe sink.take(0)
    var out = unsafe nodes
    let before = lineCount
    var (i, tries) = (last, 0)
    while start < count && tries < self.count {
      let shape = unsafe shapes[i]
      let from = start
      while start < count {
        var line = JSONLineBatch.Line(start: UInt32(truncatingIfNeeded: start), shape: unsafe shape.name)
        var end = unsafe shape.frame.match(text, start, token)
        if end >= 0 {
          if unsafe shape.program.opCount > 0 {
            line.program = UInt32(truncatingIfNeeded: i &+ 1)
            line.token = UInt32(truncatingIfNeeded: unsafe token - text.index)
            busy |= 1 &<< i
          } else {
            unsafe shape.frame.write(text, token, from: start, next: 0, out)
            unsafe out += shape.nodeCount
          }
          unsafe token += shape.frame.tokenCount
          unsafe separators &+= shape.separators
        } else {
          end = unsafe shape.match(text, start, &token, &separators, found)
          if end < 0 { break }
          unsafe shape.write(text, found, from: start, next: 0, out)
          unsafe out += shape.nodeCount
        }
        unsafe lines[lineCount] = line
        lineCount &+= 1
        start = end
      }
      // The one that had lines is not to be tried again at once.
      if start != from { (last, tries) = (i, 0) }
      tries &+= 1
      i = i &+ 1 == self.count ? 0 : i &+ 1
    }
    hits &+= lineCount &- before
    _ = unsafe sink.take(out - nodes)
  }

  /// Takes the object that the token before `token` opens, where it has a known shape: writes its nodes into the sink; where it ends.
  ///
  /// - `from` is what offsets in the text are counted from in the nodes.
  @inline(__always)
  @unsafe
  mutating func take(
    one text: PlanLineText, _ start: Int, _ token: inout UnsafePointer<UInt32>, _ separators: inout Int, from: Int,
    _ sink: inout PlanTapeSink
  ) -> Int? {
    guard count > 0 && isWorthIt else { return nil }
    let (found, shapes) = unsafe (self.found, self.shapes)
    var i = last
    for _ in 0..<count {
      // By its place: to have all of it would be to copy all of it.
      let shape = unsafe shapes + i
      var next = unsafe token - 1
      let isPossible = unsafe shape.pointee.place == sink.next && shape.pointee.levels <= text.maximumDepth
      var end = unsafe isPossible ? shape.pointee.frame.match(text, start, next) : -1
      if end >= 0 {
        unsafe shape.pointee.frame.write(
          text, next, from: from, next: sink.used, sink.takeElement(shape.pointee.nodeCount))
        unsafe next += shape.pointee.frame.tokenCount
        unsafe separators &+= shape.pointee.separators
      } else if isPossible {
        end = unsafe shape.pointee.match(text, start, &next, &separators, found)
        if end >= 0 {
          unsafe shape.pointee.write(
            text, found, from: from, next: sink.used, sink.takeElement(shape.pointee.nodeCount))
        }
      }
      if end >= 0 {
        hits &+= 1
        last = i
        unsafe token = next
        return end
      }
      i = i &+ 1 == count ? 0 : i &+ 1
    }
    return nil
  }

  /// Whether a line that had no known shape should be made one of: not where most lines differ.
  @inline(__always)
  mutating func wantsShape() -> Bool {
    misses &+= 1
    return made < budget &+ hits / 64
  }

  /// Whether lines are looked at at all: not where few have a known shape.
  @inline(__always)
  var isWorthIt: Bool { pause == 0 && (misses < 16 || misses < hits) }

  /// Makes a shape of a line that was walked through.
  ///
  /// - `line` is where it is in the text, with its line end, where it has one; `length` is how long without. `token` is its first one.
  ///   `nodes` are what was kept of it, the first of them node `first`, by offsets from `origin` in the text.
  /// - `feed` has the line as its text.
  @inline(never)
  @unsafe
  mutating func make(
    _ text: PlanLineText, _ line: Range<Int>, _ length: Int, _ token: UnsafePointer<UInt32>,
    _ nodes: UnsafePointer<JSONNode>, first: Int, origin: Int, place: Int32 = PlanReach.root,
    _ feed: UnsafeMutablePointer<JSONFeed>
  ) {
    let slot = count < Self.maximumCount ? count : (newest &+ 1) % Self.maximumCount
    guard busy & 1 &<< slot == 0 && prepare() else { return }
    made &+= 1
    // All its nodes, by another walk.
    var sink = unsafe JSONTapeSink(nodes: whole, capacity: Self.maximumTokens, maximumDepth: options.maximumDepth)
    var cursor = unsafe JSONCursor(ofLines: token, to: text.end)
    var tokens = 0
    while unsafe token + tokens < text.end && Int(token[tokens]) < line.upperBound { tokens &+= 1 }
    guard unsafe tokens <= Self.maximumTokens && cursor.enterLine(line.lowerBound, length) else { return }
    let separators = unsafe feed.pointee.separatorsOfLines
    guard unsafe JSONWalk.run(feed, &cursor, &sink) else { return }
    unsafe feed.pointee.separatorsOfLines = separators
    var shape = unsafe PlanLineShape(parts(slot))
    unsafe shape.place = place
    let read = unsafe PlanLineShape.Read(nodes: nodes, count: nodes[0].next &- first, first: first, origin: origin)
    let isGood = unsafe shape.make(text, line, token, whole: UnsafePointer(whole), read, found)
    if isGood {
      names &+= 1
      unsafe shape.name = names
      unsafe shape.frame.make(shape, text, line.lowerBound, token, found)
      if unsafe makesPrograms && shape.frame.tokenCount > 0, let code {
        let tape = unsafe JSONTape(
          nodes: nodes, source: text.source + origin, count: text.readable &- origin,
          duplicateKeys: options.duplicateKeys)
        unsafe shape.program.make(PlanLineProgram.Line(code: code, shape: shape, tape: tape))
      }
      unsafe shapes[slot] = unsafe shape
      count = max(count, slot &+ 1)
      (newest, last) = (slot, slot)
    } else if slot < count {
      // Its memory was written over: none of them is kept.
      count = 0
    }
  }

  private mutating func prepare() -> Bool {
    if unsafe memory != nil { return true }
    let shapes = unsafe Self.shapesByteCount &+ Self.maximumCount &* PlanLineShape.byteCount
    let found = unsafe PlanLineShape.maximumSteps &* MemoryLayout<PlanLineShape.Found>.stride
    unsafe memory = malloc(shapes &+ found &+ Self.maximumTokens &* MemoryLayout<JSONNode>.stride)
    return unsafe memory != nil
  }
}
