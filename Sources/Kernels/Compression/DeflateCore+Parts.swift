// Where a block ends: parts of it are made one after the other, and each joins those before it unless codes of its own are worth what
// it takes to say them.

extension DeflateCore {
  /// Bits of a block that do not depend on its symbols.
  private static let headerBits = 100
  /// Bits that say how long the code of a symbol is, and what it looks to save by chance.
  private static let symbolBits = 5

  /// Whether the part takes fewer bits as the start of a block than at the end of the block before it.
  func partStartsBlock() -> Bool {
    guard blockTokenCount > 0 else { return false }
    let (counts, blockCounts) = unsafe (memory.counts, memory.blockCounts)
    let own = Self.bits { unsafe counts[$0] }
    let both = Self.bits { unsafe counts[$0] &+ blockCounts[$0] }
    return blockBits &+ own < both
  }

  mutating func joinPart() {
    guard tokenCount > blockTokenCount else { return }
    let (counts, blockCounts) = unsafe (memory.counts, memory.blockCounts)
    for i in 0..<320 { unsafe blockCounts[i] &+= counts[i] }
    unsafe counts.update(repeating: 0, count: 320)
    (blockTokenCount, blockEnd) = (tokenCount, position)
    if plan.partCount < plan.tokenCount { blockBits = Self.bits { unsafe blockCounts[$0] } }
  }

  /// What a block of such counts takes, but for extra bits, which are the same wherever it ends.
  @inline(__always)
  private static func bits(_ count: (Int) -> UInt32) -> Int {
    var sum = 0
    for range in [0..<286, 288..<318] {
      var total: UInt32 = 0
      for i in range { total &+= count(i) }
      guard total > 0 else { continue }
      let whole = log2(total)
      for i in range {
        let n = count(i)
        if n > 0 { sum &+= Int(n) &* max(log2Unit, whole &- log2(n)) &+ symbolBits &* log2Unit }
      }
    }
    return sum / log2Unit &+ headerBits
  }
}
