/// The mean of floats for many groups: an exact sum over a count, rounded once.
package struct MeanAccumulator<Value: AggregationFloat>: GroupedAccumulator {
  private var sums = ExactSumAccumulator<Value>()
  private var counts = CountAccumulator()

  package init() {}

  package var groupCount: Int { sums.groupCount }
  package var byteCount: Int { sums.byteCount + counts.byteCount }

  package mutating func grow(to groupCount: Int) {
    sums.grow(to: groupCount)
    counts.grow(to: groupCount)
  }

  package mutating func reset(_ group: Int) {
    sums.reset(group)
    counts.reset(group)
  }

  /// nil of nothing.
  package func result(_ group: Int) -> Double? { sums.quotient(group, by: counts.result(group)) }
  package func sum(_ group: Int) -> Double? { sums.result(group) }
  package func count(_ group: Int) -> UInt64 { counts.result(group) }

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    unsafe sums.update(groups: groups, values: values, valid: valid, validOffset: validOffset, count: count)
    unsafe counts.update(groups: groups, valid: valid, validOffset: validOffset, count: count)
  }

  /// Adds values that are all of `group`.
  ///
  /// - `group` is below ``groupCount``.
  @unsafe
  mutating func add(_ run: GroupRun, toGroup group: Int) {
    unsafe sums.add(run, toGroup: group)
    counts.add(UInt64(run.count), toGroup: group)
  }

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    sums.merge(group: group, from: other.sums, otherGroup: otherGroup)
    counts.merge(group: group, from: other.counts, otherGroup: otherGroup)
  }

  package var blank: Self { .init() }

  /// The counts, and then the sums.
  package func write(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    unsafe counts.write(groups, into: &writer)
    unsafe sums.write(groups, into: &writer)
  }

  /// The sums alone, as ``ExactSumAccumulator`` writes them.
  func writeSums(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    unsafe sums.write(groups, into: &writer)
  }

  package func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<Self>? {
    guard bytes.count >= 9 * count,
      let staged = unsafe sums.stage(count: count, UnsafeRawBufferPointer(rebasing: bytes[(8 * count)...]))
    else { return nil }
    // A sum has seen something exactly where the count is not 0; its tag says so.
    for i in 0..<count where unsafe (bytes[8 * count + i] == 0) != (bytes.littleEndian(UInt64.self, at: 8 &* i) == 0) {
      return nil
    }
    guard case .read(let read) = staged else { return .bytes }
    var means = blank
    means.sums = read
    means.counts.grow(to: count)
    let groups = Array(0..<UInt32(truncatingIfNeeded: count))
    unsafe groups.withUnsafeBufferPointer { groups in
      unsafe means.counts.merge(UnsafeRawBufferPointer(rebasing: bytes[..<(8 * count)]), into: groups)
    }
    return .read(means)
  }

  package mutating func load(_ bytes: UnsafeRawBufferPointer, count: Int) {
    unsafe counts.load(UnsafeRawBufferPointer(rebasing: bytes[..<(8 * count)]), count: count)
    unsafe sums.load(UnsafeRawBufferPointer(rebasing: bytes[(8 * count)...]), count: count)
  }

  package mutating func merge(_ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>) {
    let middle = 8 * targets.count
    unsafe counts.merge(UnsafeRawBufferPointer(rebasing: bytes[..<middle]), into: targets)
    unsafe sums.merge(UnsafeRawBufferPointer(rebasing: bytes[middle...]), into: targets)
  }
}
