extension AggregationCore {
  /// Clears the bits of rows that are late, or in no window, and sets those of the others. False where all rows are live. Takes fewer rows
  /// where one may be connected to a session that those before it make.
  @unsafe
  mutating func markLate(
    _ slices: WindowSlices, _ first: Int, _ count: inout Int, _ block: AggregationScratch.Block, _ hasNulls: Bool,
    _ late: inout [Int]
  ) -> Bool {
    guard watermark != nil || slices.hasGaps else { return false }
    let watermark = watermark ?? .min
    let bound = slices.firstLive(watermark)
    var lowest = Int64.max
    if slices.isSession {
      for row in 0..<count { unsafe lowest = Swift.min(lowest, block.times[row]) }
      guard slices.isClosed(end: lowest + slices.width, watermark) else { return false }
    } else if !slices.hasGaps {
      for row in 0..<count { unsafe lowest = Swift.min(lowest, block.codes[row]) }
      guard lowest < bound else { return false }
    }
    unsafe block.live.update(repeating: 0, count: (count + 7) / 8)
    var live = 0
    for row in 0..<count {
      let slice = unsafe block.codes[row]
      var isLate: Bool
      if slices.isSession {
        isLate = unsafe slices.isClosed(end: block.times[row] + slices.width, watermark)
        if isLate {
          if live > 0 {
            count = row
            break
          }
          isLate = unsafe !isConnected(slices, row, block, hasNulls ? block.masks[row] : 0)
        }
      } else {
        if slices.hasGaps && slices.isInGap(slice) { continue }
        isLate = slice < bound
      }
      if isLate {
        lateRows &+= 1
        late.append(first + row)
      } else {
        unsafe block.live[row >> 3] |= 1 << UInt8(row & 7)
        live += 1
      }
    }
    return true
  }

  /// Whether a row is less than a gap from a session that is still open.
  @unsafe
  private mutating func isConnected(
    _ slices: WindowSlices, _ row: Int, _ block: AggregationScratch.Block, _ mask: UInt64
  ) -> Bool {
    let time = unsafe block.times[row]
    let codes = unsafe block.one
    for column in 0..<table.columnCount {
      unsafe codes[column] = block.codes[column * AggregationScratch.blockRows + row]
    }
    let slice = unsafe codes[0]
    for neighbour in slice - 1...slice + 1 {
      unsafe codes[0] = neighbour
      let group = unsafe table.lookUp(codes, mask: mask)
      guard group != GroupTable.refused, Int(group) < grown else { continue }
      if lastTimes[Int(group)] > time - slices.width && firstTimes[Int(group)] < time + slices.width { return true }
    }
    return false
  }

  /// Groups of the rows that are live; of the others group 0, which nothing looks at.
  @unsafe
  mutating func resolveLive(_ count: Int, _ block: AggregationScratch.Block, _ hasNulls: Bool) {
    let stride = AggregationScratch.blockRows
    var rows = 0
    for row in 0..<count where unsafe UnsafePointer(block.live).bit(row) {
      unsafe block.rows[rows] = UInt32(truncatingIfNeeded: row)
      rows += 1
    }
    for column in 0..<table.columnCount {
      let codes = unsafe block.codes + column * stride
      for i in 0..<rows { unsafe codes[i] = codes[Int(block.rows[i])] }
    }
    if hasNulls { for i in 0..<rows { unsafe block.masks[i] = block.masks[Int(block.rows[i])] } }
    unsafe table.resolve(
      block.codes, stride: stride, count: rows, masks: hasNulls ? block.masks : nil, keys: block.packed,
      groups: block.groups)
    if isFrozen { unsafe takeOverflow(rows, block) }
    // From the end, since a row never lies before its place among the live ones.
    var i = rows
    for row in (0..<count).reversed() {
      if i > 0, unsafe Int(block.rows[i - 1]) == row {
        i -= 1
        unsafe block.groups[row] = block.groups[i]
      } else {
        unsafe block.groups[row] = 0
      }
    }
  }

  /// Rows whose group could not be opened go to the group of null keys in their slice.
  @unsafe
  mutating func takeOverflow(_ count: Int, _ block: AggregationScratch.Block) {
    let keyMask = plan.keys.indices.reduce(UInt64(0)) { $0 | 1 << UInt64($1 + firstKey) }
    for row in 0..<count where unsafe block.groups[row] == GroupTable.refused {
      overflowRows &+= 1
      let kept = table.limit
      table.limit = GroupTable.maximumCount
      var (mask, key, group) = (keyMask, UInt64(0), UInt32(0))
      let codes = unsafe block.one
      unsafe codes.update(repeating: 0, count: table.columnCount)
      if slices != nil { unsafe codes[0] = block.codes[row] }
      unsafe withUnsafeMutablePointer(to: &mask) { mask in
        unsafe withUnsafeMutablePointer(to: &key) { key in
          unsafe withUnsafeMutablePointer(to: &group) { group in
            unsafe table.resolve(codes, stride: 1, count: 1, masks: mask, keys: key, groups: group)
          }
        }
      }
      table.limit = kept
      unsafe block.groups[row] = group
    }
  }
}
