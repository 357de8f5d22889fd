#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An entry of a decoding table: what the next bits of the stream mean, and how many of them mean it.
///
/// | bits  | literals             | length                      | distance                     | exceptions                            |
/// |-------|----------------------|-----------------------------|------------------------------|---------------------------------------|
/// | 0-5   | bits of all          | bits of codes, extra bits   | bits of code, extra bits     | bits of the code                      |
/// | 6-7   | how many, 1 to 3     | 0                           | 0                            | 0                                     |
/// | 8-15  | the first            | 8-11: bits of codes         | 8-11: bits of the code       | 8-11: bits of the subtable's index    |
/// |       |                      | 12-14: 0                    | 12-14: 0                     | 12: end of block, 13: subtable, 14: 1 |
/// |       |                      | 15: a literal comes first   |                              |                                       |
/// | 16-31 | the others           | 16-23: base - 3             | base                         | where the subtable starts             |
/// |       |                      | 24-31: the literal          |                              |                                       |
///
/// An exception that is neither of the two stands for bits that are no code. A shift by 64 bits or less looks at the lowest six
/// bits alone, and counts of bits are kept modulo 64, so that the entry itself is shifted by and subtracted.
enum InflateEntry {
  static let endOfBlockFlag: UInt32 = 1 << 12
  static let subtableFlag: UInt32 = 1 << 13
  static let exceptionFlag: UInt32 = 1 << 14
  static let literalCount: UInt32 = 3 << 6
  static let literalBeforeFlag: UInt32 = 1 << 15

  static let invalid: UInt32 = exceptionFlag

  @inline(__always)
  static func isLiteral(_ entry: UInt32) -> Bool { entry & literalCount != 0 }

  /// - The entry is of no literal alone.
  @inline(__always)
  static func isLiteralBefore(_ entry: UInt32) -> Bool {
    entry & (exceptionFlag | literalBeforeFlag) == literalBeforeFlag
  }

  /// - The entry is of no literal.
  @inline(__always)
  static func isException(_ entry: UInt32) -> Bool { entry & exceptionFlag != 0 }

  /// - The entry is an exception.
  @inline(__always)
  static func isSubtable(_ entry: UInt32) -> Bool { entry & subtableFlag != 0 }

  /// The entry of a literal or length code, without its bits (RFC 1951, 3.2.5).
  static func literalOrLength(_ symbol: Int) -> UInt32 {
    switch symbol {
    case 0..<256: UInt32(symbol) << 8 | 1 << 6
    case 256: exceptionFlag | endOfBlockFlag
    case 257..<265: UInt32(symbol - 257) << 16
    case 265..<285:
      // Four codes for each number of extra bits, one to five.
      UInt32((4 + (symbol - 265) % 4) << extraBits(ofLength: symbol)) << 16 | UInt32(extraBits(ofLength: symbol))
    case 285: 255 << 16
    default: invalid
    }
  }

  /// The entry of a distance code, without its bits (RFC 1951, 3.2.5).
  static func distance(_ symbol: Int) -> UInt32 {
    switch symbol {
    case 0..<4: UInt32(symbol + 1) << 16
    case 4..<30:
      // Two codes for each number of extra bits, one to thirteen.
      UInt32((2 + symbol % 2) << (symbol / 2 - 1) + 1) << 16 | UInt32(symbol / 2 - 1)
    default: invalid
    }
  }

  private static func extraBits(ofLength symbol: Int) -> Int { (symbol - 261) / 4 }
}

/// The tables of one block and what they are made from, in one piece of memory.
///
/// A subtable of 2^k entries belongs to a complete code of depth k, which has k + 1 codes at least. Literals and lengths have
/// k <= 3, so at most 8 entries for four of 288 codes; distances k <= 7, so at most 128 for eight of 32.
@safe
struct InflateTables {
  static let literalBits = 12
  static let distanceBits = 8
  static let lengthBits = 7

  private static let literalCount = 1 << literalBits + 8 * (288 / 4)
  private static let distanceCount = 1 << distanceBits + 128 * (32 / 8)
  private static let lengthCount = 1 << lengthBits

