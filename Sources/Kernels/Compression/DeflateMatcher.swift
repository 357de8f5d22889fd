import CKernels

/// Looks for matches in the window and makes tokens, with all that it needs in registers.
@safe
struct DeflateMatcher {
  let window: UnsafeMutablePointer<UInt8>
  let heads: UnsafeMutablePointer<UInt16>
  let chain: UnsafeMutablePointer<UInt16>
  let shortHeads: UnsafeMutablePointer<UInt16>
  let tokens: UnsafeMutablePointer<UInt32>
  let counts: UnsafeMutablePointer<UInt32>
  /// In quarters of a bit.
  let costs: UnsafeMutablePointer<UInt8>
  let lengthSymbols: UnsafeMutablePointer<UInt8>
  let fill: Int
  let mostTokens: Int
  /// The shortest match that is looked for, 3 to 5 bytes. Chains are of four at least: of three bytes only the last place is known.
  let shortest: Int
  /// What makes the others of eight bytes go before they are hashed.
  private let hashShift: UInt64
  var position: Int
  var tokenCount: Int

  init(_ memory: DeflateMemory, position: Int, fill: Int, tokenCount: Int, mostTokens: Int, shortest: Int) {
    (self.mostTokens, self.shortest) = (mostTokens, shortest)
    hashShift = UInt64(truncatingIfNeeded: 64 - 8 * max(4, shortest))
    unsafe (window, heads, chain, shortHeads) = (memory.window, memory.heads, memory.chain, memory.shortHeads)
    unsafe (tokens, counts, costs) = (memory.tokens, memory.counts, memory.costs)
    unsafe lengthSymbols = memory.lengthSymbols
    (self.position, self.fill, self.tokenCount) = (position, fill, tokenCount)
  }

  // MARK: - Bytes

  @inline(__always)
  func load32(_ i: Int) -> UInt32 { unsafe UnsafeRawPointer(window + i).loadUnaligned(as: UInt32.self) }

  /// The first byte is the lowest.
  @inline(__always)
  func load64(_ i: Int) -> UInt64 {
    unsafe UnsafeRawPointer(window + i).loadUnaligned(as: UInt64.self).littleEndian
  }

  /// Of the bytes of the shortest match, by the golden ratio (D. Knuth, The Art of Computer Programming 3, 6.4).
  @inline(__always)
  func hash(_ word: UInt64) -> Int {
    Int(((word &<< hashShift) &* Self.goldenRatio) &>> UInt64(64 - DeflateMemory.hashBits))
  }
  static let goldenRatio: UInt64 = 0x9e37_79b9_7f4a_7c15

  @inline(__always)
  func shortHash(_ word: UInt64) -> Int {
    Int((UInt32(truncatingIfNeeded: word) &<< 8 &* 0x9e37_79b9) &>> UInt32(32 - DeflateMemory.shortHashBits))
  }

  /// Bytes from a position on that it takes to remember it.
  @inline(__always)
  var hashedCount: Int { max(4, shortest) }

  @inline(__always)
  static func log2(_ n: Int) -> Int { Int.bitWidth &- 1 &- (n | 1).leadingZeroBitCount }

  /// A match's distance is below 2^15, so that the chain's ring still has what belongs to the position.
  @inline(__always)
  var oldest: Int { max(0, position &- DeflateMemory.windowHalf) }

  /// How many bytes are the same from `candidate` and from the position on, of which the first `known` are.
  ///
  /// - `most` is at most the bytes there are. Up to seven bytes after them are read.
  @inline(__always)
  func extent(_ candidate: Int, from known: Int, most: Int) -> Int {
    var length = known
    while length < most {
      let difference = load64(candidate &+ length) ^ load64(position &+ length)
      if difference != 0 { return min(most, length &+ difference.trailingZeroBitCount &>> 3) }
      length &+= 8
    }
    return most
  }

  // MARK: - Tokens

  @inline(__always)
  mutating func literal() {
    let byte = unsafe window[position]
    unsafe tokens[tokenCount] = UInt32(byte)
    unsafe counts[Int(byte)] &+= 1
    tokenCount &+= 1
    position &+= 1
  }

