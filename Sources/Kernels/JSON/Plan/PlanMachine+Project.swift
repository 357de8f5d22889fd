extension PlanMachine {
  /// The elements that a projection goes through: of the array that is its left side. nil where that is no array.
  mutating func projectionCursor(_ node: PlanNode, _ base: PlanValue) throws(PlanStop) -> PlanCursor? {
    switch node.op {
    case .projectValues:
      guard base.kind == .object else { return nil }
      let unique = try withoutDuplicates(base)
      return PlanCursor(unique, &self)
    case .projectSlice:
      guard base.kind == .array else { return nil }
      let start = stack.count
      try pushSlice(base, unsafe slices[Int(node.c)])
      return PlanCursor(stack: start..<stack.count)
    case .projectFlattened:
      guard base.kind == .array else { return nil }
      let start = stack.count
      var outer = PlanCursor(base, &self)
      while let element = outer.next(&self) {
        guard element.kind == .array else {
          try stack.append(element)
          continue
        }
        var inner = PlanCursor(element, &self)
        while let element = inner.next(&self) { try stack.append(element) }
      }
      return PlanCursor(stack: start..<stack.count)
    default:
      guard base.kind == .array else { return nil }
      return PlanCursor(base, &self)
    }
  }

  mutating func pushSlice(_ array: PlanValue, _ slice: PlanSlice) throws(PlanStop) {
    let (first, count, step) = slice.indices(of: elementCount(array))
    guard count > 0 else { return }
    if array.isTape {
      // Forwards through the tape, whichever way the slice goes; then turned round.
      let last = first &+ (count &- 1) &* step
      let low = min(first, last)
      let distance = Swift.abs(step)
      let start = stack.count
      var cursor = PlanCursor(array, &self)
      var index = 0
      var wanted = low
      var left = count
      while left > 0, let element = cursor.next(&self) {
        if index == wanted {
          try stack.append(element)
          left &-= 1
          if left > 0 { wanted &+= distance }
        }
        index &+= 1
      }
      if step < 0 {
        var (low, high) = (start, stack.count &- 1)
        while low < high {
          (stack[low], stack[high]) = (stack[high], stack[low])
          low &+= 1
          high &-= 1
        }
      }
    } else {
      var index = first
      for turn in 0..<count {
        try stack.append(values[array.index &+ index])
        if turn < count &- 1 { index &+= step }
      }
    }
  }

  /// A projection's array.
  mutating func projected(_ index: Int32, _ node: PlanNode, _ value: PlanValue) throws(PlanStop) -> PlanValue {
    let base = try evaluate(node.a, value)
    let held = stack.count
    guard var cursor = try projectionCursor(node, base) else { return .null }
    let start = stack.count
    while let element = cursor.next(&self) {
      let mark = (values.count, bytes.count)
      if node.op == .projectFilter {
        let condition = try evaluate(node.c, element)
        let passes = try isTrue(condition)
        (values.count, bytes.count) = mark
        guard passes else { continue }
      }
      let result = try evaluate(node.b, element)
      if result.isNull, node.op != .map {
        (values.count, bytes.count) = mark
        continue
      }
      try stack.append(result)
    }
    let result = try array(from: start)
    stack.count = held
    return result
  }
}
