/// Exact sums of floats for many groups, 16 bytes each.
///
/// A group's sum is high + low, two doubles whose sum is never rounded. What does not fit into the two - bits more than about 106
/// apart, and sums beyond the range of a double - goes to a ``SuperAccumulator`` that the group gets only then.
package struct ExactSumAccumulator<Value: AggregationFloat>: GroupedAccumulator {
  private struct Entry: BitwiseCopyable {
    var high: Double = -0.0
    /// -0 where the group has seen nothing. Every addition leaves something else: +0 + -0, and x - x, are +0.
    var low: Double = -0.0

    var isEmpty: Bool { low.bitPattern == 1 << 63 }
  }

  /// What the two doubles do not hold.
  private struct Overflow {
    var sum = SuperAccumulator(.values)
    var special: SpecialValues = []
  }

  private var entries: [Entry] = []
  private var overflows: [Int: Overflow] = [:]

  package init() {}

  package var groupCount: Int { entries.count }
  package var byteCount: Int { entries.heldBytes + overflows.count * 720 }
  package mutating func grow(to groupCount: Int) { entries.grow(to: groupCount, with: Entry()) }

  package mutating func reset(_ group: Int) {
    entries[group] = Entry()
    if !overflows.isEmpty { overflows[group] = nil }
  }

  // MARK: - Adding

  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
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
  private static func add(
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
  private static func addSlowly(
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
    let entry = other.entries[otherGroup]
    if entry.isEmpty { return }
    add(entry.high, toGroup: group)
    if entry.low != 0 { add(entry.low, toGroup: group) }
    if !other.overflows.isEmpty, let overflow = other.overflows[otherGroup] {
      overflows[group, default: Overflow()].sum.add(overflow.sum)
      overflows[group]?.special.formUnion(overflow.special)
    }
  }

  // MARK: - Results

  /// The sum, rounded once; nil of nothing.
  package func result(_ group: Int) -> Double? {
    let entry = entries[group]
    if !overflows.isEmpty, let overflow = overflows[group] {
      return overflow.special.sum ?? total(entry, overflow.sum).rounded
    }
    return entry.isEmpty ? nil : entry.high + entry.low
  }

  /// The sum over a count, rounded once.
  func quotient(_ group: Int, by count: UInt64) -> Double? {
    let entry = entries[group]
    if entry.isEmpty { return nil }
    if let special = overflows.isEmpty ? nil : overflows[group]?.special.sum { return special }
    let sum = overflows.isEmpty ? nil : overflows[group]?.sum
    if sum == nil, entry.low == 0, count <= 1 << 53 {
      // One division of exact operands is rounded once.
      return entry.high / Double(count)
    }
    return total(entry, sum ?? SuperAccumulator(.values)).integer.quotient(by: [count], exponent: -1074)
  }

  /// The sum in units of 2^-1074, or what takes its place. nil of nothing.
  func exact(_ group: Int) -> (BigInteger, SpecialValues)? {
    let entry = entries[group]
    if entry.isEmpty { return nil }
    let overflow = overflows[group] ?? Overflow()
    return (total(entry, overflow.sum).integer, overflow.special)
  }

  private func total(_ entry: Entry, _ overflow: SuperAccumulator) -> SuperAccumulator {
    var sum = overflow
    sum.add(entry.high)
    sum.add(entry.low)
    return sum
  }

  // MARK: - Bytes

  // Tag 0: nothing seen. 1 + n: n doubles, each the rest of the sum rounded to nearest, largest first. 128 + special values: those
  // alone. 127: a sum that rounds to an infinity, as 34 words of 64 bits, two's complement in units of 2^-1074.
  private static var beyondRange: UInt8 { 127 }

  package func write(group: Int, into bytes: inout [UInt8]) {
    let entry = entries[group]
    guard overflows.isEmpty || overflows[group] == nil else { return writeOverflow(group, into: &bytes) }
    if entry.isEmpty { return bytes.append(0) }
    let (first, second) = ErrorFree.sum(entry.high, entry.low)
    guard second == second else { return writeOverflow(group, into: &bytes) }
    bytes.append(first == 0 ? 1 : second == 0 ? 2 : 3)
    if first != 0 { bytes.appendLittleEndian(first.bitPattern) }
    if second != 0 { bytes.appendLittleEndian(second.bitPattern) }
  }

  private func writeOverflow(_ group: Int, into bytes: inout [UInt8]) {
    let overflow = overflows[group] ?? Overflow()
    if !overflow.special.isEmpty { return bytes.append(128 | overflow.special.rawValue) }
    let sum = total(entries[group], overflow.sum)
    if let terms = Self.terms(sum) {
      bytes.append(UInt8(1 + terms.count))
      for term in terms { bytes.appendLittleEndian(term.bitPattern) }
    } else {
      bytes.append(Self.beyondRange)
      let integer = sum.integer
      bytes.append(integer.isNegative ? 1 : 0)
      for i in 0..<34 { bytes.appendLittleEndian(i < integer.limbs.count ? integer.limbs[i] : 0) }
    }
  }

  /// The sum rounded, then the rest rounded, and so on to nothing; nil where the first is infinite.
  private static func terms(_ sum: SuperAccumulator) -> [Double]? {
    var (rest, terms) = (sum, [Double]())
    while true {
      let term = rest.rounded
      if term.isInfinite { return nil }
      if term == 0 { return terms }
      terms.append(term)
      rest.subtract(term)
    }
  }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    var at = position
    guard let tag = unsafe bytes.readLittleEndian(UInt8.self, at: &at) else { return false }
    var (entry, overflow) = (Entry(high: 0, low: 0), nil as Overflow?)
    if tag == 0 {
      entry = Entry()
    } else if tag > 128 {
      guard SpecialValues.all.isSuperset(of: SpecialValues(rawValue: tag & 127)) else { return false }
      overflow = Overflow(special: SpecialValues(rawValue: tag & 127))
    } else if tag == Self.beyondRange {
      guard let sum = unsafe Self.readBeyondRange(bytes, &at) else { return false }
      overflow = Overflow(sum: sum)
    } else {
      guard tag <= 64, let terms = unsafe Self.readTerms(Int(tag) - 1, bytes, &at) else { return false }
      if terms.0 != 0 { entry = Entry(high: terms.0, low: terms.1) }
      if let rest = terms.rest { overflow = Overflow(sum: rest) }
    }
    reset(group)
    entries[group] = entry
    if let overflow { overflows[group] = overflow }
    position = at
    return true
  }

  /// The first two of `count` terms, and the sum of the others. nil where they are not what ``terms(_:)`` gives.
  private static func readTerms(
    _ count: Int, _ bytes: UnsafeRawBufferPointer, _ at: inout Int
  ) -> (Double, Double, rest: SuperAccumulator?)? {
    var (first, second) = (0.0, 0.0)
    var others: [Double] = []
    for i in 0..<count {
      guard let bits = unsafe bytes.readLittleEndian(UInt64.self, at: &at) else { return nil }
      let term = Double(bitPattern: bits)
      guard term.isFinite, term != 0 else { return nil }
      switch i {
      case 0: first = term
      case 1: second = term
      default: others.append(term)
      }
    }
    if others.isEmpty { return first + second == first ? (first, second, nil) : nil }
    var rest = SuperAccumulator(.values)
    for term in others { rest.add(term) }
    var sum = rest
    sum.add(first)
    sum.add(second)
    guard let terms = terms(sum), terms == [first, second] + others else { return nil }
    return (first, second, rest)
  }

  private static func readBeyondRange(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> SuperAccumulator? {
    guard let sign = unsafe bytes.readLittleEndian(UInt8.self, at: &at), sign <= 1 else { return nil }
    var limbs: [UInt64] = []
    for _ in 0..<34 {
      guard let limb = unsafe bytes.readLittleEndian(UInt64.self, at: &at) else { return nil }
      limbs.append(limb)
    }
    let integer = BigInteger(isNegative: sign == 1, limbs: limbs)
    // 2^63 values below 2^1024 each.
    guard integer.bitWidth <= 2098 + 63, integer.rounded(exponent: -1074).isInfinite else { return nil }
    var sum = SuperAccumulator(.values)
    sum.add(integer)
    return sum
  }
}
