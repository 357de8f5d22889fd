/// Compiles an I-Regexp (RFC 9485, section 4): each construct becomes states that fall through to the next.
struct IRegexpParser {
  private let pattern: [UInt32]
  private var position = 0
  private var depth = 0
  private(set) var states: [IRegexp.State] = []
  private(set) var sets: [IRegexp.CharacterSet] = []

  init(_ pattern: [UInt32]) { self.pattern = pattern }

  mutating func parse() throws(IRegexp.Failure) {
    try alternatives()
    guard position == pattern.count else { throw .syntax }
    try emit(.accept)
  }

  private var current: UInt32? { position < pattern.count ? pattern[position] : nil }

  private func at(_ scalar: Unicode.Scalar) -> Bool { current == scalar.value }

  private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
    guard at(scalar) else { return false }
    position += 1
    return true
  }

  private mutating func emit(_ kind: IRegexp.State.Kind, _ a: Int = 0, _ b: Int = 0) throws(IRegexp.Failure) {
    guard states.count < IRegexp.maximumStates else { throw .tooLarge }
    states.append(IRegexp.State(kind: kind, a: Int32(a), b: Int32(b)))
  }

  // MARK: - Structure

  private mutating func alternatives() throws(IRegexp.Failure) {
    depth += 1
    guard depth <= IRegexp.maximumNesting else { throw .tooLarge }
    var start = states.count
    var exits: [Int] = []
    try branch()
    while takes("|") {
      // A choice before the branch that was, and a way out behind it.
      try insertSplit(at: start)
      exits.append(states.count)
      try emit(.jump)
      states[start].b = Int32(states.count)
      start = states.count
      try branch()
    }
    for exit in exits { states[exit].a = Int32(states.count) }
    depth -= 1
  }

  /// A split before the states from `start` on, its first way into them; the second is still to be set.
  private mutating func insertSplit(at start: Int) throws(IRegexp.Failure) {
    guard states.count < IRegexp.maximumStates else { throw .tooLarge }
    move(start..<states.count, by: 1)
    states.insert(IRegexp.State(kind: .split, a: Int32(start + 1)), at: start)
  }

  /// The targets inside of states that are about to lie elsewhere.
  private mutating func move(_ range: Range<Int>, by distance: Int) {
    for index in range where states[index].kind == .split || states[index].kind == .jump {
      if Int(states[index].a) >= range.lowerBound { states[index].a += Int32(distance) }
      if Int(states[index].b) >= range.lowerBound { states[index].b += Int32(distance) }
    }
  }

  private mutating func branch() throws(IRegexp.Failure) {
    while let code = current, code != ("|" as Unicode.Scalar).value, code != (")" as Unicode.Scalar).value {
      try piece()
    }
  }

  private mutating func piece() throws(IRegexp.Failure) {
    let start = states.count
    try atom()
    if takes("*") {
      try repeated(start, 0, nil)
    } else if takes("+") {
      try repeated(start, 1, nil)
    } else if takes("?") {
      try repeated(start, 0, 1)
    } else if takes("{") {
      let least = try number()
      var most: Int? = least
      if takes(",") { most = at("}") ? nil : try number() }
      guard takes("}"), most.map({ $0 >= least }) ?? true else { throw .syntax }
      try repeated(start, least, most)
    }
  }

  private mutating func number() throws(IRegexp.Failure) -> Int {
    var value = 0
    let start = position
    while let code = current, (48...57).contains(code) {
      value = min(value * 10 + Int(code - 48), 1 << 20)
      position += 1
    }
    guard position > start else { throw .syntax }
    return value
  }

  /// The states from `start` on, so many times over.
  private mutating func repeated(_ start: Int, _ least: Int, _ most: Int?) throws(IRegexp.Failure) {
    let body = Array(states[start...])
    states.removeSubrange(start...)
    func copy() throws(IRegexp.Failure) {
      let distance = states.count - start
      guard states.count + body.count <= IRegexp.maximumStates else { throw .tooLarge }
      for var state in body {
        if state.kind == .split || state.kind == .jump {
          state.a += Int32(distance)
          state.b += Int32(distance)
        }
        states.append(state)
      }
    }
    // A body without states needs no copies, however many.
    for _ in 0..<(body.isEmpty ? 0 : least) { try copy() }
    guard let most else {
      let loop = states.count
      try emit(.split, loop + 1)
      try copy()
      try emit(.jump, loop)
      states[loop].b = Int32(states.count)
      return
    }
    var exits: [Int] = []
    for _ in 0..<(body.isEmpty ? 0 : most - least) {
      exits.append(states.count)
      try emit(.split, states.count + 1)
      try copy()
    }
    for exit in exits { states[exit].b = Int32(states.count) }
  }

  // MARK: - Atoms

  private mutating func atom() throws(IRegexp.Failure) {
    guard let code = current else { throw .syntax }
    position += 1
    switch Unicode.Scalar(code) {
    case "(":
      try alternatives()
      guard takes(")") else { throw .syntax }
    case ".": try emit(IRegexp.CharacterSet(isNegated: true, ranges: [10...10, 13...13]))
    case "^": try emit(.start)
    case "$": try emit(.end)
    case "[": try emit(try characterClass())
    case "\\":
      var set = IRegexp.CharacterSet()
      if try !category(&set) {
        let code = try escaped()
        set.ranges = [code...code]
      }
      try emit(set)
    case "*", "+", "?", "{", "}", ")", "]", "|": throw .syntax
    default: try emit(IRegexp.CharacterSet(ranges: [code...code]))
    }
  }

  private mutating func emit(_ set: IRegexp.CharacterSet) throws(IRegexp.Failure) {
    sets.append(set)
    try emit(.set, sets.count - 1)
  }

  /// What a backslash, which was taken, makes of the next character.
  private mutating func escaped() throws(IRegexp.Failure) -> UInt32 {
    guard let code = current else { throw .syntax }
    position += 1
    switch Unicode.Scalar(code) {
    case "n": return 10
    case "r": return 13
    case "t": return 9
    case "(", ")", "*", "+", "-", ".", "?", "[", "\\", "]", "^", "{", "|", "}": return code
    default: throw .syntax
    }
  }

  private static let categories: [(group: Unicode.Scalar, members: String)] = [
    ("L", "lmotu"), ("M", "cen"), ("N", "dlo"), ("P", "cdefios"), ("Z", "lps"), ("S", "ckmo"), ("C", "cfno"),
  ]

  /// `p{..}` or `P{..}` after a backslash; false where it is neither.
  private mutating func category(_ set: inout IRegexp.CharacterSet) throws(IRegexp.Failure) -> Bool {
    let isNegated = at("P")
    guard takes("p") || takes("P") else { return false }
    guard takes("{"), let group = current,
      let known = Self.categories.first(where: { $0.group.value == group })
    else { throw .syntax }
    position += 1
    var name = [UInt8(group)]
    if let member = current, known.members.unicodeScalars.contains(where: { $0.value == member }) {
      name.append(UInt8(member))
      position += 1
    }
    guard takes("}") else { throw .syntax }
    set.categories.append((name, isNegated))
    return true
  }

  /// From after the bracket on.
  private mutating func characterClass() throws(IRegexp.Failure) -> IRegexp.CharacterSet {
    var set = IRegexp.CharacterSet(isNegated: takes("^"))
    var isFirst = true
    let dash: UInt32 = 45
    while !takes("]") {
      if at("-") {
        // First or last alone it is itself.
        position += 1
        guard isFirst || at("]") else { throw .syntax }
        set.ranges.append(dash...dash)
        isFirst = false
        continue
      }
      isFirst = false
      if at("\\"), position + 1 < pattern.count,
        pattern[position + 1] == ("p" as Unicode.Scalar).value || pattern[position + 1] == ("P" as Unicode.Scalar).value
      {
        position += 1
        _ = try category(&set)
        continue
      }
      let low = try classCharacter()
      if at("-"), position + 1 < pattern.count, pattern[position + 1] != ("]" as Unicode.Scalar).value {
        position += 1
        let high = try classCharacter()
        guard low <= high else { throw .syntax }
        set.ranges.append(low...high)
      } else {
        set.ranges.append(low...low)
      }
    }
    guard !isFirst else { throw .syntax }
    return set
  }

  private mutating func classCharacter() throws(IRegexp.Failure) -> UInt32 {
    guard let code = current else { throw .syntax }
    position += 1
    switch Unicode.Scalar(code) {
    case "[", "]", "-": throw .syntax
    case "\\": return try escaped()
    default: return code
    }
  }
}
