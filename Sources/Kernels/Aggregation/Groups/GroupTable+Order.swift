/// Rows in an order in which those come together whose groups are found in one part of the table.
///
/// A table beyond the caches costs a miss for each row and each array that it goes through. Taken part by part, a few hundred thousand rows or
/// more find each part in the cache, and groups that are opened then get numbers that lie together as well.
@safe
struct RowOrder: ~Copyable {
  static var partCount: Int { 256 }
  /// Rows that are put in order at once.
  static var limit: Int { 1 << 24 }
  /// Rows below which it does not pay.
  static var least: Int { 1 << 18 }

  /// Five bytes a row: its number, and the part that it is in.
  private var memory = Scratch()
  private var ends = InlineArray<256, Int>(repeating: 0)
  private var count = 0

  /// The numbers of the rows, part by part, ascending within each.
  ///
  /// - Valid until the next order.
  @unsafe
  var rows: UnsafePointer<UInt32> {
    unsafe UnsafePointer(memory.start.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self))
  }

  /// Begins an order of `count` rows, at most ``limit``; false where the system has no memory for it.
  mutating func begin(_ count: Int) -> Bool {
    guard memory.tryReserve(5 * count) else { return false }
    self.count = count
    ends = InlineArray(repeating: 0)
    return true
  }

  /// The parts of rows `first ..< first + count`, to be written, and given to ``count(_:_:)``.
  @unsafe
  func parts(_ first: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe (memory.start.unsafelyUnwrapped + 4 * count).assumingMemoryBound(to: UInt8.self) + first
  }

  mutating func count(_ first: Int, _ rows: Int) {
    let parts = unsafe parts(first)
    for row in 0..<rows { unsafe ends[Int(parts[row])] &+= 1 }
  }

  /// Puts the rows in order once all parts have been counted.
  mutating func end() {
    var sum = 0
    for part in 0..<Self.partCount {
      let size = ends[part]
      ends[part] = sum
      sum += size
    }
    let parts = unsafe parts(0)
    let rows = unsafe memory.start.unsafelyUnwrapped.assumingMemoryBound(to: UInt32.self)
    for row in 0..<count {
      let part = unsafe Int(parts[row])
      unsafe rows[ends[part]] = UInt32(truncatingIfNeeded: row)
      ends[part] &+= 1
    }
  }
}

extension GroupTable {
  /// Makes room for the codes of many rows of one column, so that the table is not laid out anew in the middle of them.
  ///
  /// - Parameters:
  ///   - rows: how many; an array of all keys in range may take a few bytes for each.
  mutating func expect(rows: Int, low: Int64, high: Int64) {
    expected = Swift.max(expected, isFrugal ? 0 : 2 * rows)
    let grew = layout.include(0, low: low, high: high)
    if grew || !isLaid {
      seeGroups()
      layout.lay()
      rebuild()
    } else if mode == .packed, !layout.isRaw, isDirectWorthwhile(count) {
      rebuild()
    }
  }

  /// Makes room where rows come part by part: slots of the parts so far are full long before the table is.
  ///
  /// - Parameters:
  ///   - opened: how many groups the rows so far have opened.
  ///   - parts: into how many parts they fell.
  mutating func keepRoom(opened: Int, parts: Int) {
    guard mode == .packed, opened > 0 else { return }
    // As if every part had as many, or were to have.
    growPacked(for: opened * RowOrder.partCount / parts - opened)
  }

  /// The part of the table in which each code of a column is found, of ``RowOrder/partCount``. Any part does; near ones are sooner found.
  ///
  /// - `codes` is readable, `parts` writable for `count`. The table has one column.
  @unsafe
  func parts(_ codes: UnsafePointer<Int64>, _ parts: UnsafeMutablePointer<UInt8>, _ count: Int) {
    let base = layout.isRaw ? 1 : layout.fields[0].base
    let size = mode == .direct ? direct.count : slots.count
    let shift = UInt64(Swift.max(0, size.trailingZeroBitCount - RowOrder.partCount.trailingZeroBitCount))
    if mode == .direct {
      for row in 0..<count {
        let key = unsafe UInt64(bitPattern: codes[row] &- base) &+ 1
        unsafe parts[row] = UInt8(truncatingIfNeeded: key &>> shift)
      }
    } else {
      let (hash, mask) = (hash, UInt64(truncatingIfNeeded: size &- 1))
      for row in 0..<count {
        let key = unsafe UInt64(bitPattern: codes[row] &- base) &+ 1
        unsafe parts[row] = UInt8(truncatingIfNeeded: (hash(key) >> 32 & mask) &>> shift)
      }
    }
  }
}
