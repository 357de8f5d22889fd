// JSON Pointer, JSON Patch and Merge Patch. A changed container is made anew, and so is what it is in; all else is shared.
extension PlanMachine {
  /// Where one reference token leads from a container (RFC 6901, section 4); nil where it leads nowhere.
  mutating func child(_ container: PlanValue, _ key: Int32) -> PlanValue? {
    switch container.kind {
    case .object:
      if container.isTape {
        let found = tapeMember(container, key)
        return found < 0 ? nil : value(container.place, found)
      }
      let key = unsafe keys[Int(key)]
      for member in 0..<container.count {
        let place = container.index &+ 2 &* member
        if unsafe isText(values[place], keyBytes + Int(key.start), Int(key.count)) { return values[place &+ 1] }
      }
      return nil
    case .array:
      guard let place = arrayIndex(key), place < elementCount(container) else { return nil }
      return element(container, place)
    default: return nil
    }
  }

  /// The index that a reference token is: digits without leading zeros.
  private mutating func arrayIndex(_ key: Int32) -> Int? {
    let key = unsafe keys[Int(key)]
    let text = unsafe UnsafeBufferPointer(start: keyBytes + Int(key.start), count: Int(key.count))
    guard text.count > 0, text.count <= 18, unsafe text[0] != UInt8(ascii: "0") || text.count == 1 else { return nil }
    var result = 0
    for index in 0..<text.count {
      let byte = unsafe text[index]
      guard byte &- UInt8(ascii: "0") < 10 else { return nil }
      result = result &* 10 &+ Int(byte &- UInt8(ascii: "0"))
    }
    return result
  }

  private mutating func isPastEnd(_ key: Int32) -> Bool {
    let key = unsafe keys[Int(key)]
    return unsafe key.count == 1 && keyBytes[Int(key.start)] == UInt8(ascii: "-")
  }

  mutating func follow(_ value: PlanValue, _ start: Int32, _ count: Int32) throws(PlanStop) -> PlanValue {
    var result = value
    for step in 0..<count {
      guard let next = child(result, unsafe lists[Int(start &+ step)]) else { throw .pathNotFound }
      result = next
    }
    return result
  }

  mutating func patch(_ node: PlanNode, _ value: PlanValue) throws(PlanStop) -> PlanValue {
    var result = value
    for step in 0..<node.count {
      let index = list(node, step)
      failed = index
      failedValue = value
      let operation = unsafe nodes[Int(index)]
      let fromCount = Int32(operation.number)
      switch operation.op {
      case .patchTest:
        let found = try follow(result, operation.a, operation.count)
        guard try equal(found, evaluate(operation.c, value), 0) else { throw .testFailed }
      case .patchAdd, .patchReplace:
        result = try edit(result, operation, operation.a, operation.count, operation.op, evaluate(operation.c, value))
      case .patchRemove:
        result = try edit(result, operation, operation.a, operation.count, .patchRemove, .null)
      case .patchCopy:
        let source = try follow(result, operation.b, fromCount)
        result = try edit(result, operation, operation.a, operation.count, .patchAdd, source)
      default:
        let source = try follow(result, operation.b, fromCount)
        // A value that is moved to where it is stays.
        if fromCount == 0 { break }
        result = try edit(result, operation, operation.b, fromCount, .patchRemove, .null)
        result = try edit(result, operation, operation.a, operation.count, .patchAdd, source)
      }
    }
    return result
  }

  /// The container with the value at the end of a path added, replaced or removed.
  ///
  /// - Recursion is as deep as the path leads into the document, which is bounded.
  private mutating func edit(
    _ container: PlanValue, _ node: PlanNode, _ start: Int32, _ count: Int32, _ op: PlanOp, _ new: PlanValue
  ) throws(PlanStop) -> PlanValue {
    if count == 0 {
      // The whole document; without it there is none left.
      guard op != .patchRemove else { throw .pathNotFound }
      return new
    }
    let key = unsafe lists[Int(start)]
    if count > 1 {
      guard let inner = child(container, key) else { throw .pathNotFound }
      let changed = try edit(inner, node, start &+ 1, count &- 1, op, new)
      return try edit(container, node, start, 1, .patchReplace, changed)
    }
    switch container.kind {
    case .object: return try editObject(container, key, op, new)
    case .array: return try editArray(container, key, op, new)
    default: throw .pathNotFound
    }
  }

