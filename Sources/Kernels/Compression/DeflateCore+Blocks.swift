// What a block is made of: its codes, or none (RFC 1951, 3.2.4 to 3.2.7).

extension DeflateCore {
  /// Chooses how the block's tokens so far are written, whichever takes the fewest bits, and what comes before them.
  mutating func startBlock(isLast: Bool) {
    isLastBlock = isLast
    written = 0
    itemCount = 0
    let counts = unsafe memory.blockCounts
    let lengths = unsafe memory.lengths
    unsafe counts[DeflateCode.endOfBlock] = 1

    // The fixed codes have two symbols more of either kind, which never come.
    for i in 286..<288 { unsafe (lengths[i], lengths[32 &+ i]) = (0, 0) }
    unsafe DeflateCode.makeLengths(counts, 286, longest: 15, sorted: memory.sorted, into: lengths)
    unsafe DeflateCode.makeLengths(counts + 288, 30, longest: 15, sorted: memory.sorted, into: lengths + 288)
    var (dynamic, fixed, extra) = (0, 0, 0)
    for i in 0..<286 {
      let count = Int(unsafe counts[i])
      dynamic &+= unsafe count &* Int(lengths[i])
      fixed &+= count &* Int(DeflateCode.fixedLength(i))
      if i > 264 { extra &+= count &* DeflateCode.lengthExtra(i) }
    }
    for i in 0..<30 {
      let count = Int(unsafe counts[288 &+ i])
      dynamic &+= unsafe count &* Int(lengths[288 &+ i])
      fixed &+= 5 &* count
      extra &+= count &* DeflateCode.distanceExtra(i)
    }
    append(isLast ? 1 : 0, 1)
    append(2, 2)
    dynamic &+= appendCodes()

    weighMatches()
    let byteCount = blockEnd &- blockStart
    // Bits to the end of a byte, then two lengths.
    let stored = blockStart >= 0 && byteCount < 1 << 16 ? 8 &* byteCount &+ (-(bitCount &+ 3) & 7) &+ 32 : Int.max
    isStored = stored < min(dynamic, fixed) &+ extra
    if isStored {
      itemCount = 1
      append(0, 2)
      append(0, -(bitCount &+ 3) & 7)
      append(byteCount, 16)
      append(byteCount ^ 0xffff, 16)
    } else {
      if fixed <= dynamic {
        itemCount = 1
        append(1, 2)
        for i in 0..<288 { unsafe lengths[i] = DeflateCode.fixedLength(i) }
        unsafe (lengths + 288).update(repeating: 5, count: 32)
      }
      unsafe DeflateCode.makeCodes(lengths, 288, into: memory.codes)
      unsafe DeflateCode.makeCodes(lengths + 288, 32, into: memory.codes + 288)
      for n in 0..<256 {
        let symbol = 257 &+ Int(unsafe memory.lengthSymbols[n])
        let code = unsafe memory.codes[symbol]
        let extra = DeflateCode.lengthExtra(symbol)
        // The value of the extra bits: what the length is beyond a multiple of 2^extra.
        let value = UInt32(truncatingIfNeeded: n & (1 &<< extra &- 1)) &<< (code &>> 24)
        unsafe memory.lengthCodes[n] = (code | value) &+ UInt32(truncatingIfNeeded: extra) &<< 24
      }
    }
    phase = .writingItems
  }

  private mutating func append(_ value: Int, _ bits: Int) {
    unsafe memory.items[itemCount] = UInt32(truncatingIfNeeded: value | bits &<< 24)
    itemCount &+= 1
  }

