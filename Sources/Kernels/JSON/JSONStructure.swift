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
    let colon: UInt64
    let comma: UInt64
    /// Which cannot stand in an object; a colon cannot stand elsewhere.
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

    /// Whether those of `members` are in objects, and the others are not.
    @inline(__always)
    func areRight(members: UInt64, mismatch: UInt64) -> Bool {
      mismatch | (colon ^ (colon ^ notInObject) & members) == 0
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
/// In an object commas and colons take turns, and arrays have no colons: which container a comma is in only the brackets say, so that
/// what would be wrong in either is found first, for all 64, and the brackets are walked through then.
@unsafe
package struct JSONStructure {
  /// For each open container, whether the one around it is an object: all ones, or none.
  private let around: UnsafeMutablePointer<UInt8>
  private let maximumDepth: Int
  private var depth = 0
  /// All ones, or none.
  private var inObject: UInt64 = 0
  private var hasBegun = false
  /// The one value has come to its end.
  private var hasEnded = false
  private var grammar = JSONGrammar()

  /// - `around` has room for as many bytes as brackets may be open, and one more.
  package init(around: UnsafeMutablePointer<UInt8>, maximumDepth: Int) {
    unsafe self.around = around
    unsafe self.maximumDepth = maximumDepth
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

  /// Opens and closes what the brackets do; between them no token may be what its container cannot have.
  ///
  /// Which bracket comes next cannot be foretold: no branch depends on that.
  @inline(__always)
  private mutating func walk(_ tokens: JSONGrammar.Tokens) -> Bool {
    let (around, maximumDepth) = unsafe (around, maximumDepth)
    var (depth, inObject) = unsafe (depth, inObject)
    var left = tokens.bracket
    /// Tokens that are in an object. A bracket is itself in what is around it.
    var members = inObject
    var mismatch: UInt64 = 0
    while left != 0 {
      let bit = left & (0 &- left)
      let place = UInt64(truncatingIfNeeded: left.trailingZeroBitCount)
      let opens = 0 &- (tokens.open >> place & 1)
      let isObject = 0 &- (tokens.brace >> place & 1)
      mismatch |= (inObject ^ isObject) & ~opens
      unsafe around[depth] = UInt8(truncatingIfNeeded: inObject)
      depth &+= Int(truncatingIfNeeded: opens & 2) &- 1
      guard depth <= maximumDepth else { return false }
      let outer = unsafe UInt64(truncatingIfNeeded: Int64(Int8(bitPattern: around[depth])))
      let inner = outer ^ (outer ^ isObject) & opens
      let rest = 0 &- (bit << 1)
      members ^= (inObject ^ inner) & rest
      inObject = inner
      left &= left &- 1
      if _slowPath(depth == 0) {
        unsafe hasEnded = left | tokens.all & rest == 0 && tokens.areRight(members: members, mismatch: mismatch)
        return unsafe hasEnded
      }
    }
    unsafe (self.depth, self.inObject) = (depth, inObject)
    return tokens.areRight(members: members, mismatch: mismatch)
  }
}
