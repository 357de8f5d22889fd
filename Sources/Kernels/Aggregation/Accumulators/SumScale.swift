/// The units of the integers that blocks of doubles are added to, so that a row costs one addition and waits for none of another's rounding.
///
/// A double below 2^exponent is cut into a multiple of 2^(exponent - 41), and one of 2^(exponent - 82) that is 2^41 times smaller, by adding
/// it to numbers so large that they take no smaller places (J. Demmel, Y. Hida, "Fast reproducible floating-point summation", ARITH 2013).
/// What has bits below that is not for these integers. 2^21 rows fit without overflow.
struct SumScale: Sendable {
  let exponent: Int
  /// Rows and, among them, those that did not fit, since the integers were zero.
  var rows = 0
  var misfits = 0

  /// Rows that the integers hold, whatever the values.
  static var rowLimit: Int { 1 << 21 }
  /// Groups above would not stay in the caches with twice the memory.
  static var groupLimit: Int { 1 << 17 }

  /// Two integers of a group; the lowest bit of the second is 1 where the group has seen anything.
  struct Pair: BitwiseCopyable, Sendable {
    var high: Int64 = 0
    var low: Int64 = 0
    var isUsed: Bool { low & 1 != 0 }
  }

  /// For values like these, and up to 2^6 times larger. nil where there are none but zeros, or where units would leave the range of a double.
  ///
  /// - `values` is readable for `count`.
  @unsafe
  init?(_ values: UnsafePointer<Double>, _ count: Int) {
    var largest = 0.0
    for i in 0..<count {
      let magnitude = unsafe values[i].magnitude
      if magnitude <= .greatestFiniteMagnitude { largest = Swift.max(largest, magnitude) }
    }
    guard largest > 0 else { return nil }
    exponent = Int(largest.exponent) + 7
    guard -900...1000 ~= exponent else { return nil }
  }

  /// As `ck_aggregation.h` wants them.
  var bias: InlineArray<3, Double> {
    [1.5 * Self.power(exponent + 11), 1.5 * Self.power(exponent - 30), Self.power(exponent)]
  }

  var highUnit: Double { Self.power(exponent - 41) }
  var lowUnit: Double { Self.power(exponent - 82) }

  /// What a pair holds, rounded to nearest, and the rest.
  @inline(__always)
  func terms(_ pair: Pair) -> (Double, Double) {
    let units = Int128(pair.high) << 41 &+ Int128(pair.low >> 1)
    let magnitude = units.magnitude
    let shift = Swift.max(0, 75 &- magnitude.leadingZeroBitCount)
    var rounded = UInt64(truncatingIfNeeded: magnitude &>> UInt128(shift))
    var rest = Int64(truncatingIfNeeded: magnitude & ((UInt128(1) &<< UInt128(shift)) &- 1))
    // To nearest, ties to even: half a unit, and a little more where what is rounded is odd. Without a branch, which would be as good as random.
    let half: Int64 = shift == 0 ? .max &- 1 : 1 &<< Int64(shift &- 1)
    let up: Int64 = rest &+ Int64(rounded & 1) > half ? 1 : 0
    rounded &+= UInt64(truncatingIfNeeded: up)
    rest &-= up &<< Int64(shift)
    let sign: Double = units < 0 ? -1 : 1
    let unit = Self.power(exponent - 82) * sign
    return (Double(rounded) * (Self.power(exponent - 82 + shift) * sign), Double(rest) * unit)
  }

  private static func power(_ exponent: Int) -> Double { Double(bitPattern: UInt64(exponent + 1023) << 52) }
}

extension ExactSumAccumulator {
  /// - `groups` and `doubles` are readable for `count`, each group below ``groupCount``.
  @unsafe
  mutating func update(groups: UnsafePointer<UInt32>, doubles: UnsafePointer<Double>, count: Int) {
    let kernel = GroupSumKernel.all.select(.current)
    var done = 0
    while done < count {
      let size = Swift.min(256, count &- done)
      if unsafe isScaled(for: doubles + done, size) {
        unsafe addScaled(groups + done, doubles + done, size, kernel)
      } else {
        unsafe addOneByOne(groups + done, doubles + done, size)
      }
      done &+= size
    }
  }

