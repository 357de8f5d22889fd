import Testing

@testable import Kernels

/// A row that this CPU can run.
struct ReductionRow: CustomTestStringConvertible, Sendable {
  let kernel: ReductionKernel
  var testDescription: String { kernel.name.description }

  static let all = ReductionKernel.all.rows.filter { CPUFeatures.detected.isSuperset(of: $0.requires) }.map {
    ReductionRow(kernel: $0)
  }

  func statistics(_ values: [Double], _ wanted: FloatStatistics.Wanted = .variance) -> FloatStatistics {
    var statistics = FloatStatistics(wanted, kernel: kernel)
    statistics.update(values.span)
    return statistics
  }
}

@Suite struct ReductionTests {
  private func same(_ a: Double?, _ b: Double?) -> Bool {
    a?.bitPattern == b?.bitPattern || a?.isNaN == true && b?.isNaN == true
  }

  /// -0 is less than +0.
  private func extrema(_ values: [Double]) -> (Double?, Double?) {
    if values.contains(where: \.isNaN) { return (.nan, .nan) }
    let sorted = values.map(\.orderKey).sorted()
    return (sorted.first.map { Double(orderKey: $0) }, sorted.last.map { Double(orderKey: $0) })
  }

  @Test(arguments: ReductionRow.all, AggregationRandom.Shape.allCases)
  func everyShape(of row: ReductionRow, shape: AggregationRandom.Shape) {
    var random = AggregationRandom(11)
    for count in [1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 2047, 2048, 2049, 4200] {
      let values = random.doubles(count, shape)
      let expected = ExactSumReference(values).rounded
      var accumulator = VarianceAccumulator<Double>()
      accumulator.grow(to: 1)
      let groups = [UInt32](repeating: 0, count: count)
      unsafe accumulator.update(groups: groups, values: values, valid: nil, validOffset: 0, count: count)
      let (least, greatest) = extrema(values)
      for wanted in [FloatStatistics.Wanted.sum, .variance] {
        let statistics = row.statistics(values, wanted)
        #expect(statistics.count == UInt64(count))
        #expect(same(statistics.sum, expected), "\(count)")
        #expect(same(statistics.minimum, least))
        #expect(same(statistics.maximum, greatest))
        if wanted == .variance {
          #expect(same(statistics.variance, accumulator.variance(0)), "\(count)")
          #expect(same(statistics.standardDeviation, accumulator.standardDeviation(0)))
        }
      }
    }
  }

  /// In any order, in any pieces, in several states: the same bits.
  @Test(arguments: ReductionRow.all)
  func shufflesAndSplits(of row: ReductionRow) {
    var random = AggregationRandom(12)
    for shape in [AggregationRandom.Shape.gaussian, .wide, .everything, .cancelling] {
      let values = random.doubles(3000, shape)
      let whole = row.statistics(values)
      let shuffled = values.shuffled(using: &random)
      var merged = FloatStatistics(.variance, kernel: row.kernel)
      var start = 0
      while start < shuffled.count {
        let middle = min(shuffled.count, start + Int(random.next() % 500))
        let end = min(shuffled.count, middle + Int(random.next() % 900))
        var part = FloatStatistics(.variance, kernel: row.kernel)
        part.update(shuffled.span.extracting(start..<middle))
        part.update(shuffled.span.extracting(middle..<end))
        merged.merge(part)
        start = end
      }
      #expect(same(merged.sum, whole.sum))
      #expect(same(merged.mean, whole.mean))
      #expect(same(merged.variance, whole.variance))
      #expect(same(merged.minimum, whole.minimum))
      #expect(same(merged.maximum, whole.maximum))
    }
  }

  @Test(arguments: ReductionRow.all)
  func specialValues(of row: ReductionRow) {
    var random = AggregationRandom(13)
    let numbers = random.doubles(1500, .gaussian)
    for specials: [Double] in [[.nan], [.infinity], [-.infinity], [.infinity, -.infinity], [-.signalingNaN, 1]] {
      for count in [0, 1, 40, 1500] {
        let values = (numbers[..<count] + specials).shuffled(using: &random)
        let statistics = row.statistics(values)
        let naive = values.reduce(0, +)
        #expect(same(statistics.sum, naive) && same(statistics.mean, naive))
        #expect(same(statistics.minimum, extrema(values).0))
        #expect(same(statistics.maximum, extrema(values).1))
        #expect(values.count < 2 ? statistics.variance == nil : statistics.variance?.isNaN == true)
      }
    }
    let nothing = row.statistics([])
    #expect(nothing.sum == nil && nothing.mean == nil && nothing.minimum == nil && nothing.maximum == nil)
    #expect(nothing.variance == nil && nothing.standardDeviation == nil && nothing.count == 0)
    // Past the range in the middle, and back.
    let beyond = [Double](repeating: .greatestFiniteMagnitude, count: 700)
    #expect(row.statistics(beyond, .sum).sum == .infinity)
    #expect(row.statistics(beyond + beyond.map { -$0 } + [1], .sum).sum == 1)
    #expect(row.statistics(beyond, .sum).mean == .greatestFiniteMagnitude)
    #expect(row.statistics(beyond).variance == 0)
    // Zeros of both signs, among others and alone.
    for rest: [Double] in [[], [1, 2], [-1, -2], [-1, 1]] {
      for zeros: [Double] in [[0], [-0.0], [0, -0.0]] {
        let values = zeros + rest
        #expect(same(row.statistics(values).minimum, extrema(values).0), "\(values)")
        #expect(same(row.statistics(values).maximum, extrema(values).1), "\(values)")
      }
    }
  }

