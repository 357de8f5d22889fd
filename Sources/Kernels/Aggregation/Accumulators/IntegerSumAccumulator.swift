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

  /// Adds values that are all of `group`.
  mutating func add(_ run: IntegerRun, toGroup group: Int) {
    entries[group].sum &+= run.sum
    entries[group].count &+= UInt64(run.count)
  }

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    entries[group].sum &+= other.entries[otherGroup].sum
    entries[group].count &+= other.entries[otherGroup].count
  }

  package var blank: Self { .init() }

  /// The count, and the sum in 16 bytes, of each group.
  package func write(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    let out = unsafe writer.reserve(24 * groups.count)
    unsafe entries.withUnsafeBufferPointer { entries in
      for i in groups.indices {
        let entry = unsafe entries[Int(groups[i])]
        unsafe out.storeBytes(of: entry.count.littleEndian, toByteOffset: 24 &* i, as: UInt64.self)
        unsafe out.storeBytes(of: entry.sum.littleEndian, toByteOffset: 24 &* i &+ 8, as: Int128.self)
      }
    }
    unsafe writer.advance(24 * groups.count)
  }

  package func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<Self>? {
    guard bytes.count == 24 * count else { return nil }
    var isWrong = false
    for i in 0..<count {
      let sum = unsafe bytes.littleEndian(Int128.self, at: 24 &* i &+ 8)
      isWrong = unsafe isWrong || bytes.littleEndian(UInt64.self, at: 24 &* i) == 0 && sum != 0
    }
    return isWrong ? nil : .bytes
  }

  package mutating func merge(_ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>) {
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      for i in targets.indices {
        let target = unsafe Int(targets[i])
        unsafe entries[target].count &+= bytes.littleEndian(UInt64.self, at: 24 &* i)
        unsafe entries[target].sum &+= bytes.littleEndian(Int128.self, at: 24 &* i &+ 8)
      }
    }
  }
}