  /// Whether there are integers to add to. A scale is found for what comes first.
  @unsafe
  private mutating func isScaled(for values: UnsafePointer<Double>, _ count: Int) -> Bool {
    if scale != nil { return true }
    // A few values are not worth it.
    if count < 64 || entries.count > SumScale.groupLimit { return false }
    if pause > 0 {
      pause -= count
      return false
    }
    guard let scale = unsafe SumScale(values, count) else { return false }
    self.scale = scale
    growIntegers()
    return true
  }

  mutating func growIntegers() {
    if entries.count > SumScale.groupLimit { return settle() }
    integers.grow(to: entries.count, with: SumScale.Pair())
  }

  @unsafe
  private mutating func addScaled(
    _ groups: UnsafePointer<UInt32>, _ values: UnsafePointer<Double>, _ count: Int, _ kernel: GroupSumKernel
  ) {
    guard var scale else { return }
    let bias = scale.bias
    // The kilobyte is the stack's, as long as its size is a constant.
    let left = unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { rest in
      let rest = unsafe rest.baseAddress.unsafelyUnwrapped
      let left = unsafe integers.withUnsafeMutableBufferPointer { integers in
        unsafe bias.span.withUnsafeBufferPointer { bias in
          unsafe kernel.body(
            groups, values, count, bias.baseAddress.unsafelyUnwrapped,
            UnsafeMutableRawPointer(integers.baseAddress.unsafelyUnwrapped).assumingMemoryBound(to: Int64.self), rest)
        }
      }
      for i in 0..<left {
        let row = unsafe Int(rest[i])
        unsafe addOneByOne(groups + row, values + row, 1)
      }
      return left
    }
    scale.rows += count
    // Up to three rows at the end are no misfits.
    scale.misfits += left & ~3
    self.scale = scale
    if scale.misfits > 1024 + scale.rows / 8 {
      // Values have become larger, or never were of like magnitudes; then it takes ever longer until they are looked at again.
      settle()
      pause = nextPause
      nextPause = Swift.min(nextPause * 2, 1 << 30)
    } else if scale.rows > SumScale.rowLimit - 256 {
      settle()
      nextPause = 4096
    }
  }

  @unsafe
  private mutating func addOneByOne(
    _ groups: UnsafePointer<UInt32>, _ values: UnsafePointer<Double>, _ count: Int
  ) {
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      let entries = unsafe entries.baseAddress.unsafelyUnwrapped
      for row in 0..<count {
        let group = unsafe Int(groups[row])
        unsafe Self.add(values[row], group, entries + group, &overflows)
      }
    }
  }

  /// Everything into the doubles.
  mutating func settle() {
    guard let scale else { return }
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      let entries = unsafe entries.baseAddress.unsafelyUnwrapped
      for group in integers.indices where integers[group].isUsed {
        unsafe Self.add(integers[group], scale, group, entries + group, &overflows)
      }
    }
    self.scale = nil
    integers.removeAll(keepingCapacity: entries.count <= SumScale.groupLimit)
  }

  /// Adds the integers of a group to its doubles. Each is two numbers that a double holds.
  ///
  /// - `entry` is that of `group`.
  @unsafe
  static func add(
    _ pair: SumScale.Pair, _ scale: SumScale, _ group: Int, _ entry: UnsafeMutablePointer<Entry>,
    _ overflows: inout [Int: Overflow]
  ) {
    let low = pair.low >> 1
    unsafe add(Double(pair.high >> 32) * (scale.highUnit * 0x1p32), group, entry, &overflows)
    unsafe add(Double(pair.high & 0xFFFF_FFFF) * scale.highUnit, group, entry, &overflows)
    unsafe add(Double(low >> 32) * (scale.lowUnit * 0x1p32), group, entry, &overflows)
    unsafe add(Double(low & 0xFFFF_FFFF) * scale.lowUnit, group, entry, &overflows)
  }
}
