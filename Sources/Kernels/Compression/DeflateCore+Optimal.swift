// The cheapest of all ways through some thousand bytes, by what symbols are thought to take.

extension DeflateMatcher {
  /// Finds matches of every length at each position, the nearest of each, and then the path that takes the fewest bits; what symbols
  /// take on a path is what the next pass goes by, the block as far as it is made counted in.
  ///
  /// - Complexity: O(bytes) times the depth, and passes times the matches' lengths.
  @inline(never)
  mutating func cheapest(to limit: Int, _ plan: DeflatePlan, _ memory: DeflateMemory) {
    // The first byte has none before it.
    if position == 1 {
      literal()
      guard position < limit else { return }
    }
    let start = position
    let end = collect(to: limit, plan, memory)
    position = start
    for i in 0..<256 { unsafe memory.symbolCosts[i] = UInt32(costs[i]) &<< 3 }
    for i in 0..<256 { unsafe memory.symbolCosts[256 &+ i] = UInt32(costs[257 &+ Int(lengthSymbols[i])]) &<< 3 }
    for i in 0..<30 { unsafe memory.symbolCosts[512 &+ i] = UInt32(costs[288 &+ i]) &<< 3 }
    findPath(start, end, memory)
    for _ in 1..<plan.passes {
      weighPath(end &- start, memory)
      findPath(start, end, memory)
    }
    while position < end {
      let token = unsafe memory.pathTokens[position &- start]
      if token < 256 {
        literal()
      } else {
        match(Int(token &>> 16 & 255) &+ 3, Int(token & 0x7fff) &+ 1)
      }
    }
  }

  /// Where it ends: there is no room for more matches.
  private mutating func collect(to limit: Int, _ plan: DeflatePlan, _ memory: DeflateMemory) -> Int {
    let (found, foundCounts, start) = unsafe (memory.found, memory.foundCounts, position)
    var total = 0
    // Positions inside of a match that is long enough are not searched.
    var inside = 0
    while position < limit && total <= DeflatePlan.pathMatchCount &- 256 {
      let first = total
      let most = min(258, fill &- position)
      if most >= hashedCount {
        var (candidate, short) = remember(position)
        if inside == 0 {
          let oldest = oldest
          let word = load32(position)
          var best = 2
          if short > oldest && (load32(short) ^ word) &<< 8 == 0 {
            best = extent(short, from: 3, most: most)
            unsafe found[total] = UInt32(truncatingIfNeeded: (best &- 3) &<< 16 | (position &- short &- 1))
            total &+= 1
          }
          var depth = plan.depth
          while candidate > oldest && depth > 0 && best < plan.enough && best < most {
            if unsafe window[candidate &+ best] == window[position &+ best] && load32(candidate) == word {
              let length = extent(candidate, from: 4, most: most)
              if length > best {
                best = length
                unsafe found[total] = UInt32(truncatingIfNeeded: (best &- 3) &<< 16 | (position &- candidate &- 1))
                total &+= 1
              }
            }
            candidate = Int(unsafe chain[candidate & (DeflateMemory.windowHalf &- 1)])
            depth &-= 1
          }
          if best >= plan.enough { inside = best }
        }
      }
      if inside > 0 { inside &-= 1 }
      unsafe foundCounts[position &- start] = UInt8(truncatingIfNeeded: total &- first)
      position &+= 1
    }
    return position
  }

  /// From the end to the start: of each byte the token from which the rest takes least.
  private func findPath(_ start: Int, _ end: Int, _ memory: DeflateMemory) {
    let (path, tokens) = unsafe (memory.pathCosts, memory.pathTokens)
    let literals = unsafe memory.symbolCosts
    let (lengths, distances) = unsafe (literals + 256, literals + 512)
    var next = unsafe memory.found
    let count = end &- start
    for i in 0..<count { unsafe next += Int(memory.foundCounts[i]) }
    unsafe path[count] = 0
    var i = count &- 1
    while i >= 0 {
      let byte = unsafe Int(window[start &+ i])
      var best = unsafe path[i &+ 1] &+ literals[byte]
      var token = UInt32(truncatingIfNeeded: byte)
      let foundCount = unsafe Int(memory.foundCounts[i])
      unsafe next -= foundCount
      var length = 0
      let most = count &- i &- 3
      for j in 0..<foundCount {
        let match = unsafe next[j]
        let distance = match & 0x7fff
        let distanceCost = unsafe distances[DeflateCode.distanceSymbol(distance)]
        let last = min(Int(match &>> 16), most)
        while length <= last {
          let cost = unsafe path[i &+ 3 &+ length] &+ lengths[length] &+ distanceCost
          if cost < best { (best, token) = (cost, 1 &<< 31 | UInt32(truncatingIfNeeded: length) &<< 16 | distance) }
          length &+= 1
        }
      }
      unsafe (path[i], tokens[i]) = (best, token)
      i &-= 1
    }
  }

  /// What symbols take on the path, and in the block so far.
  private func weighPath(_ count: Int, _ memory: DeflateMemory) {
    var counts = [320 of UInt32](repeating: 0)
    for i in 0..<320 { counts[i] = unsafe memory.blockCounts[i] }
    var i = 0
    while i < count {
      let token = unsafe memory.pathTokens[i]
      if token < 256 {
        counts[Int(token)] &+= 1
        i &+= 1
      } else {
        let length = Int(token &>> 16 & 255)
        counts[257 &+ Int(unsafe lengthSymbols[length])] &+= 1
        counts[288 &+ DeflateCode.distanceSymbol(token & 0x7fff)] &+= 1
        i &+= length &+ 3
      }
    }
    func total(_ range: Range<Int>) -> Int {
      var total: UInt32 = 1
      for i in range { total &+= counts[i] }
      return DeflateCore.log2(total)
    }
    /// One that has not come is thought to be half as often as one that has come once.
    func cost(_ i: Int, _ total: Int) -> Int {
      let unit = DeflateCore.log2Unit
      let n = counts[i]
      return n == 0 ? min(total &+ unit, 15 &* unit) : max(unit, total &- DeflateCore.log2(n))
    }
    let costs = unsafe memory.symbolCosts
    let literalTotal = total(0..<286)
    for i in 0..<256 { unsafe costs[i] = UInt32(truncatingIfNeeded: cost(i, literalTotal)) }
    for i in 0..<256 {
      let symbol = 257 &+ Int(unsafe lengthSymbols[i])
      let extra = DeflateCore.log2Unit &* DeflateCode.lengthExtra(symbol)
      unsafe costs[256 &+ i] = UInt32(truncatingIfNeeded: cost(symbol, literalTotal) &+ extra)
    }
    let distanceTotal = total(288..<318)
    for i in 0..<30 {
      let extra = DeflateCore.log2Unit &* DeflateCode.distanceExtra(i)
      unsafe costs[512 &+ i] = UInt32(truncatingIfNeeded: cost(288 &+ i, distanceTotal) &+ extra)
    }
  }
}
