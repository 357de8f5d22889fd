package import CKernels

/// The grammar of RFC 8259 on the kinds of tokens, up to 64 at a time, but for what only the brackets can say: a value stands where
/// one is expected, after a comma, a colon or an opening bracket, and nowhere else; a colon follows a string.
struct JSONGrammar {
  // Of the last token, in bit 0: a value must follow; it opens a container; it is a string.
  private var expects: UInt64 = 1
  private var opened: UInt64 = 0
  private var quoted: UInt64 = 0
  /// A comma or an opening brace came after the last of commas, colons and brackets but it, in bit 0.
  private var separated: UInt64 = 0

  /// What the kinds of tokens are, a bit each.
  struct Tokens: BitwiseCopyable {
    let all: UInt64
    let bracket: UInt64
    let open: UInt64
    let brace: UInt64
    /// These stand in an object.
    let colon: UInt64
    let comma: UInt64
    /// And these elsewhere.
    fileprivate(set) var notInObject: UInt64
    fileprivate(set) var isRight: Bool

    @inline(__always)
    init(_ kinds: ck_json_kinds, _ count: Int) {
      all = UInt64.max >> UInt64(truncatingIfNeeded: 64 &- count)
      bracket = kinds.bracket
      open = kinds.bracket & ~kinds.second
      brace = kinds.bracket & kinds.third
      colon = ~kinds.bracket & kinds.second & kinds.third
      comma = kinds.second & ~(kinds.bracket | kinds.third)
      notInObject = 0
      isRight = false
    }
  }

  /// Takes tokens, at least one.
  @inline(__always)
  mutating func take(_ kinds: ck_json_kinds, _ count: Int) -> Tokens {
    var tokens = Tokens(kinds, count)
    let last = UInt64(truncatingIfNeeded: count &- 1)
    let (bracket, second, third) = (kinds.bracket, kinds.second, kinds.third)
    let string = third & ~(bracket | second)

    // Where a value must be, and where one is; instead of it there may be the end of an empty container.
    let asks = tokens.comma | tokens.colon | tokens.open
    let expected = (asks << 1 | expects) & tokens.all
    let values = ~second & tokens.all
    let ends = expected & second
    var wrong = values & ~expected
    wrong |= ends & ~(bracket & (tokens.open << 1 | opened))
    // A colon follows a string.
    wrong |= tokens.colon & ~(string << 1 | quoted)
    // What comes next, of commas, colons and brackets, after a comma or an opening brace: in an object it must be a colon.
    let separators = bracket | second
    let members = tokens.comma | tokens.open & tokens.brace
    let (next, goesOn) = JSONIndexPortable.over(~separators, members << 1 | separated)
    let after = next & separators
    wrong |= tokens.colon & ~after
    (expects, opened, quoted) = (asks >> last & 1, tokens.open >> last & 1, string >> last & 1)
    separated = members >> 63 | goesOn
    tokens.notInObject = after & ~(tokens.colon | ends)
    tokens.isRight = wrong == 0
    return tokens
  }
}

