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

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    sums.merge(group: group, from: other.sums, otherGroup: otherGroup)
    counts.merge(group: group, from: other.counts, otherGroup: otherGroup)
  }

  package func write(group: Int, into bytes: inout [UInt8]) {
    counts.write(group: group, into: &bytes)
    sums.write(group: group, into: &bytes)
  }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    var at = position
    guard let count = unsafe bytes.readLittleEndian(UInt64.self, at: &at) else { return false }
    // A sum has seen something exactly where the count is not 0; its tag says so.
    var tag = at
    guard let first = unsafe bytes.readLittleEndian(UInt8.self, at: &tag), (first == 0) == (count == 0),
      unsafe sums.read(group: group, from: bytes, at: &at)
    else { return false }
    let read = unsafe counts.read(group: group, from: bytes, at: &position)
    position = at
    return read
  }
}
