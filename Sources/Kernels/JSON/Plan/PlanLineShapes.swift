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
  private let shapes: UnsafeMutablePointer<PlanLineShape>
  private var count = 0
  /// The one that the last line had, and the one that was made last.
  private var last = 0
  private var newest = 0
  /// Lines that had one of them, and that did not; how many were made.
  private var hits = 0
  private var misses = 0
  private var made = 0
  /// Of all that were made, the last one's name.
  private var names: UInt32 = 0
  /// What the shapes are good for.
  private var code: PlanCode?
  private var options = JSONOptions()

  init() { unsafe shapes = .allocate(capacity: Self.maximumCount) }

  deinit {
    unsafe free(memory)
    unsafe shapes.deallocate()
  }

  /// Forgets shapes of lines that were read for another plan, or in another way.
  mutating func begin(_ code: PlanCode, _ options: JSONOptions) {
    (hits, misses, made) = (0, 0, 0)
    if self.code !== code || self.options != options {
      count = 0
      self.code = code
      self.options = options
    }
  }

  private var found: UnsafeMutablePointer<PlanLineShape.Found> {
    let offset = unsafe Self.maximumCount &* PlanLineShape.byteCount
    return unsafe (memory.unsafelyUnwrapped + offset).assumingMemoryBound(to: PlanLineShape.Found.self)
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
    let found = unsafe found
    let nodes = unsafe sink.take(0)
    var out = unsafe nodes
    let before = lineCount
    var (i, tries) = (last, 0)
    while start < count && tries < self.count {
      let shape = unsafe shapes[i]
      let from = start
      while start < count {
        let end = unsafe shape.match(text, start, &token, &separators, found)
        if end < 0 { break }
        unsafe shape.write(text, found, start, out)
        unsafe out += shape.nodeCount
        unsafe lines[lineCount] = JSONLineBatch.Line(start: UInt32(truncatingIfNeeded: start), shape: shape.name)
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

  /// Whether a line that had no known shape should be made one of: not where most lines differ.
  @inline(__always)
  mutating func wantsShape() -> Bool {
    misses &+= 1
    return made &* 8 <= hits &+ 24
  }

  /// Whether lines are looked at at all: not where few have a known shape.
  @inline(__always)
  var isWorthIt: Bool { misses < 16 || misses < hits }

  /// Makes a shape of a line that was walked through.
  ///
  /// - `line` is where it is in the text, with its line end; `token` its first one. `nodes` are what was kept of it.
  @inline(never)
  @unsafe
  mutating func make(
    _ text: PlanLineText, _ line: Range<Int>, _ token: UnsafePointer<UInt32>, _ nodes: UnsafePointer<JSONNode>,
    _ feed: UnsafeMutablePointer<JSONFeed>
  ) {
    made &+= 1
    guard prepare() else { return }
    // All its nodes, by another walk.
    var sink = unsafe JSONTapeSink(nodes: whole, capacity: Self.maximumTokens, maximumDepth: options.maximumDepth)
    var cursor = unsafe JSONCursor(ofLines: token, to: text.end)
    let length = line.count &- 1
    var tokens = 0
    while unsafe token + tokens < text.end && Int(token[tokens]) < line.upperBound { tokens &+= 1 }
    guard unsafe tokens <= Self.maximumTokens && cursor.enterLine(line.lowerBound, length) else { return }
    let separators = unsafe feed.pointee.separatorsOfLines
    guard unsafe JSONWalk.run(feed, &cursor, &sink) else { return }
    unsafe feed.pointee.separatorsOfLines = separators
    let place = count < Self.maximumCount ? count : (newest &+ 1) % Self.maximumCount
    let memory = unsafe memory.unsafelyUnwrapped + place &* PlanLineShape.byteCount
    var shape = unsafe PlanLineShape(memory)
    let isGood = unsafe shape.make(
      text, line, token, whole: UnsafePointer(whole), read: nodes, nodes[JSONTape.root].next, found)
    if isGood {
      names &+= 1
      unsafe shape.name = names
      unsafe shapes[place] = unsafe shape
      count = max(count, place &+ 1)
      (newest, last) = (place, place)
    } else if place < count {
      // Its memory was written over: none of them is kept.
      count = 0
    }
  }

  private mutating func prepare() -> Bool {
    if unsafe memory != nil { return true }
    let shapes = unsafe Self.maximumCount &* PlanLineShape.byteCount
    let found = unsafe PlanLineShape.maximumSteps &* MemoryLayout<PlanLineShape.Found>.stride
    unsafe memory = malloc(shapes &+ found &+ Self.maximumTokens &* MemoryLayout<JSONNode>.stride)
    return unsafe memory != nil
  }
}
