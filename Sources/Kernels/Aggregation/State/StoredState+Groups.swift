#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension StoredState {
  /// Where slices and keys lie, once they have been looked at.
  mutating func readGroups(
    _ reader: inout SnapshotReader, _ core: borrowing AggregationCore
  ) throws(AggregationError) {
    if let slices = core.slices { try readSlices(&reader, slices) }
    keys.reserveCapacity(keyClasses.count)
    for keyClass in keyClasses {
      var key = StoredKey()
      let hasNulls = try reader.integer(UInt8.self)
      guard hasNulls <= 1 else { throw reader.corrupt("nulls are neither there nor not") }
      if hasNulls == 1 {
        let bits = try unsafe reader.take((count + 7) / 8)
        guard unsafe bits.contains(where: { $0 != 0 }),
          unsafe count & 7 == 0 || bits[count >> 3] >> UInt8(count & 7) == 0
        else { throw reader.corrupt("its bits of nulls are not canonical") }
        unsafe key.nulls = bits.baseAddress?.assumingMemoryBound(to: UInt8.self)
      }
      if keyClass == .string {
        try readStrings(&reader, &key)
      } else {
        key.codes = try reader.integers(count)
        try check(key, keyClass, reader)
      }
      keys.append(key)
    }
    guard isAscending else { throw reader.corrupt("its groups are not in order, or one is there twice") }
  }

  private mutating func readSlices(
    _ reader: inout SnapshotReader, _ windows: WindowSlices
  ) throws(AggregationError) {
    let slices = try reader.integers(count)
    let bound = Aggregation.maximumMilliseconds / windows.width + 1
    var isOutside = false
    for group in 0..<count {
      let slice = unsafe slices[unchecked: group]
      isOutside = isOutside || slice < -bound || slice > bound
    }
    guard !isOutside else { throw reader.corrupt("a slice is out of range") }
    self.slices = slices
    if windows.overlap {
      let live = watermark.map(windows.firstLive) ?? .min
      for group in 0..<count where unsafe slices[unchecked: group] < live {
        throw reader.corrupt("a group is of windows that are closed")
      }
      let rows = try reader.integers(count)
      for group in 0..<count where unsafe rows[unchecked: group] == 0 { throw reader.corrupt("a group has no rows") }
      rowCounts = rows
    }
    guard windows.isSession else { return }
    let (first, last) = (try reader.integers(count), try reader.integers(count))
    for group in 0..<count {
      let (from, to) = unsafe (first[unchecked: group], last[unchecked: group])
      guard from <= to, unsafe floorDivide(from, windows.width) == slices[unchecked: group],
        unsafe floorDivide(to, windows.width) == slices[unchecked: group]
      else { throw reader.corrupt("a session is not in its slice") }
    }
    times = (first, last)
  }

  private func check(_ key: StoredKey, _ keyClass: KeyClass, _ reader: SnapshotReader) throws(AggregationError) {
    if unsafe key.nulls != nil || keyClass == .none {
      for group in 0..<count {
        let isNull = unsafe key.isNull(group)
        guard unsafe !isNull || key.codes[unchecked: group] == 0 else { throw reader.corrupt("a null key has a value") }
        guard isNull || keyClass != .none else { throw reader.corrupt("a key has no class") }
      }
    }
    if keyClass == .bool {
      for group in 0..<count where unsafe key.codes[unchecked: group] & ~1 != 0 {
        throw reader.corrupt("a boolean is neither")
      }
    }
  }

  private func readStrings(_ reader: inout SnapshotReader, _ key: inout StoredKey) throws(AggregationError) {
    guard count <= reader.left / 4 else { throw reader.corrupt("it ends too early") }
    let lengths = try unsafe reader.take(count * 4)
    key.offsets.reserveCapacity(count + 1)
    var end: Int64 = 0
    key.offsets.append(end)
    for group in 0..<count {
      let length = unsafe lengths.littleEndian(UInt32.self, at: 4 &* group)
      guard unsafe length == 0 || !key.isNull(group) else { throw reader.corrupt("a null key has bytes") }
      end &+= Int64(length)
      key.offsets.append(end)
    }
    let bytes = try unsafe reader.take(Int(end))
    unsafe key.strings.bytes = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    var isWrong = false
    if let start = unsafe key.strings.bytes, unsafe !isASCII(start, bytes.count) {
      for group in 0..<count {
        let (from, length) = (Int(key.offsets[group]), Int(key.offsets[group + 1] - key.offsets[group]))
        isWrong = unsafe isWrong || !isUTF8(UnsafeBufferPointer(start: start + from, count: length))
      }
    }
    guard !isWrong else { throw reader.corrupt("a key is not UTF-8") }
  }

  // MARK: - Order

  /// Whether each group comes before the next in the canonical order, so that none is there twice.
  private var isAscending: Bool {
    if count < 2 { return true }
    if slices == nil, keys.count == 1, keyClasses[0] != .string, unsafe keys[0].nulls == nil {
      let flip: Int64 = keyClasses[0] == .uint64 ? .min : 0
      let codes = keys[0].codes
      // Below 0 where one does not rise; and where one is so large that a difference of two could overflow.
      var (falls, large): (Int64, Int64) = (0, 0)
      for group in 1..<count {
        let (before, code) = unsafe (codes[unchecked: group &- 1] ^ flip, codes[unchecked: group] ^ flip)
        falls |= code &- before &- 1
        large |= (before ^ before &<< 1) | (code ^ code &<< 1)
      }
      if large >= 0 { return falls >= 0 }
      for group in 1..<count where unsafe codes[unchecked: group &- 1] ^ flip >= codes[unchecked: group] ^ flip {
        return false
      }
      return true
    }
    for group in 1..<count where !isLess(group - 1, group) { return false }
    return true
  }

  private func isLess(_ a: Int, _ b: Int) -> Bool {
    if let slices {
      let (first, second) = unsafe (slices[unchecked: a], slices[unchecked: b])
      if first != second { return first < second }
    }
    for key in keys.indices {
      let order = compare(key, a, b)
      if order != 0 { return order < 0 }
    }
    return false
  }

  private func compare(_ index: Int, _ a: Int, _ b: Int) -> Int {
    let key = keys[index]
    let nulls = unsafe (key.isNull(a), key.isNull(b))
    if nulls.0 || nulls.1 { return (nulls.0 ? 1 : 0) - (nulls.1 ? 1 : 0) }
    if keyClasses[index] == .string {
      let (from, to) = (Int(key.offsets[a]), Int(key.offsets[b]))
      let (first, second) = (Int(key.offsets[a + 1]) - from, Int(key.offsets[b + 1]) - to)
      if first > 0, second > 0, let bytes = unsafe key.strings.bytes {
        let order = unsafe memcmp(bytes + from, bytes + to, Swift.min(first, second))
        if order != 0 { return Int(order) }
      }
      return first - second
    }
    let flip: Int64 = keyClasses[index] == .uint64 ? .min : 0
    let (first, second) = unsafe (key.codes[unchecked: a] ^ flip, key.codes[unchecked: b] ^ flip)
    return first < second ? -1 : first == second ? 0 : 1
  }
}
