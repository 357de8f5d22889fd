/// Compiles a ``JSONShape``.
struct PlanBuilder {
  var compiler = PlanCompiler()

  /// What a member of an object is made of, in the list of a node ``PlanOp/reshape``: three numbers each.
  enum Part: Int32 {
    /// Key in the input, key in the output.
    case keep
    /// Key in the output, node.
    case set
    /// Node of an object.
    case lift
    case rest
  }

  mutating func node(_ shape: JSONShape, _ depth: Int) throws(JSONPlanError) -> Int32 {
    // The number of the step: of the nodes that are there.
    let step = compiler.nodes.count
    guard depth <= PlanCompiler.maximumNesting else { throw PlanCompiler.tooDeep(at: step) }
    switch shape {
    case .value: return try compiler.add(.current, at: step)
    case .member(let base, let key):
      let left = try node(base, depth + 1)
      let right = try compiler.add(.field, a: compiler.key(Array(key.utf8)), at: step)
      return try compiler.sequence(left, right, at: step)
    case .json(let text):
      let text = Array(text.utf8)
      guard PlanText.valueEnd(text, from: 0) == text.count else {
        throw JSONPlanError(.syntax, at: step, "a constant that is not JSON")
      }
      return try compiler.literal(text, at: step)
    case .expression(let text): return try JMESPathParser.append(Array(text.utf8), to: &compiler)
    case .members(let members): return try object(members, depth, step)
    case .sequence(let first, let second):
      let left = try node(first, depth + 1)
      return try compiler.sequence(left, try node(second, depth + 1), at: step)
    case .mapped(let base, let element): return try pair(.map, base, element, depth, step)
    case .filtered(let base, let condition):
      let left = try node(base, depth + 1)
      let test = try node(condition, depth + 1)
      let right = try compiler.add(.current, at: step)
      return try compiler.add(.projectFilter, a: left, b: right, c: test, below: [left, test], at: step)
    case .flat(let base): return try pair(.projectFlattened, base, .value, depth, step)
    case .either(let first, let second): return try pair(.fallback, first, second, depth, step)
    case .converted(let base, let type):
      let operand = try node(base, depth + 1)
      return try compiler.add(.coerce, detail: type.rawValue, a: operand, below: [operand], at: step)
    }
  }

  private mutating func pair(
    _ op: PlanOp, _ first: JSONShape, _ second: JSONShape, _ depth: Int, _ step: Int
  ) throws(JSONPlanError) -> Int32 {
    let left = try node(first, depth + 1)
    let right = try node(second, depth + 1)
    return try compiler.add(op, a: left, b: right, below: [left, right], at: step)
  }

  private mutating func object(_ members: [JSONShapeMember], _ depth: Int, _ step: Int) throws(JSONPlanError) -> Int32 {
    var list: [Int32] = []
    var below: [Int32] = []
    var taken: [Int32] = []
    func add(_ part: Part, _ a: Int32 = 0, _ b: Int32 = 0) { list += [part.rawValue, a, b] }
    for member in members {
      switch member {
      case .keep(let key): try keep(key, as: key)
      case .rename(let key, let new): try keep(key, as: new)
      case .set(let key, let shape):
        let value = try node(shape, depth + 1)
        below.append(value)
        let name = compiler.key(Array(key.utf8))
        taken.append(name)
        add(.set, name, value)
      case .nesting(let key, let inner):
        let value = try node(.members(inner.map { .keep($0) }), depth + 1)
        below.append(value)
        for name in inner { taken.append(compiler.key(Array(name.utf8))) }
        let name = compiler.key(Array(key.utf8))
        taken.append(name)
        add(.set, name, value)
      case .lift(let key):
        let value = try node(.path(key), depth + 1)
        below.append(value)
        taken.append(compiler.key(Array(key.utf8)))
        add(.lift, value)
      case .drop(let key): taken.append(compiler.key(Array(key.utf8)))
      case .rest: add(.rest)
      }
    }
    func keep(_ key: String, as new: String) throws(JSONPlanError) {
      let source = compiler.key(Array(key.utf8))
      taken.append(source)
      let name = key == new ? source : compiler.key(Array(new.utf8))
      if key != new { taken.append(name) }
      add(.keep, source, name)
    }
    let takenStart = Int32(compiler.lists.count)
    compiler.lists += taken
    return try compiler.add(
      .reshape, b: takenStart, c: Int32(taken.count), list: list, below: below, at: step)
  }
}
