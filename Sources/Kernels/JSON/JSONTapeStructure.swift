import CKernels

/// The structure of a text, as in ``JSONStructure``, whose values have nodes already: where a container is closed, its node gets its
/// end, how many values it has, and what comes after it.
///
/// In an object there are as many colons as values, in an array none: since no colon comes but right after the comma or brace before
/// it (``JSONGrammar``), to count is enough.
@unsafe
struct JSONTapeStructure {
  /// A container that is open.
  struct Level {
    /// As in `nodes` of the brackets.
    var node: UInt64
    /// What the one around it has so far, as in `counts`.
    var counts: UInt64
  }

  private let levels: UnsafeMutablePointer<Level>
  private let maximumDepth: Int
  private var depth = 0
  private var hasBegun = false
  /// The one value has come to its end.
  private var hasEnded = false
  private var grammar = JSONGrammar()
  /// What `counts` would be without those that the innermost container has so far.
  private var before: UInt64 = 0

  /// - `levels` has room for as many as brackets may be open.
  init(levels: UnsafeMutablePointer<Level>, maximumDepth: Int) {
    unsafe self.levels = levels
    unsafe self.maximumDepth = maximumDepth
  }

  /// Whether the tokens so far, with so many commas and colons, are one value.
  func isWhole(_ counts: UInt64) -> Bool { unsafe hasEnded && counts == before }

  /// Takes tokens, `count` in all; false: no valid text goes on so.
  ///
  /// - `brackets` are those of the tokens; `base` is what their places count from; `nodes` is the tape, with the nodes of all tokens.
  mutating func take(
    _ kinds: UnsafePointer<ck_json_kinds>, _ count: Int, _ brackets: ck_json_brackets, _ bracketCount: Int,
    _ base: Int, _ nodes: UnsafeMutablePointer<JSONNode>
  ) -> Bool {
    guard count > 0 else { return true }
    if unsafe _slowPath(!hasBegun) {
      unsafe hasBegun = true
      // A value that is no container is alone.
      guard unsafe kinds[0].bracket & ~kinds[0].second & 1 == 1 else {
        unsafe hasEnded = kinds[0].second == 0 && count == 1
        return unsafe hasEnded
      }
    } else if unsafe hasEnded {
      return false
    }
    return unsafe areRight(kinds, count) && close(brackets, bracketCount, base, nodes)
  }

  /// Whether each token may follow the one before it.
  private mutating func areRight(_ kinds: UnsafePointer<ck_json_kinds>, _ count: Int) -> Bool {
    var grammar = unsafe grammar
    var (at, word) = (0, 0)
    while at < count {
      guard unsafe grammar.take(kinds[word], min(64, count &- at)).isRight else { return false }
      at &+= 64
      word &+= 1
    }
    unsafe self.grammar = grammar
    return true
  }

  /// Opens and closes containers, as the brackets do.
  @inline(never)
  private mutating func close(
    _ brackets: ck_json_brackets, _ bracketCount: Int, _ base: Int, _ nodes: UnsafeMutablePointer<JSONNode>
  ) -> Bool {
    let (levels, maximumDepth) = unsafe (levels, maximumDepth)
    let (allCounts, allNodes, places) = unsafe (brackets.counts, brackets.nodes, brackets.places)
    var (depth, before, hasEnded) = unsafe (depth, before, hasEnded)
    var wrong: UInt64 = 0
    // After the last one none closes what it opens.
    unsafe allNodes[bracketCount] = 1 << UInt64(CK_JSON_OPENS_BIT)
    var i = 0
    while i < bracketCount {
      let counts = unsafe allCounts[i]
      let node = unsafe allNodes[i]
      if node >> UInt64(CK_JSON_OPENS_BIT) != 0 {
        guard depth < maximumDepth && !hasEnded else { return false }
        let after = unsafe allNodes[i &+ 1]
        if after >> UInt64(CK_JSON_OPENS_BIT) != 0 {
          unsafe levels[depth] = Level(node: node, counts: counts &- before)
          depth &+= 1
          before = counts
          i &+= 1
          continue
        }
        // There is no container in it, which goes past the levels.
        let own = unsafe allCounts[i &+ 1] &- counts
        wrong |= unsafe Self.close(nodes, node, by: after, own: own, end: base &+ Int(places[i &+ 1]) &+ 1)
        before = before &+ own
        i &+= 2
      } else {
        guard depth > 0 else { return false }
        depth &-= 1
        let level = unsafe levels[depth]
        let end = unsafe base &+ Int(places[i]) &+ 1
        wrong |= unsafe Self.close(nodes, level.node, by: node, own: counts &- before, end: end)
        before = counts &- level.counts
        i &+= 1
      }
      if _slowPath(depth == 0) { hasEnded = true }
    }
    unsafe (self.depth, self.before, self.hasEnded) = (depth, before, hasEnded)
    return wrong == 0
  }

  /// Closes a container with so many commas and colons of its own, by the nodes of its two brackets; not 0: they do not fit, or these are
  /// not what it must have.
  @inline(__always)
  private static func close(
    _ nodes: UnsafeMutablePointer<JSONNode>, _ opening: UInt64, by closing: UInt64, own: UInt64, end: Int
  ) -> UInt64 {
    let isObject = opening >> UInt64(CK_JSON_BRACE_BIT) & 1
    let (first, next) = (opening & 0xffff_ffff, closing & 0xffff_ffff)
    let values = (own & 0xffff_ffff) &+ (next > first &+ 1 ? 1 : 0)
    unsafe JSONNode.close(
      nodes + Int(truncatingIfNeeded: first), end: end, isObject: isObject != 0, count: values, next: next)
    let colons = own >> 32 ^ values & (0 &- isObject)
    return colons | (opening ^ closing) >> UInt64(CK_JSON_BRACE_BIT) & 1
  }
}
