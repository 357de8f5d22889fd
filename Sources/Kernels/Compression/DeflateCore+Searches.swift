// From bytes to literals and matches, one search for each way of `DeflatePlan`.

extension DeflateCore {
  /// Looks through the window as far as there is enough to see, or room for tokens.
  mutating func parse(isFinal: Bool) {
    let limit = isFinal ? fill : fill - DeflatePlan.lookahead
    guard position < limit else { return }
    var matcher = DeflateMatcher(memory, position: position, fill: fill, tokenCount: tokenCount, shortest: shortest)
    switch plan.search {
    case .runs: matcher.runs(to: limit)
    case .latest: matcher.latest(to: limit, patience: plan.patience, misses: &misses)
    case .greedy: matcher.greedy(to: limit, plan, misses: &misses)
    case .lazy: matcher.lazy(to: limit, plan, misses: &misses)
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
        if this.position &+ 5 <= limit && !this.hasRun() {
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
  mutating func latest(to limit: Int, patience: Int, misses: inout Int) {
    var this = self
    defer { self = this }
    if this.position == 1 && limit > 1 { this.literal() }
    while this.position < limit && this.tokenCount < Self.mostTokens {
      let most = min(258, this.fill &- this.position)
      guard most >= 8 else {
        this.literal()
        continue
      }
      let word = this.load64(this.position)
      if UInt32(truncatingIfNeeded: word) == this.load32(this.position &- 1) {
        this.match(this.extent(this.position &- 1, from: 4, most: most), 1)
        continue
      }
      let hash = this.hash(word)
      let candidate = Int(unsafe this.heads[hash])
      unsafe this.heads[hash] = UInt16(truncatingIfNeeded: this.position)
      if candidate > this.oldest && (this.load64(candidate) ^ word) &<< 24 == 0 {
        let length = this.extent(candidate, from: 5, most: most)
        let distance = this.position &- candidate
        if this.savings(length, distance, at: this.position) > DeflatePlan.leastSavings {
          misses = 0
          this.match(length, distance)
          // One place inside the match, near its end.
          let inside = this.position &- 3
          if inside &+ 8 <= this.fill {
            unsafe this.heads[this.hash(this.load64(inside))] = UInt16(truncatingIfNeeded: inside)
          }
          continue
        }
      }
      this.miss(&misses, patience, limit)
    }
  }

  /// A byte has no match: the more of them in a row, the more after them are looked at for runs alone.
  @inline(__always)
  private mutating func miss(_ misses: inout Int, _ patience: Int, _ limit: Int) {
    literal()
    misses &+= 1
    var skipped = min(misses &>> patience, 15)
    while skipped > 0 && position &+ 8 <= limit {
      if hasRun() { break }
      for _ in 0..<5 { literal() }
      skipped &-= 5
    }
  }

  /// Whether one of the next five bytes starts a run: it and the three after it are like those before them.
  ///
  /// - Eight bytes are there, and one before.
  @inline(__always)
  private func hasRun() -> Bool {
    // A zero in byte i: so it is.
    var x = load64(position) ^ load64(position &- 1)
    x |= x &>> 8
    x |= x &>> 16
    return (x &- 0x01_0101_0101) & ~x & 0x80_8080_8080 != 0
  }

  @inline(never)
  mutating func greedy(to limit: Int, _ plan: DeflatePlan, misses: inout Int) {
    var this = self
    defer { self = this }
    if this.position == 1 && limit > 1 { this.literal() }
    while this.position < limit && this.tokenCount < Self.mostTokens {
      let (length, distance) = this.longest(longerThan: this.shortest &- 1, depth: plan.depth, enough: plan.enough)
      if length > 0 && this.savings(length, distance, at: this.position) > DeflatePlan.leastSavings {
        misses = 0
        this.match(length, distance, remembering: true)
      } else if length > 0 {
        this.refuse(length, to: limit)
      } else {
        this.miss(&misses, plan.patience, limit)
      }
    }
  }

  @inline(never)
  mutating func lazy(to limit: Int, _ plan: DeflatePlan, misses: inout Int) {
    var this = self
    defer { self = this }
    if this.position == 1 && limit > 1 { this.literal() }
    while this.position < limit && this.tokenCount < Self.mostTokens {
      var (length, distance) = this.longest(longerThan: this.shortest &- 1, depth: plan.depth, enough: plan.enough)
      var saved = length > 0 ? this.savings(length, distance, at: this.position) : 0
      guard saved > DeflatePlan.leastSavings else {
        if length > 0 && plan.patience < DeflatePlan.endless {
          this.refuse(length, to: limit)
        } else {
          this.miss(&misses, plan.patience, limit)
        }
        continue
      }
      misses = 0
      // As long as the next position has a better one, this one's byte is a literal.
      while length < plan.enough && this.position &+ 1 < this.fill {
        this.position &+= 1
        let (other, otherDistance) = this.longest(longerThan: length &- 1, depth: plan.depth &>> 1, enough: plan.enough)
        this.position &-= 1
        let otherSaved = other > 0 ? this.savings(other, otherDistance, at: this.position &+ 1) : 0
        guard otherSaved > saved else {
          this.match(length, distance, remembering: true, from: 2)
          length = 0
          break
        }
        this.literal()
        (length, distance, saved) = (other, otherDistance, otherSaved)
      }
      if length > 0 { this.match(length, distance, remembering: true) }
    }
  }
}
