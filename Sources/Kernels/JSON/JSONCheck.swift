import CKernels

/// A text on its way through the grammar, a piece at a time: the row makes masks of it, ``JSONStructure`` reads them, and the row
/// copies what is left without white space, where that is asked for.
///
/// The last, short block is copied and filled up with spaces: no byte past the end is read.
enum JSONCheck {
  /// Bytes of a piece: its masks stay in the first cache.
  static var pieceByteCount: Int { 8 << 10 }

  /// Bytes of working memory for a text of `count` bytes.
  static func scratchByteCount(_ count: Int, piece: Int) -> Int {
    let blocks = min(piece, (count &+ 63) & ~63) / 64
    return 64 &+ MemoryLayout<ck_json_masks>.stride &* blocks
  }

  /// What a run has found.
  struct Result {
    var isGood = false
    /// A `\u` was met.
    var hasUnicodeEscapes = false
    /// Bytes that went to `out`.
    var written = 0
  }

  /// Whether the text is one valid value and white space; it goes to `out`, where there is one, without that.
  ///
  /// - `source` is readable for `count` bytes, `memory` for ``scratchByteCount(_:piece:)``, aligned to 8; `out` has room for `count`.
  /// - `structure` is new, and of the same source.
  /// - `piece` is a multiple of 64.
  @unsafe
  static func run(
    _ source: UnsafePointer<UInt8>, _ count: Int, _ structure: inout JSONStructure, memory: UnsafeMutableRawPointer,
    out: UnsafeMutablePointer<UInt8>?, kernel: JSONIndexKernel, piece: Int
  ) -> Result {
    let tail = unsafe memory.assumingMemoryBound(to: UInt8.self)
    let masks = unsafe (memory + 64).assumingMemoryBound(to: ck_json_masks.self)
    var state = ck_json_state()
    var result = Result()
    var taken = 0
    while taken < count {
      let blocks = min(piece, count &- taken) / 64
      if blocks > 0 {
        let start = unsafe source + taken
        unsafe kernel.masks(start, blocks, &state, masks)
        guard unsafe state.errors == 0 && structure.take(masks, blocks, base: taken) else { return result }
        if let out = unsafe out {
          result.written &+= unsafe kernel.squeeze(start, blocks, masks, out + result.written)
        }
        taken &+= 64 &* blocks
      } else {
        let left = count &- taken
        unsafe tail.update(repeating: UInt8(ascii: " "), count: 64)
        unsafe tail.update(from: source + taken, count: left)
        unsafe kernel.masks(UnsafePointer(tail), 1, &state, masks)
        guard unsafe state.errors == 0 && structure.take(masks, 1, base: taken) else { return result }
        if let out = unsafe out {
          // Rows write whole blocks: the last bytes go one by one.
          for i in 0..<left where unsafe masks[0].blank >> UInt64(truncatingIfNeeded: i) & 1 == 0 {
            unsafe out[result.written] = tail[i]
            result.written &+= 1
          }
        }
        taken = count
      }
    }
    result.hasUnicodeEscapes = state.seen & UInt64(CK_JSON_UNICODE) != 0
    result.isGood = unsafe structure.isWhole(state)
    return result
  }
}
