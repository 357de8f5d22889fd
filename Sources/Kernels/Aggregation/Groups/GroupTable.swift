import CKernels

/// Groups by the codes of their keys: a number for each combination, from 0 in the order in which they came.
///
/// What finds a group adapts to the keys: an array where the packed keys have few bits, slots of packed 64-bit keys where they fit,
/// and else slots of hashes, compared by the columns of codes. All three are built anew from the columns when what they rest on changes.
package struct GroupTable: Sendable {
  enum Mode: Hashable, Sendable { case direct, packed, wide }

  struct Slot: BitwiseCopyable, Sendable {
    var key: UInt64
    var group: UInt32
  }

  /// In place of a group that may not be opened.
  package static let refused = UInt32.max
  package static let maximumCount = Int(UInt32.max - 1)

  package let columnCount: Int
  /// Codes of each column for each group; 0 for a null.
  package var codes: [[Int64]]
  /// Bit c for a null in column c; empty as long as there is none.
  package var nulls: [UInt64] = []
  package internal(set) var count = 0
  /// Groups above are not opened.
  package var limit = GroupTable.maximumCount

  var layout: KeyLayout
  var mode = Mode.direct
  var isLaid = false
  var direct: [UInt32] = []
  var slots: [Slot] = []
  /// 32 bits of hash, 32 of group.
  var tagged: [UInt64] = []
  /// Of a single raw column.
  var nullGroup = GroupTable.refused
  /// Slots of an array that rows to come are worth.
  var expected = 0
  let hash: KeyHash
  /// A small state is worth more than the last nanosecond.
  let isFrugal: Bool

  static let emptySlot = Slot(key: 0, group: refused)
  static let emptyTag = UInt64.max

  package init(columnCount: Int, isFrugal: Bool = false, hash: KeyHash = KeyHash()) {
    self.columnCount = columnCount
    self.hash = hash
    self.isFrugal = isFrugal
    codes = Array(repeating: [], count: columnCount)
    layout = KeyLayout(columnCount: columnCount)
  }

  package var byteCount: Int {
    var sum = nulls.heldBytes + direct.heldBytes + slots.heldBytes + tagged.heldBytes
    for column in codes { sum += column.heldBytes }
    return sum
  }

  @inline(__always)
  package func isNull(_ column: Int, _ group: Int) -> Bool {
    !nulls.isEmpty && nulls[group] >> UInt64(column) & 1 != 0
  }

  /// Bit c for a null in column c.
  @inline(__always)
  package func nullMask(_ group: Int) -> UInt64 { nulls.isEmpty ? 0 : nulls[group] }

  /// The group of each row, opened where it is new; ``refused`` where the limit forbids that.
  ///
  /// - `codes` holds `columnCount` columns, `stride` apart, of `count` rows; that of a null is 0. `masks` is nil where there are no nulls, else
  ///   holds bit c of each row for a null in column c. `keys` and `groups` have room for `count`.
  @unsafe
  package mutating func resolve(
    _ block: UnsafePointer<Int64>, stride: Int, count rows: Int, masks: UnsafePointer<UInt64>?,
    keys: UnsafeMutablePointer<UInt64>, groups: UnsafeMutablePointer<UInt32>
  ) {
    guard rows > 0 else { return }
    if columnCount == 0 {
      if count == 0 { _ = unsafe open(block, stride, 0, 0) }
      unsafe groups.update(repeating: 0, count: rows)
      return
    }
    if isLaid, mode == .direct, columnCount == 1, unsafe masks == nil, unsafe resolveOne(block, rows, groups) { return }
    if mode != .wide || !isLaid {
      if !isLaid || !(unsafe pack(block, stride, rows, masks, keys)) {
        unsafe widen(block, stride, rows, masks)
        if mode != .wide { _ = unsafe pack(block, stride, rows, masks, keys) }
      }
    }
    switch mode {
    case .direct: unsafe resolveDirect(block, stride, rows, masks, keys, groups)
    case .packed: unsafe resolvePacked(block, stride, rows, masks, keys, groups)
    case .wide: unsafe resolveWide(block, stride, rows, masks, keys, groups)
    }
  }

  /// Packs the rows' codes; false where one does not fit the layout.
  @inline(__always)
  @unsafe
  private func pack(
    _ block: UnsafePointer<Int64>, _ stride: Int, _ rows: Int, _ masks: UnsafePointer<UInt64>?,
    _ keys: UnsafeMutablePointer<UInt64>
  ) -> Bool {
    if layout.isRaw {
      for row in 0..<rows { unsafe keys[row] = UInt64(bitPattern: block[row]) }
      return true
    }
    var outside = false
    for column in 0..<columnCount {
      let field = layout.fields[column]
      let codes = unsafe block + column &* stride
      let base = field.base
      let shift = UInt64(field.shift)
      // A distance that wraps, or reaches the limit, has bits above the width once 1 is added; or wraps to 0, which is caught as such.
      let limit = field.limit
      var wrong: UInt64 = 0
      if let masks = unsafe masks {
        for row in 0..<rows {
          let isNull = unsafe masks[row] >> UInt64(column) & 1
          let distance = unsafe UInt64(bitPattern: codes[row] &- base)
          let kept = isNull &- 1
          wrong |= (distance >= limit ? 1 : 0) & kept
          let value = ((distance &+ 1) & kept) &<< shift
          unsafe keys[row] = column == 0 ? value : keys[row] | value
        }
        outside = outside || wrong != 0
      } else if field.width < 63 {
        if column == 0 {
          for row in 0..<rows {
            let value = unsafe UInt64(bitPattern: codes[row] &- base) &+ 1
            wrong |= value
            unsafe keys[row] = value
          }
        } else {
          for row in 0..<rows {
            let value = unsafe UInt64(bitPattern: codes[row] &- base) &+ 1
            wrong |= value
            unsafe keys[row] |= value &<< shift
          }
        }
        // Distance -1 packs to 0, as a null does: below the base by one.
        outside = outside || wrong > limit
        if !outside { outside = unsafe hasBelow(codes, rows, base) }
      } else {
        for row in 0..<rows {
          let distance = unsafe UInt64(bitPattern: codes[row] &- base)
          wrong |= distance >= limit ? 1 : 0
          let value = (distance &+ 1) &<< shift
          unsafe keys[row] = column == 0 ? value : keys[row] | value
        }
        outside = outside || wrong != 0
      }
    }
    return !outside
  }

  @inline(__always)
  @unsafe
  private func hasBelow(_ codes: UnsafePointer<Int64>, _ rows: Int, _ base: Int64) -> Bool {
    let below = base &- 1
    var any: UInt8 = 0
    for row in 0..<rows { unsafe any |= codes[row] == below ? 1 : 0 }
    return any != 0
  }

  /// Takes in the ranges of a block, and builds anew where they do not fit.
  @inline(never)
  @unsafe
  private mutating func widen(
    _ block: UnsafePointer<Int64>, _ stride: Int, _ rows: Int, _ masks: UnsafePointer<UInt64>?
  ) {
    var grew = !isLaid
    for column in 0..<columnCount {
      let codes = unsafe block + column * stride
      var low = Int64.max
      var high = Int64.min
      for row in 0..<rows {
        if let masks = unsafe masks, unsafe masks[row] >> UInt64(column) & 1 != 0 { continue }
        unsafe low = Swift.min(low, codes[row])
        unsafe high = Swift.max(high, codes[row])
      }
      if layout.include(column, low: low, high: high) { grew = true }
    }
    if grew {
      // Codes that fitted were not looked at when they came: the groups know them.
      seeGroups()
      layout.lay()
      rebuild()
    }
  }

  /// Opens the group of a row, with nothing looked up.
  @inline(never)
  @unsafe
  mutating func open(_ block: UnsafePointer<Int64>, _ stride: Int, _ row: Int, _ mask: UInt64) -> UInt32 {
    guard count < limit else { return Self.refused }
    for column in 0..<columnCount { unsafe codes[column].append(block[column * stride + row]) }
    if mask != 0 && nulls.isEmpty { nulls = Array(repeating: 0, count: count) }
    if mask != 0 || !nulls.isEmpty { nulls.append(mask) }
    count += 1
    return UInt32(truncatingIfNeeded: count - 1)
  }

  // MARK: - Finding

  /// One column without nulls by the array, without packed keys. False, with anything in `groups`, where a code does not fit the layout, or
  /// where the array is so large that prefetches pay.
  @inline(__always)
  @unsafe
  private mutating func resolveOne(
    _ codes: UnsafePointer<Int64>, _ rows: Int, _ groups: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    guard direct.count <= 1 << 17 else { return false }
    let base = layout.fields[0].base
    let limit = UInt64(truncatingIfNeeded: direct.count &- 1)
    var (outside, missing): (UInt32, UInt32) = (0, 0)
    unsafe direct.withUnsafeBufferPointer { direct in
      let table = unsafe direct.baseAddress.unsafelyUnwrapped
      for row in 0..<rows {
        let distance = unsafe UInt64(bitPattern: codes[row] &- base)
        let isOutside = distance >= limit
        // That of a null, which is there.
        let group = unsafe table[isOutside ? 0 : Int(truncatingIfNeeded: distance &+ 1)]
        unsafe groups[row] = group
        outside |= isOutside ? 1 : 0
        missing |= group == Self.refused ? 1 : 0
      }
    }
    if outside != 0 { return false }
    if missing != 0 {
      unsafe openDirect(codes, rows, rows, nil, groups) { unsafe Int(truncatingIfNeeded: codes[$0] &- base) &+ 1 }
    }
    return true
  }

  @unsafe
  private mutating func resolveDirect(
    _ block: UnsafePointer<Int64>, _ stride: Int, _ rows: Int, _ masks: UnsafePointer<UInt64>?,
    _ keys: UnsafePointer<UInt64>, _ groups: UnsafeMutablePointer<UInt32>
  ) {
    var missing: UInt32 = 0
    unsafe direct.withUnsafeBufferPointer { direct in
      let table = unsafe direct.baseAddress.unsafelyUnwrapped
      if direct.count > 1 << 17 {
        for row in 0..<rows { unsafe ck_prefetch(table + Int(truncatingIfNeeded: keys[row])) }
      }
      for row in 0..<rows {
        let group = unsafe table[Int(truncatingIfNeeded: keys[row])]
        unsafe groups[row] = group
        missing |= group == Self.refused ? 1 : 0
      }
    }
    if missing != 0 {
      unsafe openDirect(block, stride, rows, masks, groups) { unsafe Int(truncatingIfNeeded: keys[$0]) }
    }
  }

  /// Opens the groups of the rows that have none, some at a time, as far as the limit allows.
  ///
  /// - Parameter place: of a row in the array.
  @inline(__always)
  @unsafe
  private mutating func openDirect(
    _ block: UnsafePointer<Int64>, _ stride: Int, _ rows: Int, _ masks: UnsafePointer<UInt64>?,
    _ groups: UnsafeMutablePointer<UInt32>, _ place: (Int) -> Int
  ) {
    // The kilobyte is the stack's, as long as its size is a constant.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { opened in
      let opened = unsafe opened.baseAddress.unsafelyUnwrapped
      var first = 0
      while first < rows {
        let end = Swift.min(first &+ 256, rows)
        var new = 0
        let (known, room) = (count, limit &- count)
        unsafe direct.withUnsafeMutableBufferPointer { direct in
          let table = unsafe direct.baseAddress.unsafelyUnwrapped
          for row in first..<end where unsafe groups[row] == Self.refused {
            let at = place(row)
            if unsafe table[at] == Self.refused && new < room {
              unsafe table[at] = UInt32(truncatingIfNeeded: known &+ new)
              unsafe opened[new] = UInt32(truncatingIfNeeded: row)
              new &+= 1
            }
            unsafe groups[row] = table[at]
          }
        }
        if new > 0 { unsafe open(block, stride, UnsafeBufferPointer(start: opened, count: new), masks) }
        first = end
      }
    }
  }

  /// Adds groups of rows that have been given the next numbers.
  @inline(__always)
  @unsafe
  private mutating func open(
    _ block: UnsafePointer<Int64>, _ stride: Int, _ opened: UnsafeBufferPointer<UInt32>, _ masks: UnsafePointer<UInt64>?
  ) {
    for column in 0..<columnCount {
      let column = (unsafe block + column &* stride, column)
      unsafe codes[column.1].append(contentsOf: opened.lazy.map { unsafe column.0[Int($0)] })
    }
    if let masks = unsafe masks {
      let hasNull = unsafe opened.contains { unsafe masks[Int($0)] != 0 }
      if hasNull && nulls.isEmpty { nulls = Array(repeating: 0, count: count) }
      if hasNull || !nulls.isEmpty { unsafe nulls.append(contentsOf: opened.lazy.map { unsafe masks[Int($0)] }) }
    } else if !nulls.isEmpty {
      nulls.append(contentsOf: repeatElement(0, count: opened.count))
    }
    count &+= opened.count
  }

  @unsafe
  private mutating func resolvePacked(
    _ block: UnsafePointer<Int64>, _ stride: Int, _ rows: Int, _ masks: UnsafePointer<UInt64>?,
    _ keys: UnsafeMutablePointer<UInt64>, _ groups: UnsafeMutablePointer<UInt32>
  ) {
    if (count &+ rows) &* 3 > slots.count &* 2 {
      growPacked(for: rows)
      // The array may have become the better way.
      if mode == .direct { return unsafe resolveDirect(block, stride, rows, masks, keys, groups) }
    }
    let hash = hash
    let mask = slots.count &- 1
    if slots.count > 1 << 14 {
      unsafe slots.withUnsafeBufferPointer { slots in
        let start = unsafe slots.baseAddress.unsafelyUnwrapped
        for row in 0..<rows {
          unsafe ck_prefetch(start + Int(truncatingIfNeeded: hash(keys[row]) >> 32) & mask)
        }
      }
    }
    // The kilobyte is the stack's, as long as its size is a constant.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { opened in
      let opened = unsafe opened.baseAddress.unsafelyUnwrapped
      var row = 0
      while row < rows {
        var new = 0
        let (known, room, isRaw) = (count, Swift.min(256, Swift.max(0, limit &- count)), layout.isRaw)
        row = unsafe slots.withUnsafeMutableBufferPointer { slots in
          let slots = unsafe slots.baseAddress.unsafelyUnwrapped
          var row = row
          while row < rows {
            let key = unsafe keys[row]
            if isRaw, let masks = unsafe masks, unsafe masks[row] != 0 { return row }
            var at = Int(truncatingIfNeeded: hash(key) >> 32) & mask
            var slot = unsafe slots[at]
            while slot.key != key || slot.group == Self.refused {
              if slot.group == Self.refused {
                if new == room { return row }
                slot = Slot(key: key, group: UInt32(truncatingIfNeeded: known &+ new))
                unsafe slots[at] = slot
                unsafe opened[new] = UInt32(truncatingIfNeeded: row)
                new &+= 1
                break
              }
              at = (at &+ 1) & mask
              slot = unsafe slots[at]
            }
            unsafe groups[row] = slot.group
            row &+= 1
          }
          return row
        }
        if new > 0 { unsafe open(block, stride, UnsafeBufferPointer(start: opened, count: new), masks) }
        guard row < rows else { break }
        let nullMask = unsafe masks?[row] ?? 0
        if isRaw && nullMask != 0 {
          if nullGroup == Self.refused { nullGroup = unsafe open(block, stride, row, nullMask) }
          unsafe groups[row] = nullGroup
          row &+= 1
        } else if new == 0 {
          // There is no room for another group.
          unsafe groups[row] = Self.refused
          row &+= 1
        }
      }
    }
  }

  @unsafe
  private mutating func resolveWide(
    _ block: UnsafePointer<Int64>, _ stride: Int, _ rows: Int, _ masks: UnsafePointer<UInt64>?,
    _ keys: UnsafeMutablePointer<UInt64>, _ groups: UnsafeMutablePointer<UInt32>
  ) {
    if (count &+ rows) &* 2 > tagged.count { growWide(for: rows) }
    for row in 0..<rows {
      var h = unsafe hash(masks?[row] ?? 0)
      for column in 0..<columnCount { h = unsafe hash(h, UInt64(bitPattern: block[column &* stride &+ row])) }
      unsafe keys[row] = h
    }
    let mask = tagged.count &- 1
    if tagged.count > 1 << 14 {
      unsafe tagged.withUnsafeBufferPointer { tagged in
        let start = unsafe tagged.baseAddress.unsafelyUnwrapped
        for row in 0..<rows { unsafe ck_prefetch(start + Int(truncatingIfNeeded: keys[row]) & mask) }
      }
    }
    for row in 0..<rows {
      let h = unsafe keys[row]
      let nullMask = unsafe masks?[row] ?? 0
      var at = Int(truncatingIfNeeded: h) & mask
      while true {
        let tag = tagged[at]
        if tag == Self.emptyTag {
          let group = unsafe open(block, stride, row, nullMask)
          unsafe groups[row] = group
          if group != Self.refused { tagged[at] = h & 0xFFFF_FFFF_0000_0000 | UInt64(group) }
          break
        }
        if tag >> 32 == h >> 32 {
          let group = Int(tag & 0xFFFF_FFFF)
          if unsafe isSame(group, block, stride, row, nullMask) {
            unsafe groups[row] = UInt32(truncatingIfNeeded: group)
            break
          }
        }
        at = (at &+ 1) & mask
      }
    }
  }

  @inline(__always)
  @unsafe
  private func isSame(_ group: Int, _ block: UnsafePointer<Int64>, _ stride: Int, _ row: Int, _ mask: UInt64) -> Bool {
    if nullMask(group) != mask { return false }
    for column in 0..<columnCount where unsafe codes[column][group] != block[column &* stride &+ row] { return false }
    return true
  }

  /// The group of one row, or ``refused`` where it is not there. Opens none.
  @unsafe
  package mutating func lookUp(_ codes: UnsafePointer<Int64>, mask: UInt64) -> UInt32 {
    let kept = limit
    limit = 0
    defer { limit = kept }
    guard count > 0 else { return Self.refused }
    var key: UInt64 = 0
    var group = Self.refused
    unsafe withUnsafeMutablePointer(to: &key) { key in
      unsafe withUnsafeMutablePointer(to: &group) { group in
        unsafe withUnsafePointer(to: mask) { masks in
          unsafe resolve(codes, stride: 1, count: 1, masks: mask == 0 ? nil : masks, keys: key, groups: group)
        }
      }
    }
    return group
  }
}