  private mutating func editObject(
    _ object: PlanValue, _ key: Int32, _ op: PlanOp, _ new: PlanValue
  ) throws(PlanStop) -> PlanValue {
    let base = stack.count
    defer { stack.count = base }
    let unique = try withoutDuplicates(object)
    let start = stack.count
    var cursor = PlanCursor(unique, &self)
    var isThere = false
    try spend(elementCount(unique))
    let wanted = unsafe keys[Int(key)]
    while let (name, value) = cursor.nextMember(&self) {
      if !isThere, unsafe isText(name, keyBytes + Int(wanted.start), Int(wanted.count)) {
        isThere = true
        if op == .patchRemove { continue }
        try stack.append(name)
        try stack.append(new)
      } else {
        try stack.append(name)
        try stack.append(value)
      }
    }
    if !isThere {
      guard op == .patchAdd else { throw .pathNotFound }
      try stack.append(PlanValue(.string, .key, Int(key)))
      try stack.append(new)
    }
    return try self.object(from: start)
  }

  private mutating func editArray(
    _ array: PlanValue, _ key: Int32, _ op: PlanOp, _ new: PlanValue
  ) throws(PlanStop) -> PlanValue {
    let count = elementCount(array)
    var place = count
    if !(op == .patchAdd && isPastEnd(key)) {
      guard let index = arrayIndex(key), index < count || (index == count && op == .patchAdd) else {
        throw .pathNotFound
      }
      place = index
    }
    try spend(count)
    let base = stack.count
    defer { stack.count = base }
    var cursor = PlanCursor(array, &self)
    var index = 0
    while let element = cursor.next(&self) {
      if index == place {
        if op != .patchRemove { try stack.append(new) }
        if op == .patchAdd { try stack.append(element) }
      } else {
        try stack.append(element)
      }
      index &+= 1
    }
    if place == count { try stack.append(new) }
    return try self.array(from: base)
  }

  // MARK: - Merge Patch

  /// RFC 7396, section 2.
  mutating func mergePatch(_ target: PlanValue, _ patch: PlanValue, _ depth: Int) throws(PlanStop) -> PlanValue {
    guard patch.kind == .object else { return patch }
    if depth > Self.maximumDepth { throw .depth }
    let unique = try withoutDuplicates(patch)
    let old = target.kind == .object ? try withoutDuplicates(target) : PlanValue(.object, .computed, 0)
    try spend(elementCount(unique) &+ elementCount(old))
    let base = stack.count
    let held = integers.count
    defer {
      stack.count = base
      integers.count = held
    }
    try clearTable(elementCount(old) &+ elementCount(unique))
    try mergeMembers(old, from: base)
    // First where each member of the patch belongs: what is deeper uses the table, too.
    var cursor = PlanCursor(unique, &self)
    while let (key, _) = cursor.nextMember(&self) {
      let name = try resolved(key)
      let count = (stack.count &- base) / 2
      let found = find(name, from: base, count: count)
      try integers.append(found.member >= 0 ? found.member : count)
      if found.member < 0 {
        table[found.slot] = generation << 40 | UInt64(count)
        try stack.append(name)
        try stack.append(Self.absent)
      }
    }
    cursor = PlanCursor(unique, &self)
    var member = held
    while let value = cursor.next(&self) {
      let place = base &+ 2 &* integers[member] &+ 1
      member &+= 1
      stack[place] = value.isNull ? Self.absent : try mergePatch(stack[place], value, depth &+ 1)
    }
    var (from, to) = (base, base)
    while from < stack.count {
      if !stack[from &+ 1].isExpression {
        (stack[to], stack[to &+ 1]) = (stack[from], stack[from &+ 1])
        to &+= 2
      }
      from &+= 2
    }
    stack.count = to
    return try object(from: base)
  }

  /// Stands for a member that is not there, or not any more.
  static var absent: PlanValue { PlanValue(.null, .expression, 0) }
}
