import CKernels

/// Exact sums of doubles, and of their squares where wanted, block by block through a row of ``ReductionKernel``.
///
/// A block's range says how large its values are. Two sums with a large bias then take the values without rounding: adding a value
/// to one rounds the value to a multiple of the sum's last place, and the difference of the sums before and after is that multiple,
/// exactly (as in J. Demmel, Y. Hida, "Fast reproducible floating-point summation", ARITH 2013). What is left goes into the second
/// sum, and what is left then, of values 2^33 times smaller than the largest or less, one by one into the ``SuperAccumulator``, where
/// the two sums of the block end as well, as integers.
@safe
package struct BlockReduction: ~Copyable, Sendable {
  package private(set) var sum = SuperAccumulator(.values)
  package private(set) var squares: SuperAccumulator?
  package private(set) var special: SpecialValues = []
  /// Of the numbers; infinities of the wrong sign before there is one. Zeros have the right sign.
  package private(set) var least = Double.infinity
  package private(set) var greatest = -Double.infinity
  /// Values that are not null.
  package private(set) var count: UInt64 = 0

  /// Three blocks: one gathered, one padded, and what the row leaves over.
  private var scratch = Scratch()

  static var blockCount: Int { Int(CK_SUM_BLOCK) }

  package init(squares wantsSquares: Bool) {
    squares = wantsSquares ? SuperAccumulator(.squares) : nil
    scratch.reserve(3 * Self.blockCount * MemoryLayout<Double>.stride)
  }

  @unsafe
  private func block(_ index: Int) -> UnsafeMutablePointer<Double> {
    unsafe scratch.start.unsafelyUnwrapped.assumingMemoryBound(to: Double.self) + index * Self.blockCount
  }

  // MARK: - Adding

  /// - `values` is readable for `count`; the CPU has what the row requires.
  @unsafe
  package mutating func update(_ values: UnsafePointer<Double>, _ count: Int, _ kernel: ReductionKernel) {
    var start = 0
    while start < count {
      let size = Swift.min(Self.blockCount, count &- start)
      unsafe add(values + start, size, kernel)
      start &+= size
    }
    self.count &+= UInt64(count)
  }

  /// Takes values that are not doubles, or of which some are null.
  ///
  /// - Parameter gather: writes those of the rows from one on to memory for as many doubles, and answers how many it wrote.
  @inline(__always)
  @unsafe
  package mutating func update(
    gathered rows: Int, _ kernel: ReductionKernel,
    _ gather: (_ row: Int, _ count: Int, UnsafeMutablePointer<Double>) -> Int
  ) {
    var start = 0
    while start < rows {
      let size = Swift.min(Self.blockCount, rows &- start)
      let memory = unsafe block(0)
      let count = unsafe gather(start, size, memory)
      unsafe add(memory, count, kernel)
      self.count &+= UInt64(count)
      start &+= size
    }
  }

  /// Adds what another one has added.
  package mutating func merge(_ other: borrowing BlockReduction) {
    sum.add(other.sum)
    if let squares = other.squares { self.squares?.add(squares) }
    special.formUnion(other.special)
    least = Self.least(least, other.least)
    greatest = -Self.least(-greatest, -other.greatest)
    count &+= other.count
  }

  /// The lesser; -0 is less than +0.
  private static func least(_ a: Double, _ b: Double) -> Double { a < b || a == b && a.sign == .minus ? a : b }

  // MARK: - A block

  @unsafe
  private mutating func add(_ values: UnsafePointer<Double>, _ count: Int, _ kernel: ReductionKernel) {
    if count == 0 { return }
    var range = (0.0, 0.0)
    let flags = unsafe withUnsafeMutablePointer(to: &range) { range in
      unsafe range.withMemoryRebound(to: Double.self, capacity: 2) { unsafe kernel.range(values, count, $0) }
    }
    // A row does not tell zeros apart: the least is -0 where it is zero and something has a sign, and so on.
    if range.0 == 0 { range.0 = flags & UInt32(CK_NEGATIVE) != 0 ? -0.0 : 0 }
    if range.1 == 0 { range.1 = flags & UInt32(CK_POSITIVE) != 0 ? 0 : -0.0 }
    least = Self.least(least, range.0)
    greatest = -Self.least(-greatest, -range.1)
    let magnitude = Swift.max(range.1, -range.0)
    if flags & UInt32(CK_NOT_A_NUMBER) != 0 || !magnitude.isFinite {
      return unsafe addFinite(values, count, kernel)
    }
    if magnitude == 0 { return }
    let exponent = Int(magnitude.exponent)
    let padded = unsafe pad(values, count)
    if squares != nil, -447 <= exponent, exponent <= 505 {
      unsafe addMoments(padded.start, padded.count, exponent, kernel)
    } else if squares != nil || exponent > 1013 {
      unsafe addOneByOne(values, count)
    } else {
      unsafe addSum(padded.start, padded.count, Swift.max(exponent, -988), kernel)
    }
  }

  /// The values, filled up with zeros to a multiple of what the rows take.
  @unsafe
  private func pad(_ values: UnsafePointer<Double>, _ count: Int) -> (start: UnsafePointer<Double>, count: Int) {
    let step = Int(CK_REDUCE_STEP)
    if count % step == 0 { return unsafe (values, count) }
    let padded = unsafe block(1)
    unsafe padded.update(from: values, count: count)
    let whole = (count / step + 1) * step
    for i in count..<whole { unsafe padded[i] = 0 }
    return unsafe (UnsafePointer(padded), whole)
  }

  /// A block that holds more than numbers: those apart, and the numbers in place of it.
  @unsafe
  private mutating func addFinite(_ values: UnsafePointer<Double>, _ count: Int, _ kernel: ReductionKernel) {
    let finite = unsafe block(0)
    var kept = 0
    for i in 0..<count {
      let value = unsafe values[i]
      if value.isFinite {
        unsafe finite[kept] = value
        kept += 1
      } else {
        special.insert(SpecialValues(value))
      }
    }
    unsafe add(finite, kept, kernel)
  }

  @unsafe
  private mutating func addOneByOne(_ values: UnsafePointer<Double>, _ count: Int) {
    for i in 0..<count {
      let value = unsafe values[i]
      if value == 0 { continue }
      sum.add(value)
      squares?.addSquare(value)
    }
  }

  /// - Parameter exponent: values are below 2^(exponent + 1); -988 ... 1013.
  @unsafe
  private mutating func addSum(
    _ values: UnsafePointer<Double>, _ count: Int, _ exponent: Int, _ kernel: ReductionKernel
  ) {
    let (first, second) = (exponent + 10, exponent - 34)
    let bias = InlineArray<2, Double> { 1.5 * Self.power($0 == 0 ? first : second) }
    var sums = InlineArray<2, Int64>(repeating: 0)
    let rest = unsafe block(2)
    let left = unsafe bias.span.withUnsafeBufferPointer { bias in
      var mutable = sums.mutableSpan
      return unsafe mutable.withUnsafeMutableBufferPointer { sums in
        unsafe kernel.sum(
          values, count, bias.baseAddress.unsafelyUnwrapped, sums.baseAddress.unsafelyUnwrapped, rest)
      }
    }
    add(Int128(sums[0]) << 44 + Int128(sums[1]), position: second - 52 + 1074)
    // The row took it the other way round.
    for i in 0..<left { unsafe sum.subtract(rest[i]) }
  }

  /// - Parameter exponent: values are below 2^(exponent + 1); -447 ... 505.
  @unsafe
  private mutating func addMoments(
    _ values: UnsafePointer<Double>, _ count: Int, _ exponent: Int, _ kernel: ReductionKernel
  ) {
    let a = exponent - 20
    let (b, c) = (a - 22, a - 44)
    let units: InlineArray<9, Int> = [a, b, c, 2 * a, a + b, a + c, 2 * b, b + c, 2 * c]
    let bias = InlineArray<9, Double> { 1.5 * Self.power(units[$0] + 52) }
    var sums = InlineArray<9, Int64>(repeating: 0)
    let rest = unsafe block(2)
    var start = 0
    while start < count {
      let size = Swift.min(256 &* kernel.lanes, count &- start)
      let left = unsafe bias.span.withUnsafeBufferPointer { bias in
        var mutable = sums.mutableSpan
        return unsafe mutable.withUnsafeMutableBufferPointer { sums in
          unsafe kernel.moments(
            values + start, size, bias.baseAddress.unsafelyUnwrapped, sums.baseAddress.unsafelyUnwrapped, rest)
        }
      }
      add(Int128(sums[0]) << 44 + Int128(sums[1]) << 22 + Int128(sums[2]), position: c + 1074)
      // Products of two different parts count twice. a c and b b have the same unit.
      let (aa, ab, ac, bb, bc, cc) = (sums[3], sums[4], sums[5], sums[6], sums[7], sums[8])
      addSquares(Int128(aa) << 21 + Int128(ab), position: a + b + 1 + 2148)
      addSquares(Int128(2 * ac + bb) << 44 + Int128(bc) << 23 + Int128(cc), position: 2 * c + 2148)
      unsafe addOneByOne(rest, left)
      start &+= size
    }
  }

  private mutating func add(_ units: Int128, position: Int) {
    sum.add(units.magnitude, position: position, isNegative: units < 0)
  }

  private mutating func addSquares(_ units: Int128, position: Int) {
    squares?.add(units.magnitude, position: position, isNegative: units < 0)
  }

  /// 2^exponent, in the normal range.
  @inline(__always)
  private static func power(_ exponent: Int) -> Double { Double(bitPattern: UInt64(exponent + 1023) << 52) }
}
