/// Exact sums of floats for many groups, 16 bytes each, or 32.
///
/// A group's sum is high + low, two doubles whose sum is never rounded. What does not fit into the two - bits more than about 106
/// apart, and sums beyond the range of a double - goes to a ``SuperAccumulator`` that the group gets only then. Blocks of values of
/// like magnitudes are added to two integers of the group first, which are part of the sum as well; see ``SumScale``.
package struct ExactSumAccumulator<Value: AggregationFloat>: GroupedAccumulator {
  struct Entry: BitwiseCopyable {
    var high: Double = -0.0
    /// -0 where the group has seen nothing. Every addition leaves something else: +0 + -0, and x - x, are +0.
    var low: Double = -0.0

    var isEmpty: Bool { low.bitPattern == 1 << 63 }
  }

  /// What the two doubles do not hold.
  struct Overflow {
    var sum = SuperAccumulator(.values)
    var special: SpecialValues = []

    mutating func take(_ other: Overflow) {
      sum.add(other.sum)
      special.formUnion(other.special)
    }
  }

  var entries: [Entry] = []
  var overflows: [Int: Overflow] = [:]
  /// In units of ``scale``; empty where that is nil.
  var integers: [SumScale.Pair] = []
  var scale: SumScale?
  /// Rows before another scale is tried, and how many will be next time.
  var pause = 0
  var nextPause = 4096

  package init() {}

  package var groupCount: Int { entries.count }
  package var byteCount: Int { entries.heldBytes + integers.heldBytes + overflows.count * 720 }

  package mutating func grow(to groupCount: Int) {
    entries.grow(to: groupCount, with: Entry())
    if scale != nil { growIntegers() }
  }

  package mutating func reset(_ group: Int) {
    entries[group] = Entry()
    if scale != nil { integers[group] = SumScale.Pair() }
    if !overflows.isEmpty { overflows[group] = nil }
  }

  // MARK: - Adding

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    if Value.self == Double.self, unsafe valid == nil {
      return unsafe update(
        groups: groups, doubles: UnsafeRawPointer(values).assumingMemoryBound(to: Double.self), count: count)
    }
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      let entries = entries.baseAddress
      unsafe forEachValid(count, valid, validOffset) { row in
        let group = unsafe Int(groups[row])
        unsafe Self.add(values[row].wide, group, entries.unsafelyUnwrapped + group, &overflows)
      }
    }
  }

  /// - `entry` is that of `group`.
  @inline(__always)
  @unsafe
  static func add(
    _ value: Double, _ group: Int, _ entry: UnsafeMutablePointer<Entry>, _ overflows: inout [Int: Overflow]
  ) {
    let (high, rest) = unsafe ErrorFree.sum(entry.pointee.high, value)
    let (low, left) = unsafe ErrorFree.sum(entry.pointee.low, rest)
    if left == 0 {
      unsafe entry.pointee = Entry(high: high, low: low)
    } else {
      unsafe addSlowly(value, group, entry, &overflows)
    }
  }

  @inline(never)
  @unsafe
  static func addSlowly(
    _ value: Double, _ group: Int, _ entry: UnsafeMutablePointer<Entry>, _ overflows: inout [Int: Overflow]
  ) {
    let old = unsafe entry.pointee
    guard value.isFinite else {
      overflows[group, default: Overflow()].special.insert(SpecialValues(value))
      unsafe entry.pointee.low = old.isEmpty ? 0 : old.low
      return
    }
    let (high, rest) = ErrorFree.sum(old.high, value)
    let (low, left) = ErrorFree.sum(old.low, rest)
    if left.isFinite {
      overflows[group, default: Overflow()].sum.add(left)
      unsafe entry.pointee = Entry(high: high, low: low)
    } else {
      overflows[group, default: Overflow()].sum.add(old.high)
      overflows[group]?.sum.add(old.low)
      unsafe entry.pointee = Entry(high: value, low: 0)
    }
  }

  @inline(__always)
  mutating func add(_ value: Double, toGroup group: Int) {
    precondition(group < entries.count, "ExactSumAccumulator: group must be below the count of groups")
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      unsafe Self.add(value, group, entries.baseAddress.unsafelyUnwrapped + group, &overflows)
    }
  }

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    let (entry, overflow) = other.state(otherGroup)
    if entry.isEmpty { return }
    add(entry.high, toGroup: group)
    if entry.low != 0 { add(entry.low, toGroup: group) }
    if let overflow { overflows[group, default: Overflow()].take(overflow) }
  }

  /// All of a group's sum: the two doubles, and what they do not hold.
  func state(_ group: Int) -> (Entry, Overflow?) {
    var entry = entries[group]
    var overflow = overflows.isEmpty ? nil : overflows[group]
    if let scale, integers[group].isUsed {
      var more: [Int: Overflow] = [:]
      unsafe withUnsafeMutablePointer(to: &entry) { entry in
        unsafe Self.add(integers[group], scale, group, entry, &more)
      }
      if let more = more[group] {
        var sum = overflow ?? Overflow()
        sum.take(more)
        overflow = sum
      }
    }
    return (entry, overflow)
  }

  // MARK: - Results

  /// The sum, rounded once; nil of nothing.
  package func result(_ group: Int) -> Double? {
    let (entry, overflow) = state(group)
    if let overflow { return overflow.special.sum ?? Self.total(entry, overflow.sum).rounded }
    return entry.isEmpty ? nil : entry.high + entry.low
  }

  /// The sum over a count, rounded once.
  func quotient(_ group: Int, by count: UInt64) -> Double? {
    let (entry, overflow) = state(group)
    if entry.isEmpty { return nil }
    if let special = overflow?.special.sum { return special }
    if overflow == nil, entry.low == 0, count <= 1 << 53 {
      // One division of exact operands is rounded once.
      return entry.high / Double(count)
    }
    return Self.total(entry, overflow?.sum ?? SuperAccumulator(.values)).integer.quotient(by: [count], exponent: -1074)
  }

  /// The sum in units of 2^-1074, or what takes its place. nil of nothing.
  func exact(_ group: Int) -> (BigInteger, SpecialValues)? {
    let (entry, overflow) = state(group)
    if entry.isEmpty { return nil }
    return (Self.total(entry, overflow?.sum ?? SuperAccumulator(.values)).integer, overflow?.special ?? [])
  }

  static func total(_ entry: Entry, _ overflow: SuperAccumulator) -> SuperAccumulator {
    var sum = overflow
    sum.add(entry.high)
    sum.add(entry.low)
    return sum
  }
}
