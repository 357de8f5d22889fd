/// The format of a state; `Aggregation.md` specifies it.
enum SnapshotFormat {
  static let magic: UInt32 = 0x4741_4E4B  // "KNAG"
  static let version: UInt16 = 1
}

extension AggregationCore {
  /// The state in canonical bytes.
  func snapshot() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(SnapshotFormat.magic)
    bytes.appendLittleEndian(SnapshotFormat.version)
    bytes.appendLittleEndian(UInt16(0))
    let planBytes = plan.canonicalBytes
    bytes.appendLittleEndian(UInt32(clamping: planBytes.count))
    bytes.append(contentsOf: planBytes)
    bytes.append(watermark == nil ? 0 : 1)
    bytes.appendLittleEndian(watermark ?? 0)
    bytes.appendLittleEndian(lateRows)
    bytes.appendLittleEndian(overflowRows)
    for keyClass in keyClasses { bytes.append(keyClass.rawValue) }
    for valueClass in classes { bytes.append(valueClass.rawValue) }
    ledger.write(into: &bytes)

    let groups = allGroups
    let order = GroupOrder(self, groups, columns: Array(0..<table.columnCount)).sorted().map { groups[$0] }
    bytes.appendLittleEndian(UInt64(order.count))
    if slices != nil { Self.write(table.codes[0], order, into: &bytes) }
    if slices?.isSession == true {
      Self.write(firstTimes, order, into: &bytes)
      Self.write(lastTimes, order, into: &bytes)
    }
    if slices?.overlap == true { for group in order { bytes.appendLittleEndian(rowCounts[Int(group)]) } }
    for key in plan.keys.indices { writeKey(key, order, into: &bytes) }
    for (i, column) in aggregates.enumerated() {
      let place = bytes.count
      bytes.appendLittleEndian(UInt64(0))
      // What has folded nothing has nothing to say.
      if classes[i] != .none { unsafe order.withUnsafeBufferPointer { unsafe column.write($0, into: &bytes) } }
      let length = UInt64(bytes.count - place - 8)
      for i in 0..<8 { bytes[place + i] = UInt8(truncatingIfNeeded: length >> UInt64(8 * i)) }
    }
    let checksum = unsafe bytes.withUnsafeBytes { unsafe CRC32C.checksum(of: $0) }
    bytes.appendLittleEndian(checksum)
    return bytes
  }

  private static func write(_ values: [Int64], _ order: [UInt32], into bytes: inout [UInt8]) {
    let gathered = order.map { values[Int($0)].littleEndian }
    unsafe gathered.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }

  private func writeKey(_ key: Int, _ order: [UInt32], into bytes: inout [UInt8]) {
    let column = key + firstKey
    let hasNulls = !table.nulls.isEmpty && order.contains { table.isNull(column, Int($0)) }
    bytes.append(hasNulls ? 1 : 0)
    if hasNulls {
      var bits = [UInt8](repeating: 0, count: (order.count + 7) / 8)
      for (row, group) in order.enumerated() where table.isNull(column, Int(group)) {
        bits[row >> 3] |= 1 << UInt8(row & 7)
      }
      bytes.append(contentsOf: bits)
    }
    guard keyClasses[key] == .string else {
      Self.write(table.codes[column], order, into: &bytes)
      return
    }
    let codes = table.codes[column]
    for group in order {
      let length = table.isNull(column, Int(group)) ? 0 : strings[key].byteCount(of: Int(codes[Int(group)]))
      bytes.appendLittleEndian(UInt32(clamping: length))
    }
    for group in order where !table.isNull(column, Int(group)) {
      unsafe strings[key].withBytes(Int(codes[Int(group)])) { unsafe bytes.append(contentsOf: $0) }
    }
  }
}

extension StringTable {
  @inline(__always)
  func byteCount(of number: Int) -> Int { unsafe withBytes(number) { $0.count } }
}

extension SequenceLedger {
  func write(into bytes: inout [UInt8]) {
    bytes.appendLittleEndian(UInt32(clamping: shards.count))
    for shard in shards {
      bytes.appendLittleEndian(UInt32(clamping: shard.name.count))
      bytes.append(contentsOf: shard.name)
      bytes.appendLittleEndian(UInt32(clamping: shard.ranges.count))
      for range in shard.ranges {
        bytes.appendLittleEndian(range.first)
        bytes.appendLittleEndian(range.last)
      }
    }
  }
}
