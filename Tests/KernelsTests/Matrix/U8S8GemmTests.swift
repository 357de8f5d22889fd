import Kernels
import Testing

extension U8S8Dot: DotTestFormat {
  static func randomA(_ generator: inout SplitMix64) -> UInt8 { UInt8(truncatingIfNeeded: generator.next()) }
  static func randomB(_ generator: inout SplitMix64) -> Int8 { Int8(truncatingIfNeeded: generator.next()) }
  static func randomC(_ generator: inout SplitMix64) -> Int32 { Int32(truncatingIfNeeded: generator.next()) }
  static var gaps: (a: UInt8, b: Int8, c: Int32) { (0xA5, 0x5A, 0x5A5A_5A5A) }
}

extension DotInput<U8S8Dot> {
  func expected(_ factors: U8S8Dot.Factors) -> [Int32] {
    u8s8Reference(
      m: m, n: n, k: k, a: a, aZero: factors.aZero, b: b, bZero: factors.bZero, c: factors.accumulate ? c : nil)
  }
}

/// Products of bytes are exact: every row, layout, cut and number of threads gives the same integers.
@Suite struct U8S8GemmTests {
  static let factors = [
    U8S8Dot.Factors(aZero: 0, bZero: 0, accumulate: false), U8S8Dot.Factors(aZero: 128, bZero: 0, accumulate: true),
    U8S8Dot.Factors(aZero: 0, bZero: -3, accumulate: false), U8S8Dot.Factors(aZero: 7, bZero: 100, accumulate: true),
    U8S8Dot.Factors(aZero: .min, bZero: .max, accumulate: false),
    U8S8Dot.Factors(aZero: -0x1234_5678, bZero: 0x7654_3210, accumulate: true),
  ]

  /// Says in the output of the tests which rows they could not prove on this machine.
  @Test(arguments: DotKernel<U8S8Dot>.all)
  func canRunHere(_ row: DotKernel<U8S8Dot>) {
    if row.runsHere { return }
    let missing = row.requires.subtracting(.detected)
    Issue.record("\(row.name) is not tested on this machine: its CPU lacks \(missing)", severity: .warning)
  }

  /// The name says types, operation, tile and instruction set.
  @Test(arguments: DotKernel<U8S8Dot>.all)
  func theNameIsThatOfTheTile(_ row: DotKernel<U8S8Dot>) {
    #expect(row.name.description.hasPrefix("u8s8_gemm_\(row.tile.rows)x\(row.tile.columns)_"))
    #expect(row.tile.columns % 16 == 0)
  }

  /// Each size of a tail, in each dimension, with every layout and every kind of zero points in turn.
  @Test(arguments: DotKernel<U8S8Dot>.supported)
  func everyTail(_ row: DotKernel<U8S8Dot>) throws {
    let (rows, columns) = (max(16, row.tile.rows), row.tile.columns)
    let sizes =
      (1...2 * rows + 1).map { ($0, 5, 70) } + (1...2 * columns + 1).map { (3, $0, 70) }
      + (1...130).map { (rows + 1, 17, $0) }
    for (turn, (m, n, k)) in sizes.enumerated() {
      let input = DotInput<U8S8Dot>(m: m, n: n, k: k, seed: turn)
      var layout = GemmLayout.transposes[turn % 4]
      layout.gaps = (turn % 3, turn % 5, turn % 2)
      layout.offset = turn % 7
      let factors = Self.factors[turn % Self.factors.count]
      try DotCase(kernel: row, layout: layout, factors: factors).check(input, bits: input.expected(factors))
    }
  }

  /// Blocks of every kind: k in parts, several blocks of rows and of columns, with every layout and every kind of zero points.
  @Test(arguments: DotKernel<U8S8Dot>.supported, [CacheSizes.fallback, DotCase<U8S8Dot>.noCaches])
  func everyBlock(_ row: DotKernel<U8S8Dot>, _ caches: CacheSizes) throws {
    let input = DotInput<U8S8Dot>(m: 3 * max(16, row.tile.rows) + 5, n: 2 * row.tile.columns + 3, k: 601, seed: 1)
    for (turn, factors) in Self.factors.enumerated() {
      let expected = input.expected(factors)
      for (i, layout) in GemmLayout.transposes.enumerated() where isOptimised || (turn + i) % 2 == 0 {
        try DotCase(kernel: row, layout: layout, factors: factors, caches: caches).check(input, bits: expected)
      }
    }
  }

  /// The largest products there are, of both signs, k = 10,000 times; and so often that the sums wrap around.
  @Test(arguments: DotKernel<U8S8Dot>.supported, isOptimised ? [10_000, 70_001] : [10_000])
  func extremes(_ row: DotKernel<U8S8Dot>, _ k: Int) throws {
    var input = DotInput<U8S8Dot>(m: 2, n: 3, k: k, seed: 2)
    input.a = (0..<2 * k).map { $0 < k || $0 % 251 == 0 ? 255 : 0 }
    input.b = (0..<k).flatMap { [-128, 127, $0 % 2 == 0 ? -128 : 127] as [Int8] }
    for factors in Self.factors {
      try DotCase(kernel: row, factors: factors).check(input, bits: input.expected(factors))
    }
    let plain = try DotCase(kernel: row, factors: Self.factors[0]).run(input)
    #expect(plain[0] == Int32(truncatingIfNeeded: -255 * 128 * k))
    #expect(plain[1] == Int32(truncatingIfNeeded: 255 * 127 * k))
  }

