extension PlanMachine {
  /// Steps that an apply may spend on comparing and copying before it is stopped: seconds.
  static var workLimit: Int { 1 << 30 }

  @inline(__always)
  mutating func spend(_ steps: Int) throws(PlanStop) {
    work &-= steps
    if work < 0 { throw .work }
  }

  /// Whether two values are the same JSON value: numbers by value, objects whatever their order.
  mutating func equal(_ a: PlanValue, _ b: PlanValue, _ depth: Int) throws(PlanStop) -> Bool {
    guard a.kind == b.kind, a.isExpression == b.isExpression else { return false }
    if a.head == b.head, a.body == b.body { return true }
    guard depth <= Self.maximumDepth else { throw .depth }
    try spend(1)
    switch a.kind {
    case .null, .true, .false: return true
    case .number: return orderOfNumbers(a, b) == 0
    case .string:
      if a.isTape, b.isTape, !node(a).hasEscapes, !node(b).hasEscapes {
        let left = unsafe resolvedText(a)
        let right = unsafe resolvedText(b)
        return unsafe left.count == right.count && sameBytes(left.baseAddress!, right.baseAddress!, left.count)
      }
      return try orderOfStrings(a, b) == 0
    case .array:
      guard elementCount(a) == elementCount(b) else { return false }
      var left = PlanCursor(a, &self)
      var right = PlanCursor(b, &self)
      while let x = left.next(&self), let y = right.next(&self) {
        if try !equal(x, y, depth &+ 1) { return false }
      }
      return true
    case .object: return try equalObjects(a, b, depth)
    }
  }

  private mutating func equalObjects(_ a: PlanValue, _ b: PlanValue, _ depth: Int) throws(PlanStop) -> Bool {
    let mark = (values.count, bytes.count, stack.count)
    defer { (values.count, bytes.count, stack.count) = mark }
    let left = try withoutDuplicates(a)
    let right = try withoutDuplicates(b)
    guard elementCount(left) == elementCount(right) else { return false }
    // Pairs of values of the same key first: the table is another's when it comes to comparing them.
    let base = stack.count
    try pushMembers(left)
    try index(from: base)
    let members = base..<stack.count
    let pairs = stack.count
    var cursor = PlanCursor(right, &self)
    while let (key, value) = cursor.nextMember(&self) {
      let name = try resolved(key)
      let found = find(name, from: base, count: members.count / 2)
      guard found.member >= 0 else { return false }
      try stack.append(stack[base &+ 2 &* found.member &+ 1])
      try stack.append(value)
    }
    var pair = pairs
    let end = stack.count
    while pair < end {
      if try !equal(stack[pair], stack[pair &+ 1], depth &+ 1) { return false }
      pair &+= 2
    }
    return true
  }
}
