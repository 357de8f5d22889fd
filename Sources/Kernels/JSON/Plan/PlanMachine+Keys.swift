// Objects by their keys: duplicates, merging, comparing. Members lie on the stack, a resolved key and a value each; the table,
// open addressing with a generation in each slot so that nothing is cleared, says where a key is.
extension PlanMachine {
  private static var odd: UInt64 { 0x9E37_79B9_7F4A_7C15 }  // 2^64 divided by the golden ratio (Knuth, volume 3, 6.4)

  /// Multiplied in full width and folded, eight bytes at a time.
  private mutating func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
      let (high, low) = a.multipliedFullWidth(by: b)
      return high ^ low
    }
    var state = UInt64(truncatingIfNeeded: text.count) ^ seed
    var at = 0
    let base = unsafe UnsafeRawPointer(text.baseAddress!)
    while at &+ 8 <= text.count {
      state = unsafe fold(state ^ base.loadUnaligned(fromByteOffset: at, as: UInt64.self), Self.odd ^ seed)
      at &+= 8
    }
    var rest: UInt64 = 0
    while at < text.count {
      rest = unsafe rest << 8 | UInt64(text[at])
      at &+= 1
    }
    return fold(state ^ rest, Self.odd ^ seed)
  }

  /// A new generation of a table with room for `count` members.
  mutating func clearTable(_ count: Int) throws(PlanStop) {
    var slots = 32
    while slots < count &* 2 { slots &*= 2 }
    if table.count < slots {
      table.count = 0
      try table.reserve(slots)
      unsafe table.start.update(repeating: 0, count: slots)
      table.count = slots
      generation = 0
    }
    generation &+= 1
    if generation == 1 << 24 {
      unsafe table.start.update(repeating: 0, count: table.count)
      generation = 1
    }
    seedIfNeeded()
  }

  private mutating func seedIfNeeded() {
    // Another one each machine, so that no text can be made whose keys collide.
    if seed == 0 { seed = UInt64.random(in: 1...UInt64.max) }
  }

  /// The member of a key, or -1, and the slot that is its or would be.
  ///
  /// - Members are on the stack from `base` on; `name` is resolved.
  mutating func find(_ name: PlanValue, from base: Int, count: Int) -> (member: Int, slot: Int) {
    let text = unsafe resolvedText(name)
    let mask = table.count &- 1
    var slot = unsafe Int(truncatingIfNeeded: hash(text) >> 8) & mask
    while true {
      let entry = table[slot]
      guard entry >> 40 == generation else { return (-1, slot) }
      let member = Int(entry & 0xFF_FFFF_FFFF)
      let other = unsafe resolvedText(stack[base &+ 2 &* member])
      if unsafe other.count == text.count && sameBytes(other.baseAddress!, text.baseAddress!, text.count) {
        return (member, slot)
      }
      slot = (slot &+ 1) & mask
    }
  }

  /// Puts the members that lie on the stack from `base` on into the table; no key comes twice.
  mutating func index(from base: Int) throws(PlanStop) {
    let count = (stack.count &- base) / 2
    try clearTable(count)
    for member in 0..<count {
      let found = find(stack[base &+ 2 &* member], from: base, count: count)
      table[found.slot] = generation << 40 | UInt64(member)
    }
  }

  /// Members with resolved keys onto the stack.
  mutating func pushMembers(_ object: PlanValue) throws(PlanStop) {
    var cursor = PlanCursor(object, &self)
    while let (key, value) = cursor.nextMember(&self) {
      let name = try resolved(key)
      try stack.append(name)
      try stack.append(value)
    }
  }

  /// The members of `object` among those on the stack from `base` on, which are in the table: new ones behind, of known ones the
  /// value in the place of the old.
  mutating func mergeMembers(_ object: PlanValue, from base: Int) throws(PlanStop) {
    var cursor = PlanCursor(object, &self)
    while let (key, value) = cursor.nextMember(&self) {
      let name = try resolved(key)
      let count = (stack.count &- base) / 2
      let found = find(name, from: base, count: count)
      if found.member >= 0 {
        if !(keepsFirst && object.place == .source) { stack[base &+ 2 &* found.member &+ 1] = value }
      } else {
        table[found.slot] = generation << 40 | UInt64(count)
        try stack.append(name)
        try stack.append(value)
      }
    }
  }

  /// The object itself, or one in which each key is once: in the first one's place, with the value that counts.
  mutating func withoutDuplicates(_ object: PlanValue) throws(PlanStop) -> PlanValue {
    guard object.isTape, try mayHaveDuplicates(object) else { return object }
    let base = stack.count
    let count = elementCount(object)
    try clearTable(count)
    try mergeMembers(object, from: base)
    if (stack.count &- base) / 2 == count {
      stack.count = base
      return object
    }
    return try self.object(from: base)
  }

  /// False: no key comes twice. Keys with escapes are not looked at, and answer true.
  mutating func mayHaveDuplicates(_ object: PlanValue) throws(PlanStop) -> Bool {
    let tape = unsafe tape(object.place)
    let text = unsafe text(object.place)
    let end = unsafe tape[object.index].next
    let first = object.index &+ 1
    let count = elementCount(object)
    if count < 2 { return false }
    if count <= 8 {
      var index = first
      while index < end {
        let node = unsafe tape[index]
        if node.hasEscapes { return true }
        let length = node.end &- node.begin
        var other = first
        while other < index {
          let before = unsafe tape[other]
          if before.end &- before.begin == length, unsafe sameBytes(text + before.begin, text + node.begin, length) {
            return true
          }
          other = unsafe tape[other &+ 1].next
        }
        index = unsafe tape[index &+ 1].next
      }
      return false
    }
    try clearTable(count)
    let mask = table.count &- 1
    var index = first
    while index < end {
      let node = unsafe tape[index]
      if node.hasEscapes { return true }
      let key = unsafe UnsafeBufferPointer(start: text + node.begin + 1, count: node.end &- node.begin &- 2)
      var slot = unsafe Int(truncatingIfNeeded: hash(key) >> 8) & mask
      while true {
        let entry = table[slot]
        guard entry >> 40 == generation else { break }
        let other = unsafe tape[Int(entry & 0xFF_FFFF_FFFF)]
        if other.end &- other.begin &- 2 == key.count,
          unsafe sameBytes(text + other.begin + 1, key.baseAddress!, key.count)
        {
          return true
        }
        slot = (slot &+ 1) & mask
      }
      table[slot] = generation << 40 | UInt64(index)
      index = unsafe tape[index &+ 1].next
    }
    return false
  }
}
