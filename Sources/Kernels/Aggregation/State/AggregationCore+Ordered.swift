/// Batches of many rows and many groups, part by part of the table.
extension AggregationCore {
  /// Whether rows may be folded in another order, and their values gathered: one key of integers, no nulls among them, and no windows.
  func mayOrder(_ columns: UnsafeBufferPointer<InputColumn>, _ places: borrowing PlanColumns) -> Bool {
    guard slices == nil, plan.keys.count == 1, !isFrozen, !table.isFrugal, let place = places.keys.first,
      unsafe columns[place].validity == nil, unsafe columns[place].type.isInteger
    else { return false }
    for input in shared.inputs {
      guard let place = input.place, input.kind != .presence else { continue }
      if unsafe columns[place].type.valueClass == .other { return false }
    }
    return true
  }

  /// Whether as many groups as there are, or as the last rows let expect, lie beyond the caches.
  ///
  /// - Parameters:
  ///   - opened: how many groups the last `rows` rows opened.
  func wantsOrder(opened: Int, by rows: Int) -> Bool {
    let count = Swift.max(table.count, 1)
    let bytesPerGroup = byteCount / count
    if table.count * bytesPerGroup > 1 << 25 { return true }
    // Of K groups, as likely as each other, those that are not there yet are K - count: so many of the rows open one.
    let isNew = Double(opened) / Double(rows)
    return isNew > 0.9 || Double(count) / (1 - isNew) * Double(bytesPerGroup) > 0x1p25
  }

  /// Folds rows of a batch that is valid and ``mayOrder(_:_:)``. False, with nothing done, where there is no memory for it.
  ///
  /// - The columns hold `first + count` rows; `count` is at most ``RowOrder/limit``.
  @unsafe
  mutating func foldOrdered(
    _ columns: UnsafeBufferPointer<InputColumn>, _ places: borrowing PlanColumns, first: Int, count: Int,
    _ block: AggregationScratch.Block, _ order: inout RowOrder
  ) -> Bool {
    guard order.begin(count) else { return false }
    let stride = AggregationScratch.blockRows
    let key = unsafe columns[places.keys[0]]
    var (low, high) = (Int64.max, Int64.min)
    for start in Swift.stride(from: 0, to: count, by: stride) {
      let size = Swift.min(stride, count &- start)
      let codes = unsafe key.wide(first &+ start, size, block.values).assumingMemoryBound(to: Int64.self)
      for row in 0..<size {
        unsafe low = Swift.min(low, codes[row])
        unsafe high = Swift.max(high, codes[row])
      }
    }
    table.expect(rows: count, low: low, high: high)
    for start in Swift.stride(from: 0, to: count, by: stride) {
      let size = Swift.min(stride, count &- start)
      let codes = unsafe key.wide(first &+ start, size, block.values).assumingMemoryBound(to: Int64.self)
      unsafe table.parts(codes, order.parts(start), size)
      order.count(start, size)
    }
    order.end()
    let rows = unsafe order.rows
    let known = table.count
    for start in Swift.stride(from: 0, to: count, by: stride) {
      let size = Swift.min(stride, count &- start)
      let part = unsafe GatheredRows(rows: rows + start, count: size, ahead: count &- start, first: first)
      unsafe key.gather(part, into: UnsafeMutableRawPointer(block.codes))
      unsafe table.resolve(
        block.codes, stride: stride, count: size, masks: nil, keys: block.packed, groups: block.groups)
      let last = unsafe Int(order.parts(Int(rows[start &+ size &- 1])).pointee)
      table.keepRoom(opened: table.count &- known, parts: last &+ 1)
      growColumns()
      for input in shared.inputs {
        unsafe fold(input, input.place.map { unsafe columns[$0] }, part, block)
      }
    }
    return true
  }

  @unsafe
  private mutating func fold(
    _ input: SharedStates.Input, _ column: InputColumn?, _ part: GatheredRows, _ block: AggregationScratch.Block
  ) {
    var rows = unsafe AggregateBlock(
      groups: block.groups, values: UnsafeRawPointer(block.values), times: block.times, valid: nil, validOffset: 0,
      count: part.count, scratch: block.run)
    if let column {
      if let validity = unsafe column.validity {
        unsafe part.gather(validity, column.offset, into: block.valid)
        unsafe rows.valid = UnsafePointer(block.valid)
      }
      if input.kind != .presence {
        unsafe column.gather(part, into: block.values)
        if input.kind == .doubles { unsafe rows.values = doubles(column, block.values, part.count, block) }
      }
    }
    for state in input.states { states[state].fold(rows) }
  }

  /// Values as doubles, in place where they are that already.
  @unsafe
  func doubles(
    _ column: InputColumn, _ values: UnsafeRawPointer, _ count: Int, _ block: AggregationScratch.Block
  ) -> UnsafeRawPointer {
    if column.type.valueClass == .double { return unsafe values }
    let isSigned = column.type.valueClass == .int64
    let integers = unsafe values.assumingMemoryBound(to: Int64.self)
    for row in 0..<count {
      unsafe block.doubles[row] = isSigned ? Double(integers[row]) : Double(UInt64(bitPattern: integers[row]))
    }
    return unsafe UnsafeRawPointer(block.doubles)
  }
}

/// Rows of a batch that do not follow each other.
@safe
struct GatheredRows {
  /// Their numbers, from `first` on.
  let rows: UnsafePointer<UInt32>
  let count: Int
  /// How many rows may be read ahead.
  let ahead: Int
  let first: Int

  /// The bits of the rows, from bit 0 on.
  ///
  /// - `bits` has one for each row from bit `offset` on; `out` is writable for `count` bits.
  @unsafe
  func gather(_ bits: UnsafePointer<UInt8>, _ offset: Int, into out: UnsafeMutablePointer<UInt8>) {
    unsafe out.update(repeating: 0, count: (count + 7) / 8)
    for i in 0..<count where unsafe bits.bit(offset &+ first &+ Int(rows[i])) {
      unsafe out[i >> 3] |= 1 << UInt8(truncatingIfNeeded: i & 7)
    }
  }
}
