extension AggregationCore {
  /// Takes in a state that has been looked at for this one, as if its rows had come here. The ledger is the caller's.
  ///
  /// - Parameter memory: grows to what the state needs.
  mutating func merge(_ stored: borrowing StoredState, _ memory: inout Scratch) {
    for key in keyClasses.indices where keyClasses[key] == .none { keyClasses[key] = stored.keyClasses[key] }
    for i in classes.indices { settle(i, stored.classes[i]) }
    lateRows &+= stored.lateRows
    overflowRows &+= stored.overflowRows
    if let theirs = stored.watermark { watermark = Swift.max(watermark ?? theirs, theirs) }
    guard stored.count > 0 else { return }

    let limit = table.limit
    table.limit = GroupTable.maximumCount
    for key in strings.indices { strings[key].isFrozen = false }
    // The group of each state, behind a block of codes, masks and packed keys.
    let blockBytes = 8 * AggregationScratch.blockRows * (Swift.max(1, table.columnCount) + 2)
    memory.reserve(blockBytes + 4 * stored.count)
    let start = unsafe memory.start.unsafelyUnwrapped
    let groups = unsafe (start + blockBytes).assumingMemoryBound(to: UInt32.self)
    let isFirst = table.count == 0 && table.columnCount > 0
    unsafe resolve(stored, groups, start.assumingMemoryBound(to: Int64.self))
    if isFirst {
      for i in states.indices {
        let part = unsafe stored.parts[i]
        unsafe states[i].load(part.staged, part.bytes, count: stored.count)
      }
      growTimes()
    } else {
      growColumns()
    }
    let targets = unsafe UnsafeBufferPointer(start: UnsafePointer(groups), count: stored.count)
    if let times = stored.times {
      for i in targets.indices {
        let target = unsafe Int(targets[i])
        unsafe firstTimes[target] = Swift.min(firstTimes[target], times.first[unchecked: i])
        unsafe lastTimes[target] = Swift.max(lastTimes[target], times.last[unchecked: i])
      }
    }
    if let rows = stored.rowCounts {
      for i in targets.indices { unsafe rowCounts[Int(targets[i])] &+= UInt64(bitPattern: rows[unchecked: i]) }
    }
    for i in states.indices where !isFirst {
      let part = unsafe stored.parts[i]
      unsafe states[i].merge(part.staged, part.bytes, into: targets)
    }
    table.limit = isFrozen ? table.count : limit
    for key in strings.indices { strings[key].isFrozen = isFrozen }
  }

  /// The group of each state, opened where it is new.
  ///
  /// - `targets` has room for all, `codes` for a block of codes, masks and packed keys.
  @unsafe
  private mutating func resolve(
    _ stored: borrowing StoredState, _ targets: UnsafeMutablePointer<UInt32>, _ codes: UnsafeMutablePointer<Int64>
  ) {
    if table.count == 0 && table.columnCount > 0 {
      unsafe load(stored, codes)
      for i in 0..<stored.count { unsafe targets[i] = UInt32(truncatingIfNeeded: i) }
      return
    }
    let stride = AggregationScratch.blockRows
    let columns = Swift.max(1, table.columnCount)
    let masks = unsafe UnsafeMutableRawPointer(codes + columns * stride).assumingMemoryBound(to: UInt64.self)
    let packed = unsafe masks + stride
    var first = 0
    while first < stored.count {
      let count = Swift.min(stride, stored.count &- first)
      let hasNulls = unsafe encode(stored, first, count, codes, stride, masks, packed)
      unsafe table.resolve(
        codes, stride: stride, count: count, masks: hasNulls ? UnsafePointer(masks) : nil, keys: packed,
        groups: targets + first)
      first &+= count
    }
  }

  /// Codes of groups `first ..< first + count`, `stride` apart, and masks where there are nulls. `hashes` has room for `count`.
  @unsafe
  private mutating func encode(
    _ stored: borrowing StoredState, _ first: Int, _ count: Int, _ codes: UnsafeMutablePointer<Int64>, _ stride: Int,
    _ masks: UnsafeMutablePointer<UInt64>, _ hashes: UnsafeMutablePointer<UInt64>
  ) -> Bool {
    var hasNulls = false
    if let slices = stored.slices { unsafe slices.copy(from: first, count, to: codes) }
    for (key, column) in stored.keys.enumerated() {
      let codes = unsafe codes + (key + firstKey) * stride
      if unsafe column.nulls != nil {
        if !hasNulls { unsafe masks.update(repeating: 0, count: count) }
        hasNulls = true
        let bit = UInt64(1) << UInt64(key + firstKey)
        for row in 0..<count { unsafe masks[row] |= column.isNull(first &+ row) ? bit : 0 }
      }
      if stored.keyClasses[key] == .string {
        unsafe encodeStrings(key, column, first, count, codes, hashes)
      } else {
        unsafe column.codes.copy(from: first, count, to: codes)
      }
    }
    return hasNulls
  }

  @unsafe
  private mutating func encodeStrings(
    _ key: Int, _ column: StoredKey, _ first: Int, _ count: Int, _ codes: UnsafeMutablePointer<Int64>,
    _ hashes: UnsafeMutablePointer<UInt64>
  ) {
    unsafe column.offsets.withUnsafeBytes { offsets in
      var view = column.strings
      unsafe view.offsets = offsets.baseAddress
      guard unsafe column.nulls != nil else {
        return unsafe strings[key].numbers(
          view, first: first, count: count, valid: nil, validOffset: 0, codes: codes, hashes: hashes)
      }
      for row in 0..<count {
        unsafe codes[row] = 0
        if unsafe column.isNull(first &+ row) { continue }
        let (start, length) = view.bounds(first &+ row)
        let bytes = unsafe view.bytes.map { unsafe UnsafeRawPointer($0) } ?? UnsafeRawPointer(hashes)
        unsafe codes[row] = Int64(strings[key].number(bytes + start, length))
      }
    }
  }

  /// Opens the groups of a state where there are none yet: none of them is looked up.
  @unsafe
  private mutating func load(_ stored: borrowing StoredState, _ codes: UnsafeMutablePointer<Int64>) {
    let stride = AggregationScratch.blockRows
    table.reserve(stored.count)
    let end = unsafe UnsafeMutableRawPointer(codes + table.columnCount * stride)
    let masks = unsafe end.assumingMemoryBound(to: UInt64.self)
    var first = 0
    while first < stored.count {
      let count = Swift.min(stride, stored.count &- first)
      let hasNulls = unsafe encode(stored, first, count, codes, stride, masks, masks + stride)
      unsafe table.append(codes, stride: stride, count: count, masks: hasNulls ? UnsafePointer(masks) : nil)
      first &+= count
    }
    table.build()
  }
}
