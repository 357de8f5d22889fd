/// Goes through the elements of an array, or the values of an object's members, wherever they are.
struct PlanCursor {
  private enum Place: UInt8 {
    case source, literals, values, stack
  }

  private var place: Place
  /// Next element; the key, where there are keys.
  private var index: Int
  private var end: Int
  /// A key before each value.
  private var skip: Int

  /// The elements, or the values of the members.
  ///
  /// - `value` is an array or an object.
  init(_ value: PlanValue, _ machine: inout PlanMachine) {
    skip = value.kind == .object ? 1 : 0
    if value.isTape {
      place = value.place == .source ? .source : .literals
      index = value.index &+ 1
      end = machine.node(value).next
    } else {
      place = .values
      index = value.index
      end = value.index &+ value.count &* (1 &+ skip)
    }
  }

  init(stack range: Range<Int>) {
    place = .stack
    index = range.lowerBound
    end = range.upperBound
    skip = 0
  }

  @inline(__always)
  mutating func next(_ machine: inout PlanMachine) -> PlanValue? {
    guard index < end else { return nil }
    let at = index &+ skip
    switch place {
    case .source:
      let node = unsafe machine.sourceTape[at]
      index = node.next
      return PlanValue(node.kind, .source, at)
    case .literals:
      let node = unsafe machine.literalTape[at]
      index = node.next
      return PlanValue(node.kind, .literals, at)
    case .values:
      index = at &+ 1
      return machine.values[at]
    case .stack:
      index = at &+ 1
      return machine.stack[at]
    }
  }

  /// A member's key and value.
  mutating func nextMember(_ machine: inout PlanMachine) -> (key: PlanValue, value: PlanValue)? {
    guard index < end else { return nil }
    let key = index
    guard let value = next(&machine) else { return nil }
    switch place {
    case .source: return (PlanValue(.string, .source, key), value)
    case .literals: return (PlanValue(.string, .literals, key), value)
    case .values: return (machine.values[key], value)
    case .stack: return (machine.stack[key], value)
    }
  }
}
