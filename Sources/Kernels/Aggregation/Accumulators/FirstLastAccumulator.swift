package typealias FirstAccumulator<Value: AggregationValue> = EndAccumulator<Value, MinimumOrder>
package typealias LastAccumulator<Value: AggregationValue> = EndAccumulator<Value, MaximumOrder>

/// The value of the earliest or of the latest time of each group; of several at that time the least, NaN above all others.
package struct EndAccumulator<Value: AggregationValue, Order: ExtremumOrder>: GroupedAccumulator {
  private struct Entry: BitwiseCopyable {
    /// As ordered keys, so that less is always wanted: the time is complemented where the latest is.
    var time: Int64 = .max
    var key: Int64 = .max
  }

  private var entries: [Entry] = []
  private var seen: [UInt8] = []

  package init() {}

  package var groupCount: Int { entries.count }
  package var byteCount: Int { entries.heldBytes + seen.heldBytes }

  package mutating func grow(to groupCount: Int) {
    entries.grow(to: groupCount, with: Entry())
    seen.grow(to: groupCount, with: 0)
  }

  package mutating func reset(_ group: Int) {
    entries[group] = Entry()
    seen[group] = 0
  }

  /// nil of nothing.
  package func result(_ group: Int) -> Value? { seen[group] == 0 ? nil : Value(orderKey: entries[group].key) }

  /// - `groups`, `times` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, times: UnsafePointer<Int64>, values: UnsafePointer<Value>,
    valid: UnsafePointer<UInt8>?, validOffset: Int, count: Int
  ) {
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      unsafe seen.withUnsafeMutableBufferPointer { seen in
        unsafe forEachValid(count, valid, validOffset) { row in
          let group = unsafe Int(groups[row])
          let time = unsafe Order.isMaximum ? ~times[row] : times[row]
          let entry = unsafe Entry(time: time, key: values[row].orderKey)
          if unsafe Self.isLess(entry, entries[group]) { unsafe entries[group] = entry }
          unsafe seen[group] = 1
        }
      }
    }
  }

  @inline(__always)
  private static func isLess(_ a: Entry, _ b: Entry) -> Bool { a.time < b.time || a.time == b.time && a.key < b.key }

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    let entry = other.entries[otherGroup]
    if Self.isLess(entry, entries[group]) { entries[group] = entry }
    seen[group] |= other.seen[otherGroup]
  }

  package var blank: Self { .init() }

  /// A byte for each group, 1 where it has seen something; then the time and the order key of each that has.
  package func write(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    let flags = unsafe writer.reserve(17 * groups.count)
    var place = groups.count
    for i in groups.indices {
      let group = unsafe Int(groups[i])
      let entry = entries[group]
      let time = Order.isMaximum ? ~entry.time : entry.time
      unsafe flags.storeBytes(of: seen[group], toByteOffset: i, as: UInt8.self)
      unsafe flags.storeBytes(of: time.littleEndian, toByteOffset: place, as: Int64.self)
      unsafe flags.storeBytes(of: entry.key.littleEndian, toByteOffset: place &+ 8, as: Int64.self)
      place &+= 16 &* Int(seen[group])
    }
    unsafe writer.advance(place)
  }

  package func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<Self>? {
    guard let states = unsafe FlaggedStates(bytes, count: count, size: 16) else { return nil }
    for i in 0..<states.present {
      if unsafe !Value.isOrderKey(bytes.littleEndian(Int64.self, at: count &+ 16 &* i &+ 8)) { return nil }
    }
    return .bytes
  }

  package mutating func merge(_ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>) {
    var place = targets.count
    for i in targets.indices where unsafe bytes[i] != 0 {
      let target = unsafe Int(targets[i])
      let time = unsafe bytes.littleEndian(Int64.self, at: place)
      let entry = unsafe Entry(
        time: Order.isMaximum ? ~time : time, key: bytes.littleEndian(Int64.self, at: place &+ 8))
      if Self.isLess(entry, entries[target]) { entries[target] = entry }
      seen[target] = 1
      place &+= 16
    }
  }
}
