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

  package func write(group: Int, into bytes: inout [UInt8]) {
    bytes.append(seen[group])
    if seen[group] == 0 { return }
    bytes.appendLittleEndian(Order.isMaximum ? ~entries[group].time : entries[group].time)
    bytes.appendLittleEndian(entries[group].key)
  }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    var at = position
    guard let tag = unsafe bytes.readLittleEndian(UInt8.self, at: &at), tag <= 1 else { return false }
    var entry = Entry()
    if tag == 1 {
      guard let time = unsafe bytes.readLittleEndian(Int64.self, at: &at),
        let key = unsafe bytes.readLittleEndian(Int64.self, at: &at), Value.isOrderKey(key)
      else { return false }
      entry = Entry(time: Order.isMaximum ? ~time : time, key: key)
    }
    (entries[group], seen[group]) = (entry, tag)
    position = at
    return true
  }
}
