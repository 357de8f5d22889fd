/// What a level does to find matches.
struct DeflatePlan: Sendable {
  enum Search: Sendable {
    /// Runs of one byte alone.
    case runs
    /// The last place with the same four bytes, and steps that grow where nothing is found.
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

  /// Tokens that one step of a search makes at most, and some more.
  static let tokensAtOnce = 320
  /// Bytes that a search wants to see before it decides, unless there are no more: a match, and one more behind it.
  static let lookahead = 2 * 258 + 8

  init(level: Int) {
    (search, depth, enough) =
      switch level {
      case 0: (.runs, 0, 258)
      case 1: (.latest, 1, 258)
      case 2: (.greedy, 4, 16)
      case 3: (.greedy, 10, 32)
      case 4: (.lazy, 8, 24)
      case 5: (.lazy, 16, 48)
      case 6: (.lazy, 32, 96)
      case 7: (.lazy, 96, 160)
      case 8: (.lazy, 300, 258)
      default: (.lazy, 1500, 258)
      }
  }
}
