/// How many rows, or how many values that are not null.
package struct CountAccumulator: GroupedAccumulator {
  private var counts: [UInt64] = []

  package init() {}

  package var groupCount: Int { counts.count }
  package var byteCount: Int { counts.heldBytes }
  package mutating func grow(to groupCount: Int) { counts.grow(to: groupCount, with: 0) }
  package mutating func reset(_ group: Int) { counts[group] = 0 }
  package func result(_ group: Int) -> UInt64 { counts[group] }

  /// Counts rows that are not null.
  ///
  /// - `groups` is readable for `count` groups, each below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, valid: UnsafePointer<UInt8>?, validOffset: Int, count: Int
  ) {
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      unsafe forEachValid(count, valid, validOffset) { row in unsafe counts[Int(groups[row])] &+= 1 }
    }
  }

  package mutating func merge(group: Int, from other: borrowing CountAccumulator, otherGroup: Int) {
    counts[group] &+= other.counts[otherGroup]
  }

  package func write(group: Int, into bytes: inout [UInt8]) { bytes.appendLittleEndian(counts[group]) }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    guard let count = unsafe bytes.readLittleEndian(UInt64.self, at: &position) else { return false }
    counts[group] = count
    return true
  }
}
