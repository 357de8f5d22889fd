import Testing

@testable import Kernels

/// A row that this CPU can run.
struct GroupSumRow: CustomTestStringConvertible, Sendable {
  let kernel: GroupSumKernel
  var testDescription: String { kernel.name.description }

  static let all = GroupSumKernel.all.rows.filter { CPUFeatures.detected.isSuperset(of: $0.requires) }.map {
    GroupSumRow(kernel: $0)
  }
}

/// Sums of groups by integers: the rows of the table, and what chooses and changes their scale.
@Suite struct GroupSumTests {
  static let groupCount = 5

  /// Values between pages that fault; what the integers hold and what came back are together the values, to the last bit.
  @Test(arguments: GroupSumRow.all, GuardedBuffer.Alignment.allCases)
  func nothingIsLost(row: GroupSumRow, alignment: GuardedBuffer.Alignment) throws {
    var random = AggregationRandom(3)
    for count in Array(0..<35) + [63, 64, 65, 255, 256] {
      for oddity in 0..<4 {
        let values = GuardedBuffer(byteCount: 8 * count, alignment: alignment)
        let groups = GuardedBuffer(byteCount: 4 * count, alignment: alignment)
        let rest = GuardedBuffer(byteCount: 4 * count, alignment: alignment)
        let sums = GuardedBuffer(byteCount: 16 * Self.groupCount, alignment: alignment)
        let doubles = unsafe values.bytes.bindMemory(to: Double.self)
        let numbers = unsafe groups.bytes.bindMemory(to: UInt32.self)
        for i in 0..<count {
          var value = Double.random(in: -100...100, using: &random)
          if oddity > 0, random.next() % 9 == 0 { value *= [0x1p-70, 0x1p60, .infinity, .nan][Int(random.next() % 4)] }
          if oddity == 3 { value = random.next() % 2 == 0 ? 0 : -0.0 }
          unsafe doubles[i] = value
          // The last group sees nothing.
          unsafe numbers[i] = UInt32(random.next() % UInt64(Self.groupCount - 1))
        }
        let reference: [Double] = [127]
        let scale = try #require(unsafe reference.withUnsafeBufferPointer { unsafe SumScale($0.baseAddress!, 1) })
        let left = unsafe Self.add(row.kernel, groups, values, count, scale, sums, rest)
        let returned = unsafe rest.bytes.bindMemory(to: UInt32.self)
        let misfits = Set((0..<left).map { unsafe Int(returned[$0]) })
        #expect(misfits.count == left && misfits.allSatisfy { $0 < count })
        for group in 0..<Self.groupCount {
          let rows = (0..<count).filter { unsafe Int(numbers[$0]) == group && !misfits.contains($0) }
          let pair = unsafe sums.bytes.bindMemory(to: SumScale.Pair.self)[group]
          #expect(pair.isUsed == !rows.isEmpty)
          let expected = ExactSumReference(rows.map { unsafe doubles[$0] })
          #expect(ExactSumReference(Self.parts(pair, scale)).words == expected.words)
        }
        // What fits by far is not turned away, but for a few beside what does not.
        let odd = (0..<count).count { row in
          let magnitude = unsafe doubles[row].magnitude
          return !(magnitude < 0x1p12) || magnitude < 0x1p-20 && magnitude != 0
        }
        #expect(left <= 4 * odd + 3)
        withExtendedLifetime((values, groups, rest, sums)) {}
      }
    }
  }

  @unsafe
  private static func add(
    _ kernel: GroupSumKernel, _ groups: GuardedBuffer, _ values: GuardedBuffer, _ count: Int, _ scale: SumScale,
    _ sums: GuardedBuffer, _ rest: GuardedBuffer
  ) -> Int {
    let bias = scale.bias
    return unsafe bias.span.withUnsafeBufferPointer { bias in
      unsafe kernel.body(
        groups.bytes.baseAddress!.assumingMemoryBound(to: UInt32.self),
        values.bytes.baseAddress!.assumingMemoryBound(to: Double.self), count, bias.baseAddress!,
        sums.bytes.baseAddress!.assumingMemoryBound(to: Int64.self),
        rest.bytes.baseAddress!.assumingMemoryBound(to: UInt32.self))
    }
  }

  /// Halves of the integers as doubles.
  private static func parts(_ pair: SumScale.Pair, _ scale: SumScale) -> [Double] {
    var parts: [Double] = []
    for (sum, unit) in [(pair.high, scale.highUnit), (pair.low >> 1, scale.lowUnit)] {
      let halves: (Double, Double) = (Double(sum >> 32) * 0x1p32, Double(sum & 0xFFFF_FFFF))
      parts += [halves.0 * unit, halves.1 * unit]
    }
    return parts
  }