  private var memory: UnsafeMutableRawPointer?

  /// Entries of the code for literals and lengths, of that for distances, of that for code lengths.
  ///
  /// - Memory is reserved.
  var literals: UnsafeMutablePointer<UInt32> {
    unsafe memory.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self)
  }
  var distances: UnsafeMutablePointer<UInt32> { unsafe literals + Self.literalCount }
  var lengths: UnsafeMutablePointer<UInt32> { unsafe distances + Self.distanceCount }

  /// Entries without bits: 288 of literals and lengths, 32 of distances, 19 of code lengths.
  private var literalSymbols: UnsafeMutablePointer<UInt32> { unsafe lengths + Self.lengthCount }
  private var distanceSymbols: UnsafeMutablePointer<UInt32> { unsafe literalSymbols + 288 }
  private var lengthSymbols: UnsafeMutablePointer<UInt32> { unsafe distanceSymbols + 32 }
  private static let symbolCount = 288 + 32 + 19

  /// Symbols in the order of their codes.
  private var sorted: UnsafeMutablePointer<UInt16> {
    unsafe UnsafeMutableRawPointer(lengthSymbols + 19).assumingMemoryBound(to: UInt16.self)
  }
  /// Their codes, reversed, as far as they fit the table of literals.
  private var sortedCodes: UnsafeMutablePointer<UInt16> { unsafe sorted + 288 }
  /// The lengths of codes as they come from the stream, 320 of them and 19 of their own code.
  var codeLengths: UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutableRawPointer(sorted + 2 * 288).assumingMemoryBound(to: UInt8.self)
  }
  var lengthCodeLengths: UnsafeMutablePointer<UInt8> { unsafe codeLengths + 320 }

  /// About 25 KiB.
  static var byteCount: Int {
    4 * (literalCount + distanceCount + lengthCount + symbolCount) + 4 * 288 + 320 + 32
  }

  /// Takes the memory, if it is not there; false where the system has no more.
  mutating func reserve() -> Bool {
    if unsafe memory != nil { return true }
    var start: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&start, 64, Self.byteCount) == 0 else { return false }
    unsafe memory = start
    unsafe start?.initializeMemory(as: UInt8.self, repeating: 0, count: Self.byteCount)
    for i in 0..<288 { unsafe literalSymbols[i] = InflateEntry.literalOrLength(i) }
    for i in 0..<32 { unsafe distanceSymbols[i] = InflateEntry.distance(i) }
    for i in 0..<19 { unsafe lengthSymbols[i] = UInt32(i) << 16 }
    return true
  }

  func deallocate() { unsafe free(memory) }

  // MARK: - Making them

  /// The code for code lengths. False where the lengths make none.
  func makeLengths() -> Bool {
    unsafe make(lengths, Self.lengthBits, lengthSymbols, lengthCodeLengths, 19, mayBeIncomplete: false)
  }

  /// The code for literals and lengths, of the first `count` code lengths. False where they make none.
  func makeLiterals(count: Int) -> Bool {
    unsafe make(literals, Self.literalBits, literalSymbols, codeLengths, count, mayBeIncomplete: true, joins: true)
  }

  /// The code for distances, of `count` code lengths from `start`. False where they make none.
  func makeDistances(from start: Int, count: Int) -> Bool {
    unsafe make(distances, Self.distanceBits, distanceSymbols, codeLengths + start, count, mayBeIncomplete: true)
  }

  /// The fixed codes (RFC 1951, 3.2.6).
  func makeFixed() {
    for i in 0..<288 { unsafe codeLengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8 }
    for i in 0..<32 { unsafe codeLengths[288 + i] = 5 }
    let made = makeLiterals(count: 288) && makeDistances(from: 288, count: 32)
    assert(made)
  }

  /// Fills a table of 2^rootBits entries, and subtables after it, from lengths of codes 0 ... 15.
  ///
  /// Incomplete codes are refused but for two, as in zlib: no code at all, and one of a single bit.
  ///
  /// Codes are taken in their order, with the bits as they come from the stream, last one first. While a code is shorter
  /// than the table, the table has only as many entries as the code needs; it is doubled for longer ones.
  private func make(
    _ table: UnsafeMutablePointer<UInt32>, _ rootBits: Int, _ symbols: UnsafeMutablePointer<UInt32>,
    _ lengths: UnsafeMutablePointer<UInt8>, _ count: Int, mayBeIncomplete: Bool,
    joins: Bool = false
  ) -> Bool {
    var counts = [16 of UInt16](repeating: 0)
    for i in 0..<count { counts[Int(unsafe lengths[i])] &+= 1 }
    counts[0] = 0

    var starts = [16 of UInt16](repeating: 0)
    var (sum, longest, used) = (UInt16(0), 0, 0)
    for length in 1..<16 {
      starts[length] = sum
      sum &+= counts[length]
      used &+= Int(counts[length]) &<< (15 &- length)
      if counts[length] != 0 { longest = length }
    }
    guard used <= 1 << 15 else { return false }
    let rootCount = 1 << rootBits
    if used < 1 << 15 {
      guard mayBeIncomplete && longest <= 1 else { return false }
      for i in 0..<rootCount { unsafe table[i] = InflateEntry.invalid | 1 }
      if longest == 0 { return true }
      for i in 0..<count where unsafe lengths[i] == 1 {
        let entry = unsafe Self.entry(symbols[i], bits: 1)
        for j in stride(from: 0, to: rootCount, by: 2) { unsafe table[j] = entry }
      }
      return true
    }
    for i in 0..<count {
      let length = Int(unsafe lengths[i])
      if length != 0 {
        unsafe sorted[Int(starts[length])] = UInt16(truncatingIfNeeded: i)
        starts[length] &+= 1
      }
    }

    // The code, reversed; a complete one ends with all ones.
    var (code, next, size) = (0, 0, 1)
    var literals = SortedSymbols()
    for length in 1...min(longest, rootBits) {
      unsafe (table + size).update(from: table, count: size)
      size &<<= 1
      let first = next
      for _ in 0..<counts[length] {
        unsafe table[code] = Self.entry(symbols[Int(sorted[next])], bits: length)
        if joins { unsafe sortedCodes[next] = UInt16(truncatingIfNeeded: code) }
        next &+= 1
        code = Self.following(code, size &- 1)
      }
      if joins {
        unsafe literals.add(UnsafePointer(sorted), length, first, next)
        joinLiterals(literals, length)
      }
    }
    var whole = min(longest, rootBits)
    while size < rootCount {
      unsafe (table + size).update(from: table, count: size)
      size &<<= 1
      whole &+= 1
      if joins { joinLiterals(literals, whole) }
    }
    guard longest > rootBits else { return true }

    var (prefix, start, bits) = (-1, rootCount, 0)
    var length = rootBits &+ 1
    while length <= longest {
      for left in stride(from: Int(counts[length]), to: 0, by: -1) {
        if code & (rootCount &- 1) != prefix {
          prefix = code & (rootCount &- 1)
          start &+= bits == 0 ? 0 : 1 &<< bits
          // As many bits as the codes that follow need to fill it.
          bits = length &- rootBits
          var room = 1 &<< bits &- left
          while room > 0 {
            bits &+= 1
            room = 2 &* room &- Int(counts[rootBits &+ bits])
          }
          unsafe table[prefix] =
            InflateEntry.invalid | InflateEntry.subtableFlag | UInt32(truncatingIfNeeded: start) << 16
            | UInt32(truncatingIfNeeded: bits) << 8 | UInt32(truncatingIfNeeded: rootBits)
        }
        let entry = unsafe Self.entry(symbols[Int(sorted[next])], bits: length &- rootBits)
        next &+= 1
        var i = code &>> rootBits
        while i < 1 &<< bits {
          unsafe table[start &+ i] = entry
          i &+= 1 &<< (length &- rootBits)
        }
        code = Self.following(code, 1 &<< length &- 1)
      }
      length &+= 1
    }
    return true
  }

  /// The entry with the bits of its code. In a subtable these are the bits after the root's.
  @inline(__always)
  private static func entry(_ symbol: UInt32, bits: Int) -> UInt32 {
    let bits = UInt32(truncatingIfNeeded: bits)
    // Lengths and distances have the bits of their code apart from the extra ones.
    let isAlone = symbol & (InflateEntry.literalCount | InflateEntry.exceptionFlag) != 0
    return symbol &+ bits &+ (isAlone ? 0 : bits &<< 8)
  }

  /// The next code of the same length, all bits reversed: one is added at the other end.
  @inline(__always)
  private static func following(_ code: Int, _ allOnes: Int) -> Int {
    let zeros = code ^ allOnes
    guard zeros != 0 else { return 0 }
    let bit = 1 &<< (Int.bitWidth &- 1 &- zeros.leadingZeroBitCount)
    return code & (bit &- 1) | bit
  }

  /// Symbols in the order of their codes: from where to where those of each length stand, literals and lengths.
  private struct SortedSymbols {
    var literals = [16 of (UInt16, UInt16)](repeating: (0, 0))
    var lengths = [16 of (UInt16, UInt16)](repeating: (0, 0))
    /// Bits of the shortest literal.
    var shortest = 0

    mutating func add(_ sorted: UnsafePointer<UInt16>, _ length: Int, _ first: Int, _ end: Int) {
      // Of the same length the lesser symbols come first.
      var (literalsEnd, lengthsStart) = (first, end)
      while unsafe literalsEnd < end && sorted[literalsEnd] < 256 { literalsEnd &+= 1 }
      while unsafe lengthsStart > literalsEnd && sorted[lengthsStart &- 1] > 256 { lengthsStart &-= 1 }
      literals[length] = (UInt16(truncatingIfNeeded: first), UInt16(truncatingIfNeeded: literalsEnd))
      lengths[length] = (UInt16(truncatingIfNeeded: lengthsStart), UInt16(truncatingIfNeeded: end))
      if shortest == 0 && literalsEnd > first { shortest = length }
    }
  }

  /// A literal and what follows by one look-up, one or two literals or a length, where the codes of all have `length` bits: the
  /// size that the table has grown to. Where they have fewer, doubling repeats them.
  private func joinLiterals(_ sets: SortedSymbols, _ length: Int) {
    let shortest = sets.shortest
    guard shortest > 0 && length > shortest else { return }
    for l in shortest..<length {
      let (start, end) = sets.literals[l]
      let (seconds, lengths) = (sets.literals[length &- l], sets.lengths[length &- l])
      for a in start..<end {
        let code = unsafe UInt32(sortedCodes[Int(a)])
        let literal = unsafe UInt32(sorted[Int(a)])
        let bits = UInt32(truncatingIfNeeded: length)
        for i in lengths.0..<lengths.1 {
          let at = unsafe code | UInt32(sortedCodes[Int(i)]) &<< UInt32(truncatingIfNeeded: l)
          unsafe literals[Int(at)] =
            literalSymbols[Int(sorted[Int(i)])] &+ (literal << 24 | InflateEntry.literalBeforeFlag | bits << 8 | bits)
        }
        let entry = literal << 8 | 2 << 6 | bits
        join(seconds, entry, code, l, 16)
        guard length >= l &+ 2 &* shortest else { continue }
        for m in shortest...(length &- l &- shortest) {
          let (start, end) = sets.literals[m]
          for b in start..<end {
            let both = unsafe code | UInt32(sortedCodes[Int(b)]) &<< UInt32(truncatingIfNeeded: l)
            let entry = unsafe entry &+ 1 << 6 &+ UInt32(sorted[Int(b)]) << 16
            join(sets.literals[length &- l &- m], entry, both, l &+ m, 24)
          }
        }
      }
    }
  }

  /// The entry with each literal of a range, after `bits` bits of code, at bit `place`.
  @inline(__always)
  private func join(_ range: (UInt16, UInt16), _ entry: UInt32, _ code: UInt32, _ bits: Int, _ place: UInt32) {
    for i in range.0..<range.1 {
      let at = unsafe code | UInt32(sortedCodes[Int(i)]) &<< UInt32(truncatingIfNeeded: bits)
      unsafe literals[Int(at)] = entry &+ UInt32(sorted[Int(i)]) &<< place
    }
  }
}
