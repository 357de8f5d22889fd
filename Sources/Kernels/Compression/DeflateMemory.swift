#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// All that a compressor works on, in one piece of memory.
@safe
struct DeflateMemory {
  /// History and what follows, as 16-bit positions reach. Moved down by the half when it is used up.
  static let windowCount = 1 << 16
  static let windowHalf = 1 << 15
  /// Bytes after the window that may be read, and mean nothing.
  private static let slack = 64

  static let hashBits = 16
  /// Of three bytes.
  static let shortHashBits = 15
  /// Numbers of bits that make a block's codes: three counts, 19 lengths, 316 lengths or repetitions of them.
  static let itemCount = 384

  /// Literals and matches that there is room for.
  let tokenCount: Int
  /// Whether there is room for what the cheapest path is found with.
  let hasPath: Bool

  let window: UnsafeMutablePointer<UInt8>
  /// Where bytes of a hash came last; 0 is nowhere.
  var heads: UnsafeMutablePointer<UInt16> { unsafe at(Self.windowCount + Self.slack) }
  /// By the lowest 15 bits of a position: where the same hash came before.
  var chain: UnsafeMutablePointer<UInt16> { unsafe heads + 1 << Self.hashBits }
  /// Where three bytes came last.
  var shortHeads: UnsafeMutablePointer<UInt16> { unsafe chain + Self.windowHalf }
  /// A literal below 256; else a match: distance code in bits 24-28, length - 3 in bits 16-23, distance - 1 in bits 0-14, bit 31.
  var tokens: UnsafeMutablePointer<UInt32> {
    unsafe UnsafeMutableRawPointer(shortHeads + 1 << Self.shortHashBits).assumingMemoryBound(to: UInt32.self)
  }
  /// How often each literal or length code and each distance code comes in the part: 288 and 32.
  var counts: UnsafeMutablePointer<UInt32> { unsafe tokens + tokenCount }
  /// The same of the block, as far as it goes without the part.
  var blockCounts: UnsafeMutablePointer<UInt32> { unsafe counts + 320 }
  /// Codes with their bits in 24-31, of literals and lengths, and of distances: 288 and 32.
  var codes: UnsafeMutablePointer<UInt32> { unsafe blockCounts + 320 }
  /// By length - 3: its code and extra bits, but for the value of those, and their number in 24-31.
  var lengthCodes: UnsafeMutablePointer<UInt32> { unsafe codes + 320 }
  /// Pieces of at most 16 bits to write, with their number in 24-31.
  var items: UnsafeMutablePointer<UInt32> { unsafe lengthCodes + 256 }
  var sorted: UnsafeMutablePointer<UInt32> { unsafe items + Self.itemCount }
  /// Lengths of this block's codes.
  var lengths: UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutableRawPointer(sorted + 320).assumingMemoryBound(to: UInt8.self)
  }
  /// The code of each length - 3, from 0.
  var lengthSymbols: UnsafeMutablePointer<UInt8> { unsafe lengths + 320 }
  /// What each symbol is thought to take, in quarters of a bit, with the extra bits: what matches are weighed by.
  var costs: UnsafeMutablePointer<UInt8> { unsafe lengthSymbols + 256 }

  /// Of the cheapest path, which is found for so many bytes at once: what each byte costs to the end, and the token that is best there.
  var pathCosts: UnsafeMutablePointer<UInt32> {
    unsafe UnsafeMutableRawPointer(costs + 320).assumingMemoryBound(to: UInt32.self)
  }
  var pathTokens: UnsafeMutablePointer<UInt32> { unsafe pathCosts + DeflatePlan.pathByteCount + 1 }
  /// What symbols cost: 256 literals, 256 lengths - 3, 32 distances.
  var symbolCosts: UnsafeMutablePointer<UInt32> { unsafe pathTokens + DeflatePlan.pathByteCount }
  /// Matches as in tokens, those of a byte from short to long, and how many of them each byte has: one more than a plan's depth at most,
  /// which is below 255.
  var found: UnsafeMutablePointer<UInt32> { unsafe symbolCosts + 544 }
  var foundCounts: UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutableRawPointer(found + DeflatePlan.pathMatchCount).assumingMemoryBound(to: UInt8.self)
  }

  /// About 490 KiB, and where the cheapest path is found 1.3 MiB.
  static func byteCount(level: Int) -> Int {
    let plan = DeflatePlan(level: level)
    let path =
      plan.search == .cheapest
      ? 4 * (2 * DeflatePlan.pathByteCount + 1 + 544 + DeflatePlan.pathMatchCount) + DeflatePlan.pathByteCount : 0
    return windowCount + slack + 2 * (1 << hashBits + windowHalf + 1 << shortHashBits)
      + 4 * (plan.tokenCount + 320 + 320 + 320 + 256 + itemCount + 320) + 320 + 256 + 320 + path
  }

  private func at(_ offset: Int) -> UnsafeMutablePointer<UInt16> {
    unsafe UnsafeMutableRawPointer(window + offset).assumingMemoryBound(to: UInt16.self)
  }

  /// Nil where the system has no more memory.
  init?(level: Int) {
    let plan = DeflatePlan(level: level)
    let byteCount = Self.byteCount(level: level)
    (tokenCount, hasPath) = (plan.tokenCount, plan.search == .cheapest)
    var start: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&start, 64, byteCount) == 0, let memory = unsafe start else { return nil }
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    unsafe window = memory.assumingMemoryBound(to: UInt8.self)
    for length in 3...258 { unsafe lengthSymbols[length - 3] = UInt8(DeflateCode.lengthSymbol(length) - 257) }
    clear()
  }

  func deallocate() { unsafe free(window) }

  /// Forgets all positions.
  func clear() {
    unsafe heads.update(repeating: 0, count: 1 << Self.hashBits)
    unsafe shortHeads.update(repeating: 0, count: 1 << Self.shortHashBits)
    // The block's as well, which follow.
    unsafe counts.update(repeating: 0, count: 640)
    // A guess: eight bits a literal, seven a length, five a distance.
    unsafe costs.update(repeating: 4 * 8, count: 256)
    for i in 256..<288 { unsafe costs[i] = UInt8(4 * (7 + DeflateCode.lengthExtra(min(i, 285)))) }
    for i in 0..<32 { unsafe costs[288 + i] = UInt8(4 * (5 + DeflateCode.distanceExtra(min(i, 29)))) }
  }

  /// Moves the upper half of the window down, with all positions; those in the lower half are forgotten.
  ///
  /// - Parameter fill: bytes of the window that are there.
  func slide(fill: Int) {
    unsafe UnsafeMutableRawPointer(window).copyMemory(from: window + Self.windowHalf, byteCount: fill - Self.windowHalf)
    // The tables of positions follow each other.
    var p = unsafe UnsafeMutableRawPointer(heads)
    let end = unsafe UnsafeMutableRawPointer(tokens)
    let half = SIMD16<UInt16>(repeating: UInt16(Self.windowHalf))
    while unsafe p < end {
      let a = unsafe p.loadUnaligned(as: SIMD16<UInt16>.self)
      unsafe p.storeBytes(of: a.replacing(with: half, where: a .< half) &- half, as: SIMD16<UInt16>.self)
      unsafe p += 32
    }
  }
}
