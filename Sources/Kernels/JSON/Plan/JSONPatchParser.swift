/// JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396): the patches are JSON texts, whose values become a plan's literals.
enum JSONPatchParser {
  static let operations: [(name: String, op: PlanOp)] = [
    ("add", .patchAdd), ("remove", .patchRemove), ("replace", .patchReplace), ("move", .patchMove),
    ("copy", .patchCopy),
    ("test", .patchTest),
  ]

  /// Each operation is a node: path in list `a`, from in list `b` (its count in `number`), value in the literal node `c`.
  static func compile(_ text: [UInt8]) throws(JSONPlanError) -> (PlanCompiler, Int32) {
    let document = try parsed(text)
    let tape = unsafe document.tape
    guard unsafe tape.kind(0) == .array else { throw JSONPlanError(.syntax, at: 0, "a JSON Patch that is no array") }
    var compiler = PlanCompiler()
    var steps: [Int32] = []
    var index = 1
    while unsafe index < tape.next(0) {
      steps.append(try unsafe operation(tape, index, at: tape.node(index).begin, &compiler))
      index = unsafe tape.next(index)
    }
    let root = try compiler.add(.patch, list: steps, below: steps, at: 0)
    return (compiler, root)
  }

  static func compileMerge(_ text: [UInt8]) throws(JSONPlanError) -> (PlanCompiler, Int32) {
    _ = try parsed(text)
    var compiler = PlanCompiler()
    let patch = try compiler.literal(text, at: 0)
    let root = try compiler.add(.mergePatch, a: patch, below: [patch], at: 0)
    return (compiler, root)
  }

  private static func parsed(_ text: [UInt8]) throws(JSONPlanError) -> JSONDocument {
    var options = JSONOptions()
    // The literals are one array of them.
    options.maximumDepth = 1023
    do throws(JSONError) {
      return try unsafe JSONDocument(parsing: text.span.bytes, options: options)
    } catch {
      throw JSONPlanError(
        error.isLimit ? .limitExceeded : .syntax, at: error.offset, "a patch that is not JSON: \(error)")
    }
  }

  private static func operation(
    _ tape: JSONTape, _ index: Int, at offset: Int, _ compiler: inout PlanCompiler
  ) throws(JSONPlanError) -> Int32 {
    guard unsafe tape.kind(index) == .object else {
      throw JSONPlanError(.syntax, at: offset, "an operation that is no object")
    }
    func member(_ name: StaticString) -> Int? {
      let found = unsafe tape.member(
        index, UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
      return found < 0 ? nil : found
    }
    func string(_ name: StaticString) throws(JSONPlanError) -> [UInt8] {
      guard let value = member(name), unsafe tape.kind(value) == .string else {
        throw JSONPlanError(.syntax, at: offset, "an operation without the string \(name)")
      }
      return unsafe PlanText.unescaped(Array(tape.contents(value)))
    }
    func path(_ name: StaticString) throws(JSONPlanError) -> [[UInt8]] {
      let text = try string(name)
      do throws(JSONPlanError) {
        return try JSONPointerParser.tokens(text, at: 0)
      } catch {
        throw JSONPlanError(error.kind, at: offset, "\(name): \(error.message)")
      }
    }
    let name = String(decoding: try string("op"), as: UTF8.self)
    guard let op = operations.first(where: { $0.name == name })?.op else {
      throw JSONPlanError(.syntax, at: offset, "an operation that is none")
    }
    let target = try path("path")
    var source: [[UInt8]] = []
    var literal: Int32 = 0
    switch op {
    case .patchMove, .patchCopy:
      source = try path("from")
      guard op == .patchCopy || !(target.count > source.count && target.starts(with: source)) else {
        throw JSONPlanError(.syntax, at: offset, "a value that is to be moved into itself")
      }
    case .patchRemove: break
    default:
      guard let value = member("value") else {
        throw JSONPlanError(.syntax, at: offset, "an operation without a value")
      }
      literal = try unsafe compiler.literal(Array(tape.raw(value)), at: offset)
    }
    let list = compiler.path(target)
    let from = compiler.path(source)
    let node = try compiler.add(op, a: list.start, b: from.start, c: literal, number: Int(from.count), at: offset)
    compiler.nodes[Int(node)].count = list.count
    return node
  }
}

extension JSONPlan {
  /// A plan that applies a JSON Patch (RFC 6902): all of it, or it fails.
  ///
  /// - Throws: a syntax error, whose step is where in the patch the operation begins. At run time ``JSONPlanError/Kind/pathNotFound`` and
  ///   ``JSONPlanError/Kind/testFailed``, with the same step.
  public init(patch: String) throws(JSONPlanError) { try self.init(patch: Array(patch.utf8)) }

  package init(patch text: [UInt8]) throws(JSONPlanError) {
    let (compiler, root) = try JSONPatchParser.compile(text)
    self.init(code: try PlanCode(compiler, root: root))
  }

  /// A plan that applies a JSON Merge Patch (RFC 7396).
  ///
  /// - Throws: a syntax error. It cannot fail at run time but on its input.
  public init(mergePatch: String) throws(JSONPlanError) { try self.init(mergePatch: Array(mergePatch.utf8)) }

  package init(mergePatch text: [UInt8]) throws(JSONPlanError) {
    let (compiler, root) = try JSONPatchParser.compileMerge(text)
    self.init(code: try PlanCode(compiler, root: root))
  }
}
