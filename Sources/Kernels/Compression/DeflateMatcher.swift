/// Looks for matches in the window and makes tokens, with all that it needs in registers.
@safe
struct DeflateMatcher {
  let window: UnsafeMutablePointer<UInt8>
  let heads: UnsafeMutablePointer<UInt16>
  let chain: UnsafeMutablePointer<UInt16>
  let tokens: UnsafeMutablePointer<UInt32>
  let counts: UnsafeMutablePointer<UInt32>
  /// In quarters of a bit.
  let costs: UnsafeMutablePointer<UInt8>
  let lengthSymbols: UnsafeMutablePointer<UInt8>
  let fill: Int
  /// The shortest match that is looked for, 4 to 8 bytes, and what makes the others of eight bytes go before they are hashed.
  let shortest: Int
  private let hashShift: UInt64
  var position: Int
  var tokenCount: Int

  init(_ memory: DeflateMemory, position: Int, fill: Int, tokenCount: Int, shortest: Int) {
    self.shortest = shortest
    hashShift = UInt64(truncatingIfNeeded: 64 - 8 * shortest)
    unsafe (window, heads, chain) = (memory.window, memory.heads, memory.chain)
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
    Int(((word &<< hashShift) &* 0x9e37_79b9_7f4a_7c15) &>> UInt64(64 - DeflateMemory.hashBits))
  }

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
    unsafe tokens[tokenCount] = 1 &<< 31 | UInt32(truncatingIfNeeded: length &- 3) &<< 16 | n
    unsafe counts[257 &+ Int(lengthSymbols[length &- 3])] &+= 1
    unsafe counts[288 &+ DeflateCode.distanceSymbol(n)] &+= 1
    tokenCount &+= 1
    if remembering {
      var i = position &+ first
      let end = min(position &+ length, fill &- shortest &+ 1)
      while i < end {
        _ = remember(i)
        i &+= 1
      }
    }
    position &+= length
  }

  // MARK: - Matches

  /// Puts a position before those with the same hash, and gives the last of those.
  ///
  /// - The bytes of the shortest match are there.
  @inline(__always)
  private func remember(_ i: Int) -> Int {
    let hash = hash(load64(i))
    let last = unsafe heads[hash]
    unsafe heads[hash] = UInt16(truncatingIfNeeded: i)
    unsafe chain[i & (DeflateMemory.windowHalf &- 1)] = last
    return Int(last)
  }

  /// The longest match at the position, the nearest of those, and remembers the position. 0 where there is none longer.
  ///
  /// - Parameter known: at least 3.
  /// - A byte is before the position.
  @inline(__always)
  func longest(longerThan known: Int, depth: Int, enough: Int) -> (length: Int, distance: Int) {
    let most = min(258, fill &- position)
    guard most >= shortest else { return (0, 0) }
    var candidate = remember(position)
    let word = load32(position)
    var (best, distance, depth) = (max(known, shortest &- 1), 0, depth)
    if word == load32(position &- 1) {
      // A run may be shorter than what is hashed.
      let length = extent(position &- 1, from: 4, most: most)
      if length > known {
        if length >= enough || length == most { return (length, 1) }
        (best, distance) = (max(best, length), length)
      }
    }
    let run = distance
    if run > 0 { distance = 1 }
    let oldest = oldest
    guard candidate > oldest && most > best else { return (run, distance) }
    var tail = load32(position &+ best &- 3)
    var found = run
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
    var left = min(length &- shortest, limit &- position, fill &- shortest &+ 1 &- position)
    while left > 0 {
      _ = remember(position)
      literal()
      left &-= 1
    }
  }

  @inline(__always)
  private func cost(_ symbol: Int) -> Int { Int(unsafe costs[symbol]) }
}
