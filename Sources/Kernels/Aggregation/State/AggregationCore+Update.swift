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
      guard fixed != .none || classes[i] == .none || column.isUntyped || classes[i] == column.type.valueClass else {
        throw AggregationError(
          .invalidData, places.names[place], "was of \(classes[i]) and comes as \(column.type.name)")
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
    for (i, place) in places.aggregates.enumerated() where classes[i] == .none {
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
    growColumns()
    if slices?.isSession == true { unsafe foldTimes(count, block, hasLate) }
    if slices?.overlap == true { unsafe countRows(count, block, hasLate) }
    for i in aggregates.indices {
      let place = places.aggregates[i]
      unsafe fold(i, place.map { unsafe columns[$0] }, first, count, block, hasLate)
    }
    return count
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

  // MARK: - Keys

  /// The codes of the block's keys.
  @unsafe
  private mutating func encode(
    _ columns: UnsafeBufferPointer<InputColumn>, _ places: borrowing PlanColumns, _ first: Int, _ count: Int,
    _ block: AggregationScratch.Block, _ dictionaries: inout [[Int64]]
  ) -> Bool {
    var hasNulls = false
    for key in keyClasses.indices {
      let column = unsafe columns[places.keys[key]]
      let index = key + firstKey
      let codes = unsafe block.codes + index * AggregationScratch.blockRows
      switch column.type {
      case .utf8, .largeUTF8:
        unsafe strings[key].numbers(
          column.strings, first: column.offset + first, count: count, valid: column.validity,
          validOffset: column.offset + first, codes: codes, hashes: block.hashes)
      case .dictionary:
        unsafe encodeDictionary(key, column, first, count, codes, block, &dictionaries[key], &hasNulls)
      default:
        let wide = unsafe column.wide(first, count, block.values).assumingMemoryBound(to: Int64.self)
        unsafe codes.update(from: wide, count: count)
      }
      if let validity = unsafe column.validity {
        for row in 0..<count where unsafe !validity.bit(column.offset &+ first &+ row) {
          unsafe setNull(index, row, count, codes, block, &hasNulls)
        }
      }
    }
    return hasNulls
  }

  @inline(__always)
  @unsafe
  private func setNull(
    _ index: Int, _ row: Int, _ count: Int, _ codes: UnsafeMutablePointer<Int64>, _ block: AggregationScratch.Block,
    _ hasNulls: inout Bool
  ) {
    if !hasNulls {
      unsafe block.masks.update(repeating: 0, count: count)
      hasNulls = true
    }
    unsafe codes[row] = 0
    unsafe block.masks[row] |= 1 << UInt64(index)
  }

  @unsafe
  private mutating func encodeDictionary(
    _ key: Int, _ column: InputColumn, _ first: Int, _ count: Int, _ codes: UnsafeMutablePointer<Int64>,
    _ block: AggregationScratch.Block, _ numbers: inout [Int64], _ hasNulls: inout Bool
  ) {
    let raw = unsafe column.wide(first, count, block.values).assumingMemoryBound(to: Int64.self)
    if first == 0 || numbers.count != column.dictionaryCount {
      numbers.removeAll(keepingCapacity: true)
      numbers.append(contentsOf: repeatElement(-1, count: column.dictionaryCount))
    }
    var missing = false
    unsafe numbers.withUnsafeBufferPointer { numbers in
      if unsafe column.validity == nil {
        for row in 0..<count {
          let code = unsafe numbers[Int(raw[row])]
          unsafe codes[row] = code
          missing = missing || code < 0
        }
      } else {
        for row in 0..<count {
          // Under a null any code may stand.
          guard column.isValid(first &+ row) else {
            unsafe codes[row] = 0
            continue
          }
          let code = unsafe numbers[Int(raw[row])]
          unsafe codes[row] = code
          missing = missing || code < 0
        }
      }
    }
    guard missing else { return }
    for row in 0..<count where unsafe codes[row] < 0 {
      let code = unsafe Int(raw[row])
      if let validity = unsafe column.dictionaryValidity, unsafe !validity.bit(column.dictionaryOffset + code) {
        unsafe setNull(key + firstKey, row, count, codes, block, &hasNulls)
        continue
      }
      if numbers[code] < 0 {
        let (start, length) = column.strings.bounds(column.dictionaryOffset + code)
        let bytes =
          unsafe column.strings.bytes.map { unsafe UnsafeRawPointer($0) + start } ?? UnsafeRawPointer(block.values)
        unsafe numbers[code] = Int64(strings[key].number(bytes, length))
      }
      unsafe codes[row] = numbers[code]
    }
  }

  // MARK: - Late rows

  /// Clears the bits of rows that are late, or in no window, and sets those of the others. False where all rows are live. Takes fewer rows
  /// where one may be connected to a session that those before it make.
  @unsafe
  private mutating func markLate(
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
    let count = table.columnCount
    return unsafe withUnsafeTemporaryAllocation(of: Int64.self, capacity: count) { codes in
      let start = unsafe codes.baseAddress.unsafelyUnwrapped
      for column in 0..<count { unsafe start[column] = block.codes[column * AggregationScratch.blockRows + row] }
      let slice = unsafe start[0]
      for neighbour in slice - 1...slice + 1 {
        unsafe start[0] = neighbour
        let group = unsafe table.lookUp(start, mask: mask)
        guard group != GroupTable.refused, Int(group) < grown else { continue }
        if lastTimes[Int(group)] > time - slices.width && firstTimes[Int(group)] < time + slices.width { return true }
      }
      return false
    }
  }

  /// Groups of the rows that are live; of the others group 0, which nothing looks at.
  @unsafe
  private mutating func resolveLive(_ count: Int, _ block: AggregationScratch.Block, _ hasNulls: Bool) {
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
  private mutating func takeOverflow(_ count: Int, _ block: AggregationScratch.Block) {
    let keyMask = plan.keys.indices.reduce(UInt64(0)) { $0 | 1 << UInt64($1 + firstKey) }
    for row in 0..<count where unsafe block.groups[row] == GroupTable.refused {
      overflowRows &+= 1
      let kept = table.limit
      table.limit = GroupTable.maximumCount
      var (mask, key, group) = (keyMask, UInt64(0), UInt32(0))
      unsafe withUnsafeTemporaryAllocation(of: Int64.self, capacity: table.columnCount) { codes in
        unsafe codes.update(repeating: 0)
        if slices != nil { unsafe codes[0] = block.codes[row] }
        unsafe withUnsafeMutablePointer(to: &mask) { mask in
          unsafe withUnsafeMutablePointer(to: &key) { key in
            unsafe withUnsafeMutablePointer(to: &group) { group in
              unsafe table.resolve(
                codes.baseAddress.unsafelyUnwrapped, stride: 1, count: 1, masks: mask, keys: key, groups: group)
            }
          }
        }
      }
      table.limit = kept
      unsafe block.groups[row] = group
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

  @unsafe
  private mutating func fold(
    _ aggregate: Int, _ column: InputColumn?, _ first: Int, _ count: Int, _ block: AggregationScratch.Block,
    _ hasLate: Bool
  ) {
    var rows = unsafe AggregateBlock(
      groups: block.groups, values: UnsafeRawPointer(block.values), times: block.times,
      valid: hasLate ? UnsafePointer(block.live) : nil, validOffset: 0, count: count)
    let operation = plan.aggregates[aggregate].operation
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
      if operation == .count {
        // Which values there are is all that counts.
      } else if column.type.valueClass == .other {
        unsafe coupons(column, first, count, rows.valid, rows.validOffset, block)
      } else {
        unsafe rows.values = column.wide(first, count, block.values)
        if operation.takesDoubles && column.type.valueClass != .double {
          let isSigned = column.type.valueClass == .int64
          let integers = unsafe rows.values.assumingMemoryBound(to: Int64.self)
          for row in 0..<count {
            unsafe block.doubles[row] = isSigned ? Double(integers[row]) : Double(UInt64(bitPattern: integers[row]))
          }
          unsafe rows.values = UnsafeRawPointer(block.doubles)
        }
      }
    }
    aggregates[aggregate].fold(rows)
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
