/// The canonical order of groups: by slice, where there is one, then by the keys in turn; numbers by value, false before true, strings by
/// their bytes, nulls last.
struct GroupOrder {
  /// Rank of each group of the list in each column, so that comparing ranks compares groups.
  private var ranks: [[UInt64]] = []
  /// Bits of each column's ranks.
  private var widths: [Int] = []
  private let groups: [UInt32]

  /// - Parameter columns: of the table, in the order in which they count.
  init(_ core: borrowing AggregationCore, _ groups: [UInt32], columns: [Int]) {
    self.groups = groups
    for column in columns {
      let key = column - core.firstKey
      var rank: [UInt64]
      if key >= 0 && core.keyClasses[key] == .string {
        rank = Self.stringRanks(core, groups, column, core.strings[key])
      } else {
        let isUnsigned = key >= 0 && core.keyClasses[key] == .uint64
        rank = Self.ranks(core.table.codes[column], groups, flip: isUnsigned ? 0 : 1 << 63)
      }
      var (low, high) = (UInt64.max, UInt64.min)
      var hasNull = false
      if core.table.nulls.isEmpty {
        for value in rank {
          low = Swift.min(low, value)
          high = Swift.max(high, value)
        }
      } else {
        for i in groups.indices {
          if core.table.isNull(column, Int(groups[i])) {
            hasNull = true
          } else {
            low = Swift.min(low, rank[i])
            high = Swift.max(high, rank[i])
          }
        }
      }
      if low > high { (low, high) = (0, 0) }
      // A null comes after the highest; where that has no room, ranks stay what they are and the null gets a column of its own.
      if hasNull && high - low == .max {
        ranks.append(groups.map { core.table.isNull(column, Int($0)) ? 1 : 0 })
        widths.append(1)
        hasNull = false
      }
      if core.table.nulls.isEmpty {
        for i in rank.indices { rank[i] &-= low }
      } else {
        for i in groups.indices {
          let isNull = core.table.isNull(column, Int(groups[i]))
          rank[i] = isNull ? (hasNull ? high - low + 1 : 0) : rank[i] - low
        }
      }
      let top = hasNull ? high - low + 1 : high - low
      ranks.append(rank)
      widths.append(64 - top.leadingZeroBitCount)
    }
  }

  /// Groups of the whole table in their order, where that is plain to see: one column of integers without nulls, whose codes rise already or
  /// whose groups stand in an array. nil else.
  static func plain(_ core: borrowing AggregationCore) -> [UInt32]? {
    let table = core.table
    guard table.columnCount == 1, table.nulls.isEmpty, table.isLaid || table.count == 0 else { return nil }
    let isKey = core.firstKey == 0
    if isKey && core.keyClasses[0] == .string { return nil }
    // Numbers above 2^63 have codes below 0.
    if isKey && core.keyClasses[0] == .uint64 && table.codes[0].contains(where: { $0 < 0 }) { return nil }
    if isRising(table.codes[0]) { return Array(0..<UInt32(truncatingIfNeeded: table.count)) }
    guard table.mode == .direct, table.direct.count <= 16 * table.count else { return nil }
    // Each is written whether it counts or not, and overwritten where not: one more than there are.
    return unsafe [UInt32](unsafeUninitializedCapacity: table.count + 1) { groups, initialized in
      let out = unsafe groups.baseAddress.unsafelyUnwrapped
      var place = 0
      unsafe table.direct.withUnsafeBufferPointer { direct in
        for i in direct.indices {
          let group = unsafe direct[i]
          unsafe out[place] = group
          place &+= group == GroupTable.refused ? 0 : 1
        }
      }
      initialized = place
    }
  }

  private static func isRising(_ codes: [Int64]) -> Bool {
    unsafe codes.withUnsafeBufferPointer { codes in
      var first = 1
      while first < codes.count {
        let end = Swift.min(first + 1024, codes.count)
        var rises = true
        for i in first..<end { rises = unsafe rises && codes[i &- 1] < codes[i] }
        if !rises { return false }
        first = end
      }
      return true
    }
  }

  private static func ranks(_ codes: [Int64], _ groups: [UInt32], flip: UInt64) -> [UInt64] {
    unsafe [UInt64](unsafeUninitializedCapacity: groups.count) { ranks, initialized in
      unsafe codes.withUnsafeBufferPointer { codes in
        unsafe groups.withUnsafeBufferPointer { groups in
          for i in groups.indices { unsafe ranks[i] = UInt64(bitPattern: codes[Int(groups[i])]) ^ flip }
        }
      }
      initialized = groups.count
    }
  }

