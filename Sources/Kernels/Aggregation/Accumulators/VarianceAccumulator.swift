/// The variance of a sample and its root for many groups, from exact sums of the values and of their squares, rounded once.
///
/// The squares are three doubles a group, whose sum is never rounded, and a ``SuperAccumulator`` where those do not do.
package struct VarianceAccumulator<Value: AggregationValue>: SequentialAccumulator {
  private struct Entry: BitwiseCopyable {
    var count: UInt64 = 0
    var first = 0.0
    var second = 0.0
    var third = 0.0
  }

  var sums = ExactSumAccumulator<Double>()
  private var squares: [Entry] = []
  private var overflows: [Int: SuperAccumulator] = [:]

  package init() {}

  package var groupCount: Int { squares.count }
  package var byteCount: Int { sums.byteCount + squares.heldBytes + overflows.count * 1240 }

  package mutating func grow(to groupCount: Int) {
    sums.grow(to: groupCount)
    squares.grow(to: groupCount, with: Entry())
  }

  package mutating func reset(_ group: Int) {
    sums.reset(group)
    squares[group] = Entry()
    if !overflows.isEmpty { overflows[group] = nil }
  }

  package func count(_ group: Int) -> UInt64 { squares[group].count }
}

// MARK: - Adding

extension VarianceAccumulator where Value: AggregationFloat {
  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    unsafe forEachValid(count, valid, validOffset) { row in unsafe add(values[row].wide, to: Int(groups[row])) }
  }
}

extension VarianceAccumulator where Value: AggregationInteger {
  /// - `groups` and `values` are readable for `count`, each group below ``groupCount``; `valid` is nil or an Arrow bitmap.
  @unsafe
  package mutating func update(
    groups: UnsafePointer<UInt32>, values: UnsafePointer<Value>, valid: UnsafePointer<UInt8>?, validOffset: Int,
    count: Int
  ) {
    unsafe forEachValid(count, valid, validOffset) { row in
      unsafe add(integer: values[row], to: Int(groups[row]))
    }
  }
}

extension VarianceAccumulator where Value: AggregationInteger {
  /// Adds values that are all of `group`.
  ///
  /// - `values` is readable for `count`, at most ``GroupRun/limit``; `scratch` is writable for twice as many doubles.
  @unsafe
  mutating func update(
    run group: Int, _ values: UnsafePointer<Value>, _ count: Int, scratch: UnsafeMutablePointer<Double>
  ) {
    var isWide = false
    for i in 0..<count {
      let rounded = unsafe Double(values[i])
      unsafe scratch[i] = rounded
      isWide = isWide || rounded.magnitude >= 0x1p53
    }
    if isWide {
      for i in 0..<count { unsafe add(integer: values[i], to: group) }
    } else {
      unsafe add(GroupRun(UnsafePointer(scratch), count, scratch: scratch), toGroup: group)
    }
  }

  @inline(__always)
  private mutating func add(integer value: Value, to group: Int) {
    let rounded = Double(value)
    if rounded.magnitude < 0x1p53 {
      add(rounded, to: group)
    } else {
      addLarge(Int128(truncatingIfNeeded: value), to: group)
    }
  }
}

extension VarianceAccumulator {
  @inline(__always)
  private mutating func add(_ value: Double, to group: Int) {
    squares[group].count &+= 1
    addUncounted(value, to: group)
  }

  mutating func addCount(_ count: UInt64, to group: Int) { squares[group].count &+= count }

  /// Adds to the sums alone.
  @inline(__always)
  mutating func addUncounted(_ value: Double, to group: Int) {
    sums.add(value, toGroup: group)
    if ErrorFree.isSquareExact(value) || value == 0 {
      let (square, rest) = ErrorFree.square(value)
      addSquare(square, to: group)
      if rest != 0 { addSquare(rest, to: group) }
    } else if value.isFinite {
      overflows[group, default: SuperAccumulator(.squares)].addSquare(value)
    }
  }

  /// Adds part of a sum of squares.
  @inline(__always)
  mutating func addSquare(_ part: Double, to group: Int) {
    let entry = squares[group]
    let (first, rest) = ErrorFree.sum(entry.first, part)
    let (second, left) = ErrorFree.sum(entry.second, rest)
    let (third, lost) = ErrorFree.sum(entry.third, left)
    if lost == 0 {
      squares[group] = Entry(count: entry.count, first: first, second: second, third: third)
    } else if lost.isFinite {
      squares[group] = Entry(count: entry.count, first: first, second: second, third: third)
      overflows[group, default: SuperAccumulator(.squares)].add(lost)
    } else {
      overflows[group, default: SuperAccumulator(.squares)].add(part)
    }
  }

