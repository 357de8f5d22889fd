import CKernels

/// A text on its way through the grammar, a piece at a time: the row makes kinds of its tokens, ``JSONStructure`` reads them, and the
/// row copies what is left without white space, where that is asked for.
///
/// The last, short block is copied and filled up with spaces: no byte past the end is read.
@unsafe
struct JSONCheck {
  /// A `\u` was met.
  private(set) var hasUnicodeEscapes = false
  /// Bytes that went to `out`.
  private(set) var written = 0

  private let source: UnsafePointer<UInt8>
  private let count: Int
  private let kernel: JSONIndexKernel
  private let piece: Int
  private let tail: UnsafeMutablePointer<UInt8>
  private let kinds: UnsafeMutablePointer<ck_json_kinds>
  private let blanks: UnsafeMutablePointer<UInt64>
  private let visits: UnsafeMutablePointer<UInt32>
  private let out: UnsafeMutablePointer<UInt8>?
  private var structure: JSONStructure
  private var state = ck_json_state()

  /// Bytes of a piece: it and what is made of it stay in the first cache.
  static var pieceByteCount: Int { 8 << 10 }

  private static func blocks(_ count: Int, _ piece: Int) -> Int { min(piece, (count &+ 63) & ~63) / 64 }

  /// Bytes of working memory for a text of `count` bytes, nested no deeper than `depth`.
  static func scratchByteCount(_ count: Int, depth: Int, piece: Int) -> Int {
    let blocks = unsafe blocks(count, piece)
    let kinds = MemoryLayout<ck_json_kinds>.stride &* (blocks &+ 1)
    let levels = unsafe JSONStructure.levelByteCount(depth)
    return 64 &+ kinds &+ 8 &* blocks &+ 4 &* (32 &* blocks &+ 64) &+ levels
  }

  /// - `source` is readable for `count` bytes, `memory` for ``scratchByteCount(_:depth:piece:)``, aligned to 8; `out` has room for
  ///   `count`.
  /// - `piece` is a multiple of 64.
  init(
    _ source: UnsafePointer<UInt8>, _ count: Int, out: UnsafeMutablePointer<UInt8>?, maximumDepth: Int,
    memory: UnsafeMutableRawPointer, kernel: JSONIndexKernel, piece: Int
  ) {
    unsafe self.source = source
    unsafe self.count = count
    unsafe self.kernel = kernel
    unsafe self.piece = piece
    unsafe self.out = out
    let blocks = unsafe Self.blocks(count, piece)
    unsafe tail = memory.assumingMemoryBound(to: UInt8.self)
    unsafe kinds = (memory + 64).assumingMemoryBound(to: ck_json_kinds.self)
    unsafe blanks = UnsafeMutableRawPointer(kinds + (blocks + 1)).assumingMemoryBound(to: UInt64.self)
    unsafe visits = UnsafeMutableRawPointer(blanks + blocks).assumingMemoryBound(to: UInt32.self)
    let levels = unsafe UnsafeMutableRawPointer(visits + (32 * blocks + 64)).assumingMemoryBound(to: UInt8.self)
    unsafe structure = JSONStructure(levels: levels, maximumDepth: maximumDepth)
    unsafe state.dense = kernel.checksNumbers ? 1 : 0
  }

  /// Whether the text is one valid value and white space.
  mutating func run() -> Bool {
    var taken = 0
    while unsafe taken < count {
      let blocks = unsafe min(piece, count &- taken) / 64
      if blocks > 0 {
        guard unsafe take(source + taken, blocks, at: taken) else { return false }
        if let out = unsafe out {
          unsafe written &+= kernel.squeeze(source + taken, blocks, blanks, out + written)
        }
        taken &+= 64 &* blocks
      } else {
        let left = unsafe count &- taken
        unsafe tail.update(repeating: UInt8(ascii: " "), count: 64)
        unsafe tail.update(from: source + taken, count: left)
        guard unsafe take(UnsafePointer(tail), 1, at: taken) else { return false }
        unsafe squeezeTail(left)
        unsafe taken = count
      }
    }
    unsafe hasUnicodeEscapes = state.seen & UInt64(CK_JSON_UNICODE) != 0
    let unfinished = unsafe state.in_string | state.number & UInt64(CK_JSON_MINUS | CK_JSON_POINT)
    return unsafe unfinished == 0 && structure.take(last: state.kinds, Int(state.kind_count)) && structure.isWhole
  }