  /// - Parameters:
  ///   - remembering: that the positions inside, from the given one on, go to the chains.
  @inline(__always)
  mutating func match(_ length: Int, _ distance: Int, remembering: Bool = false, from first: Int = 1) {
    let n = UInt32(truncatingIfNeeded: distance &- 1)
    let symbol = DeflateCode.distanceSymbol(n)
    unsafe tokens[tokenCount] =
      1 &<< 31 | UInt32(truncatingIfNeeded: symbol &<< 24 | (length &- 3) &<< 16) | n
    unsafe counts[257 &+ Int(lengthSymbols[length &- 3])] &+= 1
    unsafe counts[288 &+ symbol] &+= 1
    tokenCount &+= 1
    if remembering {
      var i = position &+ first
      let end = min(position &+ length, fill &- hashedCount &+ 1)
      while i < end {
        _ = remember(i)
        i &+= 1
      }
    }
    position &+= length
  }

  // MARK: - Matches

  /// Puts a position before those with the same hash, and gives the last of those; of three bytes the same where they are looked for.
  ///
  /// - ``hashedCount`` bytes are there.
  @inline(__always)
  func remember(_ i: Int) -> (last: Int, short: Int) {
    let word = load64(i)
    let hash = hash(word)
    let last = unsafe heads[hash]
    unsafe heads[hash] = UInt16(truncatingIfNeeded: i)
    unsafe chain[i & (DeflateMemory.windowHalf &- 1)] = last
    guard shortest == 3 else { return (Int(last), 0) }
    let short = shortHash(word)
    let shortLast = unsafe shortHeads[short]
    unsafe shortHeads[short] = UInt16(truncatingIfNeeded: i)
    return (Int(last), Int(shortLast))
  }

  /// The longest match at the position, the nearest of those, and remembers the position. 0 where there is none longer.
  ///
  /// - Parameter known: at least 2.
  /// - A byte is before the position.
  @inline(__always)
  func longest(longerThan known: Int, depth: Int, enough: Int) -> (length: Int, distance: Int) {
    let most = min(258, fill &- position)
    guard most >= hashedCount else { return (0, 0) }
    var (candidate, short) = remember(position)
    // What comes next is asked for now.
    let next = load64(position &+ 1)
    unsafe ck_prefetch(heads + hash(next))
    if shortest == 3 { unsafe ck_prefetch(shortHeads + shortHash(next)) }
    let word = load32(position)
    var (best, found, distance, depth) = (max(known, shortest &- 1), 0, 0, depth)
    if word == load32(position &- 1) {
      // A run may be shorter than what is hashed.
      let length = extent(position &- 1, from: 4, most: most)
      if length > known {
        if length >= enough || length == most { return (length, 1) }
        (best, found, distance) = (max(best, length), length, 1)
      }
    }
    let oldest = oldest
    if best == 2 && short > oldest && (load32(short) ^ word) &<< 8 == 0 {
      (best, found, distance) = (3, 3, position &- short)
    }
    guard candidate > oldest && most > best else { return (found, distance) }
    var tail = load32(position &+ best &- 3)
    repeat {
      if load32(candidate &+ best &- 3) == tail && load32(candidate) == word {
        let length = extent(candidate, from: 4, most: most)
        if length > best {
          (best, found, distance) = (length, length, position &- candidate)
          if length >= enough || length == most { break }
          tail = load32(position &+ best &- 3)
        }
      }
      candidate = Int(unsafe chain[candidate & (DeflateMemory.windowHalf &- 1)])
      depth &-= 1
    } while candidate > oldest && depth > 0
    return (found, distance)
  }

  /// How many quarters of a bit less a match is thought to take than its bytes as literals.
  ///
  /// - Parameter start: where the match is.
  @inline(__always)
  func savings(_ length: Int, _ distance: Int, at start: Int) -> Int {
    // The first bytes of a long one stand for all.
    let seen = min(length, 16)
    var literals = 0
    for i in 0..<seen { literals &+= cost(unsafe Int(window[start &+ i])) }
    if length > seen { literals = literals &* length &>> 4 }
    let symbol = DeflateCode.distanceSymbol(UInt32(truncatingIfNeeded: distance &- 1))
    return literals &- cost(257 &+ Int(unsafe lengthSymbols[length &- 3])) &- cost(288 &+ symbol)
  }

  /// Takes the bytes of a match that is not worth it as literals, as far as their own matches would be what is left of it.
  ///
  /// - The position is remembered already.
  @inline(__always)
  mutating func refuse(_ length: Int, to limit: Int) {
    literal()
    var left = min(length &- shortest, limit &- position, fill &- hashedCount &+ 1 &- position)
    while left > 0 {
      _ = remember(position)
      literal()
      left &-= 1
    }
  }

  @inline(__always)
  private func cost(_ symbol: Int) -> Int { Int(unsafe costs[symbol]) }
}
