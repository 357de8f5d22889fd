/// What a level does to find matches.
struct DeflatePlan: Sendable {
  enum Search: Sendable {
    /// Runs of one byte alone.
    case runs
    /// Runs, and the last place with the same five bytes; where nothing is found, steps that grow.
    case latest
    /// The first match that is worth it.
    case greedy
    /// A match, unless the next position has a better one.
    case lazy
    /// Of all ways through some thousand bytes the one that takes the fewest bits.
    case cheapest
  }

  let search: Search
  /// Places that are looked at for one position.
  let depth: Int
  /// A match of this length is not searched on from.
  let enough: Int
  /// After 2^this searches in vain, one byte more is passed over after each, and so on. At level 1 a match makes up for all of them, at
  /// the others for as many as its savings pay.
  let patience: Int

  /// How often the cheapest path is looked for, each time with what symbols take on the one before.
  let passes: Int

  /// Places that are looked at where bytes take so many quarters of a bit as literals, on average. Where they take less than four
  /// bits, a match that is longer by a byte saves less, and is worth less of a search; at level 7 all are looked at.
  func depth(averageCost: Int) -> Int {
    depth > 32 ? depth : min(depth, max(4, (depth &* averageCost) &>> 4))
  }
  /// Of places that are looked at while searches are not paid for, a 2^this-th at least.
  static let leastDepthShift = 3

  /// Bytes that are not searched after one that is, at most.
  static let mostSkipped = 15
  /// 2^this searches are paid by each quarter of a bit that a match saves.
  static let searchesPaid = 4

  /// The shortest match that is looked for at first.
  var shortest: Int { search == .latest ? 5 : search == .cheapest ? 3 : 4 }

  /// Quarters of a bit that a match must save.
  static let leastSavings = 1
  /// Quarters of a bit that the match of the next position must save beyond that.
  static let leastGain = 4

  /// Bits of a match at a distance of some thousand bytes.
  static let matchBits = 18
  /// Bytes that are hashed at most: much that is easy has less that is not, and matches of that count.
  static let longestHash = 5
  /// The same where searches are not paid for.
  static let longestHashInDebt = 8

  /// Literals and matches that there is room for: what a block has at most.
  var tokenCount: Int { search == .cheapest ? 1 << 16 : 1 << 15 }
  /// A block is made of parts of so many: each joins those before it, or starts a block, whichever takes fewer bits.
  var partCount: Int { search == .lazy ? 1 << 12 : search == .cheapest ? 1 : 1 << 15 }
  /// Tokens that one step of the search makes at most.
  var tokensAtOnce: Int { search == .cheapest ? Self.pathByteCount + 8 : Self.tokensAtOnce }

  /// Bytes that the cheapest path is found for at once, and matches that are kept for it.
  static let pathByteCount = 1 << 14
  static let pathMatchCount = 8 << 14

  /// The same of the other searches, and some more.
  static let tokensAtOnce = 320
  /// Bytes that a search wants to see before it decides, unless there are no more: a match, and one more behind it.
  static let lookahead = 2 * 258 + 8

  init(level: Int) {
    (search, depth, enough, patience, passes) =
      switch level {
      case 0: (.runs, 0, 258, 4, 0)
      case 1: (.latest, 1, 258, 4, 0)
      case 2: (.greedy, 4, 16, 7, 0)
      case 3: (.greedy, 10, 32, 7, 0)
      case 4: (.lazy, 8, 24, 8, 0)
      case 5: (.lazy, 16, 48, 8, 0)
      case 6: (.lazy, 32, 96, 8, 0)
      case 7: (.lazy, 96, 160, 10, 0)
      case 8: (.cheapest, 32, 64, 0, 2)
      default: (.cheapest, 200, 128, 0, 5)
      }
  }
}
