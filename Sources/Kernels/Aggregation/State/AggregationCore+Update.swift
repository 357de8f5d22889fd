/// Columns that a plan needs, in this order: the time, the keys, the aggregates' columns; none twice.
struct PlanColumns: Sendable {
  var names: [String] = []
  var time: Int?
  var keys: [Int] = []
  /// nil for a count of rows.
  var aggregates: [Int?] = []

  init(_ plan: Aggregation) {
    time = plan.window.map { index(of: $0.time) }
    keys = plan.keys.map { index(of: $0) }
    aggregates = plan.aggregates.map { $0.column.map { index(of: $0) } }
  }

  private mutating func index(of name: String) -> Int {
    if let known = names.firstIndex(of: name) { return known }
    names.append(name)
    return names.count - 1
  }
}

extension AggregationCore {
  /// Throws what is wrong with a batch for this plan and state. Changes nothing.
  func validate(_ columns: UnsafeBufferPointer<InputColumn>, _ places: PlanColumns, rowCount: Int)
    throws(AggregationError)
  {
    if let time = places.time { try unsafe validateTime(columns[time], places.names[time], rowCount) }
    for (i, place) in places.keys.enumerated() {
      let column = unsafe columns[place]
      guard let keyClass = column.type.keyClass else {
        throw AggregationError(.invalidData, places.names[place], "\(column.type.name) cannot be a key")
      }
      guard keyClasses[i] == .none || column.isUntyped || keyClasses[i] == keyClass else {
        throw AggregationError(
          .invalidData, places.names[place], "was a key of \(keyClasses[i]) and comes as \(column.type.name)")
      }
      try column.validate(places.names[place], count: rowCount)
    }
    for (i, place) in places.aggregates.enumerated() {
      guard let place else { continue }
      let column = unsafe columns[place]
      let operation = plan.aggregates[i].operation
      guard operation.accepts(column.type) else {
        throw AggregationError(.invalidData, places.names[place], "\(operation.name) of \(column.type.name)")
      }
      let fixed = operation.fixedClass
      let mine = classes[shared.stateOf[i]]
      guard fixed != .none || mine == .none || column.isUntyped || mine == column.type.valueClass else {
        throw AggregationError(
          .invalidData, places.names[place], "was of \(mine) and comes as \(column.type.name)")
      }
      if operation == .approxDistinct { try column.validate(places.names[place], count: rowCount) }
    }
  }