  private static func stringRanks(
    _ core: borrowing AggregationCore, _ groups: [UInt32], _ column: Int, _ strings: StringTable
  ) -> [UInt64] {
    var isUsed = [Bool](repeating: false, count: strings.count)
    for group in groups where !core.table.isNull(column, Int(group)) {
      isUsed[Int(core.table.codes[column][Int(group)])] = true
    }
    // By the first eight bytes, big-endian; only where those are equal by all of them.
    var used: [(UInt64, Int)] = []
    for number in isUsed.indices where isUsed[number] { used.append((strings.prefix(number), number)) }
    used.sort { $0.0 != $1.0 ? $0.0 < $1.0 : strings.isLess($0.1, $1.1) }
    var rankOf = [UInt64](repeating: 0, count: strings.count)
    for (rank, entry) in used.enumerated() { rankOf[entry.1] = UInt64(rank) }
    return groups.map { group in
      core.table.isNull(column, Int(group)) ? 0 : rankOf[Int(core.table.codes[column][Int(group)])]
    }
  }

  /// Positions in the list of groups, sorted.
  func sorted() -> [Int] {
    if let entries = sortedEntries() { return entries.map { Int($0.position) } }
    return groups.indices.sorted(by: isLess)
  }

  /// The groups of the list, sorted.
  func sortedGroups() -> [UInt32] {
    if let entries = sortedEntries() { return entries.map { groups[Int($0.position)] } }
    return groups.indices.sorted(by: isLess).map { groups[$0] }
  }

  /// nil where the ranks of all columns do not go into one word.
  private func sortedEntries() -> [Entry]? {
    let total = widths.reduce(0, +)
    if total > 64 { return nil }
    var entries = unsafe [Entry](unsafeUninitializedCapacity: groups.count) { entries, initialized in
      for i in groups.indices { unsafe entries[i] = Entry(key: 0, position: UInt32(truncatingIfNeeded: i)) }
      for column in ranks.indices {
        let shift = UInt64(widths[column])
        unsafe ranks[column].withUnsafeBufferPointer { rank in
          for i in rank.indices {
            // A shift by all 64 bits is of the one column alone, and of zero.
            unsafe entries[i].key = entries[i].key << shift | rank[i]
          }
        }
      }
      initialized = groups.count
    }
    Self.sort(&entries, bits: total)
    return entries
  }

  /// Whether two positions of the list have equal ranks.
  func isSame(_ a: Int, _ b: Int) -> Bool { ranks.allSatisfy { $0[a] == $0[b] } }

  func isLess(_ a: Int, _ b: Int) -> Bool {
    for rank in ranks where rank[a] != rank[b] { return rank[a] < rank[b] }
    return false
  }

  private struct Entry: BitwiseCopyable {
    var key: UInt64
    var position: UInt32
  }

  /// By the key; equal keys keep their order. Few by comparing, many by bytes from the lowest.
  private static func sort(_ entries: inout [Entry], bits: Int) {
    if entries.count < 512 {
      entries.sort { $0.key != $1.key ? $0.key < $1.key : $0.position < $1.position }
      return
    }
    var isSorted = true
    for i in 1..<entries.count where entries[i - 1].key > entries[i].key {
      isSorted = false
      break
    }
    if isSorted { return }
    var other = entries
    var shift: UInt64 = 0
    while shift < UInt64(bits) {
      var starts = [Int](repeating: 0, count: 257)
      for entry in entries { starts[Int(truncatingIfNeeded: entry.key >> shift & 0xFF) + 1] += 1 }
      for i in 0..<256 { starts[i + 1] += starts[i] }
      unsafe entries.withUnsafeBufferPointer { from in
        unsafe other.withUnsafeMutableBufferPointer { to in
          unsafe starts.withUnsafeMutableBufferPointer { starts in
            for i in from.indices {
              let entry = unsafe from[i]
              let bucket = Int(truncatingIfNeeded: entry.key >> shift & 0xFF)
              unsafe to[starts[bucket]] = entry
              unsafe starts[bucket] &+= 1
            }
          }
        }
      }
      swap(&entries, &other)
      shift += 8
    }
  }
}

extension StringTable {
  /// The first eight bytes, the first highest; zeros where there are fewer.
  func prefix(_ number: Int) -> UInt64 {
    unsafe withBytes(number) { bytes in
      var prefix: UInt64 = 0
      for i in 0..<8 { prefix = unsafe prefix << 8 | (i < bytes.count ? UInt64(bytes[i]) : 0) }
      return prefix
    }
  }
}
