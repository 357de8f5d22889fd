/// Builds a plan's nodes from a JMESPath expression: top-down operator precedence (Pratt, 1973) with the precedences that
/// jmespath.org gives in "Grammar".
struct JMESPathParser {
  private let text: [UInt8]
  private let tokens: [JMESPathToken]
  private var position = 0
  private var depth = 0
  private(set) var compiler: PlanCompiler

  /// The expression as a whole; the second value is its node.
  static func compile(_ text: [UInt8]) throws(JSONPlanError) -> (PlanCompiler, Int32) {
    var lexer = JMESPathLexer(text)
    var parser = JMESPathParser(text: text, tokens: try lexer.tokens())
    let root = try parser.expression(0)
    guard parser.current.kind == .end else { throw parser.unexpected() }
    return (parser.compiler, root)
  }

  /// The expression as a node of a plan that is being built.
  static func append(_ text: [UInt8], to compiler: inout PlanCompiler) throws(JSONPlanError) -> Int32 {
    var lexer = JMESPathLexer(text)
    var parser = JMESPathParser(text: text, tokens: try lexer.tokens(), compiler: compiler)
    let root = try parser.expression(0)
    guard parser.current.kind == .end else { throw parser.unexpected() }
    compiler = parser.compiler
    return root
  }

  private init(text: [UInt8], tokens: [JMESPathToken], compiler: PlanCompiler = PlanCompiler()) {
    self.text = text
    self.tokens = tokens
    self.compiler = compiler
    if compiler.nodes.isEmpty {
      self.compiler.nodes.reserveCapacity(tokens.count)
      self.compiler.lists.reserveCapacity(tokens.count)
      self.compiler.bytes.reserveCapacity(text.count * 2 + 16)
      self.compiler.keys.reserveCapacity(tokens.count / 2 + 1)
    }
  }

  // MARK: - Tokens

  private var current: JMESPathToken { tokens[position] }
  /// The one after; the last token is its own successor.
  private var following: JMESPathToken { tokens[min(position + 1, tokens.count - 1)] }

  private mutating func advance() { if position < tokens.count - 1 { position += 1 } }

  private func unexpected() -> JSONPlanError {
    let message = current.kind == .end ? "the expression ends too early" : "a token that cannot stand here"
    return JSONPlanError(.syntax, at: current.start, message)
  }

  private mutating func match(_ kind: JMESPathToken.Kind) throws(JSONPlanError) {
    guard current.kind == kind else { throw unexpected() }
    advance()
  }

  // MARK: - Precedence

  private static func power(_ kind: JMESPathToken.Kind) -> Int {
    switch kind {
    case .pipe: 1
    case .or: 2
    case .and: 3
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 5
    case .flatten: 9
    case .star: 20
    case .filter: 21
    case .dot: 40
    case .not: 45
    case .leftBrace: 50
    case .leftBracket: 55
    case .leftParenthesis: 60
    default: 0
    }
  }

  /// What binds less than this ends a projection.
  private static let projectionStop = 10

  private mutating func expression(_ power: Int) throws(JSONPlanError) -> Int32 {
    depth += 1
    guard depth <= PlanCompiler.maximumNesting else { throw PlanCompiler.tooDeep(at: current.start) }
    var left = try prefix()
    while power < Self.power(current.kind) { left = try infix(left) }
    depth -= 1
    return left
  }

  // MARK: - What begins an expression

  private mutating func prefix() throws(JSONPlanError) -> Int32 {
    let token = current
    let offset = token.start
    switch token.kind {
    case .identifier:
      advance()
      if current.kind == .leftParenthesis { return try call(token) }
      return try compiler.add(.field, a: try key(token), at: offset)
    case .quotedIdentifier:
      advance()
      guard current.kind != .leftParenthesis else { throw unexpected() }
      return try compiler.add(.field, a: try key(token), at: offset)
    case .literal, .rawString:
      advance()
      return try compiler.literal(try literal(token), at: offset)
    case .current:
      advance()
      return try identity()
    case .star:
      advance()
      let right = current.kind == .rightBracket ? try identity() : try projected(Self.power(.star))
      return try projection(.projectValues, try identity(), right, at: offset)
    case .filter, .flatten: return try infix(try identity())
    case .leftBrace:
      advance()
      return try object(at: offset)
    case .leftParenthesis:
      advance()
      let inner = try expression(0)
      try match(.rightParenthesis)
      return inner
    case .not:
      advance()
      let operand = try expression(Self.power(.not))
      return try compiler.add(.not, a: operand, below: [operand], at: offset)
    case .leftBracket:
      advance()
      switch current.kind {
      case .number, .colon: return try bracketed(try identity(), at: offset)
      case .star where following.kind == .rightBracket: return try starred(try identity(), at: offset)
      default: return try array(at: offset)
      }
    default: throw unexpected()
    }
  }