  /// The same rows by integers, and one by one, as they are where a bitmap comes: the same bytes.
  private func check(_ values: [Double], blocks: Int, groupCount: Int = 7) {
    var random = AggregationRandom(9)
    let groups = values.map { _ in UInt32(random.next() % UInt64(groupCount)) }
    let valid = [UInt8](repeating: 255, count: (values.count + 7) / 8)
    var (fast, slow) = (ExactSumAccumulator<Double>(), ExactSumAccumulator<Double>())
    fast.grow(to: groupCount)
    slow.grow(to: groupCount)
    unsafe slow.update(groups: groups, values: values, valid: valid, validOffset: 0, count: values.count)
    var expected = ExactSumAccumulator<Double>()
    expected.grow(to: groupCount)
    for _ in 0..<blocks {
      unsafe fast.update(groups: groups, values: values, valid: nil, validOffset: 0, count: values.count)
      for group in 0..<groupCount { expected.merge(group: group, from: slow, otherGroup: group) }
    }
    let all = (0..<UInt32(groupCount)).map { $0 }
    #expect(fast.bytes(all) == expected.bytes(all))
    for group in 0..<groupCount {
      #expect(fast.bytes(group) == expected.bytes(group))
      #expect(fast.result(group)?.bitPattern == expected.result(group)?.bitPattern)
    }
    // States that have integers merge, and go back to nothing.
    var merged = ExactSumAccumulator<Double>()
    merged.grow(to: groupCount)
    for group in 0..<groupCount { merged.merge(group: group, from: fast, otherGroup: group) }
    #expect(merged.bytes(all) == expected.bytes(all))
    fast.reset(2)
    #expect(fast.result(2) == nil)
  }

  /// Pairs of few bits and of many, so that some lie between two doubles: rounded to the even one, and the rest.
  @Test func pairsAreRoundedOnce() throws {
    var random = AggregationRandom(12)
    let reference: [Double] = [1e5]
    let scale = try #require(unsafe reference.withUnsafeBufferPointer { unsafe SumScale($0.baseAddress!, 1) })
    func integer() -> Int64 {
      let bits = Int64(bitPattern: random.next()) >> Int64(random.next() % 62 + 2)
      return random.next() % 3 == 0 ? bits : (1 << Int64(random.next() % 61)) * (random.next() % 2 == 0 ? 1 : -1)
    }
    var (ties, wrong) = (0, 0)
    for _ in 0..<20_000 {
      let pair = SumScale.Pair(high: integer(), low: integer() << 1 | 1)
      var entry = ExactSumAccumulator<Double>.Entry()
      var overflows: [Int: ExactSumAccumulator<Double>.Overflow] = [:]
      unsafe withUnsafeMutablePointer(to: &entry) { entry in
        unsafe ExactSumAccumulator<Double>.add(pair, scale, 0, entry, &overflows)
      }
      let expected = ErrorFree.sum(entry.high, entry.low)
      let found = scale.terms(pair)
      if !overflows.isEmpty || found.0 != expected.0 || found.1 != expected.1 { wrong += 1 }
      if found.1.magnitude * 2 == found.0.ulp { ties += 1 }
    }
    #expect(wrong == 0 && ties > 50)
  }

  @Test(arguments: AggregationRandom.Shape.allCases)
  func everyShape(_ shape: AggregationRandom.Shape) {
    var random = AggregationRandom(5)
    for count in [64, 255, 256, 257, 3000] { check(random.doubles(count, shape), blocks: 3) }
  }

  /// More rows than the integers hold, all of the same sign and as large as the scale allows.
  @Test func manyRows() {
    var values = [Double](repeating: 1, count: 1024)
    check(values, blocks: SumScale.rowLimit / 1024 + 3)
    for i in 256..<1024 { values[i] = 127.99999999999 }
    check(values, blocks: SumScale.rowLimit / 1024 + 3)
  }

  /// Magnitudes that grow away from every scale, and magnitudes for which there is none.
  @Test func scalesChange() {
    var values: [Double] = []
    for step in 0..<40 {
      let scale = Double(sign: .plus, exponent: 3 * step - 60, significand: 1.1)
      for i in 0..<500 { values.append(Double(i - 200) * scale) }
    }
    check(values, blocks: 2)
    for factors in [(1e-40, 1e40), (0x1p-1074, 0x1p-1074), (0x1p1000, 0x1p1000)] {
      values.removeAll()
      for i in 0..<20_000 { values.append(Double(i) * (i % 3 == 0 ? factors.0 : factors.1)) }
      check(values, blocks: 2)
    }
    check([Double](repeating: -0.0, count: 3_000), blocks: 1)
  }

  /// Groups that come after the scale, and more of them than get integers.
  @Test func groupsGrow() {
    var random = AggregationRandom(6)
    var (fast, slow) = (ExactSumAccumulator<Double>(), ExactSumAccumulator<Double>())
    let valid = [UInt8](repeating: 255, count: 128)
    for groupCount in [10, 1000, SumScale.groupLimit, SumScale.groupLimit + 1] {
      let values = random.doubles(1000, .gaussian)
      let groups = values.map { _ in UInt32(random.next() % UInt64(groupCount)) }
      fast.grow(to: groupCount)
      slow.grow(to: groupCount)
      unsafe fast.update(groups: groups, values: values, valid: nil, validOffset: 0, count: 1000)
      unsafe slow.update(groups: groups, values: values, valid: valid, validOffset: 0, count: 1000)
      let used = Array(Set(groups)).sorted()
      #expect(fast.bytes(used) == slow.bytes(used))
    }
    #expect(fast.scale == nil)
  }
}
