extension PlanMachine {
  /// What a node gives for a value.
  ///
  /// - Recursion is as deep as the plan is nested, which the compiler bounds.
  mutating func evaluate(_ index: Int32, _ value: PlanValue) throws(PlanStop) -> PlanValue {
    let node = unsafe nodes[Int(index)]
    switch node.op {
    case .current: return value
    case .field: return member(value, node.a)
    case .index: return element(value, node.number)
    case .sequence:
      var result = value
      for step in 0..<node.count { result = try self.step(list(node, step), result) }
      return result
    case .literal: return literal(node.number)
    case .project, .projectSlice, .projectFilter, .projectValues, .projectFlattened, .map:
      return try projected(index, node, value)
    case .makeArray:
      if value.isNull { return .null }
      let base = stack.count
      for step in 0..<node.count {
        let element = try evaluate(list(node, step), value)
        try stack.append(element)
      }
      return try array(from: base)
    case .makeObject:
      if value.isNull { return .null }
      let base = stack.count
      var step: Int32 = 0
      while step < node.count {
        let key = Int(list(node, step))
        let element = try evaluate(list(node, step &+ 1), value)
        try stack.append(PlanValue(.string, .key, key))
        try stack.append(element)
        step &+= 2
      }
      return try object(from: base)
    case .or, .and:
      for step in 0..<node.count &- 1 {
        let result = try evaluate(list(node, step), value)
        if try isTrue(result) == (node.op == .or) { return result }
      }
      return try evaluate(list(node, node.count &- 1), value)
    case .not:
      let operand = try evaluate(node.a, value)
      return .bool(try !isTrue(operand))
    case .compare: return try compare(node, value)
    case .call: return try call(index, node, value)
    case .expression: return PlanValue(.null, .expression, Int(node.a))
    case .fallback:
      let result = try evaluate(node.a, value)
      return result.isNull ? try evaluate(node.b, value) : result
    case .reshape: return try reshape(node, value)
    case .coerce: return try coerce(node, value)
    case .pointer: return try follow(value, node.a, node.count)
    case .patch: return try patch(node, value)
    case .mergePatch: return try mergePatch(value, evaluate(node.a, value), 0)
    case .pathArray: return try pathArray(node, value)
    case .patchAdd, .patchRemove, .patchReplace, .patchMove, .patchCopy, .patchTest, .pathQuery, .pathSegment,
      .pathName,
      .pathWildcard, .pathIndex, .pathSlice, .pathFilter, .pathExists, .pathCompare, .pathAnd, .pathOr, .pathNot,
      .pathMatch,
      .pathSingular, .pathLength, .pathCount, .pathValue:
      return .null
    }
  }

  /// The same as ``evaluate(_:_:)``, with what most steps are in line.
  @inline(__always)
  mutating func step(_ index: Int32, _ value: PlanValue) throws(PlanStop) -> PlanValue {
    let node = unsafe nodes[Int(index)]
    return node.op == .field ? member(value, node.a) : try evaluate(index, value)
  }

  @inline(__always)
  mutating func list(_ node: PlanNode, _ step: Int32) -> Int32 { unsafe lists[Int(node.a &+ step)] }

  /// The literals are the elements of one array; where each is stands in the plan.
  mutating func literal(_ ordinal: Int) -> PlanValue {
    value(.literals, ordinal)
  }

  /// `[n]`; null where there is none, or no array.
  mutating func element(_ array: PlanValue, _ number: Int) -> PlanValue {
    guard array.kind == .array else { return .null }
    guard array.isTape else {
      let place = number < 0 ? number &+ array.count : number
      return place >= 0 && place < array.count ? values[array.index &+ place] : .null
    }
    let count = number < 0 ? elementCount(array) : Int.max
    var left = number < 0 ? number &+ count : number
    guard left >= 0, left < count else { return .null }
    var cursor = PlanCursor(array, &self)
    while let element = cursor.next(&self) {
      if left == 0 { return element }
      left &-= 1
    }
    return .null
  }

  /// Elements of an array, members of an object, duplicate keys among them.
  mutating func elementCount(_ container: PlanValue) -> Int {
    guard container.isTape else { return container.count }
    let count = node(container).saturatedCount
    guard count == JSONNode.maximumCount else { return count }
    var cursor = PlanCursor(container, &self)
    var exact = 0
    while cursor.next(&self) != nil { exact &+= 1 }
    return exact
  }