  // MARK: - What continues one

  private mutating func infix(_ left: Int32) throws(JSONPlanError) -> Int32 {
    let token = current
    let power = Self.power(token.kind)
    let offset = token.start
    advance()
    switch token.kind {
    case .dot:
      if current.kind == .star {
        advance()
        return try projection(.projectValues, left, try projected(Self.power(.dot)), at: offset)
      }
      let right = try afterDot(power)
      return try compiler.sequence(left, right, at: offset)
    case .pipe: return try compiler.sequence(left, try expression(power), at: offset)
    case .or: return try compiler.chain(.or, left, try expression(power), at: offset)
    case .and: return try compiler.chain(.and, left, try expression(power), at: offset)
    case .equal: return try comparison(.equal, left, power, offset)
    case .notEqual: return try comparison(.notEqual, left, power, offset)
    case .less: return try comparison(.less, left, power, offset)
    case .lessOrEqual: return try comparison(.lessOrEqual, left, power, offset)
    case .greater: return try comparison(.greater, left, power, offset)
    case .greaterOrEqual: return try comparison(.greaterOrEqual, left, power, offset)
    case .flatten: return try projection(.projectFlattened, left, try projected(power), at: offset)
    case .filter:
      let condition = try expression(0)
      try match(.rightBracket)
      let right = current.kind == .flatten ? try identity() : try projected(power)
      return try compiler.add(
        .projectFilter, a: left, b: right, c: condition, below: [left, right, condition], at: offset)
    case .leftBracket:
      switch current.kind {
      case .number, .colon: return try bracketed(left, at: offset)
      case .star: return try starred(left, at: offset)
      default: throw unexpected()
      }
    default:
      position -= 1
      throw unexpected()
    }
  }

  private mutating func comparison(
    _ operation: PlanComparison, _ left: Int32, _ power: Int, _ offset: Int
  ) throws(JSONPlanError) -> Int32 {
    let right = try expression(power)
    return try compiler.add(.compare, detail: operation.rawValue, a: left, b: right, below: [left, right], at: offset)
  }

  /// After a dot: an identifier, a function, `*`, a list or a hash.
  private mutating func afterDot(_ power: Int) throws(JSONPlanError) -> Int32 {
    let offset = current.start
    switch current.kind {
    case .identifier, .quotedIdentifier, .star: return try expression(power)
    case .leftBracket:
      advance()
      return try array(at: offset)
    case .leftBrace:
      advance()
      return try object(at: offset)
    default: throw unexpected()
    }
  }

  /// The right side of a projection, which goes on until something binds less.
  private mutating func projected(_ power: Int) throws(JSONPlanError) -> Int32 {
    if Self.power(current.kind) < Self.projectionStop { return try identity() }
    switch current.kind {
    case .leftBracket, .filter: return try expression(power)
    case .dot:
      advance()
      return try afterDot(power)
    default: throw unexpected()
    }
  }

  // MARK: - Parts

  private mutating func identity() throws(JSONPlanError) -> Int32 { try compiler.add(.current, at: current.start) }

  private mutating func projection(
    _ op: PlanOp, _ left: Int32, _ right: Int32, at offset: Int
  ) throws(JSONPlanError) -> Int32 {
    try compiler.add(op, a: left, b: right, below: [left, right], at: offset)
  }

  /// `[*]`, from the star on.
  private mutating func starred(_ left: Int32, at offset: Int) throws(JSONPlanError) -> Int32 {
    advance()
    try match(.rightBracket)
    return try projection(.project, left, try projected(Self.power(.star)), at: offset)
  }

  /// `[n]` or `[start:stop:step]`, from after the bracket on.
  private mutating func bracketed(_ left: Int32, at offset: Int) throws(JSONPlanError) -> Int32 {
    if current.kind == .number, following.kind != .colon {
      let right = try compiler.add(.index, number: current.value, at: offset)
      advance()
      try match(.rightBracket)
      return try compiler.sequence(left, right, at: offset)
    }
    var parts: [Int?] = [nil, nil, nil]
    var part = 0
    while current.kind != .rightBracket {
      if current.kind == .colon, part < 2 {
        part += 1
      } else if current.kind == .number, parts[part] == nil {
        parts[part] = current.value
      } else {
        throw unexpected()
      }
      advance()
    }
    try match(.rightBracket)
    guard parts[2] != 0 else { throw JSONPlanError(.invalidValue, at: offset, "a slice's step must not be 0") }
    let slice = Int32(compiler.slices.count)
    compiler.slices.append(PlanSlice(start: parts[0], stop: parts[1], step: parts[2] ?? 1))
    let right = try projected(Self.power(.star))
    return try compiler.add(.projectSlice, a: left, b: right, c: slice, below: [left, right], at: offset)
  }

