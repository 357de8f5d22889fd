/// Values of one group side by side, which the rows of ``ReductionKernel`` reduce instead of a row at a time.
///
/// What comes out are integers in units of powers of two, as of ``BlockReduction``; here they become doubles of 32 bits each, which are
/// added to the group without rounding, so that a state does not tell how its rows came.
@safe
struct GroupRun {
  /// Values at once, and doubles that each half of the scratch holds.
  static var limit: Int { AggregationScratch.blockRows }

  let values: UnsafePointer<Double>
  let count: Int
  let kernel: ReductionKernel
  /// Of the numbers, zeros with the right sign; infinities of the wrong sign where there is none.
  let least: Double
  let greatest: Double
  let hasNaN: Bool
  private let scratch: UnsafeMutablePointer<Double>

  /// - `values` is readable for `count`, at most ``limit``; `scratch` is writable for twice ``limit`` doubles, of which the values may be the
  ///   first. Both outlive the run.
  @unsafe
  init(
    _ values: UnsafePointer<Double>, _ count: Int, scratch: UnsafeMutablePointer<Double>,
    kernel: ReductionKernel = ReductionKernel.all.select(.current)
  ) {
    unsafe (self.values, self.scratch) = (values, scratch)
    (self.count, self.kernel) = (count, kernel)
    var range = (0.0, 0.0)
    let flags = unsafe withUnsafeMutablePointer(to: &range) { range in
      unsafe range.withMemoryRebound(to: Double.self, capacity: 2) { unsafe kernel.range(values, count, $0) }
    }
    // A row does not tell zeros apart: the least is -0 where it is zero and something has a sign, and so on.
    if range.0 == 0 { range.0 = flags & GroupRun.negative != 0 ? -0.0 : 0 }
    if range.1 == 0 { range.1 = flags & GroupRun.positive != 0 ? 0 : -0.0 }
    (least, greatest) = range
    hasNaN = flags & GroupRun.notANumber != 0
  }

  /// That of the largest magnitude; nil where something is not finite, or all are zeros.
  private var exponent: Int? {
    let magnitude = Swift.max(greatest, -least)
    return hasNaN || !magnitude.isFinite || magnitude == 0 ? nil : Int(magnitude.exponent)
  }

  /// Gives exact parts of the sum to `part`. False, with nothing given, where the values are not for the rows.
  @inline(__always)
  func sum(_ part: (Double) -> Void) -> Bool {
    guard let largest = exponent, largest <= 1000 else { return false }
    let (start, whole) = unsafe padded()
    let exponent = Swift.max(largest, -988)
    let (first, second) = (exponent + 10, exponent - 34)
    let bias = InlineArray<2, Double> { 1.5 * Self.power($0 == 0 ? first : second) }
    var sums = InlineArray<2, Int64>(repeating: 0)
    let rest = unsafe scratch + Self.limit
    let left = unsafe bias.span.withUnsafeBufferPointer { bias in
      var mutable = sums.mutableSpan
      return unsafe mutable.withUnsafeMutableBufferPointer { sums in
        unsafe kernel.sum(
          start, whole, bias.baseAddress.unsafelyUnwrapped, sums.baseAddress.unsafelyUnwrapped, rest)
      }
    }
    Self.parts(sums[0], first - 52, part)
    Self.parts(sums[1], second - 52, part)
    // The row took it the other way round.
    for i in 0..<left { unsafe part(-rest[i]) }
    return true
  }

  /// Gives exact parts of the sum and of the sum of squares, and values that are in neither to `single`. False, with nothing given, where
  /// the values are not for the rows.
  @inline(__always)
  func moments(_ part: (Double) -> Void, squares: (Double) -> Void, single: (Double) -> Void) -> Bool {
    guard let exponent, -447 <= exponent, exponent <= 490 else { return false }
    let (start, whole) = unsafe padded()
    let a = exponent - 20
    let (b, c) = (a - 22, a - 44)
    let units: InlineArray<9, Int> = [a, b, c, 2 * a, a + b, a + c, 2 * b, b + c, 2 * c]
    let bias = InlineArray<9, Double> { 1.5 * Self.power(units[$0] + 52) }
    var sums = InlineArray<9, Int64>(repeating: 0)
    let rest = unsafe scratch + Self.limit
    var done = 0
    while done < whole {
      let size = Swift.min(256 &* kernel.lanes, whole &- done)
      let left = unsafe bias.span.withUnsafeBufferPointer { bias in
        var mutable = sums.mutableSpan
        return unsafe mutable.withUnsafeMutableBufferPointer { sums in
          unsafe kernel.moments(
            start + done, size, bias.baseAddress.unsafelyUnwrapped, sums.baseAddress.unsafelyUnwrapped, rest)
        }
      }
      for i in 0..<3 { Self.parts(sums[i], units[i], part) }
      // Products of two different parts count twice.
      for i in 3..<9 { Self.parts(sums[i], i == 4 || i == 5 || i == 7 ? units[i] + 1 : units[i], squares) }
      for i in 0..<left { unsafe single(rest[i]) }
      done &+= size
    }
    return true
  }

  /// Values that the rows do not take, or integers, one after the other in the scratch, filled up with zeros.
  private func padded() -> (start: UnsafePointer<Double>, count: Int) {
    let step = ReductionKernel.step
    if count % step == 0 { return unsafe (values, count) }
    let whole = (count / step + 1) * step
    if unsafe values != UnsafePointer(scratch) { unsafe scratch.update(from: values, count: count) }
    for i in count..<whole { unsafe scratch[i] = 0 }
    return unsafe (UnsafePointer(scratch), whole)
  }

  /// `integer` times 2^exponent as two doubles, which hold it exactly.
  @inline(__always)
  private static func parts(_ integer: Int64, _ exponent: Int, _ part: (Double) -> Void) {
    if integer == 0 { return }
    // 2^-1074 is below the normal range, where a bit pattern is no power.
    let unit = exponent < -1022 ? Double(sign: .plus, exponent: exponent, significand: 1) : power(exponent)
    part(Double(integer >> 32) * 0x1p32 * unit)
    part(Double(integer & 0xFFFF_FFFF) * unit)
  }

  /// 2^exponent, in the normal range.
  @inline(__always)
  private static func power(_ exponent: Int) -> Double { Double(bitPattern: UInt64(exponent + 1023) << 52) }
}

// MARK: - What accumulators make of a run

extension ExactSumAccumulator {
  /// Adds values that are all of `group`.
  ///
  /// - `group` is below ``groupCount``.
  @unsafe
  mutating func add(_ run: GroupRun, toGroup group: Int) {
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      let entry = unsafe entries.baseAddress.unsafelyUnwrapped + group
      // Zeros alone are a sum too.
      unsafe Self.add(0, group, entry, &overflows)
      if run.sum({ unsafe Self.add($0, group, entry, &overflows) }) { return }
      for i in 0..<run.count { unsafe Self.add(run.values[i], group, entry, &overflows) }
    }
  }
}

extension VarianceAccumulator {
  /// Adds values that are all of `group`.
  ///
  /// - `group` is below ``groupCount``.
  @unsafe
  mutating func add(_ run: GroupRun, toGroup group: Int) {
    addCount(UInt64(run.count), to: group)
    sums.add(0, toGroup: group)
    let isDone = run.moments {
      sums.add($0, toGroup: group)
    } squares: {
      addSquare($0, to: group)
    } single: {
      addUncounted($0, to: group)
    }
    if isDone { return }
    for i in 0..<run.count { unsafe addUncounted(run.values[i], to: group) }
  }
}