  @Test(arguments: ReductionRow.all, GuardedBuffer.Alignment.allCases)
  func nothingOutsideTheValues(row: ReductionRow, alignment: GuardedBuffer.Alignment) {
    var random = AggregationRandom(14)
    for count in Array(0...80) + [2040, 2048, 2050] {
      let values = random.doubles(count, .wide)
      let buffer = GuardedBuffer(byteCount: 8 * count, alignment: alignment)
      defer { withExtendedLifetime(buffer) {} }
      unsafe values.withUnsafeBytes { unsafe buffer.bytes.copyMemory(from: $0) }
      var statistics = FloatStatistics(.variance, kernel: row.kernel)
      unsafe statistics.update(UnsafeBufferPointer(buffer.bytes.assumingMemoryBound(to: Double.self)))
      #expect(same(statistics.sum, count == 0 ? nil : ExactSumReference(values).rounded))
    }
  }

  @Test(arguments: ReductionRow.all)
  func nullsAndFloats(of row: ReductionRow) {
    var random = AggregationRandom(15)
    for count in [0, 1, 7, 8, 9, 2100] {
      let values = random.doubles(count, .gaussian)
      let floats = values.map { Float($0) }
      for offset in [0, 1, 7, 13] {
        let isValid = values.map { _ in random.next() & 3 != 0 }
        var bitmap = [UInt8](repeating: 0, count: (offset + count + 7) / 8)
        for i in 0..<count where isValid[i] { bitmap[(offset + i) / 8] |= 1 << UInt8((offset + i) % 8) }
        var doubleState = FloatStatistics(.variance, kernel: row.kernel)
        var floatState = FloatStatistics(.variance, kernel: row.kernel)
        unsafe doubleState.update(values.span, valid: bitmap.span.bytes, validOffset: offset)
        unsafe floatState.update(floats.span, valid: bitmap.span.bytes, validOffset: offset)
        let kept = row.statistics((0..<count).filter { isValid[$0] }.map { values[$0] })
        let keptFloats = row.statistics((0..<count).filter { isValid[$0] }.map { Double(floats[$0]) })
        #expect(doubleState.count == kept.count && same(doubleState.sum, kept.sum))
        #expect(same(doubleState.variance, kept.variance) && same(doubleState.minimum, kept.minimum))
        #expect(floatState.count == kept.count && same(floatState.sum, keptFloats.sum))
      }
      var all = FloatStatistics(.sum, kernel: row.kernel)
      all.update(floats.span)
      #expect(same(all.sum, count == 0 ? nil : ExactSumReference(floats.map(Double.init)).rounded))
    }
  }

  @Test func integers() {
    var random = AggregationRandom(16)
    let values = (0..<3000).map { _ in Int64(bitPattern: random.next()) } + [.min, .max, .max]
    var statistics = IntegerStatistics<Int64>()
    statistics.update(values.span)
    let sum = values.reduce(Int128(0)) { $0 + Int128($1) }
    #expect(statistics.sum == sum && statistics.minimum == .min && statistics.maximum == .max)
    #expect((statistics.mean! - Double(sum) / 3003).magnitude <= statistics.mean!.magnitude * 1e-15)
    let unsigned = [UInt64](repeating: .max, count: 1000)
    var large = IntegerStatistics<UInt64>()
    large.update(unsigned.span)
    large.merge(large)
    #expect(large.sum == 2000 * Int128(UInt64.max) && large.mean == 0x1p64)
    var bytes = IntegerStatistics<Int8>()
    unsafe bytes.update([Int8.min, -1, 5].span, valid: [UInt8(0b1010)].span.bytes, validOffset: 1)
    #expect(bytes.sum == -123 && bytes.count == 2 && bytes.minimum == .min && bytes.maximum == 5)
    #expect(IntegerStatistics<Int32>().sum == nil)
  }

  @Test func otherReductions() {
    var random = AggregationRandom(17)
    let values = random.doubles(5000, .gaussian)
    let exact = ExactSumReference(values).rounded
    #expect(Reduction.sum(values.span) == exact)
    let bound = 80 * 0x1p-53 * values.reduce(0) { $0 + $1.magnitude }
    #expect((Reduction.fastSum(values.span) - exact).magnitude <= bound)
    #expect(Reduction.sum([Double]().span) == 0 && Reduction.fastSum([Double]().span) == 0)
    let times: [Int64] = [5, 3, 9, 3, 9]
    #expect(Reduction.first([1.0, 4, 2, 3, 8].span, times: times.span) == 3)
    #expect(Reduction.last([1.0, 4, 2, 3, 8].span, times: times.span) == 2)
    #expect(Reduction.first([Double]().span, times: [Int64]().span) == nil)
    var counts = [UInt64](repeating: 0, count: 3)
    var span = counts.mutableSpan
    Reduction.histogram([-1.0, 0, 0.5, 1, 2, .nan].span, bounds: [0.0, 1].span, counts: &span)
    #expect(counts == [1, 2, 2])
  }

  @Test func mistakesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var statistics = FloatStatistics()
      unsafe statistics.update([1.0, 2].span, valid: [UInt8(3)].span.bytes, validOffset: 7)
    }
    await #expect(processExitsWith: .failure) {
      var counts: [UInt64] = [0, 0]
      var span = counts.mutableSpan
      Reduction.histogram([1.0].span, bounds: [1.0, 1].span, counts: &span)
    }
  }
}
