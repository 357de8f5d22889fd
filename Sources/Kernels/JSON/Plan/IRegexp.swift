/// A regular expression of RFC 9485, compiled to a nondeterministic automaton that is run over the text in linear time:
/// every state at once, a code point at a time (Thompson, 1968). No backtracking.
final class IRegexp: Sendable {
  /// States that an expression may come to; repetitions are written out.
  static let maximumStates = 10_000
  static let maximumNesting = 100

  struct State {
    enum Kind: UInt8 {
      /// A code point of the set `a`, then the next state.
      case set
      /// The states `a` and `b`.
      case split
      case jump
      case accept
      /// Where the text begins, or ends: `^` and `$`, which RFC 9485 leaves to the engines it maps to, as they have them.
      case start
      case end
    }
    var kind: Kind
    var a: Int32 = 0
    var b: Int32 = 0
  }

  /// Code points: ranges and general categories, or all but these.
  struct CharacterSet: Sendable {
    var isNegated = false
    var ranges: [ClosedRange<UInt32>] = []
    var categories: [(category: [UInt8], isNegated: Bool)] = []

    func contains(_ code: UInt32) -> Bool {
      for range in ranges where range.contains(code) { return !isNegated }
      for (category, negated) in categories where IRegexp.has(category, code) != negated { return !isNegated }
      return isNegated
    }
  }

  enum Failure: Error {
    case syntax
    case tooLarge
  }

  let states: [State]
  let sets: [CharacterSet]

  init(_ compiled: ([State], [CharacterSet])) { (states, sets) = compiled }

  /// Whether the whole text, or with `anywhere` some part of it, is of the language.
  ///
  /// - Complexity: O(n) times the states. Warm, no allocation.
  func matches(_ text: UnsafeBufferPointer<UInt8>, anywhere: Bool, _ memory: inout Memory) -> Bool {
    memory.current.clear(states.count)
    var codes = unsafe PlanCodePoints(text)
    if add(0, &memory.current, &memory.pending, atStart: true, atEnd: codes.isAtEnd), anywhere { return true }
    var accepts = memory.current.accepts
    while let code = codes.next() {
      memory.next.clear(states.count)
      for state in memory.current.members where states[Int(state)].kind == .set {
        if sets[Int(states[Int(state)].a)].contains(code) {
          _ = add(state + 1, &memory.next, &memory.pending, atStart: false, atEnd: codes.isAtEnd)
        }
      }
      if anywhere { _ = add(0, &memory.next, &memory.pending, atStart: false, atEnd: codes.isAtEnd) }
      swap(&memory.current, &memory.next)
      accepts = memory.current.accepts
      if anywhere, accepts { return true }
      if memory.current.members.isEmpty { return false }
    }
    return accepts
  }

  /// What a match works in, kept between matches of any expressions.
  struct Memory: Sendable {
    fileprivate var current = StateList()
    fileprivate var next = StateList()
    fileprivate var pending: [Int32] = []
  }

  fileprivate struct StateList: Sendable {
    var members: [Int32] = []
    var isIn: [Bool] = []
    var accepts = false

    /// Empties it, and makes room for so many states.
    mutating func clear(_ count: Int) {
      for member in members { isIn[Int(member)] = false }
      members.removeAll(keepingCapacity: true)
      accepts = false
      if isIn.count < count { isIn += repeatElement(false, count: count - isIn.count) }
    }
  }

  /// Adds a state and all that it leads to without a code point; whether that accepts.
  private func add(
    _ state: Int32, _ list: inout StateList, _ pending: inout [Int32], atStart: Bool, atEnd: Bool
  ) -> Bool {
    pending.append(state)
    while let state = pending.popLast() {
      if list.isIn[Int(state)] { continue }
      list.isIn[Int(state)] = true
      list.members.append(state)
      switch states[Int(state)].kind {
      case .set: break
      case .accept: list.accepts = true
      case .start: if atStart { pending.append(state + 1) }
      case .end: if atEnd { pending.append(state + 1) }
      case .jump: pending.append(states[Int(state)].a)
      case .split:
        pending.append(states[Int(state)].a)
        pending.append(states[Int(state)].b)
      }
    }
    return list.accepts
  }

  /// Whether a code point is of a general category of Unicode: one letter for a group, two for one of it.
  static func has(_ category: [UInt8], _ code: UInt32) -> Bool {
    let name: StaticString
    if let scalar = Unicode.Scalar(code) {
      name =
        switch scalar.properties.generalCategory {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        case .surrogate: "Cs"
        @unknown default: "Cn"
        }
    } else {
      name = "Cs"
    }
    return name.withUTF8Buffer { name in
      unsafe name[0] == category[0] && (category.count == 1 || name[1] == category[1])
    }
  }
}

/// The code points of UTF-8, lone surrogates as ``PlanText`` has them among them.
@safe
struct PlanCodePoints {
  private let text: UnsafeBufferPointer<UInt8>
  private var at = 0

  /// - The text is such UTF-8, and readable as long as this is in use.
  init(_ text: UnsafeBufferPointer<UInt8>) { unsafe self.text = text }

  var isAtEnd: Bool { unsafe at == text.count }

  mutating func next() -> UInt32? {
    guard unsafe at < text.count else { return nil }
    let byte = unsafe text[at]
    at += 1
    guard byte >= 0xC0 else { return UInt32(byte) }
    let length = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
    var code = UInt32(byte) & (0x3F >> UInt32(length))
    for _ in 0..<length where unsafe at < text.count {
      code = unsafe code << 6 | UInt32(text[at] & 63)
      at += 1
    }
    return code
  }
}
