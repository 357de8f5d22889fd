// Where the members of objects are.
extension PlanMachine {
  /// The value of the member of that key that counts; null where there is none.
  @inline(__always)
  mutating func member(_ object: PlanValue, _ key: Int32) -> PlanValue {
    guard object.kind == .object else { return .null }
    guard object.isTape else { return computedMember(object, key) }
    if shape != 0 && object.place == .source { return shapedMember(object.index, key) }
    let found = object.place == .source ? sourceMember(object.index, key) : tapeMember(object, key)
    return found < 0 ? .null : value(object.place, found)
  }

  /// The same in a document that has a shape.
  @inline(__always)
  private mutating func shapedMember(_ object: Int, _ key: Int32) -> PlanValue {
    if Int(key) < lookups.count {
      let known = lookups[Int(key)]
      if known.shape == shape && Int(known.object) == object {
        return known.found < 0 ? .null : value(.source, Int(known.found))
      }
    }
    return learnMember(object, key)
  }

  @inline(never)
  private mutating func learnMember(_ object: Int, _ key: Int32) -> PlanValue {
    let found = tapeMember(PlanValue(.object, .source, object), key)
    // Nothing is learnt without memory.
    if (try? lookups.reserve(max(0, Int(key) &+ 1 &- lookups.count))) != nil {
      while lookups.count <= Int(key) { try? lookups.append(Lookup()) }
      lookups[Int(key)] = Lookup(shape: shape, object: Int32(truncatingIfNeeded: object), found: Int32(found))
    }
    return found < 0 ? .null : value(.source, found)
  }

  /// Forgets what was found in the tape before.
  @inline(__always)
  mutating func forgetFinds() {
    turn &+= 1
    searched = -1
  }

  /// The same as ``tapeMember(_:_:)`` in the document's tape: of an object that was read in part all members are noted down at once.
  private mutating func sourceMember(_ object: Int, _ key: Int32) -> Int {
    let id = unsafe Int(keys[Int(key)].id)
    let end = unsafe sourceTape[object].next
    var index = object &+ 1
    // Whether the keys of an object have ids its first one says.
    guard index < end && id != 0 && Self.id(unsafe sourceTape[index]) != 0 && hasFinds() else {
      return tapeMember(PlanValue(.object, .source, object), key)
    }
    let known = finds[id]
    if known.turn == turn && known.object == object { return known.found }
    if searched == object { return -1 }
    searched = object
    while index < end {
      let id = Self.id(unsafe sourceTape[index])
      if !(keepsFirst && finds[id].turn == turn && finds[id].object == object) {
        finds[id] = Find(turn: turn, object: object, found: index &+ 1)
      }
      index = unsafe sourceTape[index &+ 1].next
    }
    let found = finds[id]
    return found.turn == turn && found.object == object ? found.found : -1
  }

  @inline(__always)
  private static func id(_ key: JSONNode) -> Int { Int(truncatingIfNeeded: key.link >> 8 & 0xff_ffff) }

  /// Whether there is memory for a find of each id.
  @inline(__always)
  private mutating func hasFinds() -> Bool { finds.count > PlanKey.maximumIDs || makeFinds() }

  @inline(never)
  private mutating func makeFinds() -> Bool {
    guard (try? finds.reserve(PlanKey.maximumIDs &+ 1)) != nil else { return false }
    for _ in 0...PlanKey.maximumIDs { try? finds.append(Find()) }
    return finds.count > PlanKey.maximumIDs
  }

  /// Where in its tape the value of the member of that key that counts is, or -1.
  mutating func tapeMember(_ object: PlanValue, _ key: Int32) -> Int {
    let tape = unsafe tape(object.place)
    let text = unsafe text(object.place)
    let key = unsafe keys[Int(key)]
    let wanted = unsafe keyBytes + Int(key.start)
    let length = Int(key.count)
    var index = object.index &+ 1
    let end = unsafe tape[object.index].next
    var found = -1
    while index < end {
      let node = unsafe tape[index]
      if unsafe matches(node, text, wanted, length) {
        found = index &+ 1
        if keepsFirst, object.place == .source { return found }
      }
      index = unsafe tape[index &+ 1].next
    }
    return found
  }

  /// Whether the string node is `wanted`.
  @inline(__always)
  mutating func matches(
    _ node: JSONNode, _ text: UnsafePointer<UInt8>, _ wanted: UnsafePointer<UInt8>, _ length: Int
  ) -> Bool {
    if _slowPath(node.hasEscapes) { return unsafe matchesEscaped(node, text, wanted, length) }
    return unsafe node.end &- node.begin &- 2 == length && sameBytes(text + node.begin + 1, wanted, length)
  }

  @inline(never)
  private mutating func matchesEscaped(
    _ node: JSONNode, _ text: UnsafePointer<UInt8>, _ wanted: UnsafePointer<UInt8>, _ length: Int
  ) -> Bool {
    unsafe PlanUnescape.matches(text + node.begin + 1, node.end &- node.begin &- 2, wanted, length)
  }

  private mutating func computedMember(_ object: PlanValue, _ key: Int32) -> PlanValue {
    let key = unsafe keys[Int(key)]
    for member in 0..<object.count {
      let place = object.index &+ 2 &* member
      let name = values[place]
      if unsafe isText(name, keyBytes + Int(key.start), Int(key.count)) { return values[place &+ 1] }
    }
    return .null
  }

  /// Whether a string value is that text.
  mutating func isText(_ value: PlanValue, _ wanted: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    if value.isTape { return unsafe matches(node(value), text(value.place), wanted, length) }
    let own = unsafe resolvedText(value)
    return unsafe own.count == length && sameBytes(own.baseAddress!, wanted, length)
  }
}