  // MARK: - What is made

  /// What stands on the stack from `base` on, as an array.
  mutating func array(from base: Int) throws(PlanStop) -> PlanValue {
    let count = stack.count &- base
    let start = values.count
    try move(from: base)
    return PlanValue(.array, .computed, start, count: count)
  }

  /// Keys and values on the stack from `base` on, as an object. No key comes twice.
  mutating func object(from base: Int) throws(PlanStop) -> PlanValue {
    let count = (stack.count &- base) / 2
    let start = values.count
    try move(from: base)
    return PlanValue(.object, .computed, start, count: count)
  }

  private mutating func move(from base: Int) throws(PlanStop) {
    let count = stack.count &- base
    try values.reserve(count)
    unsafe (values.start + values.count).update(from: stack.start + base, count: count)
    values.count &+= count
    stack.count = base
  }

  // MARK: - Truth and order

  /// Null, false, and the empty string, array and object are false; so JMESPath, "Or Expressions".
  mutating func isTrue(_ value: PlanValue) throws(PlanStop) -> Bool {
    switch value.kind {
    case .null: return value.isExpression
    case .false: return false
    case .true, .number: return true
    case .string:
      if value.isTape {
        let node = node(value)
        return node.end &- node.begin > 2
      }
      return unsafe resolvedText(value).count > 0
    case .array, .object:
      return value.isTape ? node(value).saturatedCount > 0 : value.count > 0
    }
  }

  /// Whether what a node gives for a value is true.
  @inline(__always)
  mutating func isTrue(of index: Int32, _ value: PlanValue) throws(PlanStop) -> Bool {
    let node = unsafe nodes[Int(index)]
    if node.op == .compare, node.detail >= PlanComparison.less.rawValue {
      // A number of the document beside one of the plan, mostly.
      let left = unsafe nodes[Int(node.a)]
      let right = unsafe nodes[Int(node.b)]
      if left.op == .field && right.op == .literal {
        let number = member(value, left.a)
        let bound = literal(right.number)
        if number.kind == .number && bound.kind == .number { return isInOrder(node.detail, number, bound) }
        if number.kind != .string { return false }
      }
    }
    let result = try evaluate(index, value)
    return try isTrue(result)
  }

  /// Whether two numbers are in the order that a comparison asks for.
  private mutating func isInOrder(_ comparison: UInt8, _ left: PlanValue, _ right: PlanValue) -> Bool {
    let order: Int
    if left.place == .source && right.place == .literals {
      let (a, b) = unsafe (sourceNumber(sourceTape[left.index]), literalNumbers[right.index])
      order = a.form == .large && b.form == .large ? orderOfNumbers(left, right) : PlanNumber.order(a, b)
    } else {
      order = orderOfNumbers(left, right)
    }
    return switch unsafe unsafeBitCast(comparison, to: PlanComparison.self) {
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    default: order >= 0
    }
  }

  mutating func compare(_ node: PlanNode, _ value: PlanValue) throws(PlanStop) -> PlanValue {
    let left = try step(node.a, value)
    let right = try step(node.b, value)
    let comparison = unsafe unsafeBitCast(node.detail, to: PlanComparison.self)
    switch comparison {
    case .equal: return .bool(try equal(left, right, 0))
    case .notEqual: return .bool(try !equal(left, right, 0))
    default: break
    }
    let order: Int
    if left.kind == .number, right.kind == .number {
      order = orderOfNumbers(left, right)
    } else if left.kind == .string, right.kind == .string {
      order = try orderOfStrings(left, right)
    } else {
      return .null
    }
    switch comparison {
    case .less: return .bool(order < 0)
    case .lessOrEqual: return .bool(order <= 0)
    case .greater: return .bool(order > 0)
    default: return .bool(order >= 0)
    }
  }

  mutating func orderOfStrings(_ a: PlanValue, _ b: PlanValue) throws(PlanStop) -> Int {
    let mark = bytes.count
    let left = try resolved(a)
    let right = try resolved(b)
    let order = unsafe orderOfBytes(resolvedText(left), resolvedText(right))
    bytes.count = mark
    return order
  }
}
