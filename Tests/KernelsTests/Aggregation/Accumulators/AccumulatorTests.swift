import Testing

@testable import Kernels

/// What every accumulator promises, whatever it accumulates.
@Suite struct AccumulatorTests {
  /// How an accumulator takes the rows of a range.
  typealias Update<A, Value: BitwiseCopyable> = (inout A, GroupedRows<Value>, Range<Int>) -> Void

  static let groupCount = 5

  /// Shuffled, split over accumulators that merge, written and read: the same bytes. Anything cut short or changed is refused or is
  /// another state, and never more than that.
  private func check<A: GroupedAccumulator, Value: BitwiseCopyable>(
    _ empty: A, _ values: [Value], seed: UInt64, isCanonical: Bool = true, _ update: Update<A, Value>
  ) -> A {
    var random = AggregationRandom(seed)
    let rows = GroupedRows(values, groupCount: Self.groupCount, random: &random)
    var whole = empty
    whole.grow(to: Self.groupCount)
    let nothing = whole.bytes(0)
    update(&whole, rows, rows.values.indices)
    #expect(whole.groupCount == Self.groupCount)
    #expect(whole.byteCount > 0)

    let other = rows.shuffled(&random)
    var parts = empty
    parts.grow(to: Self.groupCount)
    var start = 0
    while start < other.values.count {
      let end = min(other.values.count, start + Int(random.next() % 200) + 1)
      var part = empty
      part.grow(to: Self.groupCount)
      update(&part, other, start..<end)
      for group in 0..<Self.groupCount { parts.merge(group: group, from: part, otherGroup: group) }
      start = end
    }
    for group in 0..<Self.groupCount {
      let bytes = whole.bytes(group)
      if isCanonical { #expect(parts.bytes(group) == bytes) }
      var read = empty
      read.grow(to: 2)
      let (long, exact) = (read.read(1, bytes + [1, 2, 3]), read.read(1, bytes))
      #expect(!long && exact)
      #expect(read.bytes(1) == bytes)
      #expect(read.bytes(0) == nothing)
      for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
        let short = read.read(1, Array(bytes[..<count]))
        #expect(!short, "\(count) of \(bytes.count) bytes")
      }
      #expect(read.bytes(1) == bytes)
      for _ in 0..<60 {
        var changed = bytes
        changed[Int(random.next() % UInt64(bytes.count))] ^= UInt8(truncatingIfNeeded: random.next()) | 1
        if read.read(0, changed) { #expect(read.bytes(0) == changed) }
      }
      read.reset(1)
      #expect(read.bytes(1) == nothing)
    }
    checkColumns(empty, whole, &random)
    return whole
  }

  /// The same of the states of many groups at once, some of which have seen nothing.
  private func checkColumns<A: GroupedAccumulator>(_ empty: A, _ whole: A, _ random: inout AggregationRandom) {
    var states = whole
    states.grow(to: Self.groupCount + 2)
    let order: [UInt32] = [6, 3, 0, 5, 1, 4, 2]
    let bytes = states.bytes(order)
    var read = empty
    read.grow(to: 9)
    let targets: [UInt32] = [0, 1, 8, 3, 6, 5, 2]
    let exact = read.merge(bytes, into: targets)
    #expect(exact && read.bytes(targets) == bytes)
    #expect(read.bytes(4) == read.bytes(7))
    var loaded = empty
    unsafe bytes.withUnsafeBytes { bytes in
      switch unsafe empty.stage(count: order.count, bytes) {
      case nil: Issue.record("own bytes are refused")
      case .bytes: unsafe loaded.load(bytes, count: order.count)
      case .read(let read): loaded = read
      }
    }
    #expect(loaded.groupCount == order.count && loaded.bytes(Array(0..<UInt32(order.count))) == bytes)
    // A state that was loaded goes on as another.
    for i in order.indices { loaded.merge(group: i, from: whole, otherGroup: 1) }
    for (i, target) in targets.enumerated() {
      read.merge(group: Int(target), from: whole, otherGroup: 1)
      #expect(read.bytes(Int(target)) == loaded.bytes(i))
      read.reset(Int(target))
    }
    let again = read.merge(bytes, into: targets)
    #expect(again)
    let long = read.merge(bytes + [0], into: targets)
    #expect(!long)
    for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
      let short = read.merge(Array(bytes[..<count]), into: targets)
      #expect(!short, "\(count) of \(bytes.count) bytes")
    }
    #expect(read.bytes(targets) == bytes)
    for _ in 0..<60 {
      var changed = bytes
      changed[Int(random.next() % UInt64(bytes.count))] ^= UInt8(truncatingIfNeeded: random.next()) | 1
      var other = empty
      other.grow(to: 9)
      if other.merge(changed, into: targets) { #expect(other.bytes(targets) == changed) }
    }
  }

  private func rows<Value>(_ values: [Value], seed: UInt64) -> GroupedRows<Value> {
    var random = AggregationRandom(seed)
    return GroupedRows(values, groupCount: Self.groupCount, random: &random)
  }

  @Test(arguments: AggregationRandom.Shape.allCases)
  func exactSums(of shape: AggregationRandom.Shape) {
    var random = AggregationRandom(1)
    for count in [1, 3, 10, 600] {
      let values = random.doubles(count, shape)
      let sums = check(ExactSumAccumulator<Double>(), values, seed: 7) { sums, rows, range in
        unsafe rows.withPointers(range) {
          unsafe sums.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
        }
      }
      let means = check(MeanAccumulator<Double>(), values, seed: 7) { means, rows, range in
        unsafe rows.withPointers(range) {
          unsafe means.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
        }
      }
      let rows = rows(values, seed: 7)
      for group in 0..<Self.groupCount {
        let values = rows.values(of: group)
        let expected = values.isEmpty ? nil : ExactSumReference(values).rounded
        #expect(sums.result(group)?.bitPattern == expected?.bitPattern)
        #expect(means.sum(group) == expected)
        #expect(means.count(group) == UInt64(values.count))
        #expect((means.result(group) == nil) == values.isEmpty)
      }
    }
  }

  @Test func specialValues() {
    let cases: [([Double], Double)] = [
      ([.infinity, 1], .infinity), ([-.infinity, 1, 1e308], -.infinity), ([.infinity, -.infinity], .nan),
      ([.nan, 1], .nan), ([.infinity, .nan], .nan), ([-0.0, -0.0], 0), ([-0.0], 0),
      ([0x1p1023, 0x1p1023, -0x1p1023], 0x1p1023), ([0x1p1023, 0x1p1023], .infinity),
      (
        [1.7976931348623157e308, 1e291, -1e291, 1.7976931348623157e308, -1.7976931348623157e308], 1.7976931348623157e308
      ),
      ([0x1p-1074, -0x1p-1074, 0x1p-1074], 0x1p-1074), ([1, 0x1p-53, 0x1p-1074], 1.0000000000000002),
      ([1, 0x1p-53], 1),
    ]
    for (values, expected) in cases {
      var sums = ExactSumAccumulator<Double>()
      sums.grow(to: 1)
      let groups = [UInt32](repeating: 0, count: values.count)
      unsafe sums.update(groups: groups, values: values, valid: nil, validOffset: 0, count: values.count)
      let result = sums.result(0) ?? -1
      #expect(result == expected || result.isNaN && expected.isNaN, "\(values): \(result)")
      #expect(expected != 0 || result.sign == .plus)
      var extrema = MinimumAccumulator<Double>()
      extrema.grow(to: 1)
      unsafe extrema.update(groups: groups, values: values, valid: nil, validOffset: 0, count: values.count)
      #expect(extrema.result(0)?.isNaN == values.contains { $0.isNaN })
    }
  }

  @Test func meansAreRoundedOnce() {
    // 1 + 2^-53 is halfway, and 2^-1074 decides.
    var means = MeanAccumulator<Double>()
    means.grow(to: 1)
    unsafe means.update(
      groups: [0, 0, 0, 0], values: [2, 2, 0x1p-51, 0x1p-1074], valid: nil, validOffset: 0, count: 4)
    #expect(means.result(0) == 1.0000000000000002)
    var integers = IntegerSumAccumulator<Int64>()
    integers.grow(to: 1)
    unsafe integers.update(
      groups: [0, 0, 0], values: [.max, .max, .max], valid: nil, validOffset: 0, count: 3)
    #expect(integers.result(0) == 3 * Int128(Int64.max))
    #expect(integers.mean(0) == 0x1p63)
  }

  @Test(arguments: [AggregationRandom.Shape.unit, .wide, .everything, .denormal, .huge, .integers])
  func variances(of shape: AggregationRandom.Shape) {
    var random = AggregationRandom(2)
    let values = random.doubles(200, shape)
    let variances = check(VarianceAccumulator<Double>(), values, seed: 9) { variances, rows, range in
      unsafe rows.withPointers(range) {
        unsafe variances.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let rows = rows(values, seed: 9)
    for group in 0..<Self.groupCount {
      let values = rows.values(of: group)
      let mean = ExactSumReference(values).rounded / Double(values.count)
      let squares = values.map { ($0 - mean) * ($0 - mean) }
      let expected = ExactSumReference(squares.filter(\.isFinite)).rounded / Double(values.count - 1)
      guard values.count > 1, squares.allSatisfy(\.isFinite) else { continue }
      let variance = variances.variance(group) ?? -1
      #expect((variance - expected).magnitude <= expected * 1e-14 || variance < 1e-300, "\(variance) \(expected)")
      let root = variances.standardDeviation(group) ?? -1
      #expect((root - variance.squareRoot()).magnitude <= root * 3e-16 || variance < 1e-300)
    }
  }

  /// Where plain formulas lose everything.
  @Test func varianceOfLargeMean() {
    var variances = VarianceAccumulator<Double>()
    variances.grow(to: 3)
    let values = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]
    unsafe variances.update(groups: [0, 0, 0, 0], values: values, valid: nil, validOffset: 0, count: 4)
    #expect(variances.variance(0) == 30)
    #expect(variances.standardDeviation(0) == 30.0.squareRoot())
    unsafe variances.update(groups: [1, 1], values: [1e300, -1e300], valid: nil, validOffset: 0, count: 2)
    #expect(variances.variance(1) == .infinity)
    #expect(variances.standardDeviation(1) == 2.0.squareRoot() * 1e300)
    unsafe variances.update(groups: [2], values: [1], valid: nil, validOffset: 0, count: 1)
    #expect(variances.variance(2) == nil)
    unsafe variances.update(groups: [2], values: [.infinity], valid: nil, validOffset: 0, count: 1)
    #expect(variances.variance(2)?.isNaN == true)
    var integers = VarianceAccumulator<UInt64>()
    integers.grow(to: 1)
    unsafe integers.update(groups: [0, 0], values: [.max, .max - 2], valid: nil, validOffset: 0, count: 2)
    #expect(integers.variance(0) == 2)
  }

  @Test func extrema() {
    var random = AggregationRandom(3)
    let values = (0..<500).map { _ in Int64(bitPattern: random.next()) }
    let least = check(MinimumAccumulator<Int64>(), values, seed: 3) { extrema, rows, range in
      unsafe rows.withPointers(range) {
        unsafe extrema.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let floats = random.doubles(500, .everything) + [.nan, -0.0, 0]
    let greatest = check(MaximumAccumulator<Double>(), floats, seed: 4) { extrema, rows, range in
      unsafe rows.withPointers(range) {
        unsafe extrema.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let (rows, floatRows) = (rows(values, seed: 3), rows(floats, seed: 4))
    for group in 0..<Self.groupCount {
      #expect(least.result(group) == rows.values(of: group).min())
      let floats = floatRows.values(of: group)
      let expected = floats.contains { $0.isNaN } ? .nan : floats.max()
      #expect(greatest.result(group) == expected || expected?.isNaN == true && greatest.result(group)?.isNaN == true)
    }
    var zeros = MaximumAccumulator<Double>()
    zeros.grow(to: 1)
    unsafe zeros.update(groups: [0, 0], values: [-0.0, 0.0], valid: nil, validOffset: 0, count: 2)
    #expect(zeros.result(0)?.sign == .plus)
    var unsigned = MaximumAccumulator<UInt64>()
    unsigned.grow(to: 1)
    unsafe unsigned.update(groups: [0, 0], values: [.max, 1], valid: nil, validOffset: 0, count: 2)
    #expect(unsigned.result(0) == .max)
  }

  @Test func integersAndCounts() {
    var random = AggregationRandom(4)
    let values = (0..<700).map { _ in random.next() | 1 << 63 }
    let sums = check(IntegerSumAccumulator<UInt64>(), values, seed: 5) { sums, rows, range in
      unsafe rows.withPointers(range) {
        unsafe sums.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let counts = check(CountAccumulator(), values, seed: 5) { counts, rows, range in
      unsafe rows.withPointers(range) { unsafe counts.update(groups: $0, valid: $2, validOffset: $3, count: $4) }
    }
    let rows = rows(values, seed: 5)
    for group in 0..<Self.groupCount {
      let values = rows.values(of: group)
      #expect(sums.result(group) == values.reduce(Int128(0)) { $0 + Int128($1) })
      #expect(counts.result(group) == UInt64(values.count))
      #expect(sums.count(group) == UInt64(values.count))
    }
  }

  @Test func ends() {
    var random = AggregationRandom(6)
    // The value is the row, and the time is of few, so that there are ties.
    let values = (0..<400).map { _ in Int64(random.next() % 50) - 25 }
    func time(_ value: Int64) -> Int64 { value & 7 }
    let first = check(FirstAccumulator<Int64>(), values, seed: 6) { ends, rows, range in
      let times = rows.values[range].map(time)
      unsafe rows.withPointers(range) {
        unsafe ends.update(groups: $0, times: times, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let last = check(LastAccumulator<Int64>(), values, seed: 6) { ends, rows, range in
      let times = rows.values[range].map(time)
      unsafe rows.withPointers(range) {
        unsafe ends.update(groups: $0, times: times, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let rows = rows(values, seed: 6)
    for group in 0..<Self.groupCount {
      let values = rows.values(of: group)
      #expect(first.result(group) == values.min { (time($0), $0) < (time($1), $1) })
      #expect(last.result(group) == values.min { (-time($0), $0) < (-time($1), $1) })
    }
  }

  @Test func histograms() {
    var random = AggregationRandom(8)
    let bounds = [-1, 0, 0.25, 0.5, 2]
    let values = random.doubles(500, .gaussian) + [.nan, .infinity, -.infinity] + bounds
    let histograms = check(HistogramAccumulator<Double>(bounds: bounds), values, seed: 8) { counts, rows, range in
      unsafe rows.withPointers(range) {
        unsafe counts.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let rows = rows(values, seed: 8)
    for group in 0..<Self.groupCount {
      var expected = [UInt64](repeating: 0, count: 6)
      for value in rows.values(of: group) where !value.isNaN { expected[bounds.filter { $0 <= value }.count] += 1 }
      #expect(histograms.result(group) == expected)
    }
  }

  @Test func sketches() {
    var random = AggregationRandom(9)
    let values = random.doubles(9000, .gaussian)
    let quantiles = check(QuantileAccumulator(), values, seed: 10) { sketches, rows, range in
      unsafe rows.withPointers(range) {
        unsafe sketches.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let distinct = check(DistinctAccumulator(), values, seed: 10) { sketches, rows, range in
      unsafe rows.withPointers(range) {
        unsafe sketches.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let frequent = check(FrequentAccumulator(k: 3), values, seed: 10, isCanonical: false) { sketches, rows, range in
      unsafe rows.withPointers(range) {
        unsafe sketches.update(groups: $0, values: $1, valid: $2, validOffset: $3, count: $4)
      }
    }
    let rows = rows(values, seed: 10)
    for group in 0..<Self.groupCount {
      let sorted = rows.values(of: group).sorted()
      for q in [0, 0.01, 0.5, 0.99, 1] {
        let expected = sorted[Int(q * Double(sorted.count - 1))]
        let quantile = quantiles.result(group).quantile(q) ?? .nan
        #expect((quantile - expected).magnitude <= 0.01 * expected.magnitude)
      }
      let estimate = distinct.result(group).estimate
      #expect((estimate / Double(sorted.count) - 1).magnitude < 0.07, "\(estimate) of \(sorted.count)")
      #expect(frequent.result(group).counters.total == UInt64(sorted.count))
    }
  }
}
