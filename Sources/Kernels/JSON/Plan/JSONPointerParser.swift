/// The reference tokens of a JSON Pointer (RFC 6901).
enum JSONPointerParser {
  /// More than a document has levels.
  static let maximumTokens = 4096

  /// The tokens, `~0` and `~1` resolved.
  ///
  /// - Throws: a syntax error at `offset` and the place in the pointer.
  static func tokens(_ text: some Collection<UInt8>, at offset: Int) throws(JSONPlanError) -> [[UInt8]] {
    guard let first = text.first else { return [] }
    guard first == UInt8(ascii: "/") else {
      throw JSONPlanError(.syntax, at: offset, "a JSON Pointer that does not begin with /")
    }
    var result: [[UInt8]] = []
    var token: [UInt8] = []
    var place = offset + 1
    var iterator = text.dropFirst().makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case UInt8(ascii: "/"):
        result.append(token)
        token = []
      case UInt8(ascii: "~"):
        switch iterator.next() {
        case UInt8(ascii: "0"): token.append(UInt8(ascii: "~"))
        case UInt8(ascii: "1"): token.append(UInt8(ascii: "/"))
        default: throw JSONPlanError(.syntax, at: place, "a ~ that neither 0 nor 1 follows")
        }
        place += 1
      default: token.append(byte)
      }
      place += 1
    }
    result.append(token)
    guard result.count <= maximumTokens else {
      throw JSONPlanError(.limitExceeded, at: offset, "a JSON Pointer of more than \(maximumTokens) tokens")
    }
    return result
  }
}

extension PlanCompiler {
  /// A pointer's tokens as a list of keys: where it begins, and how many.
  mutating func path(_ tokens: [[UInt8]]) -> (start: Int32, count: Int32) {
    let start = Int32(lists.count)
    for token in tokens {
      let key = key(token)
      lists.append(key)
    }
    return (start, Int32(tokens.count))
  }
}

extension JSONPlan {
  /// A plan that gives the value where a JSON Pointer (RFC 6901) leads, from the text as it stands.
  ///
  /// - Throws: a syntax error. A text that has no value there fails with ``JSONPlanError/Kind/pathNotFound``.
  public init(pointer: String) throws(JSONPlanError) { try self.init(pointer: Array(pointer.utf8)) }

  package init(pointer text: [UInt8]) throws(JSONPlanError) {
    if !text.isEmpty { try PlanCompiler.checkText(text) }
    var compiler = PlanCompiler()
    let path = compiler.path(try JSONPointerParser.tokens(text, at: 0))
    var root = try compiler.add(.pointer, at: 0)
    compiler.nodes[Int(root)].a = path.start
    compiler.nodes[Int(root)].count = path.count
    root = Int32(compiler.nodes.count - 1)
    self.init(code: try PlanCode(compiler, root: root))
  }
}
