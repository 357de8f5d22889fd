// Blocks and their headers (RFC 1951, 3.2.3 to 3.2.7). Each step takes what it needs at once, or nothing: what is not enough
// stays among the bits.

extension InflateCore {
  /// Goes from state to state until there is a reason to stop.
  mutating func run(_ cursor: inout InflateCursor) -> InflateStep {
    while true {
      let stop: InflateStep?
      switch state {
      case .header: stop = header(&cursor)
      case .storedLength: stop = storedLength(&cursor)
      case .stored: stop = stored(&cursor)
      case .codeCounts: stop = codeCounts(&cursor)
      case .lengthCodes: stop = lengthCodes(&cursor)
      case .codeLengths: stop = codeLengths(&cursor)
      case .symbols: stop = symbols(&cursor)
      case .match: stop = match(&cursor)
      case .finished: return .finished
      }
      if let stop { return stop }
    }
  }

  mutating func endBlock() { state = isLastBlock ? .finished : .header }

  private mutating func header(_ cursor: inout InflateCursor) -> InflateStep? {
    cursor.refill()
    guard cursor.bitCount >= 3 else { return .needsInput }
    isLastBlock = cursor.peek(1) == 1
    let type = cursor.peek(3) >> 1
    switch type {
    case 0: state = .storedLength
    case 1:
      if !hasFixedTables { tables.makeFixed() }
      hasFixedTables = true
      state = .symbols
    case 2: state = .codeCounts
    default: return .failed(.blockType)
    }
    cursor.drop(3)
    return nil
  }

  // MARK: - Stored

  private mutating func storedLength(_ cursor: inout InflateCursor) -> InflateStep? {
    // Bits to the end of the byte. They are dropped at once, so that this happens but once however often input is missing.
    cursor.drop(cursor.bitCount & 7)
    cursor.refill()
    guard cursor.bitCount >= 32 else { return .needsInput }
    let length = cursor.peek(16)
    guard cursor.peek(32) >> 16 == length ^ 0xffff else { return .failed(.storedLength) }
    cursor.drop(32)
    pendingLength = length
    state = .stored
    return nil
  }

  private mutating func stored(_ cursor: inout InflateCursor) -> InflateStep? {
    // What is among the bits comes first.
    while pendingLength > 0 && cursor.bitCount >= 8 {
      guard unsafe cursor.output < cursor.outputEnd else { return .outputFull }
      unsafe cursor.output.storeBytes(of: UInt8(truncatingIfNeeded: cursor.bits), as: UInt8.self)
      unsafe cursor.output += 1
      cursor.drop(8)
      pendingLength &-= 1
    }
    let count = unsafe min(pendingLength, cursor.end - cursor.next, cursor.outputEnd - cursor.output)
    if count > 0 {
      unsafe cursor.output.copyMemory(from: cursor.next, byteCount: count)
      unsafe cursor.output += count
      unsafe cursor.next += count
      pendingLength &-= count
    }
    guard pendingLength > 0 else {
      endBlock()
      return nil
    }
    return unsafe cursor.next == cursor.end ? .needsInput : .outputFull
  }

  // MARK: - Dynamic codes

  private mutating func codeCounts(_ cursor: inout InflateCursor) -> InflateStep? {
    cursor.refill()
    guard cursor.bitCount >= 14 else { return .needsInput }
    literalCount = 257 + cursor.peek(5)
    distanceCount = 1 + cursor.peek(10) >> 5
    lengthCodeCount = 4 + cursor.peek(14) >> 10
    cursor.drop(14)
    guard literalCount <= 286 && distanceCount <= 30 else { return .failed(.codeCount) }
    hasFixedTables = false
    codeLengthCount = 0
    for i in 0..<19 { unsafe tables.lengthCodeLengths[i] = 0 }
    state = .lengthCodes
    return nil
  }

  private mutating func lengthCodes(_ cursor: inout InflateCursor) -> InflateStep? {
    // The order of the lengths: RFC 1951, 3.2.7.
    let order: [19 of UInt8] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    while codeLengthCount < lengthCodeCount {
      cursor.refill()
      guard cursor.bitCount >= 3 else { return .needsInput }
      unsafe tables.lengthCodeLengths[Int(order[codeLengthCount])] = UInt8(truncatingIfNeeded: cursor.peek(3))
      cursor.drop(3)
      codeLengthCount &+= 1
    }
    guard tables.makeLengths() else { return .failed(.codeLengths) }
    codeLengthCount = 0
    state = .codeLengths
    return nil
  }

  private mutating func codeLengths(_ cursor: inout InflateCursor) -> InflateStep? {
    let (lengths, table) = unsafe (tables.codeLengths, tables.lengths)
    let total = literalCount &+ distanceCount
    while codeLengthCount < total {
      if cursor.bitCount < 14 { cursor.refill() }
      let entry = unsafe table[cursor.peek(InflateTables.lengthBits)]
      let (symbol, bits) = (Int(entry >> 16), Int(entry & 63))
      if symbol < 16 {
        guard bits <= cursor.bitCount else { return .needsInput }
        unsafe lengths[codeLengthCount] = UInt8(truncatingIfNeeded: symbol)
        codeLengthCount &+= 1
        cursor.drop(bits)
        continue
      }
      // 16: the length before, 3 to 6 times; 17: no code, 3 to 10 times; 18: no code, 11 to 138 times.
      let extra = symbol == 16 ? 2 : symbol == 17 ? 3 : 7
      guard bits &+ extra <= cursor.bitCount else { return .needsInput }
      cursor.drop(bits)
      let count = cursor.peek(extra) &+ (symbol == 18 ? 11 : 3)
      cursor.drop(extra)
      guard symbol != 16 || codeLengthCount > 0, codeLengthCount &+ count <= total else {
        return .failed(.repeatedLength)
      }
      let length = symbol == 16 ? unsafe lengths[codeLengthCount &- 1] : 0
      unsafe (lengths + codeLengthCount).update(repeating: length, count: count)
      codeLengthCount &+= count
    }
    guard unsafe lengths[256] != 0 else { return .failed(.noEndOfBlock) }
    guard tables.makeLiterals(count: literalCount),
      tables.makeDistances(from: literalCount, count: distanceCount)
    else { return .failed(.codeLengths) }
    state = .symbols
    return nil
  }
}