/// The structure of a text whose strings, numbers and words are checked elsewhere, by the kinds of its tokens.
///
/// In an object commas and colons take turns, and arrays have no colons: what the tokens between two brackets say of the container that
/// they are in is found for all 64 first, and the brackets are walked through then.
@unsafe
package struct JSONStructure {
  /// For each open container, and above them for one that was, whether it is an object: 1 or 0. First what is around all of them.
  private let levels: UnsafeMutablePointer<UInt8>
  private let maximumDepth: Int
  private var depth = 0
  /// Since the last bracket there was what only an object has, or only an array: in bit 0.
  private var isObject: UInt64 = 0
  private var isArray: UInt64 = 0
  private var hasBegun = false
  /// The one value has come to its end.
  private var hasEnded = false
  private var grammar = JSONGrammar()

  /// Bytes that the levels take, where so many brackets may be open.
  static func levelByteCount(_ depth: Int) -> Int { depth &+ 2 }

  /// - `levels` has room for ``levelByteCount(_:)``.
  package init(levels: UnsafeMutablePointer<UInt8>, maximumDepth: Int) {
    unsafe self.levels = levels
    unsafe self.maximumDepth = maximumDepth
    unsafe levels[0] = 0
  }

  /// Whether the tokens so far are one value.
  package var isWhole: Bool { unsafe hasEnded }

  /// Takes 64 tokens each, in turn; false: no valid text begins so.
  @inline(never)
  package mutating func take(_ kinds: UnsafePointer<ck_json_kinds>, _ words: Int) -> Bool {
    var s = unsafe self
    for i in 0..<words {
      guard unsafe s.take(kinds[i], 64) else { return false }
    }
    unsafe self = unsafe s
    return true
  }

  /// Takes the last tokens, less than 64.
  package mutating func take(last kinds: ck_json_kinds, _ count: Int) -> Bool {
    unsafe count == 0 || take(kinds, count)
  }

  @inline(__always)
  private mutating func take(_ kinds: ck_json_kinds, _ count: Int) -> Bool {
    if unsafe _slowPath(!hasBegun) {
      unsafe hasBegun = true
      // A value that is no container is alone.
      guard kinds.bracket & ~kinds.second & 1 == 1 else {
        unsafe hasEnded = kinds.second == 0 && count == 1
        return unsafe hasEnded
      }
    }
    guard unsafe !hasEnded else { return false }
    let tokens = unsafe grammar.take(kinds, count)
    return unsafe tokens.isRight && walk(tokens)
  }

  /// Opens and closes what the brackets do.
  ///
  /// Which bracket comes next cannot be foretold: no branch depends on that.
  @inline(__always)
  private mutating func walk(_ tokens: JSONGrammar.Tokens) -> Bool {
    let (levels, maximumDepth) = unsafe (levels, maximumDepth)
    let (bracket, open, brace) = (tokens.bracket, tokens.open, tokens.brace)
    // What was said since the bracket before, at each one, and by it where it closes. A bracket is itself in what is around it.
    let between = ~bracket
    let (objects, objectGoesOn) = unsafe JSONIndexPortable.over(between, tokens.colon | isObject)
    let (arrays, arrayGoesOn) = unsafe JSONIndexPortable.over(between, tokens.notInObject & between | isArray)
    let asObject = objects & bracket | brace & ~open
    let asArray = (arrays | tokens.notInObject) & bracket | bracket & ~(open | brace)
    unsafe (isObject, isArray) = (objectGoesOn, arrayGoesOn)
    // A bracket that closes what the one before it opens has its match there, for all of them at once.
    let innermost = JSONIndexPortable.over(between, open << 1).ends & bracket & ~open
    let isInBraces = JSONIndexPortable.over(between, (open & brace) << 1).ends
    var wrong = innermost & (asObject ^ (asObject ^ asArray) & isInBraces)

    var depth = unsafe depth
    var inObject = unsafe UInt64(levels[depth])
    var left = bracket
    while left != 0 {
      let bit = left & (0 &- left)
      left ^= bit
      let match = left & (0 &- left) & innermost
      left ^= match
      wrong |= (asObject ^ (asObject ^ asArray) & (0 &- inObject)) & bit
      unsafe levels[depth &+ 1] = brace & bit != 0 ? 1 : 0
      let next = depth &+ (open & bit != 0 ? 1 : -1)
      guard next <= maximumDepth else { return false }
      depth = match == 0 ? next : depth
      inObject = unsafe UInt64(levels[depth])
      if _slowPath(depth == 0) {
        let last = match == 0 ? bit : match
        unsafe hasEnded = wrong | left | tokens.all & (0 &- (last << 1)) == 0
        return unsafe hasEnded
      }
    }
    unsafe self.depth = depth
    return wrong == 0
  }
}
