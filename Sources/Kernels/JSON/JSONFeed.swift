package import CKernels

/// A text on its way through the index, a piece at a time, so that the index of a text of any size takes a fixed amount of memory.
///
/// The last, short block is copied and filled up with spaces: no byte past the end is read.
@unsafe
package struct JSONFeed {
  package private(set) var source: UnsafePointer<UInt8>
  package private(set) var count: Int
  /// Bytes that have been indexed.
  package private(set) var taken = 0
  /// Where the offsets of the present piece count from.
  package private(set) var base = 0
  package let index: UnsafeMutablePointer<UInt32>
  package let escapes: UnsafeMutablePointer<UInt64>
  package var state = ck_json_state()
  /// Commas and colons that walks through lines have found in place.
  var separatorsOfLines: UInt64 = 0
  /// Where what is indexed is copied to, while it is in the caches.
  let copy: UnsafeMutablePointer<UInt8>?
  private let body: JSONIndexKernel.Body
  private let piece: Int
  private let tail: UnsafeMutablePointer<UInt8>

  /// Bytes of a piece: its index and what a reader writes of it stay in the first caches.
  package static var pieceByteCount: Int { 16 << 10 }

  /// Bytes of working memory for a text of `count` bytes.
  package static func scratchByteCount(_ count: Int, piece: Int = pieceByteCount) -> Int {
    let blocks = min(piece, (count &+ 63) & ~63) / 64
    return 64 &+ 8 &* blocks &+ 4 &* (64 &* blocks &+ 64)
  }

  /// - `source` is readable for `count` bytes; `memory` for ``scratchByteCount(_:piece:)``, aligned to 8.
  /// - `piece` is a multiple of 64.
  package init(
    _ source: UnsafePointer<UInt8>, _ count: Int, memory: UnsafeMutableRawPointer, kernel: JSONIndexKernel,
    piece: Int = pieceByteCount, copy: UnsafeMutablePointer<UInt8>? = nil
  ) {
    unsafe self.copy = copy
    unsafe self.source = source
    unsafe self.count = count
    unsafe self.piece = piece
    unsafe body = kernel.body
    let blocks = min(piece, (count &+ 63) & ~63) / 64
    unsafe tail = memory.assumingMemoryBound(to: UInt8.self)
    unsafe escapes = (memory + 64).assumingMemoryBound(to: UInt64.self)
    unsafe index = (memory + 64 + 8 * blocks).assumingMemoryBound(to: UInt32.self)
  }

  /// Whether the text, which has come to its end, has good strings all through: UTF-8, escapes, control characters, closed.
  package var stringsAreGood: Bool { unsafe state.errors == 0 && state.in_string == 0 }

  /// A `\u` was met.
  package var hasUnicodeEscapes: Bool { unsafe state.seen & UInt64(CK_JSON_UNICODE) != 0 }

  /// Indexes pieces until one has tokens; how many it has, or 0 at the end.
  @inline(never)
  package mutating func refill() -> Int {
    while unsafe taken < count {
      let whole = unsafe min(piece, count &- taken) / 64
      let found: Int
      unsafe base = taken
      if whole > 0 {
        found = unsafe body(source + taken, whole, &state, index, escapes)
        unsafe copy?.advanced(by: taken).update(from: source + taken, count: 64 &* whole)
        unsafe taken &+= 64 &* whole
      } else {
        let left = unsafe count &- taken
        unsafe tail.update(repeating: UInt8(ascii: " "), count: 64)
        unsafe tail.update(from: source + taken, count: left)
        found = unsafe body(UnsafePointer(tail), 1, &state, index, escapes)
        unsafe copy?.advanced(by: taken).update(from: source + taken, count: left)
        unsafe taken = count
      }
      // A text with a bad string is bad whatever follows.
      if unsafe state.errors != 0 { return 0 }
      if found > 0 { return found }
    }
    return 0
  }
}

// MARK: - Many lines

extension JSONFeed {
  /// Indexes all of a piece of whole lines; how many tokens it has.
  ///
  /// - There is no more than one piece.
  mutating func indexLines() -> Int {
    let whole = unsafe count / 64
    var found = whole > 0 ? unsafe body(source, whole, &state, index, escapes) : 0
    let left = unsafe count &- 64 &* whole
    if left > 0 {
      unsafe tail.update(repeating: UInt8(ascii: " "), count: 64)
      unsafe tail.update(from: source + 64 * whole, count: left)
      let more = unsafe body(UnsafePointer(tail), 1, &state, index + found, escapes + whole)
      let start = UInt32(truncatingIfNeeded: 64 &* whole)
      for i in found..<(found &+ more) { unsafe index[i] &+= start }
      found &+= more
    }
    unsafe taken = count
    return found
  }

  /// Makes what begins at `start` of the piece the text, at the end of which nothing is left.
  ///
  /// - `readable` bytes are there: the line and those after it.
  @inline(__always)
  mutating func enterLine(_ text: UnsafePointer<UInt8>, _ start: Int, _ readable: Int) {
    unsafe source = text + start
    unsafe count = readable
    unsafe taken = readable
    unsafe base = 0 &- start
  }

  /// Whether the lines have no other commas and colons than those that were found in place.
  var linesAreGood: Bool { unsafe state.separators == separatorsOfLines }
}

extension JSONFeed {
  /// Whether the quote at `close`, in the present piece, closes a string that has a backslash.
  @inline(__always)
  func closesEscaped(_ close: Int) -> Bool {
    let place = unsafe close &- base
    return unsafe escapes[place >> 6] >> UInt64(truncatingIfNeeded: place & 63) & 1 == 1
  }

  /// No token is left, all strings are good, and there are no other commas and colons than so many that were found in place.
  func isGoodToTheEnd(_ separators: UInt64) -> Bool {
    unsafe taken == count && stringsAreGood && state.separators == separators
  }
}
