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

  /// Counts rows that are all of `group`.
  ///
  /// - As of the other, and `group` is below ``groupCount``.
  @unsafe
  mutating func update(run group: Int, valid: UnsafePointer<UInt8>?, validOffset: Int, count: Int) {
    var sum = 0
    unsafe forEachValid(count, valid, validOffset) { _ in sum &+= 1 }
    counts[group] &+= UInt64(sum)
  }

  mutating func add(_ count: UInt64, toGroup group: Int) { counts[group] &+= count }

  package mutating func merge(group: Int, from other: borrowing CountAccumulator, otherGroup: Int) {
    counts[group] &+= other.counts[otherGroup]
  }

  package var blank: CountAccumulator { .init() }

  package func write(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    let out = unsafe writer.reserve(8 * groups.count)
    unsafe counts.withUnsafeBufferPointer { counts in
      for i in groups.indices {
        unsafe out.storeBytes(of: counts[Int(groups[i])].littleEndian, toByteOffset: 8 &* i, as: UInt64.self)
      }
    }
    unsafe writer.advance(8 * groups.count)
  }

  package func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<CountAccumulator>? {
    bytes.count == 8 * count ? .bytes : nil
  }

  package mutating func load(_ bytes: UnsafeRawBufferPointer, count: Int) {
    counts = unsafe [UInt64](unsafeUninitializedCapacity: count) { counts, initialized in
      for i in 0..<count { unsafe counts[i] = bytes.littleEndian(UInt64.self, at: 8 &* i) }
      initialized = count
    }
  }

  package mutating func merge(_ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>) {
    unsafe counts.withUnsafeMutableBufferPointer { counts in
      for i in targets.indices { unsafe counts[Int(targets[i])] &+= bytes.littleEndian(UInt64.self, at: 8 &* i) }
    }
  }
}
