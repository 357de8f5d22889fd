/// The format of a state; `Aggregation.md` specifies it.
enum SnapshotFormat {
  static let magic: UInt32 = 0x4741_4E4B  // "KNAG"
  static let version: UInt16 = 2
}

extension AggregationCore {
  /// The state in canonical bytes.
  func snapshot() -> [UInt8] {
    // Into the array itself where that has been made large enough, since a copy would cost as much as all the rest.
    var grown: [UInt8]?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: snapshotBytes) { memory, count in
      (count, grown) = unsafe write(to: UnsafeMutableRawBufferPointer(memory))
    }
    return grown ?? bytes
  }

  /// Writes the state to memory; how many bytes that took, or all of them where there was not enough.
  ///
  /// - `memory` is writable for its count.
  @unsafe
  func write(to memory: UnsafeMutableRawBufferPointer) -> (count: Int, grown: [UInt8]?) {
    var writer = unsafe StateWriter(lent: memory)
    write(into: &writer)
    return writer.isOwn ? (0, writer.bytes) : (writer.count, nil)
  }

  /// About how many bytes a snapshot has, or more; sketches may take more.
  var snapshotBytes: Int {
    var perGroup = 24 + 9 * table.columnCount
    for aggregate in plan.aggregates { perGroup += aggregate.operation.usualState }
    var fixed = 1024 + planBytes.count + 2 * ledger.byteCount
    for strings in strings { fixed += strings.arenaCount }
    return fixed + perGroup * table.count
  }

  private func write(into writer: inout StateWriter) {
    writer.append(SnapshotFormat.magic)
    writer.append(SnapshotFormat.version)
    writer.append(UInt16(0))
    writer.append(UInt32(clamping: planBytes.count))
    writer.append(planBytes)
    writer.append(UInt8(watermark == nil ? 0 : 1))
    writer.append(watermark ?? 0)
    writer.append(lateRows)
    writer.append(overflowRows)
    for keyClass in keyClasses { writer.append(keyClass.rawValue) }
    for state in shared.stateOf { writer.append(classes[state].rawValue) }
    ledger.write(into: &writer)

    let order =
      GroupOrder.plain(self) ?? GroupOrder(self, allGroups, columns: Array(0..<table.columnCount)).sortedGroups()
    writer.append(UInt64(order.count))
    unsafe order.withUnsafeBufferPointer { order in
      if slices != nil { unsafe Self.write(table.codes[0], order, into: &writer) }
      if slices?.isSession == true {
        unsafe Self.write(firstTimes, order, into: &writer)
        unsafe Self.write(lastTimes, order, into: &writer)
      }
      if slices?.overlap == true {
        for i in order.indices { unsafe writer.append(rowCounts[Int(order[i])]) }
      }
      for key in plan.keys.indices { unsafe writeKey(key, order, into: &writer) }
      for (i, aggregate) in plan.aggregates.enumerated() {
        let place = writer.count
        writer.append(UInt64(0))
        let state = shared.stateOf[i]
        // What has folded nothing has nothing to say.
        if classes[state] != .none { unsafe states[state].write(order, of: aggregate.operation, into: &writer) }
        writer.patch(UInt64(writer.count - place - 8), at: place)
      }
    }
    unsafe writer.append(writer.withBytes { unsafe CRC32C.checksum(of: $0) })
  }

  private static func write(_ values: [Int64], _ order: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    let out = unsafe writer.reserve(8 * order.count)
    unsafe values.withUnsafeBufferPointer { values in
      for i in order.indices {
        unsafe out.storeBytes(of: values[Int(order[i])].littleEndian, toByteOffset: 8 &* i, as: Int64.self)
      }
    }
    unsafe writer.advance(8 * order.count)
  }

  private func writeKey(_ key: Int, _ order: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    let column = key + firstKey
    let hasNulls = unsafe !table.nulls.isEmpty && order.contains { table.isNull(column, Int($0)) }
    writer.append(UInt8(hasNulls ? 1 : 0))
    if hasNulls {
      var bits = [UInt8](repeating: 0, count: (order.count + 7) / 8)
      for row in order.indices where unsafe table.isNull(column, Int(order[row])) {
        bits[row >> 3] |= 1 << UInt8(row & 7)
      }
      writer.append(bits)
    }
    guard keyClasses[key] == .string else { return unsafe Self.write(table.codes[column], order, into: &writer) }
    let codes = table.codes[column]
    for i in order.indices {
      let group = unsafe Int(order[i])
      let length = hasNulls && table.isNull(column, group) ? 0 : strings[key].byteCount(of: Int(codes[group]))
      writer.append(UInt32(clamping: length))
    }
    for i in order.indices {
      let group = unsafe Int(order[i])
      if hasNulls && table.isNull(column, group) { continue }
      unsafe strings[key].withBytes(Int(codes[group])) { unsafe writer.append($0) }
    }
  }
}

extension StringTable {
  @inline(__always)
  func byteCount(of number: Int) -> Int { unsafe withBytes(number) { $0.count } }
}

extension SequenceLedger {
  func write(into writer: inout StateWriter) {
    writer.append(UInt32(clamping: shards.count))
    for shard in shards {
      writer.append(UInt32(clamping: shard.name.count))
      writer.append(shard.name)
      writer.append(UInt32(clamping: shard.ranges.count))
      for range in shard.ranges {
        writer.append(range.first)
        writer.append(range.last)
      }
    }
  }
}

extension Aggregation.Operation {
  /// Bytes of a group's state that are seldom passed.
  fileprivate var usualState: Int {
    switch self {
    case .count: 8
    case .sum, .mean, .first, .last: 40
    case .min, .max: 9
    case .variance, .stddev: 112
    case .approxDistinct, .quantile, .topK: 256
    case .histogram(let bounds): 8 * (bounds.count + 1)
    }
  }
}