  private func validateTime(_ column: InputColumn, _ name: String, _ rowCount: Int) throws(AggregationError) {
    guard let divisor = column.type.timeDivisor else {
      throw AggregationError(.invalidData, name, "\(column.type.name) cannot be a time")
    }
    if let validity = unsafe column.validity {
      for row in 0..<rowCount where unsafe !validity.bit(column.offset + row) {
        throw AggregationError(.invalidData, name, "a time is null", offset: row)
      }
    }
    guard divisor <= 1, rowCount > 0, let values = unsafe column.values else { return }
    let bound = divisor < 0 ? Aggregation.maximumMilliseconds / 1000 : Aggregation.maximumMilliseconds
    let start = unsafe values + column.offset * 8
    var isOutside = false
    for row in 0..<rowCount {
      let time = unsafe start.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self)
      isOutside = isOutside || UInt64(bitPattern: time &+ bound) > UInt64(2 * bound)
    }
    guard !isOutside else { throw AggregationError(.limitExceeded, name, "a time is more than 2^60 ms from 1970") }
  }

  /// The classes of keys and values of a batch that is valid.
  mutating func settle(_ columns: UnsafeBufferPointer<InputColumn>, _ places: PlanColumns) {
    for (i, place) in places.keys.enumerated() where keyClasses[i] == .none {
      if unsafe !columns[place].isUntyped { unsafe keyClasses[i] = columns[place].type.keyClass ?? .none }
    }
    for i in classes.indices where classes[i] == .none {
      let place = places.aggregates[shared.states[i].aggregates[0]]
      if let place, unsafe !columns[place].isUntyped { unsafe settle(i, columns[place].type.valueClass) }
    }
  }

  /// Folds rows of a batch that is valid.
  ///
  /// - The columns hold `first + count` rows; `count` is at most ``AggregationScratch/blockRows``.
  /// - Parameter late: gets the rows that were late.
  /// - Returns: how many rows were folded, one at least: whether a row is late for a session may rest on those before it, which must then
  ///   have been folded.
  @unsafe
  mutating func fold(
    _ columns: UnsafeBufferPointer<InputColumn>, _ places: borrowing PlanColumns, first: Int, count: Int,
    _ block: AggregationScratch.Block, _ dictionaries: inout [[Int64]], late: inout [Int]
  ) -> Int {
    var count = count
    let stride = AggregationScratch.blockRows
    var hasLate = false
    if let slices, let time = places.time {
      unsafe milliseconds(columns[time], first, count, block)
      unsafe slices.slices(block.times, block.codes, count)
    }
    if slices == nil, keyClasses.count == 1, let key = places.keys.first,
      unsafe resolveLoneDictionary(columns[key], first, count, block, &dictionaries[0])
    {
      unsafe foldAggregates(columns, places, first, count, block, hasLate: false)
      return count
    }
    let hasNulls = unsafe encode(columns, places, first, count, block, &dictionaries)
    if let slices { hasLate = unsafe markLate(slices, first, &count, block, hasNulls, &late) }

    if hasLate {
      unsafe resolveLive(count, block, hasNulls)
    } else {
      unsafe table.resolve(
        block.codes, stride: stride, count: count, masks: hasNulls ? block.masks : nil, keys: block.packed,
        groups: block.groups)
      if isFrozen { unsafe takeOverflow(count, block) }
    }
    unsafe foldAggregates(columns, places, first, count, block, hasLate: hasLate)
    return count
  }

  /// Folds rows whose groups are known; those that are not live are left out where some are late.
  @unsafe
  private mutating func foldAggregates(
    _ columns: UnsafeBufferPointer<InputColumn>, _ places: borrowing PlanColumns, _ first: Int, _ count: Int,
    _ block: AggregationScratch.Block, hasLate: Bool
  ) {
    growColumns()
    if slices?.isSession == true { unsafe foldTimes(count, block, hasLate) }
    if slices?.overlap == true { unsafe countRows(count, block, hasLate) }
    let runs = unsafe hasLate ? 0 : runs(count, block)
    for input in shared.inputs {
      let column = input.place.map { unsafe columns[$0] }
      let rows = unsafe rows(input.kind, column, first, count, block, hasLate)
      if runs > 0, input.kind == .presence || classes[input.states[0]] != .other {
        unsafe fold(input, rows, runs: runs, block)
      } else {
        for state in input.states { states[state].fold(rows) }
      }
    }
  }

  @unsafe
  private func milliseconds(_ column: InputColumn, _ first: Int, _ count: Int, _ block: AggregationScratch.Block) {
    let raw = unsafe column.wide(first, count, block.values).assumingMemoryBound(to: Int64.self)
    let times = unsafe block.times
    switch column.type {
    case .timestampMicroseconds:
      for i in 0..<count { unsafe times[i] = floorDivide(raw[i], 1_000) }
    case .timestampNanoseconds:
      for i in 0..<count { unsafe times[i] = floorDivide(raw[i], 1_000_000) }
    case .timestampSeconds:
      for i in 0..<count { unsafe times[i] = raw[i] &* 1_000 }
    default:
      unsafe times.update(from: raw, count: count)
    }
  }

  // MARK: - Aggregates

  @unsafe
  private mutating func foldTimes(_ count: Int, _ block: AggregationScratch.Block, _ hasLate: Bool) {
    unsafe firstTimes.withUnsafeMutableBufferPointer { firsts in
      unsafe lastTimes.withUnsafeMutableBufferPointer { lasts in
        for row in 0..<count {
          if hasLate, unsafe !UnsafePointer(block.live).bit(row) { continue }
          let group = unsafe Int(block.groups[row])
          let time = unsafe block.times[row]
          unsafe firsts[group] = Swift.min(firsts[group], time)
          unsafe lasts[group] = Swift.max(lasts[group], time)
        }
      }
    }
  }

  @unsafe
  private mutating func countRows(_ count: Int, _ block: AggregationScratch.Block, _ hasLate: Bool) {
    let live = unsafe hasLate ? UnsafePointer(block.live) : nil
    unsafe rowCounts.withUnsafeMutableBufferPointer { counts in
      unsafe forEachValid(count, live, 0) { row in unsafe counts[Int(block.groups[row])] &+= 1 }
    }
  }

  /// Rows as states take them.
  @unsafe
  private func rows(
    _ kind: SharedStates.Kind, _ column: InputColumn?, _ first: Int, _ count: Int, _ block: AggregationScratch.Block,
    _ hasLate: Bool
  ) -> AggregateBlock {
    var rows = unsafe AggregateBlock(
      groups: block.groups, values: UnsafeRawPointer(block.values), times: block.times,
      valid: hasLate ? UnsafePointer(block.live) : nil, validOffset: 0, count: count, scratch: block.run)
    if let column {
      if let validity = unsafe column.validity {
        let offset = column.offset &+ first
        if hasLate {
          unsafe block.valid.update(repeating: 0, count: (count + 7) / 8)
          for row in 0..<count where unsafe UnsafePointer(block.live).bit(row) && validity.bit(offset &+ row) {
            unsafe block.valid[row >> 3] |= 1 << UInt8(row & 7)
          }
          unsafe rows.valid = UnsafePointer(block.valid)
        } else {
          unsafe rows.valid = validity
          rows.validOffset = offset
        }
      }
      if kind == .presence {
        // Which values there are is all that counts.
      } else if column.type.valueClass == .other {
        unsafe coupons(column, first, count, rows.valid, rows.validOffset, block)
      } else {
        unsafe rows.values = column.wide(first, count, block.values)
        if kind == .doubles { unsafe rows.values = doubles(column, rows.values, count, block) }
      }
    }
    return rows
  }

  /// Coupons of strings, for what counts distinct ones.
  @unsafe
  private func coupons(
    _ column: InputColumn, _ first: Int, _ count: Int, _ valid: UnsafePointer<UInt8>?, _ validOffset: Int,
    _ block: AggregationScratch.Block
  ) {
    let coupons = unsafe block.doubles
    let out = unsafe UnsafeMutableRawPointer(coupons).assumingMemoryBound(to: UInt32.self)
    var isDictionary = false
    if case .dictionary = column.type { isDictionary = true }
    let codes = unsafe isDictionary ? column.wide(first, count, block.values).assumingMemoryBound(to: Int64.self) : nil
    for row in 0..<count {
      if let valid = unsafe valid, unsafe !valid.bit(validOffset &+ row) { continue }
      let index = unsafe codes.map { unsafe column.dictionaryOffset + Int($0[row]) } ?? column.offset + first + row
      let (start, length) = column.strings.bounds(index)
      let bytes = unsafe UnsafeRawBufferPointer(
        start: column.strings.bytes.map { unsafe UnsafeRawPointer($0) + start }, count: length)
      unsafe out[row] = HLLHash.coupon(of: bytes.bytes)
    }
    unsafe UnsafeMutableRawPointer(block.values).copyMemory(from: out, byteCount: count * 4)
  }
}
