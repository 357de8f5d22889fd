/// What the front ends build a plan with: nodes, lists of them, keys and literals.
struct PlanCompiler {
  /// Levels of nesting of an expression. What bounds the stack of the compiler and of every apply.
  static let maximumNesting = 100
  /// Bytes of a plan's text.
  static let maximumTextBytes = 1 << 20

  var nodes: [PlanNode] = []
  var lists: [Int32] = []
  var keys: [PlanKey] = []
  var slices: [PlanSlice] = []
  var regexps: [IRegexp] = []
  var bytes: [UInt8] = []
  /// Literals as one JSON array.
  var literals: [UInt8] = []
  var literalCount = 0

  mutating func add(
    _ op: PlanOp, detail: UInt8 = 0, a: Int32 = 0, b: Int32 = 0, c: Int32 = 0, list: [Int32] = [], below: [Int32] = [],
    number: Int = 0, at offset: Int
  ) throws(JSONPlanError) -> Int32 {
    var node = PlanNode(
      op: op, detail: detail, a: a, b: b, c: c, offset: Int32(truncatingIfNeeded: offset), number: number)
    if !list.isEmpty {
      node.a = Int32(lists.count)
      node.count = Int32(list.count)
      lists += list
    }
    var height: UInt16 = 0
    for child in below { height = max(height, nodes[Int(child)].height) }
    node.height = height + 1
    guard node.height <= Self.maximumNesting else { throw Self.tooDeep(at: offset) }
    nodes.append(node)
    return Int32(nodes.count - 1)
  }

  /// - Throws: for a text that is empty, too long, or not UTF-8.
  static func checkText(_ text: [UInt8]) throws(JSONPlanError) {
    guard text.count <= maximumTextBytes else {
      throw JSONPlanError(.limitExceeded, at: maximumTextBytes, "a text of more than \(maximumTextBytes) bytes")
    }
    guard String(validating: text, as: UTF8.self) != nil else {
      throw JSONPlanError(.syntax, at: 0, "a text that is not UTF-8")
    }
  }

  static func tooDeep(at offset: Int) -> JSONPlanError {
    JSONPlanError(.limitExceeded, at: offset, "nested deeper than \(maximumNesting) levels")
  }

  mutating func key(_ text: [UInt8]) -> Int32 {
    let quoted = PlanText.quoted(text)
    keys.append(
      PlanKey(
        start: Int32(bytes.count), count: Int32(text.count), quotedStart: Int32(bytes.count + text.count + 1),
        quotedCount: Int32(quoted.count)))
    bytes += text
    // As a member's that is not the first.
    bytes.append(UInt8(ascii: ","))
    bytes += quoted
    bytes.append(UInt8(ascii: ":"))
    return Int32(keys.count - 1)
  }

  /// A literal of one valid JSON value's text.
  mutating func literal(_ json: some Collection<UInt8>, at offset: Int) throws(JSONPlanError) -> Int32 {
    literals.append(literals.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
    literals += json
    literalCount += 1
    return try add(.literal, number: literalCount - 1, at: offset)
  }

  /// `left`, then `right` with its value. A chain of them is one list, so that long paths nest nothing.
  mutating func sequence(_ left: Int32, _ right: Int32, at offset: Int) throws(JSONPlanError) -> Int32 {
    if nodes[Int(left)].op == .current { return right }
    return try chain(.sequence, left, right, at: offset)
  }

  /// A list of `op`: what is on the left joins in where it is of the same kind.
  ///
  /// The list's capacity is in `b`, and doubles when it moves, so that a long chain costs what its length is.
  mutating func chain(_ op: PlanOp, _ left: Int32, _ right: Int32, at offset: Int) throws(JSONPlanError) -> Int32 {
    let node = nodes[Int(left)]
    guard node.op == op else {
      let result = try add(op, list: [left, right], below: [left, right], at: Int(node.offset))
      nodes[Int(result)].b = 2
      return result
    }
    let height = max(node.height, nodes[Int(right)].height + 1)
    guard height <= Self.maximumNesting else { throw Self.tooDeep(at: offset) }
    nodes[Int(left)].height = height
    let start = Int(node.a)
    let count = Int(node.count)
    if count < Int(node.b) {
      lists[start + count] = right
    } else {
      nodes[Int(left)].a = Int32(lists.count)
      nodes[Int(left)].b = Int32(count * 2)
      lists += Array(lists[start..<start + count])
      lists.append(right)
      lists += [Int32](repeating: 0, count: count - 1)
    }
    nodes[Int(left)].count += 1
    return left
  }
}