  /// Takes blocks that are at `at` in the source; false: not valid.
  private mutating func take(_ start: UnsafePointer<UInt8>, _ blocks: Int, at: Int) -> Bool {
    let words = unsafe kernel.kinds(start, blocks, &state, kinds, blanks, visits)
    // Texts go on as they begin: one with a number or word a block is told to be of numbers.
    let isDense = unsafe state.starts > UInt64(truncatingIfNeeded: blocks &+ blocks / 2)
    unsafe state.dense = kernel.checksNumbers || isDense ? 1 : 0
    guard unsafe state.errors == 0 && structure.take(kinds, words) else { return false }
    return unsafe Self.areRight(source, count, visits, Int(truncatingIfNeeded: state.visits), at)
  }

  /// Rows write whole blocks: the last bytes go one by one.
  private mutating func squeezeTail(_ bytes: Int) {
    guard let out = unsafe out else { return }
    for i in 0..<bytes where unsafe blanks[0] >> UInt64(truncatingIfNeeded: i) & 1 == 0 {
      unsafe out[written] = tail[i]
      unsafe written &+= 1
    }
  }
}

// MARK: - Words and numbers

extension JSONCheck {
  /// Whether at each of these places, counted from `base`, is a number or word, or the exponent that ends a number.
  @inline(never)
  static func areRight(
    _ source: UnsafePointer<UInt8>, _ count: Int, _ visits: UnsafePointer<UInt32>, _ visitCount: Int, _ base: Int
  ) -> Bool {
    for i in 0..<visitCount {
      let at = unsafe base &+ Int(visits[i])
      guard unsafe count &- at > 20 ? isPlain(source + at) || isRight(source, count, at) : isRight(source, count, at)
      else { return false }
    }
    return true
  }

  /// Whether a word or a number of up to 16 digits and no more is at `at`, with few branches; false says nothing.
  ///
  /// - `at` is readable for 18 bytes.
  @inline(__always)
  private static func isPlain(_ at: UnsafePointer<UInt8>) -> Bool {
    let text = unsafe UnsafeRawPointer(at).loadUnaligned(as: UInt64.self).littleEndian
    let first = UInt8(truncatingIfNeeded: text)
    if first > UInt8(ascii: "e") {
      let isFalse = text & 0xff_ffff_ffff == 0x65_736c_6166
      let word = UInt32(truncatingIfNeeded: text)
      return (isFalse || word == 0x6575_7274 || word == 0x6c6c_756e)
        && JSONNumberScan.ends(UInt8(truncatingIfNeeded: text >> (isFalse ? 40 : 32)))
    }
    let sign = first == UInt8(ascii: "-") ? 1 : 0
    let digits = unsafe UnsafeRawPointer(at + sign)
    let low = unsafe JSONNumberScan.notDigits(digits.loadUnaligned(as: UInt64.self).littleEndian)
    let high = unsafe JSONNumberScan.notDigits(digits.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian)
    let length = (low != 0 ? low.trailingZeroBitCount : 64 &+ high.trailingZeroBitCount) / 8
    let hasZero = unsafe at[sign] == UInt8(ascii: "0")
    return unsafe (hasZero ? length == 1 : length > 0) && JSONNumberScan.ends(at[sign &+ length])
  }

  /// The same for one place.
  @inline(__always)
  private static func isRight(_ source: UnsafePointer<UInt8>, _ count: Int, _ at: Int) -> Bool {
    guard at < count else { return false }
    return switch unsafe source[at] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): unsafe JSONNumberScan.run(source, at, count).end >= 0
    case UInt8(ascii: "t"): unsafe JSONWalk.word(source, at, count, 0x6575_7274, 4)
    case UInt8(ascii: "n"): unsafe JSONWalk.word(source, at, count, 0x6c6c_756e, 4)
    case UInt8(ascii: "f"): unsafe at &+ 1 < count && JSONWalk.word(source, at &+ 1, count, 0x6573_6c61, 4)
    case UInt8(ascii: "e"), UInt8(ascii: "E"): unsafe isExponent(source, count, at)
    default: false
    }
  }

  @inline(never)
  private static func isExponent(_ source: UnsafePointer<UInt8>, _ count: Int, _ begin: Int) -> Bool {
    // A word may not begin with it.
    guard unsafe begin > 0 && source[begin &- 1] &- UInt8(ascii: "0") < 10 else { return false }
    var at = begin &+ 1
    if unsafe at < count && (source[at] == UInt8(ascii: "+") || source[at] == UInt8(ascii: "-")) { at &+= 1 }
    let first = at
    while unsafe at < count && source[at] &- UInt8(ascii: "0") < 10 { at &+= 1 }
    return unsafe at > first && (at == count || JSONNumberScan.ends(source[at]))
  }
}
