import CKernels

// From bytes to literals and matches, one search for each way of `DeflatePlan`.

extension DeflateCore {
  /// Looks through the window as far as there is enough to see, or room for tokens.
  mutating func parse(isFinal: Bool) {
    let limit = limit(isFinal: isFinal)
    guard position < limit else { return }
    let mostTokens = min(plan.tokenCount - plan.tokensAtOnce, blockTokenCount + plan.partCount)
    var matcher = DeflateMatcher(
      memory, position: position, fill: fill, tokenCount: tokenCount, mostTokens: mostTokens, shortest: shortest)
    switch plan.search {
    case .runs: matcher.runs(to: limit)
    case .latest: matcher.latest(to: limit, averageCost: averageCost, patience: plan.patience, debt: &searchDebt)
    case .greedy: matcher.greedy(to: limit, plan, debt: &searchDebt)
    case .lazy: matcher.lazy(to: limit, plan, averageCost: averageCost, debt: &searchDebt)
    case .cheapest:
      // As much as there is room for at once, or all that there is.
      let isWhole = isFinal || fill == DeflateMemory.windowCount
      guard isWhole || limit - position >= DeflatePlan.pathByteCount else { return }
      matcher.cheapest(to: min(limit, position + DeflatePlan.pathByteCount), plan, memory)
    }
    (position, tokenCount) = (matcher.position, matcher.tokenCount)
  }

  /// How far the window is looked through.
  func limit(isFinal: Bool) -> Int { isFinal ? fill : fill - DeflatePlan.lookahead }
}