  /// Each operand between inaccessible pages; what touches a gap of C throws as well.
  @Test(arguments: DotKernel<U8S8Dot>.supported, GuardedBuffer.Alignment.allCases)
  func nothingBesideTheOperands(_ row: DotKernel<U8S8Dot>, _ alignment: GuardedBuffer.Alignment) throws {
    var turn = 0
    for m in [1, 15, 16, 33] {
      for n in [1, 15, 17, row.tile.columns, row.tile.columns + 1] {
        for k in [1, 3, 64, 67, 128] {
          let input = DotInput<U8S8Dot>(m: m, n: n, k: k, seed: turn)
          for var layout in GemmLayout.transposes {
            layout.gaps = (a: turn & 1, b: turn & 2, c: turn % 3)
            layout.guarded = alignment
            let factors = Self.factors[turn % Self.factors.count]
            try DotCase(kernel: row, layout: layout, factors: factors).check(input, bits: input.expected(factors))
            turn += 1
          }
        }
      }
    }
  }

  /// As many as the quota allows: the product is large enough for two.
  @Test(arguments: DotKernel<U8S8Dot>.supported, [2, 5])
  func threads(_ row: DotKernel<U8S8Dot>, _ threads: Int) throws {
    let input = DotInput<U8S8Dot>(m: 97, n: 131, k: 663, seed: 3)
    let layout = GemmLayout.transposes[threads % 4]
    try DotCase(kernel: row, layout: layout, factors: Self.factors[3], threads: threads)
      .check(input, bits: input.expected(Self.factors[3]))
  }

  /// Nothing to multiply: C is zeros, or stays as it is.
  @Test(arguments: DotKernel<U8S8Dot>.supported)
  func empty(_ row: DotKernel<U8S8Dot>) throws {
    for (m, n, k) in [(0, 0, 0), (0, 3, 4), (3, 0, 4), (3, 4, 0)] {
      let input = DotInput<U8S8Dot>(m: m, n: n, k: k, seed: 4)
      for factors in Self.factors {
        try DotCase(kernel: row, factors: factors).check(input, bits: input.expected(factors))
      }
    }
  }
}

/// The public functions: the row that the features allow, through pointers and through spans.
@Suite(.serialized, .cpuFeatureMask) struct U8S8GemmDispatchTests {
  @Test(arguments: DotKernel<U8S8Dot>.all)
  func everyRowIsReachable(_ row: DotKernel<U8S8Dot>) {
    #expect(DotKernel<U8S8Dot>.select(row.requires).name.description == row.name.description)
  }

  @Test(arguments: GemmDispatchTests.masks + [.amxTile, .amxInt8, .avx512vnni])
  func theResultIsTheSameUnderEveryMask(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    if mask == CPUFeatures(rawValue: .max) {
      #expect(DotKernel<U8S8Dot>.select(.current).name.description.hasSuffix("portable"))
    }
    for (m, n, k) in [(1, 1, 1), (17, 49, 300), (1, 40, 7), (40, 1, 7), (4, 4, 0)] {
      let input = DotInput<U8S8Dot>(m: m, n: n, k: k, seed: m)
      let expected = input.expected(U8S8Dot.Factors(aZero: 3, bZero: -5, accumulate: true))
      var scratch = Scratch()
      var byPointers = input.c
      unsafe u8s8gemm(
        m: m, n: n, k: k, a: input.a, lda: k, aZero: 3, b: input.b, ldb: n, bZero: -5, c: &byPointers, ldc: n,
        accumulate: true, scratch: &scratch)
      #expect(byPointers == expected)
      var bySpans = input.c
      var c = bySpans.mutableSpan
      u8s8gemm(
        m: m, n: n, k: k, a: input.a.span, lda: k, aZero: 3, b: input.b.span, ldb: n, bZero: -5, c: &c, ldc: n,
        accumulate: true, scratch: &scratch)
      #expect(bySpans == expected)
    }
  }

  /// Against numbers worked out by hand.
  @Test func byHand() {
    let a: [UInt8] = [1, 2, 3, 4, 5, 255]
    let b: [Int8] = [1, 0, 2, -1, 0, -128]
    var scratch = Scratch()
    var product = [Int32](repeating: 99, count: 4)
    unsafe u8s8gemm(m: 2, n: 2, k: 3, a: a, lda: 3, b: b, ldb: 2, c: &product, ldc: 2, scratch: &scratch)
    #expect(product == [5, -386, 14, -32645])
    // A' is 3 x 2, B' is 2 x 3: (A' - 1)(B' - 1).
    var both = [Int32](repeating: 0, count: 9)
    unsafe u8s8gemm(
      .yes, .yes, m: 3, n: 3, k: 2, a: a, lda: 3, aZero: 1, b: b, ldb: 2, bZero: 1, c: &both, ldc: 3, scratch: &scratch)
    #expect(both == [-3, -6, -387, -4, -7, -517, -254, -506, -32768])
  }
}
