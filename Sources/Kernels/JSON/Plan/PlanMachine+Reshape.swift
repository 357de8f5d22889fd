extension PlanMachine {
  /// An object of members by hand: the parts in list `a`, keys that `rest` leaves out in list `b`, of which there are `c`.
  mutating func reshape(_ node: PlanNode, _ value: PlanValue) throws(PlanStop) -> PlanValue {
    guard value.kind == .object else { return .null }
    let base = stack.count
    defer { stack.count = base }
    var step: Int32 = 0
    while step < node.count {
      let first = list(node, step &+ 1)
      let second = list(node, step &+ 2)
      switch PlanBuilder.Part(rawValue: list(node, step)) {
      case .keep:
        if let found = child(value, first) {
          try stack.append(PlanValue(.string, .key, Int(second)))
          try stack.append(found)
        }
      case .set:
        let made = try evaluate(second, value)
        try stack.append(PlanValue(.string, .key, Int(first)))
        try stack.append(made)
      case .lift:
        let inner = try evaluate(first, value)
        if inner.kind == .object { try pushMembers(withoutDuplicates(inner)) }
      case .rest: try pushRest(node, value)
      case nil: break
      }
      step &+= 3
    }
    // Once each, in the first one's place with the last one's value.
    let end = stack.count
    try clearTable((end &- base) / 2)
    var place = base
    while place < end {
      let name = try resolved(stack[place])
      let count = (stack.count &- end) / 2
      let found = find(name, from: end, count: count)
      if found.member >= 0 {
        stack[end &+ 2 &* found.member &+ 1] = stack[place &+ 1]
      } else {
        table[found.slot] = generation << 40 | UInt64(count)
        try stack.append(name)
        try stack.append(stack[place &+ 1])
      }
      place &+= 2
    }
    return try object(from: end)
  }

  private mutating func pushRest(_ node: PlanNode, _ value: PlanValue) throws(PlanStop) {
    let unique = try withoutDuplicates(value)
    var cursor = PlanCursor(unique, &self)
    while let (key, element) = cursor.nextMember(&self) {
      var isTaken = false
      for index in 0..<node.c {
        let taken = unsafe keys[Int(lists[Int(node.b &+ index)])]
        if unsafe isText(key, keyBytes + Int(taken.start), Int(taken.count)) {
          isTaken = true
          break
        }
      }
      if !isTaken {
        try stack.append(key)
        try stack.append(element)
      }
    }
  }

  /// A value as another type; null where it cannot be.
  mutating func coerce(_ node: PlanNode, _ value: PlanValue) throws(PlanStop) -> PlanValue {
    let value = try evaluate(node.a, value)
    if value.isNull { return .null }
    switch JSONCoercion(rawValue: node.detail) {
    case .string: return try toText(value)
    case .boolean:
      switch value.kind {
      case .true, .false: return value
      case .number: return .bool(number(value).double != 0)
      case .string:
        if isText(value, "true") { return .bool(true) }
        if isText(value, "false") { return .bool(false) }
        return .null
      default: return .null
      }
    case .integer:
      let result = try asNumber(value)
      guard result.kind == .number else { return .null }
      let number = number(result)
      switch number.form {
      case .integer: return result
      case .double where number.double > -0x1p63 && number.double < 0x1p63: return .integer(Int64(number.double))
      default: return .null
      }
    default: return try asNumber(value)
    }
  }

  private mutating func asNumber(_ value: PlanValue) throws(PlanStop) -> PlanValue {
    switch value.kind {
    case .true: return .integer(1)
    case .false: return .integer(0)
    default: return try toNumber(value)
    }
  }

  private mutating func isText(_ value: PlanValue, _ wanted: StaticString) -> Bool {
    unsafe isText(value, wanted.utf8Start, wanted.utf8CodeUnitCount)
  }
}
