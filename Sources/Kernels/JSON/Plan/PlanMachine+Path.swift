// JSONPath (RFC 9535). A list of nodes lies on the stack, from its base to the stack's end.
extension PlanMachine {
  mutating func pathArray(_ node: PlanNode, _ value: PlanValue) throws(PlanStop) -> PlanValue {
    let base = stack.count
    try query(node.a, value)
    return try array(from: base)
  }

  /// Leaves the values where a query leads on the stack.
  private mutating func query(_ index: Int32, _ current: PlanValue) throws(PlanStop) {
    let node = unsafe nodes[Int(index)]
    let base = stack.count
    let root = unsafe PlanValue(sourceTape[0].kind, .source, 0)
    try stack.append(node.detail == 0 ? root : current)
    for step in 0..<node.count {
      let segment = unsafe nodes[Int(list(node, step))]
      let end = stack.count
      for place in base..<end {
        if segment.detail == 0 {
          try select(segment, stack[place])
        } else {
          try descend(segment, stack[place], 0)
        }
      }
      // What was found takes the place of what it was found in.
      let count = stack.count &- end
      unsafe (stack.start + base).update(from: stack.start + end, count: count)
      stack.count = base &+ count
    }
  }

  /// The selectors of a value and then of all that is in it, parents before children.
  private mutating func descend(_ segment: PlanNode, _ value: PlanValue, _ depth: Int) throws(PlanStop) {
    guard value.kind == .array || value.kind == .object else { return }
    if depth > Self.maximumDepth { throw .depth }
    try select(segment, value)
    var cursor = PlanCursor(value.kind == .object ? try withoutDuplicates(value) : value, &self)
    while let child = cursor.next(&self) { try descend(segment, child, depth &+ 1) }
  }

  private mutating func select(_ segment: PlanNode, _ value: PlanValue) throws(PlanStop) {
    try spend(1)
    for step in 0..<segment.count {
      let selector = unsafe nodes[Int(list(segment, step))]
      switch selector.op {
      case .pathName:
        if value.kind == .object, let found = child(value, selector.a) { try stack.append(found) }
      case .pathIndex:
        guard value.kind == .array else { break }
        let count = elementCount(value)
        let place = selector.number < 0 ? selector.number &+ count : selector.number
        if place >= 0, place < count { try stack.append(element(value, place)) }
      case .pathSlice:
        guard value.kind == .array else { break }
        let slice = unsafe slices[Int(selector.c)]
        if slice.step != 0 { try pushSlice(value, slice) }
      case .pathWildcard, .pathFilter:
        guard value.kind == .array || value.kind == .object else { break }
        var cursor = PlanCursor(value.kind == .object ? try withoutDuplicates(value) : value, &self)
        while let child = cursor.next(&self) {
          if selector.op == .pathFilter, try !holds(selector.a, child) { continue }
          try stack.append(child)
        }
      default: break
      }
    }
  }

  // MARK: - Filters

  private mutating func holds(_ index: Int32, _ current: PlanValue) throws(PlanStop) -> Bool {
    let node = unsafe nodes[Int(index)]
    switch node.op {
    case .pathOr, .pathAnd:
      for step in 0..<node.count where try holds(list(node, step), current) == (node.op == .pathOr) {
        return node.op == .pathOr
      }
      return node.op == .pathAnd
    case .pathNot: return try !holds(node.a, current)
    case .pathExists:
      let base = stack.count
      try query(node.a, current)
      let exists = stack.count > base
      stack.count = base
      return exists
    case .pathCompare: return try comparePaths(node, current)
    case .pathMatch: return try match(node, current)
    default: return false
    }
  }

  private mutating func comparePaths(_ node: PlanNode, _ current: PlanValue) throws(PlanStop) -> Bool {
    let left = try pathValue(node.a, current)
    let right = try pathValue(node.b, current)
    let comparison = unsafe unsafeBitCast(node.detail, to: PlanComparison.self)
    if left.kind == right.kind, left.kind == .number || left.kind == .string {
      let order = left.kind == .number ? orderOfNumbers(left, right) : try orderOfStrings(left, right)
      switch comparison {
      case .equal: return order == 0
      case .notEqual: return order != 0
      case .less: return order < 0
      case .lessOrEqual: return order <= 0
      case .greater: return order > 0
      case .greaterOrEqual: return order >= 0
      }
    }
    // Nothing equals nothing, and no value; what has no order is at most equal.
    let nothing = left.isExpression || right.isExpression
    let same = nothing ? left.isExpression && right.isExpression : try equal(left, right, 0)
    switch comparison {
    case .equal, .lessOrEqual, .greaterOrEqual: return same
    case .notEqual: return !same
    case .less, .greater: return false
    }
  }

  /// A value, or ``absent`` for nothing.
  private mutating func pathValue(_ index: Int32, _ current: PlanValue) throws(PlanStop) -> PlanValue {
    let node = unsafe nodes[Int(index)]
    switch node.op {
    case .literal: return literal(node.number)
    case .pathLength:
      let value = try pathValue(node.a, current)
      switch value.kind {
      case .string, .array, .object: return try length(value)
      default: return Self.absent
      }
    default:
      let base = stack.count
      try query(node.a, current)
      let count = stack.count &- base
      let first = count == 1 ? stack[base] : Self.absent
      stack.count = base
      return node.op == .pathCount ? .integer(Int64(count)) : first
    }
  }

  private mutating func match(_ node: PlanNode, _ current: PlanValue) throws(PlanStop) -> Bool {
    let subject = try pathValue(node.a, current)
    guard subject.kind == .string, node.c != -2 else { return false }
    let mark = bytes.count
    defer { bytes.count = mark }
    let text = try resolved(subject)
    let regexp: IRegexp
    if node.c >= 0 {
      regexp = regexps[Int(node.c)]
    } else {
      let pattern = try pathValue(node.b, current)
      guard pattern.kind == .string else { return false }
      let source = try resolved(pattern)
      do throws(IRegexp.Failure) {
        regexp = try unsafe IRegexp(of: Array(resolvedText(source)))
      } catch {
        if error == .tooLarge { throw .work }
        return false
      }
    }
    try spend(unsafe resolvedText(text).count &* 4 &+ 64)
    return unsafe regexp.matches(resolvedText(text), anywhere: node.detail == 1, &regexpMemory)
  }
}
