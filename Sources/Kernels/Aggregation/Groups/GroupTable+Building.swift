extension GroupTable {
  // MARK: - Many groups at once

  mutating func reserve(_ count: Int) {
    for column in codes.indices { codes[column].reserveCapacity(count) }
  }

  /// Adds groups that are known to be new; ``build()`` follows.
  ///
  /// - As of ``resolve(_:stride:count:masks:keys:groups:)``.
  @unsafe
  mutating func append(
    _ block: UnsafePointer<Int64>, stride: Int, count rows: Int, masks: UnsafePointer<UInt64>?
  ) {
    for column in codes.indices {
      unsafe codes[column].append(contentsOf: UnsafeBufferPointer(start: block + column * stride, count: rows))
    }
    if let masks = unsafe masks {
      if nulls.isEmpty { nulls = Array(repeating: 0, count: count) }
      unsafe nulls.append(contentsOf: UnsafeBufferPointer(start: masks, count: rows))
    } else if !nulls.isEmpty {
      nulls.append(contentsOf: repeatElement(0, count: rows))
    }
    count += rows
  }

  /// Makes what finds the groups.
  mutating func build() {
    seeGroups()
    layout.lay()
    rebuild()
  }

  /// Takes the codes of all groups into the ranges that the layout is made for.
  mutating func seeGroups() {
    for column in 0..<columnCount {
      var (low, high) = (Int64.max, Int64.min)
      unsafe codes[column].withUnsafeBufferPointer { codes in
        for group in 0..<count where !isNull(column, group) {
          unsafe low = Swift.min(low, codes[group])
          unsafe high = Swift.max(high, codes[group])
        }
      }
      if low <= high {
        layout.see(column, low)
        layout.see(column, high)
      }
    }
  }

  // MARK: - What finds them

  /// Builds what finds groups from the columns of codes.
  mutating func rebuild() {
    isLaid = true
    let capacity = Swift.max(count, 1)
    if layout.bits > 64 && !layout.isRaw {
      mode = .wide
      (direct, slots) = ([], [])
      growWide(for: 0)
    } else if !layout.isRaw && isDirectWorthwhile(capacity) {
      buildDirect()
    } else {
      buildPacked(slotCount: Self.slotCount(capacity, isFrugal ? 64 : 2048))
    }
  }

  private static func slotCount(_ count: Int, _ minimum: Int) -> Int {
    var slotCount = minimum
    while slotCount * 2 < (count + 1) * 3 { slotCount *= 2 }
    return slotCount
  }

  /// An array of four bytes for each possible key beats slots of 16 bytes while it is not larger than they are.
  func isDirectWorthwhile(_ count: Int) -> Bool {
    let bits = layout.bits
    if bits <= 8 { return true }
    if !isFrugal && bits <= 16 { return true }
    return bits < 30 && 1 << bits <= Swift.max(count * 8, expected)
  }

  private mutating func buildDirect() {
    mode = .direct
    (slots, tagged) = ([], [])
    direct = Array(repeating: Self.refused, count: 1 << layout.bits)
    for group in 0..<count { direct[Int(truncatingIfNeeded: packedKey(group))] = UInt32(truncatingIfNeeded: group) }
  }

  private mutating func buildPacked(slotCount: Int) {
    mode = .packed
    (direct, tagged) = ([], [])
    nullGroup = Self.refused
    slots = Array(repeating: Self.emptySlot, count: slotCount)
    for group in 0..<count {
      if layout.isRaw && nullMask(group) != 0 {
        nullGroup = UInt32(truncatingIfNeeded: group)
      } else {
        insertPacked(packedKey(group), UInt32(truncatingIfNeeded: group))
      }
    }
  }

  mutating func growPacked(for rows: Int) {
    if !layout.isRaw && isDirectWorthwhile(count) { return buildDirect() }
    // A block may bring no group at all: a table that has room for half of it goes on, as long as one slot stays free.
    let slotCount = Self.slotCount(count + rows, slots.count)
    if slotCount > slots.count { buildPacked(slotCount: slotCount) }
  }

  mutating func insertPacked(_ key: UInt64, _ group: UInt32) {
    let mask = slots.count &- 1
    unsafe slots.withUnsafeMutableBufferPointer { slots in
      var at = Int(truncatingIfNeeded: hash(key) >> 32) & mask
      while unsafe slots[at].group != Self.refused { at = (at &+ 1) & mask }
      unsafe slots[at] = Slot(key: key, group: group)
    }
  }

  mutating func growWide(for rows: Int) {
    var slotCount = Swift.max(64, tagged.count)
    while slotCount < (count + rows + 1) * 2 { slotCount *= 2 }
    guard slotCount > tagged.count else { return }
    tagged = Array(repeating: Self.emptyTag, count: slotCount)
    for group in 0..<count {
      var h = hash(nullMask(group))
      for column in 0..<columnCount { h = hash(h, UInt64(bitPattern: codes[column][group])) }
      var at = Int(truncatingIfNeeded: h) & (slotCount - 1)
      while tagged[at] != Self.emptyTag { at = (at + 1) & (slotCount - 1) }
      tagged[at] = h & 0xFFFF_FFFF_0000_0000 | UInt64(group)
    }
  }

  /// As the layout packs it.
  @inline(__always)
  func packedKey(_ group: Int) -> UInt64 {
    if layout.isRaw { return UInt64(bitPattern: codes[0][group]) }
    var key: UInt64 = 0
    let mask = nullMask(group)
    for column in 0..<columnCount where mask >> UInt64(column) & 1 == 0 {
      let field = layout.fields[column]
      key |= (UInt64(bitPattern: codes[column][group] &- field.base) &+ 1) &<< UInt64(field.shift)
    }
    return key
  }
}
