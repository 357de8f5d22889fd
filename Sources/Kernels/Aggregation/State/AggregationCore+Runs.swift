/// Blocks whose rows are of one group, or of a few that follow each other: no keys, or sorted ones.
extension AggregationCore {
  /// Into how many runs of equal groups a block falls, and where each starts into the block's rows; 0 where they are not long.
  @unsafe
  func runs(_ count: Int, _ block: AggregationScratch.Block) -> Int {
    let groups = unsafe block.groups
    if table.columnCount == 0 {
      unsafe block.rows[0] = 0
      return 1
    }
    let limit = count >> 7
    if limit == 0 { return 0 }
    // What is not sorted mostly shows it at once.
    if unsafe changes(groups, 64) > limit || changes(groups, count) > limit { return 0 }
    var runs = 1
    unsafe block.rows[0] = 0
    for row in 1..<count where unsafe groups[row] != groups[row &- 1] {
      unsafe block.rows[runs] = UInt32(truncatingIfNeeded: row)
      runs &+= 1
    }
    return runs
  }

  /// - `groups` is readable for `count`.
  @unsafe
  private func changes(_ groups: UnsafePointer<UInt32>, _ count: Int) -> Int {
    let bytes = unsafe UnsafeRawPointer(groups)
    var lanes = SIMD8<UInt32>.zero
    var row = 1
    while row &+ 8 <= count {
      let these = unsafe bytes.loadUnaligned(fromByteOffset: 4 &* row, as: SIMD8<UInt32>.self)
      let those = unsafe bytes.loadUnaligned(fromByteOffset: 4 &* row &- 4, as: SIMD8<UInt32>.self)
      lanes &+= SIMD8.zero.replacing(with: 1, where: these .!= those)
      row &+= 8
    }
    var changes = Int(lanes.wrappedSum())
    while row < count {
      unsafe changes &+= groups[row] != groups[row &- 1] ? 1 : 0
      row &+= 1
    }
    return changes
  }

  /// Folds a block whose runs ``runs(_:_:)`` has found.
  @unsafe
  mutating func fold(
    _ input: SharedStates.Input, _ rows: AggregateBlock, runs: Int, _ block: AggregationScratch.Block
  ) {
    let valueClass = input.kind == .doubles ? .double : classes[input.states[0]]
    for run in 0..<runs {
      let start = unsafe Int(block.rows[run])
      let end = unsafe run + 1 < runs ? Int(block.rows[run + 1]) : rows.count
      var part = rows
      unsafe part.groups = rows.groups + start
      unsafe part.values = rows.values + 8 * start
      unsafe part.times = rows.times + start
      part.validOffset += start
      part.count = end - start
      if unsafe part.valid != nil && input.kind != .presence {
        unsafe gatherValid(&part, block)
        if part.count == 0 { continue }
      }
      if input.wantsRuns { unsafe reduce(&part, valueClass) }
      for state in input.states { states[state].foldRun(part) }
    }
  }

  /// What the states of a run's values have in common.
  @unsafe
  private func reduce(_ part: inout AggregateBlock, _ valueClass: ValueClass) {
    switch valueClass {
    case .double: unsafe part.run = GroupRun(part.typed(), part.count, scratch: part.scratch)
    case .int64: unsafe part.integers = IntegerRun(part.typed(Int64.self), part.count)
    case .uint64: unsafe part.integers = IntegerRun(part.typed(UInt64.self), part.count)
    case .none, .other: break
    }
  }

  /// Values and times that are not null, one after the other. Keys and hashes of the block are not needed any more.
  @unsafe
  private func gatherValid(_ part: inout AggregateBlock, _ block: AggregationScratch.Block) {
    let values: UnsafePointer<UInt64> = unsafe part.typed()
    var kept = 0
    unsafe forEachValid(part.count, part.valid, part.validOffset) { row in
      unsafe block.packed[kept] = values[row]
      unsafe block.hashes[kept] = UInt64(bitPattern: part.times[row])
      kept &+= 1
    }
    unsafe part.values = UnsafeRawPointer(block.packed)
    unsafe part.times = UnsafeRawPointer(block.hashes).assumingMemoryBound(to: Int64.self)
    (unsafe part.valid, part.validOffset, part.count) = (nil, 0, kept)
  }
}