extension DeflateMatcher {
  @inline(never)
  mutating func runs(to limit: Int) {
    var this = self
    defer { self = this }
    // The first byte has none before it.
    if this.position == 1 && limit > 1 { this.literal() }
    while this.position < limit && this.tokenCount < this.mostTokens {
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
  mutating func latest(to limit: Int, averageCost: Int, patience: Int, debt: inout Int) {
    // The number of bytes is a constant in each.
    if shortest == 4 {
      latest(to: limit, shortest: 4, averageCost: averageCost, patience: patience, debt: &debt)
    } else {
      latest(to: limit, shortest: 5, averageCost: averageCost, patience: patience, debt: &debt)
    }
  }

  @inline(__always)
  private mutating func latest(
    to limit: Int, shortest: Int, averageCost: Int, patience: Int, debt: inout Int
  ) {
    var this = self
    defer { self = this }
    if this.position == 1 && limit > 1 { this.literal() }
    while this.position < limit && this.tokenCount < this.mostTokens {
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
      let (last, before) = this.rememberLatest(this.position, word, shortest)
      unsafe ck_prefetch(UnsafeRawPointer(this.heads) + this.pairOffset(this.load64(this.position &+ 1), shortest))
      // Which of the two it is, and whether it is any, cannot be guessed: one branch for all that.
      let oldest = this.oldest
      let bytes = last > oldest ? (this.load64(last) ^ word).trailingZeroBitCount &>> 3 : 0
      let others = before > oldest ? (this.load64(before) ^ word).trailingZeroBitCount &>> 3 : 0
      var length = max(bytes, others)
      var distance = this.position &- (others > bytes ? before : last)
      if length == 8 {
        length = this.extent(this.position &- distance, from: 8, most: most)
        if bytes == others {
          let other = this.extent(before, from: 8, most: most)
          if other > length { (length, distance) = (other, this.position &- before) }
        }
      }
      // What is worth it if its bytes are like others is taken without looking at them.
      if length >= shortest
        && (length &* averageCost > 4 &* (10 &+ Self.log2(distance))
          || this.savings(length, distance, at: this.position) > DeflatePlan.leastSavings)
      {
        debt = 0
        let start = this.position
        unsafe ck_prefetch(UnsafeRawPointer(this.heads) + this.pairOffset(this.load64(start &+ length), shortest))
        this.match(length, distance)
        // Some of the places inside of the match.
        let end = min(start &+ min(length, 8), this.fill &- 7)
        var inside = start &+ 1
        while inside < end {
          _ = this.rememberLatest(inside, this.load64(inside), shortest)
          inside &+= 1
        }
        continue
      }
      this.literal()
      debt &+= 1
      this.skip(debt &>> patience, to: limit)
    }
  }

  /// Where the pair of a hash is, in bytes.
  @inline(__always)
  private func pairOffset(_ word: UInt64, _ shortest: Int) -> Int {
    let hashed = (word &<< UInt64(64 &- 8 &* shortest)) &* Self.goldenRatio
    return Int(hashed &>> UInt64(65 &- DeflateMemory.hashBits)) &<< 2
  }

  /// Puts a position before the last of its hash, and gives the last two: the places of two hashes make a pair.
  @inline(__always)
  private func rememberLatest(_ i: Int, _ word: UInt64, _ shortest: Int) -> (last: Int, before: Int) {
    let pair = unsafe UnsafeMutableRawPointer(heads) + pairOffset(word, shortest)
    let two = unsafe pair.load(as: UInt32.self)
    unsafe pair.storeBytes(of: two &<< 16 | UInt32(truncatingIfNeeded: i), as: UInt32.self)
    return (Int(two & 0xffff), Int(two &>> 16))
  }

  /// Literals, of which only runs are looked for: as many as there were searches in vain, up to some.
  @inline(__always)
  private mutating func skip(_ wanted: Int, to limit: Int) {
    var left = min(wanted, DeflatePlan.mostSkipped)
    while left > 0 && position &+ 8 <= limit {
      if hasRun() { break }
      for _ in 0..<5 { literal() }
      left &-= 5
    }
  }

  /// The position has no match that is worth it, or none at all, where the length is 0. The more searches are in vain, the more
  /// bytes after it are not searched.
  @inline(__always)
  private mutating func refuse(_ length: Int, _ plan: DeflatePlan, debt: inout Int, to limit: Int) {
    if length > 0 { refuse(length, to: limit) } else { literal() }
    debt = min(debt &+ 1, (DeflatePlan.mostSkipped &+ 1) &<< plan.patience)
    skip(debt &>> plan.patience, to: limit)
  }

  /// What a match saves pays for searches; a run does not, for it is found without.
  @inline(__always)
  private func pay(_ saved: Int, _ distance: Int, debt: inout Int) {
    if distance > 1 { debt = max(0, debt &- saved &<< DeflatePlan.searchesPaid) }
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
  mutating func greedy(to limit: Int, _ plan: DeflatePlan, debt: inout Int) {
    var this = self
    defer { self = this }
    if this.position == 1 && limit > 1 { this.literal() }
    while this.position < limit && this.tokenCount < this.mostTokens {
      let (length, distance) = this.longest(longerThan: this.shortest &- 1, depth: plan.depth, enough: plan.enough)
      let saved = length > 0 ? this.savings(length, distance, at: this.position) : 0
      if saved > DeflatePlan.leastSavings {
        this.pay(saved, distance, debt: &debt)
        this.match(length, distance, remembering: true)
      } else {
        this.refuse(length, plan, debt: &debt, to: limit)
      }
    }
  }

  @inline(never)
  mutating func lazy(to limit: Int, _ plan: DeflatePlan, averageCost: Int, debt: inout Int) {
    var this = self
    let mostDepth = plan.depth(averageCost: averageCost)
    defer { self = this }
    if this.position == 1 && limit > 1 { this.literal() }
    while this.position < limit && this.tokenCount < this.mostTokens {
      let depth = mostDepth &>> min(DeflatePlan.leastDepthShift, debt &>> (plan.patience &- 2))
      var (length, distance) = this.longest(longerThan: this.shortest &- 1, depth: depth, enough: plan.enough)
      var saved = length > 0 ? this.savings(length, distance, at: this.position) : 0
      guard saved > DeflatePlan.leastSavings else {
        this.refuse(length, plan, debt: &debt, to: limit)
        continue
      }
      this.pay(saved, distance, debt: &debt)
      // As long as the next position has a better one, this one's byte is a literal.
      while length < plan.enough && this.position &+ 1 < this.fill {
        this.position &+= 1
        let (other, otherDistance) = this.longest(longerThan: length &- 1, depth: mostDepth &>> 1, enough: plan.enough)
        this.position &-= 1
        let otherSaved = other > 0 ? this.savings(other, otherDistance, at: this.position &+ 1) : 0
        guard otherSaved > saved &+ DeflatePlan.leastGain else {
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
