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
  }

  let search: Search
  /// Places that are looked at for one position.
  let depth: Int
  /// A match of this length is not searched on from.
  let enough: Int
  /// After 2^this bytes without a match, not all places are looked at, nor those inside of a match that is not worth it.
  let patience: Int

  /// A patience that has no end.
  static let endless = 62

  /// The shortest match that is looked for at first.
  var shortest: Int { search == .latest ? 5 : 4 }

  /// Quarters of a bit that a match must save: codes are the better, the fewer symbols there are.
  static let leastSavings = 8

  /// Bits of a match at a distance of some thousand bytes.
  static let matchBits = 20

  /// Tokens that one step of a search makes at most, and some more.
  static let tokensAtOnce = 320
  /// Bytes that a search wants to see before it decides, unless there are no more: a match, and one more behind it.
  static let lookahead = 2 * 258 + 8

  init(level: Int) {
    (search, depth, enough, patience) =
      switch level {
      case 0: (.runs, 0, 258, 4)
      case 1: (.latest, 1, 258, 4)
      case 2: (.greedy, 4, 16, 5)
      case 3: (.greedy, 10, 32, 5)
      case 4: (.lazy, 8, 24, 6)
      case 5: (.lazy, 16, 48, 6)
      case 6: (.lazy, 32, 96, 6)
      case 7: (.lazy, 96, 160, 9)
      case 8: (.lazy, 300, 258, Self.endless)
      default: (.lazy, 1500, 258, Self.endless)
      }
  }
}