  /// The lengths of the codes as items, and how many bits they take, with the three before them.
  private mutating func appendCodes() -> Int {
    let lengths = unsafe memory.lengths
    var (literalCount, distanceCount) = (286, 30)
    while unsafe literalCount > 257 && lengths[literalCount &- 1] == 0 { literalCount &-= 1 }
    while unsafe distanceCount > 1 && lengths[288 &+ distanceCount &- 1] == 0 { distanceCount &-= 1 }
    let total = literalCount &+ distanceCount
    func length(_ i: Int) -> UInt8 { unsafe lengths[i < literalCount ? i : i &- literalCount &+ 288] }

    // Symbols of the code of lengths, with the value of their extra bits above, where the items are to be.
    let first = itemCount &+ 3 &+ 19
    var end = first
    var counts = [19 of UInt32](repeating: 0)
    var i = 0
    while i < total {
      let value = length(i)
      var run = 1
      while i &+ run < total && length(i &+ run) == value { run &+= 1 }
      i &+= run
      while run > 0 {
        var (symbol, extra, taken) = (Int(value), 0, 1)
        if value == 0 && run >= 3 {
          taken = min(run, 138)
          (symbol, extra) = taken > 10 ? (18, taken &- 11) : (17, taken &- 3)
        }
        unsafe memory.items[end] = UInt32(truncatingIfNeeded: symbol | extra &<< 8)
        end &+= 1
        counts[symbol] &+= 1
        run &-= taken
        while value != 0 && run >= 3 {
          // All of a run of six or less, or so many that three are left at least, or none.
          let taken = run <= 6 || run >= 9 ? min(run, 6) : run &- 3
          unsafe memory.items[end] = UInt32(truncatingIfNeeded: 16 | (taken &- 3) &<< 8)
          end &+= 1
          counts[16] &+= 1
          run &-= taken
        }
      }
    }

    var own = [19 of UInt8](repeating: 0)
    var codes = [19 of UInt32](repeating: 0)
    unsafe withUnsafeBytes(of: &counts) { counts in
      unsafe withUnsafeMutableBytes(of: &own) { own in
        unsafe withUnsafeMutableBytes(of: &codes) { codes in
          let own = unsafe own.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
          unsafe DeflateCode.makeLengths(
            counts.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self), 19, longest: 7,
            sorted: memory.sorted, into: own)
          unsafe DeflateCode.makeCodes(
            own, 19, into: codes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self))
        }
      }
    }
    let order: [19 of Int] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var ownCount = 19
    while ownCount > 4 && own[order[ownCount &- 1]] == 0 { ownCount &-= 1 }
    append(literalCount &- 257, 5)
    append(distanceCount &- 1, 5)
    append(ownCount &- 4, 4)
    var bits = 14 &+ 3 &* ownCount
    // All 19 have an item; those that are not written have no bits.
    for i in 0..<19 { append(i < ownCount ? Int(own[order[i]]) : 0, i < ownCount ? 3 : 0) }
    for i in first..<end {
      let item = Int(unsafe memory.items[i])
      let (symbol, value) = (item & 255, item &>> 8)
      let extra = symbol < 16 ? 0 : symbol == 16 ? 2 : symbol == 17 ? 3 : 7
      let code = codes[symbol]
      let length = Int(code &>> 24)
      append(Int(code & 0xffff) | value &<< length, length &+ extra)
      bits &+= length &+ extra
    }
    return bits
  }

  // MARK: - Writing

  /// Writes as much as there is room for; false where it is not all.
  mutating func write(_ output: UnsafeMutableRawBufferPointer, _ outputPosition: inout Int) -> Bool {
    guard let start = output.baseAddress else { return false }
    var writer = unsafe DeflateWriter(
      next: start + outputPosition, end: start + output.count, bits: bits, bitCount: bitCount)
    defer {
      outputPosition = unsafe writer.next - start
      (bits, bitCount) = (writer.bits, writer.bitCount)
    }
    switch phase {
    case .writingItems:
      while written < itemCount {
        guard writer.hasRoom() else { return false }
        let item = unsafe memory.items[written]
        writer.put(item & 0xff_ffff, item &>> 24)
        written &+= 1
      }
      written = 0
      phase = isStored ? .writingStored : .writingTokens
    case .writingStored:
      let count = blockEnd &- blockStart
      guard writer.hasRoom() else { return false }
      let taken = unsafe min(count &- written, writer.end - writer.next)
      unsafe writer.next.copyMemory(from: memory.window + blockStart + written, byteCount: taken)
      unsafe writer.next += taken
      written &+= taken
      guard written == count else { return false }
      endBlock()
    case .writingTokens:
      // The writer puts a mark where the part begins.
      let next = unsafe memory.tokens[blockTokenCount]
      let isDone = writer.put(memory, from: &written, to: blockTokenCount)
      unsafe memory.tokens[blockTokenCount] = next
      guard isDone else { return false }
      endBlock()
    default:
      guard writer.hasRoom() else { return false }
      if writer.bitCount > 0 { writer.put(0, UInt32(truncatingIfNeeded: 8 &- writer.bitCount)) }
      guard writer.hasRoom() else { return false }
      phase = .finished
    }
    return true
  }

  /// What is left is the first part of the next one.
  private mutating func endBlock() {
    let left = tokenCount &- blockTokenCount
    if left > 0 { unsafe memory.tokens.update(from: memory.tokens + blockTokenCount, count: left) }
    unsafe memory.blockCounts.update(repeating: 0, count: 320)
    (tokenCount, blockTokenCount, blockBits) = (left, 0, 0)
    blockStart = blockEnd
    joinPart()
    hasCosts = false
    phase = isLastBlock ? .ending : .parsing
  }
}
