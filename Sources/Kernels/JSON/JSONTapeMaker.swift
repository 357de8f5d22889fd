import CKernels

/// A text on its way to the tape, a piece at a time, by a row that writes nodes: what it cannot know is where containers end, which
/// ``JSONTapeStructure`` adds while it checks the grammar.
///
/// The last, short block is copied and filled up with spaces: no byte past the end is read.
@unsafe
struct JSONTapeMaker {
  private let source: UnsafePointer<UInt8>
  private let count: Int
  private let body: JSONIndexKernel.Tape
  private let piece: Int
  private let copy: UnsafeMutablePointer<UInt8>?
  private let tail: UnsafeMutablePointer<UInt8>
  private let kinds: UnsafeMutablePointer<ck_json_kinds>
  private let visits: UnsafeMutablePointer<UInt32>
  private let brackets: ck_json_brackets
  private var structure: JSONTapeStructure
  private var state = ck_json_state()

  /// A `\u` was met.
  var hasUnicodeEscapes: Bool { unsafe state.seen & UInt64(CK_JSON_UNICODE) != 0 }

  /// Nodes that were written.
  var nodeCount: Int { unsafe Int(truncatingIfNeeded: state.nodes) }

  private static func blocks(_ count: Int, _ piece: Int) -> Int {
    min(piece / 64, Int(CK_JSON_TAPE_BLOCKS), (count &+ 63) / 64)
  }

  /// Bytes of working memory for a text of `count` bytes, nested no deeper than `depth`.
  static func scratchByteCount(_ count: Int, depth: Int, piece: Int) -> Int {
    let blocks = unsafe blocks(count, piece)
    let kinds = MemoryLayout<ck_json_kinds>.stride &* (blocks &+ 1)
    let levels = MemoryLayout<JSONTapeStructure.Level>.stride &* depth
    return 64 &+ levels &+ kinds &+ 18 &* (64 &* blocks &+ 64) &+ 4 &* (32 &* blocks &+ 64)
  }

  /// - `source` is readable for `count` bytes, `memory` for ``scratchByteCount(_:depth:piece:)``, aligned to 8; `copy`, where there
  ///   is one, has room for `count`.
  /// - `piece` is a multiple of 64.
  init(
    _ source: UnsafePointer<UInt8>, _ count: Int, copy: UnsafeMutablePointer<UInt8>?, maximumDepth: Int, depth: Int,
    memory: UnsafeMutableRawPointer, body: @escaping JSONIndexKernel.Tape, piece: Int
  ) {
    unsafe self.source = source
    unsafe self.count = count
    unsafe self.copy = copy
    unsafe self.body = body
    let blocks = unsafe Self.blocks(count, piece)
    unsafe self.piece = 64 &* blocks
    unsafe tail = memory.assumingMemoryBound(to: UInt8.self)
    let levels = unsafe (memory + 64).assumingMemoryBound(to: JSONTapeStructure.Level.self)
    unsafe kinds = UnsafeMutableRawPointer(levels + depth).assumingMemoryBound(to: ck_json_kinds.self)
    let most = 64 &* blocks &+ 64
    let counts = unsafe UnsafeMutableRawPointer(kinds + (blocks + 1)).assumingMemoryBound(to: UInt64.self)
    let nodes = unsafe counts + most
    unsafe visits = UnsafeMutableRawPointer(nodes + most).assumingMemoryBound(to: UInt32.self)
    let places = unsafe UnsafeMutableRawPointer(visits + (32 * blocks + 64)).assumingMemoryBound(to: UInt16.self)
    unsafe brackets = ck_json_brackets(counts: counts, nodes: nodes, places: places)
    unsafe structure = JSONTapeStructure(levels: levels, maximumDepth: maximumDepth)
  }

  /// Whether the text is one valid value and white space.
  mutating func run(_ sink: inout JSONTapeSink) -> Bool {
    var taken = 0
    while unsafe taken < count {
      let blocks = unsafe min(piece, count &- taken) / 64
      if blocks > 0 {
        let copy = unsafe copy.map { unsafe $0 + taken }
        guard unsafe take(source + taken, blocks, at: taken, copy, &sink) else { return false }
        taken &+= 64 &* blocks
      } else {
        let left = unsafe count &- taken
        unsafe copy?.advanced(by: taken).update(from: source + taken, count: left)
        guard unsafe takeTail(left, at: taken, &sink) else { return false }
        unsafe taken = count
      }
    }
    // A number or word that the last block ends with has no end yet.
    if unsafe state.unended != 0 && state.in_string == 0 {
      guard unsafe takeTail(0, at: taken, &sink) else { return false }
    }
    return unsafe state.in_string == 0 && structure.isWhole(state.counts)
  }

  /// Takes the last bytes, less than 64, as a block that is filled up with spaces.
  private mutating func takeTail(_ bytes: Int, at: Int, _ sink: inout JSONTapeSink) -> Bool {
    unsafe tail.update(repeating: UInt8(ascii: " "), count: 64)
    unsafe tail.update(from: source + at, count: bytes)
    return unsafe take(UnsafePointer(tail), 1, at: at, nil, &sink)
  }

  /// Takes blocks that are at `at` in the source; false: not valid, or no memory.
  private mutating func take(
    _ start: UnsafePointer<UInt8>, _ blocks: Int, at: Int, _ copy: UnsafeMutablePointer<UInt8>?,
    _ sink: inout JSONTapeSink
  ) -> Bool {
    // Each byte may be a value, and rows write sixteen nodes at a time.
    unsafe sink.used = nodeCount
    guard unsafe sink.reserve(64 &* blocks &+ 16), let nodes = unsafe sink.nodes else { return false }
    let raw = unsafe UnsafeMutableRawPointer(nodes).assumingMemoryBound(to: ck_json_node.self)
    let tokens = unsafe body(start, blocks, at, &state, copy, raw, kinds, brackets, visits)
    unsafe sink.used = nodeCount
    // Texts go on as they begin: one with many numbers and words a block is told to be of numbers.
    unsafe state.dense = state.starts > UInt64(truncatingIfNeeded: blocks &+ blocks / 2) ? 1 : 0
    let bracketCount = unsafe Int(truncatingIfNeeded: state.brackets)
    guard unsafe state.errors == 0 && structure.take(kinds, tokens, brackets, bracketCount, at, nodes) else {
      return false
    }
    return unsafe JSONCheck.areRight(source, count, visits, Int(truncatingIfNeeded: state.visits), at)
  }
}
