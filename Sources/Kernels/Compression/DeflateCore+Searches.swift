// From bytes to literals and matches, one search for each way of `DeflatePlan`.

extension DeflateCore {
  /// Looks through the window as far as there is enough to see, or room for tokens.
  mutating func parse(isFinal: Bool) {
    let limit = isFinal ? fill : fill - DeflatePlan.lookahead
    guard position < limit else { return }
    var matcher = DeflateMatcher(memory, position: position, fill: fill, tokenCount: tokenCount)
    switch plan.search {
    case .runs: matcher.runs(to: limit)
    case .latest: matcher.latest(to: limit, misses: &misses)
    case .greedy: matcher.greedy(to: limit, depth: plan.depth, enough: plan.enough)
    case .lazy: matcher.lazy(to: limit, depth: plan.depth, enough: plan.enough)
    }
    (position, tokenCount) = (matcher.position, matcher.tokenCount)
  }
}

extension DeflateMatcher {
  private static var mostTokens: Int { DeflateMemory.tokenCount &- DeflatePlan.tokensAtOnce }

  @inline(never)
  mutating func runs(to limit: Int) {
    var this = self
    defer { self = this }
    // The first byte has none before it.
    if this.position == 1 && limit > 1 { this.literal() }
    while this.position < limit && this.tokenCount < Self.mostTokens {
      if this.position &+ 8 <= this.fill {
        // A zero in byte i: it and the three after it are like those before them. The first five can be seen.
        var x = this.load64(this.position) ^ this.load64(this.position &- 1)
        x |= x &>> 8
        x |= x &>> 16
        if (x &- 0x01_0101_0101) & ~x & 0x80_8080_8080 == 0 && this.position &+ 5 <= limit {
          for _ in 0..<5 { this.literal() }
          continue
        }
        if this.load32(this.position) == this.load32(this.position &- 1) {
          let most = min(258, this.fill &- this.position)
          this.match(this.extent(this.position &- 1, from: 4, most: most), 1)
          continue
        }
      }
      this.literal()
    }
  }

  @inline(never)
  mutating func latest(to limit: Int, misses: inout Int) {
    var this = self
    defer { self = this }
    while this.position < limit && this.tokenCount < Self.mostTokens {
      let most = min(258, this.fill &- this.position)
      if most >= 8 {
        let word = this.load32(this.position)
        let hash = Self.hash(word)
        let candidate = Int(unsafe this.heads[hash])
        unsafe this.heads[hash] = UInt16(truncatingIfNeeded: this.position)
        if candidate > this.oldest, this.load32(candidate) == word {
          let length = this.extent(candidate, from: 4, most: most)
          let distance = this.position &- candidate
          if length > 5 || this.isWorth(length, distance) {
            misses = 0
            this.match(length, distance)
            // One place inside the match, near its end.
            unsafe this.heads[Self.hash(this.load32(this.position &- 2))] = UInt16(
              truncatingIfNeeded: this.position &- 2)
            continue
          }
        }
        misses &+= 1
        // After each 32 misses one byte more is skipped, up to 16.
        var skipped = min(misses &>> 5, 16, limit &- this.position &- 1)
        while skipped > 0 {
          this.literal()
          skipped &-= 1
        }
      }
      this.literal()
    }
  }

  @inline(never)
  mutating func greedy(to limit: Int, depth: Int, enough: Int) {
    var this = self
    defer { self = this }
    while this.position < limit && this.tokenCount < Self.mostTokens {
      let (length, distance) = this.longest(longerThan: 3, depth: depth, enough: enough)
      if length > 3 && this.isWorth(length, distance) {
        this.match(length, distance, remembering: true)
      } else {
        this.literal()
      }
    }
  }

  @inline(never)
  mutating func lazy(to limit: Int, depth: Int, enough: Int) {
    var this = self
    defer { self = this }
    while this.position < limit && this.tokenCount < Self.mostTokens {
      var (length, distance) = this.longest(longerThan: 3, depth: depth, enough: enough)
      guard length > 3 && this.isWorth(length, distance) else {
        this.literal()
        continue
      }
      // As long as the next position has a better one, this one's byte is a literal.
      while length < enough && this.position &+ 1 < this.fill {
        this.position &+= 1
        let (other, otherDistance) = this.longest(longerThan: length &- 1, depth: depth &>> 1, enough: enough)
        this.position &-= 1
        // Four bits for a byte, and one for each power of two of the distance.
        let gain = 4 &* (other &- length) &+ Self.log2(distance) &- Self.log2(otherDistance)
        guard other >= length && gain > 2 else {
          this.match(length, distance, remembering: true, from: 2)
          length = 0
          break
        }
        this.literal()
        (length, distance) = (other, otherDistance)
      }
      if length > 0 { this.match(length, distance, remembering: true) }
    }
  }
}
