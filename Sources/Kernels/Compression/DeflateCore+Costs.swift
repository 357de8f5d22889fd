// What symbols are thought to take before their codes are known: what a match is weighed by against its bytes as literals.

extension DeflateCore {
  /// Bytes that are counted at least, and at most.
  private static let fewest = 1 << 10
  private static let most = 1 << 15

  /// That a fifth of the symbols are matches.
  static let firstSurcharge = 1

  /// For a block that starts: of its bytes, as if all were literals, and some more since not all symbols are literals.
  ///
  /// Not those of the block before: where matches have taken the bytes that are common, these look dear, and matches are taken again that
  /// are dearer than their bytes are. Lengths and distances are weighed by the block before, for they cannot be known.
  mutating func weighLiterals() {
    hasCosts = true
    let count = min(fill &- position, Self.most)
    guard plan.search != .runs && count >= Self.fewest else { return }
    var counts = [1024 of UInt32](repeating: 0)
    // Four of each, so that a byte need not wait for its like before it.
    var i = position
    let counted = count & ~7
    while i < position &+ counted {
      let word = unsafe UnsafeRawPointer(memory.window + i).loadUnaligned(as: UInt64.self)
      for k in 0..<8 {
        counts[(k & 3) &<< 8 | Int(truncatingIfNeeded: word &>> UInt64(8 &* k)) & 255] &+= 1
      }
      i &+= 8
    }
    let total = Self.quarters(Self.log2(UInt32(truncatingIfNeeded: counted)))
    var quarters = 0
    for i in 0..<256 {
      let n = counts[i] &+ counts[256 &+ i] &+ counts[512 &+ i] &+ counts[768 &+ i]
      let cost = n == 0 ? 4 * 13 : max(2, total &- Self.quarters(Self.log2(n)))
      unsafe memory.costs[i] = UInt8(truncatingIfNeeded: cost &+ literalSurcharge)
      quarters &+= Int(n) &* cost
    }
    // As many bytes as a match of those that are common has bits: shorter ones would be found, and not be worth it.
    switch plan.search {
    case .greedy, .lazy:
      let longest = searchDebt &>> plan.patience > 0 ? DeflatePlan.longestHashInDebt : DeflatePlan.longestHash
      averageCost = quarters / count
      shortest = min(longest, max(3, 4 &* DeflatePlan.matchBits &* count / quarters))
    case .latest:
      shortest = min(DeflatePlan.longestHash, max(4, 4 &* DeflatePlan.matchBits &* count / quarters))
      averageCost = quarters / count &+ literalSurcharge
    default: break
    }
  }

  /// After a block: what its lengths and distances have taken, and what its literals would have taken less if all were literals.
  mutating func weighMatches() {
    let (lengths, costs, counts) = unsafe (memory.lengths, memory.costs, memory.blockCounts)
    // Those that did not come may come again.
    for i in 257..<286 {
      let bits = unsafe lengths[i] == 0 ? 10 : min(Int(lengths[i]), 10)
      unsafe costs[i] = UInt8(truncatingIfNeeded: 4 &* (bits &+ DeflateCode.lengthExtra(i)))
    }
    for i in 0..<30 {
      let bits = unsafe lengths[288 &+ i] == 0 ? 8 : min(Int(lengths[288 &+ i]), 8)
      unsafe costs[288 &+ i] = UInt8(truncatingIfNeeded: 4 &* (bits &+ DeflateCode.distanceExtra(i)))
    }
    var (literals, matches): (UInt32, UInt32) = (1, 0)
    for i in 0..<256 { unsafe literals &+= counts[i] }
    for i in 257..<286 { unsafe matches &+= counts[i] }
    // A fifth of the symbols at least, for few are too few to go by.
    literalSurcharge = min(Self.quarters(Self.log2(literals &+ matches) &- Self.log2(literals)), 9)
  }

  /// Of a bit.
  static let log2Unit = 32

  /// In units of ``log2Unit``, nearly to the nearest: a parabola between powers of two.
  ///
  /// - `n` is not 0.
  @inline(__always)
  static func log2(_ n: UInt32) -> Int {
    let zeros = n.leadingZeroBitCount
    // What stands behind the highest bit, in 1024ths.
    let part = Int((n &<< UInt32(truncatingIfNeeded: zeros)) &>> 21) & 1023
    let curve = (part &* (1024 &- part) &* 351) &>> 20
    return (31 &- zeros) &* log2Unit &+ (part &+ curve &+ 16) &>> 5
  }

  private static func quarters(_ log2: Int) -> Int { (log2 &+ 4) &>> 3 }
}
