import Testing

@testable import Kernels

/// What sketches promise of their errors, over many seeds.
@Suite struct SketchTests {
  /// Root mean square of the relative error, and its mean, of both estimates.
  @Test(arguments: [20, 300, 1000, 5000, 20_000])
  func hllErrors(count: Int) {
    var random = AggregationRandom(31)
    let trials = 60
    var (square, mean, mergedSquare, mergedMean) = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<trials {
      var (whole, left, right) = (HLLSketch(lgK: 10), HLLSketch(lgK: 10), HLLSketch(lgK: 10))
      for i in 0..<count {
        let value = random.next()
        whole.insert(value)
        if i % 3 != 0 { left.insert(value) }
        if i % 3 != 1 { right.insert(value) }
      }
      left.merge(right)
      let error = whole.estimate / Double(count) - 1
      let mergedError = left.estimate / Double(count) - 1
      #expect(left.mergedEstimate == whole.mergedEstimate)
      square += error * error / Double(trials)
      mergedSquare += mergedError * mergedError / Double(trials)
      mean += error / Double(trials)
      mergedMean += mergedError / Double(trials)
    }
    // 0.8326 and 1.039 over the root of 1024; an estimate of it from 60 trials is within 1.4 times it but for one case in 1,000.
    #expect(square.squareRoot() < 1.4 * 0.8326 / 32, "\(square.squareRoot())")
    #expect(mergedSquare.squareRoot() < 1.4 * 1.039 / 32, "\(mergedSquare.squareRoot())")
    #expect(
      mean.magnitude < 4 * 0.8326 / 32 / 60.0.squareRoot() && mergedMean.magnitude < 4 * 1.039 / 32 / 60.0.squareRoot())
  }

  /// Few values are counted as they are, and duplicates never.
  @Test func hllOfFewAndOfDuplicates() {
    var sketch = HLLSketch(lgK: 12)
    for _ in 0..<3 {
      for i in 0..<Int64(300) { sketch.insert(i) }
    }
    #expect((sketch.estimate - 300).magnitude < 0.01)
    var other = HLLSketch(lgK: 12)
    for value in [0.0, -0.0, .nan, -.nan, .signalingNaN, 1] { other.insert(value) }
    #expect((other.estimate - 3).magnitude < 1e-6)
    // The correction for collisions, as by direct expectation: n values draw 2^26 slots and a rank.
    #expect((HLLSketch.distinct(coupons: 400) - 400 - 400 * 399 / (6 * 0x1p26)).magnitude < 1e-6)
  }

  @Test func ddSketchIsWithinOnePercent() {
    var random = AggregationRandom(32)
    for shape in [AggregationRandom.Shape.gaussian, .unit, .wide, .everything, .denormal] {
      let values = random.doubles(3000, shape)
      var (sketch, other) = (DDSketch(), DDSketch())
      sketch.insert(values.span)
      for value in values.shuffled(using: &random) { other.insert(value) }
      #expect(sketch == other && sketch.count == 3000)
      let sorted = values.sorted()
      for i in 0...100 {
        let q = Double(i) / 100
        let expected = sorted[Int(q * 2999)]
        let quantile = sketch.quantile(q) ?? .nan
        // Half of the least double is no double.
        #expect(
          (quantile - expected).magnitude <= max(0.01 * expected.magnitude, 0x1p-1074), "\(q) \(expected) \(quantile)")
      }
    }
    var odd = DDSketch()
    odd.insert([.infinity, -.infinity, .nan, 0, -0.0, .greatestFiniteMagnitude, 0x1p-1074].span)
    #expect(odd.count == 6 && odd.quantile(0) == -.infinity && odd.quantile(1) == .infinity && odd.quantile(0.3) == 0)
    #expect(DDSketch().quantile(0.5) == nil)
  }

  /// Buckets rise with the values, and no ratio of two in one is above e^0.02.
  @Test func ddBuckets() {
    var random = AggregationRandom(33)
    for _ in 0..<20_000 {
      let value = random.double(.everything).magnitude
      if value == 0 { continue }
      #expect(DDBuckets.index(value) <= DDBuckets.index(value.nextUp))
      if value > 0x1p-1000, value < 0x1p1000 { #expect(DDBuckets.index(value) < DDBuckets.index(value * 1.02021)) }
    }
    #expect(DDBuckets.index(.greatestFiniteMagnitude) < DDBuckets.infinite && DDBuckets.index(0x1p-1074) >= 0)
  }

  @Test func kllRanks() {
    var random = AggregationRandom(34)
    var failures = 0
    for seed in 0..<20 {
      var parts = (0..<3).map { KLLSketch(seed: UInt64(seed * 3 + $0)) }
      let values = (0..<6000).map { Double($0) }.shuffled(using: &random)
      for (i, value) in values.enumerated() { parts[i % 3].insert(value) }
      var sketch = parts[0]
      sketch.merge(parts[1])
      sketch.merge(parts[2])
      #expect(sketch.count == 6000 && sketch.minimum == 0 && sketch.maximum == 5999)
      let weight = sketch.levels.enumerated().reduce(0) { $0 + $1.element.count << $1.offset }
      #expect(weight == 6000 && sketch.retained < 900)
      for q in [0.05, 0.25, 0.5, 0.75, 0.95] where ((sketch.quantile(q) ?? 0) / 6000 - q).magnitude > 0.0133 {
        failures += 1
      }
    }
    // 1.33 % in 99 of 100.
    #expect(failures <= 5)
  }

  @Test func spaceSaving() {
    var random = AggregationRandom(35)
    var truth: [Int64: UInt64] = [:]
    var (left, right) = (SpaceSaving(capacity: 64), SpaceSaving(capacity: 64))
    for i in 0..<20_000 {
      // Zipf-like: value v with a chance of about 1 / v.
      let unit = Double(random.next() >> 11) * 0x1p-53
      let value = Int64(1 / (unit + 0x1p-14))
      truth[value, default: 0] += 1
      if i & 1 == 0 { left.insert(value) } else { right.insert(value) }
    }
    left.merge(right)
    #expect(left.total == 20_000 && left.counterCount == 64)
    for counter in left.top(64) {
      let count = truth[counter.key] ?? 0
      #expect(counter.count >= count && counter.count - counter.error <= count && counter.error <= 20_000 / 64 * 2)
    }
    let best = truth.sorted { $0.value > $1.value }.prefix(5).map(\.key)
    #expect(Set(left.top(5).map(\.key)) == Set(best))
  }

  @Test func reservoir() {
    var hits = [Int](repeating: 0, count: 50)
    for seed in 0..<2000 {
      var (left, right) = (
        ReservoirSample<Int>(capacity: 5, seed: UInt64(seed)), ReservoirSample<Int>(capacity: 5, seed: ~UInt64(seed))
      )
      for i in 0..<50 { if i < 20 { left.insert(i) } else { right.insert(i) } }
      left.merge(right)
      #expect(left.count == 50 && Set(left.elements).count == 5)
      for element in left.elements { hits[element] += 1 }
    }
    // 200 each, with a standard deviation of 13.4.
    for count in hits { #expect((count - 200).magnitude < 67) }
    var few = ReservoirSample<Int>(capacity: 5, seed: 1)
    few.insert(3)
    #expect(few.elements == [3])
  }
}
