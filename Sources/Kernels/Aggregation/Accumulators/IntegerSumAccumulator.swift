/// Sums of integers, exact to 128 bits: no number of rows that fits into 63 bits overflows it.
package struct IntegerSumAccumulator<Value: AggregationInteger>: GroupedAccumulator {
  private struct Entry: BitwiseCopyable {
    var sum: Int128 = 0
    var count: UInt64 = 0
  }

  private var entries: [Entry] = []

  package init() {}

  package var groupCount: Int { entries.count }
  package var byteCount: Int { entries.heldBytes }
  package mutating func grow(to groupCount: Int) { entries.grow(to: groupCount, with: Entry()) }
  package mutating func reset(_ group: Int) { entries[group] = Entry() }

  /// The sum, nil of nothing. What does not fit into the result's type is the caller's to refuse.
  package func result(_ group: Int) -> Int128? { entries[group].count == 0 ? nil : entries[group].sum }
  package func count(_ group: Int) -> UInt64 { entries[group].count }

  /// The sum divided by the count and rounded once; nil of nothing.
  package func mean(_ group: Int) -> Double? {
    let entry = entries[group]
    return entry.count == 0 ? nil : BigInteger(entry.sum).quotient(by: [entry.count], exponent: 0)
  }

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      unsafe forEachValid(count, valid, validOffset) { row in
        let group = unsafe Int(groups[row])
        unsafe entries[group].sum &+= Int128(truncatingIfNeeded: values[row])
        unsafe entries[group].count &+= 1
      }
    }
  }

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    entries[group].sum &+= other.entries[otherGroup].sum
    entries[group].count &+= other.entries[otherGroup].count
  }

  package func write(group: Int, into bytes: inout [UInt8]) {
    bytes.appendLittleEndian(entries[group].count)
    bytes.appendLittleEndian(entries[group].sum)
  }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    var at = position
    guard let count = unsafe bytes.readLittleEndian(UInt64.self, at: &at),
      let sum = unsafe bytes.readLittleEndian(Int128.self, at: &at), count != 0 || sum == 0
    else { return false }
    entries[group] = Entry(sum: sum, count: count)
    position = at
    return true
  }
}
