/// Reads a snapshot, and believes nothing.
@safe
struct SnapshotReader {
  let bytes: UnsafeRawBufferPointer
  var position = 0

  /// - `bytes` is readable for its count, and outlives the reader.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  var left: Int { unsafe bytes.count - position }

  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type = T.self) throws(AggregationError) -> T {
    guard let value = unsafe bytes.readLittleEndian(T.self, at: &position) else { throw corrupt("it ends too early") }
    return value
  }

  mutating func take(_ count: Int) throws(AggregationError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= left else { throw corrupt("it ends too early") }
    defer { position += count }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  mutating func integers(_ count: Int) throws(AggregationError) -> [Int64] {
    guard count <= left / 8 else { throw corrupt("it ends too early") }
    let raw = try unsafe take(count * 8)
    return unsafe [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: raw)
      for i in 0..<count { unsafe buffer[i] = Int64(littleEndian: buffer[i]) }
      initialized = count
    }
  }

  func corrupt(_ message: String) -> AggregationError {
    AggregationError(.invalidData, "snapshot", message, offset: position)
  }
}

extension AggregationCore {
  /// A state from its bytes.
  ///
  /// - Throws: ``AggregationError/Code/invalidPlan`` for that of another plan, ``AggregationError/Code/invalidData`` for bytes that are none.
  /// - `bytes` is readable for its count.
  @unsafe
  init(_ plan: Aggregation, snapshot bytes: UnsafeRawBufferPointer) throws(AggregationError) {
    self.init(plan)
    var reader = unsafe SnapshotReader(bytes)
    guard bytes.count >= 12 else { throw reader.corrupt("it ends too early") }
    guard try reader.integer(UInt32.self) == SnapshotFormat.magic else { throw reader.corrupt("it is no snapshot") }
    guard try reader.integer(UInt16.self) == SnapshotFormat.version, try reader.integer(UInt16.self) == 0 else {
      throw reader.corrupt("it is of another version")
    }
    let body = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)])
    var end = unsafe SnapshotReader(bytes)
    end.position = bytes.count - 4
    guard try end.integer(UInt32.self) == (unsafe CRC32C.checksum(of: body)) else {
      throw reader.corrupt("its checksum is wrong")
    }
    var whole = unsafe SnapshotReader(body)
    whole.position = reader.position
    reader = whole
    let planBytes = try unsafe reader.take(Int(reader.integer(UInt32.self)))
    guard unsafe plan.canonicalBytes.elementsEqual(planBytes) else {
      throw AggregationError(.invalidPlan, "snapshot", "it is of another plan")
    }
    try readHead(&reader)
    let count = try reader.integer(UInt64.self)
    // Each key takes four bytes at least, a slice eight; without either there is one group.
    guard count <= UInt64(reader.left) || table.columnCount == 0 && count <= 1 else {
      throw reader.corrupt("it has fewer groups than it says")
    }
    guard count < UInt64(GroupTable.maximumCount), table.columnCount > 0 || count <= 1 else {
      throw reader.corrupt("it has too many groups")
    }
    try readGroups(&reader, Int(count))
    for i in aggregates.indices {
      let length = try reader.integer(UInt64.self)
      guard length <= UInt64(reader.left) else { throw reader.corrupt("it ends too early") }
      // Accumulators take memory by group: no more groups than bytes that describe them.
      guard classes[i] == .none ? length == 0 : length >= count else {
        throw reader.corrupt("an aggregate is too short")
      }
      aggregates[i].grow(to: Int(count))
      guard classes[i] != .none else { continue }
      let part = try unsafe reader.take(Int(length))
      var position = 0
      guard unsafe aggregates[i].read(count: Int(count), from: part, at: &position), position == part.count else {
        throw reader.corrupt("aggregate \(plan.aggregates[i].name) is no state")
      }
    }
    guard reader.left == 0 else { throw reader.corrupt("bytes follow its end") }
  }

  private mutating func readHead(_ reader: inout SnapshotReader) throws(AggregationError) {
    let hasWatermark = try reader.integer(UInt8.self)
    let mark = try reader.integer(Int64.self)
    guard hasWatermark <= 1, hasWatermark == 1 || mark == 0 else { throw reader.corrupt("its watermark is none") }
    watermark = hasWatermark == 1 ? mark : nil
    lateRows = try reader.integer()
    overflowRows = try reader.integer()
    for key in keyClasses.indices {
      guard let keyClass = KeyClass(rawValue: try reader.integer()) else {
        throw reader.corrupt("a key's class is none")
      }
      keyClasses[key] = keyClass
    }
    for i in classes.indices {
      guard let valueClass = ValueClass(rawValue: try reader.integer()) else {
        throw reader.corrupt("a value's class is none")
      }
      let fixed = plan.aggregates[i].operation.fixedClass
      let isAllowed =
        fixed == .none
        ? valueClass != .other || plan.aggregates[i].operation == .approxDistinct : valueClass == fixed
      guard isAllowed else { throw reader.corrupt("a value's class does not fit its aggregate") }
      settle(i, valueClass)
    }
    for _ in 0..<(try reader.integer(UInt32.self)) {
      let name = try unsafe Array(reader.take(Int(reader.integer(UInt32.self))))
      if let last = ledger.shards.last, !last.name.lexicographicallyPrecedes(name) {
        throw reader.corrupt("its shards are not in order")
      }
      var ranges: [SequenceLedger.Range] = []
      for _ in 0..<(try reader.integer(UInt32.self)) {
        let range = SequenceLedger.Range(first: try reader.integer(), last: try reader.integer())
        guard range.first <= range.last, ranges.last.map({ $0.last < range.first && range.first - $0.last > 1 }) ?? true
        else { throw reader.corrupt("its ranges are not in order") }
        ranges.append(range)
      }
      guard !ranges.isEmpty else { throw reader.corrupt("a shard has no ranges") }
      ledger.shards.append(SequenceLedger.Shard(name: name, ranges: ranges))
    }
  }

  private mutating func readGroups(_ reader: inout SnapshotReader, _ count: Int) throws(AggregationError) {
    var columns: [[Int64]] = []
    var masks: [UInt64] = []
    if let slices {
      columns.append(try reader.integers(count))
      let bound = Aggregation.maximumMilliseconds / slices.width + 1
      guard columns[0].allSatisfy({ -bound <= $0 && $0 <= bound }) else {
        throw reader.corrupt("a slice is out of range")
      }
      if slices.isSession {
        firstTimes = try reader.integers(count)
        lastTimes = try reader.integers(count)
        for group in 0..<count {
          guard firstTimes[group] <= lastTimes[group],
            floorDivide(firstTimes[group], slices.width) == columns[0][group],
            floorDivide(lastTimes[group], slices.width) == columns[0][group]
          else { throw reader.corrupt("a session is not in its slice") }
        }
      }
      if slices.overlap {
        rowCounts = try reader.integers(count).map { UInt64(bitPattern: $0) }
        guard !rowCounts.contains(0) else { throw reader.corrupt("a group has no rows") }
      }
    }
    for key in plan.keys.indices {
      let hasNulls = try reader.integer(UInt8.self)
      guard hasNulls <= 1 else { throw reader.corrupt("nulls are neither there nor not") }
      if hasNulls == 1 {
        let bits = try unsafe reader.take((count + 7) / 8)
        guard unsafe bits.contains(where: { $0 != 0 }),
          unsafe count & 7 == 0 || bits[count >> 3] >> UInt8(count & 7) == 0
        else { throw reader.corrupt("its nulls are not in order") }
        if masks.isEmpty { masks = Array(repeating: 0, count: count) }
        for group in 0..<count where unsafe bits[group >> 3] >> UInt8(group & 7) & 1 != 0 {
          masks[group] |= 1 << UInt64(key + firstKey)
        }
      }
      if keyClasses[key] == .string {
        columns.append(try readStrings(&reader, key, count, masks))
      } else {
        columns.append(try reader.integers(count))
        for group in 0..<count where !masks.isEmpty && masks[group] >> UInt64(key + firstKey) & 1 != 0 {
          guard columns[columns.count - 1][group] == 0 else { throw reader.corrupt("a null key has a value") }
        }
        if keyClasses[key] == .none,
          !(0..<count).allSatisfy({ !masks.isEmpty && masks[$0] >> UInt64(key + firstKey) & 1 != 0 })
        {
          throw reader.corrupt("a key has no class")
        }
        if keyClasses[key] == .bool, !columns[columns.count - 1].allSatisfy({ $0 == 0 || $0 == 1 }) {
          throw reader.corrupt("a boolean is neither")
        }
      }
    }
    open(columns, masks, count)
    guard table.count == count else { throw reader.corrupt("a group is there twice") }
    guard groupsAscend else { throw reader.corrupt("its groups are not in order") }
    grown = count
  }

  private mutating func readStrings(
    _ reader: inout SnapshotReader, _ key: Int, _ count: Int, _ masks: [UInt64]
  ) throws(AggregationError) -> [Int64] {
    let lengths = try unsafe reader.take(count * 4)
    var codes: [Int64] = []
    codes.reserveCapacity(count)
    var at = 0
    for group in 0..<count {
      let isNull = !masks.isEmpty && masks[group] >> UInt64(key + firstKey) & 1 != 0
      let length = unsafe Int(lengths.readLittleEndian(UInt32.self, at: &at) ?? 0)
      if isNull {
        guard length == 0 else { throw reader.corrupt("a null key has bytes") }
        codes.append(0)
        continue
      }
      let bytes = try unsafe reader.take(length)
      guard
        unsafe isUTF8(UnsafeBufferPointer(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: length))
      else { throw reader.corrupt("a key is not UTF-8") }
      let start = unsafe bytes.baseAddress ?? reader.bytes.baseAddress.unsafelyUnwrapped
      unsafe codes.append(Int64(strings[key].number(start, length)))
    }
    return codes
  }

  /// Opens groups whose codes are these.
  private mutating func open(_ columns: [[Int64]], _ masks: [UInt64], _ count: Int) {
    let stride = AggregationScratch.blockRows
    var codes = [Int64](repeating: 0, count: stride * Swift.max(1, columns.count))
    var packed = [UInt64](repeating: 0, count: stride)
    var groups = [UInt32](repeating: 0, count: stride)
    var first = 0
    while first < count {
      let rows = Swift.min(stride, count - first)
      for column in columns.indices {
        for row in 0..<rows { codes[column * stride + row] = columns[column][first + row] }
      }
      unsafe codes.withUnsafeBufferPointer { codes in
        unsafe masks.withUnsafeBufferPointer { masks in
          unsafe packed.withUnsafeMutableBufferPointer { packed in
            unsafe groups.withUnsafeMutableBufferPointer { groups in
              unsafe table.resolve(
                codes.baseAddress.unsafelyUnwrapped, stride: stride, count: rows,
                masks: masks.isEmpty ? nil : masks.baseAddress.unsafelyUnwrapped + first,
                keys: packed.baseAddress.unsafelyUnwrapped, groups: groups.baseAddress.unsafelyUnwrapped)
            }
          }
        }
      }
      first += rows
    }
  }
}