  /// A list of expressions, from after the bracket on.
  private mutating func array(at offset: Int) throws(JSONPlanError) -> Int32 {
    var list: [Int32] = []
    while true {
      list.append(try expression(0))
      if current.kind == .rightBracket { break }
      try match(.comma)
    }
    advance()
    return try compiler.add(.makeArray, list: list, below: list, at: offset)
  }

  /// Keys and expressions, from after the brace on. Of a key that comes twice the last wins, in the first's place.
  private mutating func object(at offset: Int) throws(JSONPlanError) -> Int32 {
    var list: [Int32] = []
    var below: [Int32] = []
    var places: [ArraySlice<UInt8>: Int] = [:]
    while true {
      let name = current
      guard name.kind == .identifier || name.kind == .quotedIdentifier else { throw unexpected() }
      advance()
      try match(.colon)
      let value = try expression(0)
      let key = try key(name)
      below.append(value)
      let entry = compiler.keys[Int(key)]
      let text = compiler.bytes[Int(entry.start)..<Int(entry.start + entry.count)]
      if let place = places[text] {
        list[place + 1] = value
      } else {
        places[text] = list.count
        list += [key, value]
      }
      if current.kind == .rightBrace { break }
      try match(.comma)
    }
    advance()
    return try compiler.add(.makeObject, list: list, below: below, at: offset)
  }

  private mutating func call(_ name: JMESPathToken) throws(JSONPlanError) -> Int32 {
    guard let function = PlanFunction(named: text[name.start..<name.end]) else {
      let spelling = String(decoding: text[name.start..<name.end], as: UTF8.self)
      throw JSONPlanError(.unknownFunction, at: name.start, "unknown function \(spelling)")
    }
    advance()
    var list: [Int32] = []
    while current.kind != .rightParenthesis {
      if !list.isEmpty { try match(.comma) }
      if current.kind == .ampersand {
        let offset = current.start
        advance()
        let inner = try expression(0)
        list.append(try compiler.add(.expression, a: inner, below: [inner], at: offset))
      } else {
        list.append(try expression(0))
      }
    }
    advance()
    guard function.argumentCounts.contains(list.count) else {
      throw JSONPlanError(
        .invalidArity, at: name.start,
        "\(function.name) does not take \(list.count) argument\(list.count == 1 ? "" : "s")")
    }
    return try compiler.add(.call, detail: function.rawValue, list: list, below: list, at: name.start)
  }

  private mutating func key(_ token: JMESPathToken) throws(JSONPlanError) -> Int32 {
    guard token.kind == .quotedIdentifier else { return compiler.key(Array(text[token.start..<token.end])) }
    let quoted = Array(text[token.start..<token.end])
    guard PlanText.stringEnd(quoted, from: 0) == quoted.count else {
      throw JSONPlanError(.syntax, at: token.start, "a quoted identifier that is not a JSON string")
    }
    return compiler.key(PlanText.unescaped(Array(quoted.dropFirst().dropLast())))
  }

  /// The JSON text of a literal. What is not JSON is a string, as in the first version of the language (JEP 12).
  private func literal(_ token: JMESPathToken) throws(JSONPlanError) -> [UInt8] {
    let inner = text[token.start + 1..<token.end - 1]
    let delimiter = text[token.start]
    var content: [UInt8] = []
    content.reserveCapacity(inner.count)
    for index in inner.indices {
      // A backslash goes where it stands before the delimiter.
      if inner[index] == UInt8(ascii: "\\"), index + 1 < inner.endIndex, inner[index + 1] == delimiter { continue }
      content.append(inner[index])
    }
    if token.kind == .rawString { return PlanText.quoted(content) }
    if PlanText.valueEnd(content, from: 0) == content.count { return content }
    let start = content.firstIndex { ![9, 10, 13, 32].contains($0) } ?? content.count
    let quoted = [UInt8(ascii: "\"")] + content[start...] + [UInt8(ascii: "\"")]
    guard PlanText.stringEnd(quoted, from: 0) == quoted.count else {
      throw JSONPlanError(.syntax, at: token.start, "a literal that is not JSON")
    }
    return quoted
  }
}