  /// An integer that a double does not hold: two that it does, whose sum and whose square are exact.
  private mutating func addLarge(_ value: Int128, to group: Int) {
    let high = (value >> 32) << 32
    let low = value - high
    sums.add(Double(high), toGroup: group)
    sums.add(Double(low), toGroup: group)
    squares[group].count &+= 1
    overflows[group, default: SuperAccumulator(.squares)].add(
      value.magnitude.multipliedFullWidth(by: value.magnitude).low, position: 2148, isNegative: false)
  }

  package mutating func merge(group: Int, from other: borrowing Self, otherGroup: Int) {
    sums.merge(group: group, from: other.sums, otherGroup: otherGroup)
    let entry = other.squares[otherGroup]
    squares[group].count &+= entry.count
    addSquare(entry.first, to: group)
    addSquare(entry.second, to: group)
    addSquare(entry.third, to: group)
    if !other.overflows.isEmpty, let overflow = other.overflows[otherGroup] {
      overflows[group, default: SuperAccumulator(.squares)].add(overflow)
    }
  }
}

// MARK: - Results

extension VarianceAccumulator {
  /// The variance of a sample, rounded once; nil for fewer than two values, NaN where one was not finite.
  package func variance(_ group: Int) -> Double? { moments(group)?.variance }

  /// The root of the variance, rounded once itself.
  package func standardDeviation(_ group: Int) -> Double? { moments(group)?.standardDeviation }

  private func moments(_ group: Int) -> ExactMoments? {
    let count = squares[group].count
    guard count >= 2, let (sum, special) = sums.exact(group) else { return nil }
    return ExactMoments(count: count, sum: sum, squares: squareTotal(group), isFinite: special.isEmpty)
  }

  private func squareTotal(_ group: Int) -> BigInteger {
    var sum = overflows[group] ?? SuperAccumulator(.squares)
    sum.add(squares[group].first)
    sum.add(squares[group].second)
    sum.add(squares[group].third)
    return sum.integer
  }

  // MARK: - Bytes

  package var blank: Self { .init() }

  package func write(group: Int, into bytes: inout [UInt8]) {
    bytes.appendLittleEndian(squares[group].count)
    sums.write(group: group, into: &bytes)
    // What was not finite has no square, and takes the others' away.
    let isFinite = sums.exact(group)?.1.isEmpty ?? true
    squareTotalBytes(isFinite ? squareTotal(group) : BigInteger(limbs: []), into: &bytes)
  }

  /// How many zero words there are below, how many words follow, and the words.
  private func squareTotalBytes(_ total: BigInteger, into bytes: inout [UInt8]) {
    let zeros = total.limbs.prefix { $0 == 0 }.count
    bytes.append(UInt8(zeros))
    bytes.append(UInt8(total.limbs.count - zeros))
    for limb in total.limbs[zeros...] { bytes.appendLittleEndian(limb) }
  }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    var at = position
    guard let count = unsafe bytes.readLittleEndian(UInt64.self, at: &at) else { return false }
    var trial = ExactSumAccumulator<Double>()
    trial.grow(to: 1)
    guard unsafe trial.read(group: 0, from: bytes, at: &at), (trial.result(0) == nil) == (count == 0),
      let total = unsafe Self.readTotal(bytes, &at)
    else { return false }
    // The squares are zero exactly where the sum's values were, or are not kept.
    if trial.exact(0)?.1.isEmpty == false || count == 0 {
      guard total.isZero else { return false }
    } else if let sum = trial.exact(0)?.0, ExactMoments.isImpossible(count: count, sum: sum, squares: total) {
      return false
    }
    reset(group)
    sums.merge(group: group, from: trial, otherGroup: 0)
    squares[group].count = count
    if !total.isZero {
      var sum = SuperAccumulator(.squares)
      sum.add(total)
      overflows[group] = sum
    }
    position = at
    return true
  }

  private static func readTotal(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> BigInteger? {
    guard let zeros = unsafe bytes.readLittleEndian(UInt8.self, at: &at),
      let count = unsafe bytes.readLittleEndian(UInt8.self, at: &at), Int(zeros) + Int(count) <= 67,
      count > 0 || zeros == 0
    else { return nil }
    var limbs = [UInt64](repeating: 0, count: Int(zeros))
    for _ in 0..<count {
      guard let limb = unsafe bytes.readLittleEndian(UInt64.self, at: &at) else { return nil }
      limbs.append(limb)
    }
    if count > 0, limbs[Int(zeros)] == 0 || limbs[limbs.count - 1] == 0 { return nil }
    return BigInteger(limbs: limbs)
  }
}
