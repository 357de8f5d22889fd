/// Compiles a JSONPath query (RFC 9535, appendix A), well-typedness (section 2.4.3) included.
struct JSONPathParser {
  private let text: [UInt8]
  private var position = 0
  private var depth = 0
  private(set) var compiler = PlanCompiler()

  static func compile(_ text: [UInt8]) throws(JSONPlanError) -> (PlanCompiler, Int32) {
    var parser = JSONPathParser(text: text)
    guard parser.takes("$") else { throw parser.failure("a query that does not begin with $") }
    let query = try parser.query(relative: false, at: 0).node
    guard parser.position == text.count else { throw parser.failure("something that is no segment") }
    let root = try parser.compiler.add(.pathArray, a: query, below: [query], at: 0)
    return (parser.compiler, root)
  }

  private init(text: [UInt8]) { self.text = text }

  // MARK: - Characters

  private var current: UInt8? { position < text.count ? text[position] : nil }

  private func at(_ scalar: Unicode.Scalar) -> Bool { current == UInt8(ascii: scalar) }

  private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
    guard at(scalar) else { return false }
    position += 1
    return true
  }

  private mutating func takes(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
    guard at(first), position + 1 < text.count, text[position + 1] == UInt8(ascii: second) else { return false }
    position += 2
    return true
  }

  private mutating func skipBlanks() {
    while let byte = current, JSONBytes.isBlank(byte) { position += 1 }
  }

  private func failure(_ message: String, _ kind: JSONPlanError.Kind = .syntax) -> JSONPlanError {
    JSONPlanError(kind, at: position, message)
  }

  private mutating func enter() throws(JSONPlanError) {
    depth += 1
    guard depth <= PlanCompiler.maximumNesting else { throw PlanCompiler.tooDeep(at: position) }
  }

  // MARK: - Queries

  /// Segments after `$` or `@`; whether they can lead to one value at most.
  private mutating func query(
    relative: Bool, at offset: Int
  ) throws(JSONPlanError) -> (node: Int32, isSingular: Bool) {
    var list: [Int32] = []
    var isSingular = true
    while true {
      let start = position
      skipBlanks()
      let offset = position
      var descends = false
      var selectors: [Int32] = []
      if takes(".", ".") {
        descends = true
        if takes("[") { selectors = try bracketed() } else { selectors = [try shorthand()] }
      } else if takes(".") {
        selectors = [try shorthand()]
      } else if takes("[") {
        selectors = try bracketed()
      } else {
        position = start
        break
      }
      let op = compiler.nodes[Int(selectors[0])].op
      if descends || selectors.count > 1 || !(op == .pathName || op == .pathIndex) { isSingular = false }
      list.append(
        try compiler.add(.pathSegment, detail: descends ? 1 : 0, list: selectors, below: selectors, at: offset))
    }
    return (try compiler.add(.pathQuery, detail: relative ? 1 : 0, list: list, below: list, at: offset), isSingular)
  }

  /// `*` or a name, after a dot.
  private mutating func shorthand() throws(JSONPlanError) -> Int32 {
    let start = position
    if takes("*") { return try compiler.add(.pathWildcard, at: start) }
    while let byte = current {
      let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
      let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      guard isLetter || byte >= 0x80 || (isDigit && position > start) else { break }
      position += 1
    }
    guard position > start else { throw failure("a name that is none") }
    return try compiler.add(.pathName, a: compiler.key(Array(text[start..<position])), at: start)
  }

  /// Selectors, from after the bracket on.
  private mutating func bracketed() throws(JSONPlanError) -> [Int32] {
    var list: [Int32] = []
    repeat {
      skipBlanks()
      list.append(try selector())
      skipBlanks()
    } while takes(",")
    guard takes("]") else { throw failure("a bracket that is not closed") }
    return list
  }

  private mutating func selector() throws(JSONPlanError) -> Int32 {
    let start = position
    if takes("*") { return try compiler.add(.pathWildcard, at: start) }
    if at("'") || at("\"") { return try compiler.add(.pathName, a: compiler.key(try string()), at: start) }
    if takes("?") {
      skipBlanks()
      let condition = try logical()
      return try compiler.add(.pathFilter, a: condition, below: [condition], at: start)
    }
    let first = try integer()
    let afterFirst = position
    skipBlanks()
    guard takes(":") else {
      position = afterFirst
      guard let first else { throw failure("a selector that is none") }
      return try compiler.add(.pathIndex, number: first, at: start)
    }
    skipBlanks()
    let stop = try integer()
    var end = position
    skipBlanks()
    var step: Int?
    if takes(":") {
      end = position
      skipBlanks()
      step = try integer()
      if step != nil { end = position }
    }
    position = end
    compiler.slices.append(PlanSlice(start: first, stop: stop, step: step ?? 1))
    return try compiler.add(.pathSlice, c: Int32(compiler.slices.count - 1), at: start)
  }

  /// An integer within what I-JSON has (RFC 7493), or nil where none begins.
  private mutating func integer() throws(JSONPlanError) -> Int? {
    let start = position
    let isNegative = takes("-")
    let digits = position
    var value = 0
    while let byte = current, byte >= 48, byte <= 57 {
      value = min(value, 1 << 54) * 10 + Int(byte - 48)
      position += 1
    }
    if position == digits {
      guard !isNegative else { throw failure("- without a number") }
      return nil
    }
    guard text[digits] != 48 || (position == digits + 1 && !isNegative), value < 1 << 53 else {
      position = start
      throw failure("an integer with a zero before it, or beyond 2^53 - 1")
    }
    return isNegative ? -value : value
  }

  /// A string in single or double quotes, escapes resolved.
  private mutating func string() throws(JSONPlanError) -> [UInt8] {
    let quote = text[position]
    let start = position
    position += 1
    // As a JSON string, whose escapes are the same but for the quote.
    var json: [UInt8] = [UInt8(ascii: "\"")]
    while let byte = current, byte != quote {
      position += 1
      if byte == UInt8(ascii: "\\") {
        guard let next = current else { break }
        position += 1
        if next == UInt8(ascii: "'") || next == UInt8(ascii: "\"") {
          guard next == quote else { throw failure("an escape that is none") }
          if next == UInt8(ascii: "\"") { json.append(byte) }
        } else {
          json.append(byte)
        }
        json.append(next)
      } else {
        if byte == UInt8(ascii: "\"") { json.append(UInt8(ascii: "\\")) }
        json.append(byte)
      }
    }
    json.append(UInt8(ascii: "\""))
    guard takes(Unicode.Scalar(quote)), PlanText.stringEnd(json, from: 0) == json.count else {
      position = start
      throw failure("a string that is none")
    }
    let result = PlanText.unescaped(Array(json.dropFirst().dropLast()))
    // A lone surrogate would have come out as three bytes that are not UTF-8.
    guard String(validating: result, as: UTF8.self) != nil else {
      position = start
      throw failure("a lone surrogate")
    }
    return result
  }

  // MARK: - Filters

  private mutating func logical() throws(JSONPlanError) -> Int32 {
    try enter()
    defer { depth -= 1 }
    return try chain("|", .pathOr) { (parser) throws(JSONPlanError) in
      try parser.chain("&", .pathAnd) { (parser) throws(JSONPlanError) in try parser.basic() }
    }
  }

  private mutating func chain(
    _ sign: Unicode.Scalar, _ op: PlanOp, _ part: (inout JSONPathParser) throws(JSONPlanError) -> Int32
  ) throws(JSONPlanError) -> Int32 {
    let start = position
    var list = [try part(&self)]
    while true {
      let end = position
      skipBlanks()
      guard takes(sign, sign) else {
        position = end
        break
      }
      skipBlanks()
      list.append(try part(&self))
    }
    return list.count == 1 ? list[0] : try compiler.add(op, list: list, below: list, at: start)
  }

  /// A part of a filter, and of what type it is (RFC 9535, section 2.4.1).
  private struct Part {
    enum PartType { case value, logical, nodes, singularNodes }
    var node: Int32
    var type: PartType
    var isLiteral = false
  }

  private mutating func basic() throws(JSONPlanError) -> Int32 {
    let start = position
    if takes("!") {
      skipBlanks()
      let operand = takes("(") ? try parenthesised() : try tested(try part())
      return try compiler.add(.pathNot, a: operand, below: [operand], at: start)
    }
    if takes("(") { return try parenthesised() }
    let left = try part()
    let end = position
    skipBlanks()
    guard let comparison = comparison() else {
      position = end
      return try tested(left)
    }
    skipBlanks()
    let right = try part()
    let a = try comparable(left)
    let b = try comparable(right)
    return try compiler.add(.pathCompare, detail: comparison.rawValue, a: a, b: b, below: [a, b], at: start)
  }

  private mutating func parenthesised() throws(JSONPlanError) -> Int32 {
    skipBlanks()
    let inner = try logical()
    skipBlanks()
    guard takes(")") else { throw failure("a parenthesis that is not closed") }
    return inner
  }

  private mutating func comparison() -> PlanComparison? {
    if takes("=", "=") { return .equal }
    if takes("!", "=") { return .notEqual }
    if takes("<", "=") { return .lessOrEqual }
    if takes(">", "=") { return .greaterOrEqual }
    if takes("<") { return .less }
    return takes(">") ? .greater : nil
  }

  private mutating func tested(_ part: Part) throws(JSONPlanError) -> Int32 {
    switch part.type {
    case .logical: return part.node
    case .nodes, .singularNodes: return try compiler.add(.pathExists, a: part.node, below: [part.node], at: position)
    case .value: throw failure("a value where a test is wanted", .invalidType)
    }
  }

  private mutating func comparable(_ part: Part) throws(JSONPlanError) -> Int32 {
    switch part.type {
    case .value: return part.node
    case .singularNodes: return try compiler.add(.pathSingular, a: part.node, below: [part.node], at: position)
    case .nodes, .logical: throw failure("something other than one value in a comparison", .invalidType)
    }
  }

  private mutating func part() throws(JSONPlanError) -> Part {
    let start = position
    switch current {
    case UInt8(ascii: "$"), UInt8(ascii: "@"):
      let relative = at("@")
      position += 1
      let (node, isSingular) = try query(relative: relative, at: start)
      return Part(node: node, type: isSingular ? .singularNodes : .nodes)
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      let value = PlanText.quoted(try string())
      return Part(node: try compiler.literal(value, at: start), type: .value, isLiteral: true)
    case .some(UInt8(ascii: "a")...UInt8(ascii: "z")): return try named()
    default:
      guard let end = numberEnd() else { throw failure("an expression that is none") }
      position = end
      return Part(node: try compiler.literal(text[start..<end], at: start), type: .value, isLiteral: true)
    }
  }

  private func numberEnd() -> Int? { PlanText.numberEnd(text, from: position) }

  /// `true`, `false`, `null`, or a function.
  private mutating func named() throws(JSONPlanError) -> Part {
    let start = position
    while let byte = current,
      byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") || byte >= 48 && byte <= 57 || byte == UInt8(ascii: "_")
    { position += 1 }
    let name = String(decoding: text[start..<position], as: UTF8.self)
    guard takes("(") else {
      guard ["true", "false", "null"].contains(name) else { throw failure("a word that is none") }
      return Part(node: try compiler.literal(Array(name.utf8), at: start), type: .value, isLiteral: true)
    }
    try enter()
    var arguments: [Part] = []
    skipBlanks()
    if !at(")") {
      repeat {
        skipBlanks()
        arguments.append(try argument())
        skipBlanks()
      } while takes(",")
    }
    guard takes(")") else { throw failure("a parenthesis that is not closed") }
    depth -= 1
    return try function(name, arguments, at: start)
  }

  /// A literal, query or function; what is a logical expression no function of the standard takes.
  private mutating func argument() throws(JSONPlanError) -> Part {
    if at("!") || at("(") { return Part(node: try logical(), type: .logical) }
    let argument = try part()
    skipBlanks()
    guard at(",") || at(")") else { throw failure("an argument that is no literal, query or function", .invalidType) }
    return argument
  }

  private mutating func function(_ name: String, _ arguments: [Part], at start: Int) throws(JSONPlanError) -> Part {
    func check(_ count: Int) throws(JSONPlanError) {
      guard arguments.count == count else {
        throw JSONPlanError(.invalidArity, at: start, "\(name) takes \(count) argument\(count == 1 ? "" : "s")")
      }
    }
    func nodes(_ part: Part) throws(JSONPlanError) -> Int32 {
      guard part.type == .nodes || part.type == .singularNodes else {
        throw JSONPlanError(.invalidType, at: start, "\(name) takes a query")
      }
      return part.node
    }
    switch name {
    case "length":
      try check(1)
      let a = try comparable(arguments[0])
      return Part(node: try compiler.add(.pathLength, a: a, below: [a], at: start), type: .value)
    case "count", "value":
      try check(1)
      let a = try nodes(arguments[0])
      let op: PlanOp = name == "count" ? .pathCount : .pathValue
      return Part(node: try compiler.add(op, a: a, below: [a], at: start), type: .value)
    case "match", "search":
      try check(2)
      let a = try comparable(arguments[0])
      let b = try comparable(arguments[1])
      // Compiled now where it is a literal; what is no I-Regexp matches nothing.
      var compiled: Int32 = -1
      if arguments[1].isLiteral { compiled = try regexp(at: start) }
      return Part(
        node: try compiler.add(
          .pathMatch, detail: name == "match" ? 0 : 1, a: a, b: b, c: compiled, below: [a, b], at: start),
        type: .logical)
    default: throw JSONPlanError(.unknownFunction, at: start, "unknown function \(name)")
    }
  }

  /// The last literal, compiled, or -2 where it is no I-Regexp.
  private mutating func regexp(at start: Int) throws(JSONPlanError) -> Int32 {
    var begin = compiler.literals.count - 1
    guard compiler.literals[begin] == UInt8(ascii: "\"") else { return -2 }
    begin -= 1
    // Back to the quote that opens it, which no backslash precedes.
    while compiler.literals[begin] != UInt8(ascii: "\"") || isEscaped(begin) { begin -= 1 }
    let pattern = PlanText.unescaped(Array(compiler.literals[(begin + 1)..<(compiler.literals.count - 1)]))
    do throws(IRegexp.Failure) {
      let compiled = try IRegexp(of: pattern)
      compiler.regexps.append(compiled)
      return Int32(compiler.regexps.count - 1)
    } catch {
      guard error == .tooLarge else { return -2 }
      throw JSONPlanError(
        .limitExceeded, at: start, "a regular expression of more than \(IRegexp.maximumStates) states")
    }
  }

  private func isEscaped(_ place: Int) -> Bool {
    var backslashes = 0
    while compiler.literals[place - 1 - backslashes] == UInt8(ascii: "\\") { backslashes += 1 }
    return backslashes % 2 == 1
  }
}

extension IRegexp {
  convenience init(of pattern: [UInt8]) throws(Failure) {
    var compiled: Result<([State], [CharacterSet]), Failure> = .failure(.syntax)
    unsafe pattern.withUnsafeBufferPointer { pattern in
      do throws(Failure) {
        var codes: [UInt32] = []
        var cursor = unsafe PlanCodePoints(pattern)
        while let code = cursor.next() { codes.append(code) }
        var parser = IRegexpParser(codes)
        try parser.parse()
        compiled = .success((parser.states, parser.sets))
      } catch {
        compiled = .failure(error)
      }
    }
    self.init(try compiled.get())
  }
}

extension JSONPlan {
  /// Compiles a JSONPath query (RFC 9535); the plan gives an array of the values where it leads, in the order of the text.
  ///
  /// `match` and `search` take I-Regexp (RFC 9485), in linear time.
  ///
  /// - Throws: ``JSONPlanError``: syntax, an unknown function, a wrong number or type of arguments. A query that leads nowhere
  ///   gives an empty array.
  public init(jsonPath query: String) throws(JSONPlanError) { try self.init(jsonPath: Array(query.utf8)) }

  package init(jsonPath text: [UInt8]) throws(JSONPlanError) {
    try PlanCompiler.checkText(text)
    let (compiler, root) = try JSONPathParser.compile(text)
    self.init(code: try PlanCode(compiler, root: root))
  }
}
