import Kernels
import Testing

extension BF16Dot: DotTestFormat {
  /// Uniform in -1 ..< 1, with all the bits that the type has there.
  static func randomA(_ generator: inout SplitMix64) -> BFloat16 { BFloat16(Float.random(&generator)) }
  static func randomB(_ generator: inout SplitMix64) -> BFloat16 { BFloat16(Float.random(&generator)) }
  static func randomC(_ generator: inout SplitMix64) -> Float { Float.random(&generator) }
  static var gaps: (a: BFloat16, b: BFloat16, c: Float) { (BFloat16(.nan), BFloat16(.nan), .nan) }
}

extension DotInput<BF16Dot> {
  /// Small integers, whose products and sums are exact in any order.
  init(integers: ClosedRange<Int>, m: Int, n: Int, k: Int, seed: Int) {
    self.init(m: m, n: n, k: k, seed: seed)
    var generator = SplitMix64(state: UInt64(seed))
    func integer() -> Float { Float(Int.random(in: integers, using: &generator)) }
    a = a.map { _ in BFloat16(integer()) }
    b = b.map { _ in BFloat16(integer()) }
    c = c.map { _ in integer() }
  }

  /// By the definition, in double precision: exact for integers, and with IEEE 754's special values.
  func expected(_ factors: BF16Dot.Factors) -> [Float] {
    let (a, b) = (a.map { Double(Float($0)) }, b.map { Double(Float($0)) })
    return (0..<m * n).map { index in
      let (i, j) = (index / n, index % n)
      if k == 0 || factors.alpha == 0 { return factors.beta == 0 ? 0 : factors.beta * c[index] }
      let product = Double(factors.alpha) * (0..<k).reduce(0.0) { $0 + a[i * k + $1] * b[$1 * n + j] }
      return Float(factors.beta == 0 ? product : product + Double(factors.beta) * Double(c[index]))
    }
  }

  var reference: GemmReference {
    GemmReference(m: m, n: n, k: k, a: a.map { Double(Float($0)) }, b: b.map { Double(Float($0)) })
  }

  func rows(_ rows: Range<Int>) -> DotInput {
    var part = DotInput(m: rows.count, n: n, k: k, seed: 0)
    part.a = Array(a[rows.lowerBound * k..<rows.upperBound * k])
    part.b = b
    part.c = Array(c[rows.lowerBound * n..<rows.upperBound * n])
    return part
  }
}

@Suite struct BF16GemmTests {
  static let factors = [(1, 0), (2, 0), (1, 1), (-1, 2), (3, -1), (0, 2), (0, 0)].map {
    BF16Dot.Factors(alpha: $0, beta: $1)
  }
  static let some = BF16Dot.Factors(alpha: -0.7, beta: 0.5)

  /// Says in the output of the tests which rows they could not prove on this machine.
  @Test(arguments: DotKernel<BF16Dot>.all)
  func canRunHere(_ row: DotKernel<BF16Dot>) {
    if row.runsHere { return }
    let missing = row.requires.subtracting(.detected)
    Issue.record("\(row.name) is not tested on this machine: its CPU lacks \(missing)", severity: .warning)
  }

  /// The name says type, operation, tile and instruction set.
  @Test(arguments: DotKernel<BF16Dot>.all)
  func theNameIsThatOfTheTile(_ row: DotKernel<BF16Dot>) {
    #expect(row.name.description.hasPrefix("bf16_gemm_\(row.tile.rows)x\(row.tile.columns)_"))
    #expect(row.tile.columns % 16 == 0)
  }

  /// Each size of a tail, in each dimension, with every layout and kind of factors in turn: integers, exact.
  @Test(arguments: DotKernel<BF16Dot>.supported)
  func everyTail(_ row: DotKernel<BF16Dot>) throws {
    let (rows, columns) = (max(16, row.tile.rows), row.tile.columns)
    let sizes =
      (1...2 * rows + 1).map { ($0, 5, 35) } + (1...2 * columns + 1).map { (3, $0, 35) }
      + (1...66).map { (rows + 1, 17, $0) }
    for (turn, (m, n, k)) in sizes.enumerated() {
      let input = DotInput<BF16Dot>(integers: -9...9, m: m, n: n, k: k, seed: turn)
      var layout = GemmLayout.transposes[turn % 4]
      layout.gaps = (turn % 3, turn % 5, turn % 2)
      layout.offset = turn % 7
      let factors = Self.factors[turn % Self.factors.count]
      try DotCase(kernel: row, layout: layout, factors: factors).check(input, bits: input.expected(factors))
    }
  }

  /// Blocks of every kind: k in parts, several blocks of rows and of columns.
  @Test(arguments: DotKernel<BF16Dot>.supported, [CacheSizes.fallback, DotCase<BF16Dot>.noCaches])
  func everyBlock(_ row: DotKernel<BF16Dot>, _ caches: CacheSizes) throws {
    let (m, n) = (3 * max(16, row.tile.rows) + 5, 2 * row.tile.columns + 3)
    let input = DotInput<BF16Dot>(integers: -9...9, m: m, n: n, k: 301, seed: 1)
    for (turn, factors) in Self.factors[..<5].enumerated() {
      let expected = input.expected(factors)
      for (i, layout) in GemmLayout.transposes.enumerated() where isOptimised || (turn + i) % 2 == 0 {
        try DotCase(kernel: row, layout: layout, factors: factors, caches: caches).check(input, bits: expected)
      }
    }
  }

  /// Within the bound of the BLAS test programs.
  @Test(arguments: DotKernel<BF16Dot>.supported)
  func accuracy(_ row: DotKernel<BF16Dot>) throws {
    for (m, n, k) in [(1, 1, 1), (17, 33, 64), (5, 50, 301)] {
      let input = DotInput<BF16Dot>(m: m, n: n, k: k, seed: k)
      let reference = input.reference
      let result = try DotCase(kernel: row, factors: Self.some).run(input)
      for index in result.indices {
        let error = reference.error(
          of: Double(result[index]), at: index, alpha: Double(Self.some.alpha), beta: 0.5, c: Double(input.c[index]))
        #expect(error <= 16 * Double(Float.ulpOfOne), "\(row.name) \(m) x \(n) x \(k): \(index)")
      }
    }
  }

  /// Bits do not depend on where the operands lie, on m, on threads, or on how rows and columns are blocked.
  @Test(arguments: DotKernel<BF16Dot>.supported)
  func sameBits(_ row: DotKernel<BF16Dot>) throws {
    let batch = DotInput<BF16Dot>(m: 97, n: 131, k: isOptimised ? 663 : 203, seed: 5)
    let expected = try DotCase(kernel: row, factors: Self.some).run(batch)
    for threads in [2, 3] {
      try DotCase(kernel: row, factors: Self.some, threads: threads).check(batch, bits: expected)
    }
    var caches = CacheSizes.fallback
    (caches.l2, caches.l3) = (0, 0)
    try DotCase(kernel: row, factors: Self.some, caches: caches).check(batch, bits: expected)
    let small = batch.rows(0..<37)
    for layout in GemmLayout.transposes {
      var aCase = DotCase(kernel: row, layout: layout, factors: Self.some)
      (aCase.layout.gaps, aCase.layout.offset) = ((3, 1, 2), 5)
      try aCase.check(small, bits: Array(expected[..<(37 * 131)]))
    }
    for i in [0, 1, 15, 16, 40, 96] {
      try DotCase(kernel: row, factors: Self.some)
        .check(batch.rows(i..<i + 1), bits: Array(expected[i * 131..<(i + 1) * 131]))
    }
  }

  /// NaN and infinity at each position of each operand, among small integers with many zeros.
  @Test(arguments: DotKernel<BF16Dot>.supported)
  func specialValues(_ row: DotKernel<BF16Dot>) throws {
    let input = DotInput<BF16Dot>(integers: -1...1, m: 3, n: 18, k: 35, seed: 6)
    for special in [Float.nan, .infinity, -.infinity] {
      for index in 0..<input.k {
        for side in 0..<3 {
          var input = input
          if side == 0 { input.a[index * 3] = BFloat16(special) }
          if side == 1 { input.b[index * 18] = BFloat16(special) }
          if side == 2 { input.c[index] = special }
          let factors = Self.factors[index % Self.factors.count]
          let result = try DotCase(kernel: row, factors: factors).run(input)
          for (x, y) in zip(result, input.expected(factors)) where x != y && !(x.isNaN && y.isNaN) {
            throw GemmMismatch("\(row.name), \(special) at \(index) of \(side), \(factors): \(x), not \(y)")
          }
        }
      }
    }
  }

  /// Subnormals: kept, except by the instructions that know none.
  @Test(arguments: DotKernel<BF16Dot>.supported)
  func subnormals(_ row: DotKernel<BF16Dot>) throws {
    let flushes = row.requires.isSuperset(of: .amxBF16) || row.requires.isSuperset(of: .avx512bf16)
    var input = DotInput<BF16Dot>(integers: 0...0, m: 1, n: 2, k: 1, seed: 7)
    input.a = [BFloat16(0x1p-130)]
    input.b = [BFloat16(0x1p100), BFloat16(1)]
    let result = try DotCase(kernel: row, factors: Self.factors[0]).run(input)
    #expect(result == (flushes ? [0, 0] : [0x1p-30, 0x1p-130]))
  }

  /// Each operand between inaccessible pages; what touches a gap of C throws as well.
  @Test(arguments: DotKernel<BF16Dot>.supported, GuardedBuffer.Alignment.allCases)
  func nothingBesideTheOperands(_ row: DotKernel<BF16Dot>, _ alignment: GuardedBuffer.Alignment) throws {
    var turn = 0
    for m in [1, 15, 16, 33] {
      for n in [1, 15, 17, row.tile.columns, row.tile.columns + 1] {
        for k in [1, 3, 32, 35, 64] {
          let input = DotInput<BF16Dot>(integers: -9...9, m: m, n: n, k: k, seed: turn)
          for var layout in GemmLayout.transposes {
            layout.gaps = (a: turn & 1, b: turn & 2, c: turn % 3)
            layout.guarded = alignment
            let factors = Self.factors[turn % 5]
            try DotCase(kernel: row, layout: layout, factors: factors).check(input, bits: input.expected(factors))
            turn += 1
          }
        }
      }
    }
  }

  /// Nothing to multiply: C is scaled, or zeros where beta is 0, whatever it and the factors hold.
  @Test(arguments: DotKernel<BF16Dot>.supported)
  func empty(_ row: DotKernel<BF16Dot>) throws {
    for (m, n, k) in [(0, 0, 0), (0, 3, 4), (3, 0, 4), (3, 4, 0)] {
      let input = DotInput<BF16Dot>(integers: -9...9, m: m, n: n, k: k, seed: 4)
      for factors in Self.factors {
        try DotCase(kernel: row, factors: factors).check(input, bits: input.expected(factors))
      }
    }
    var input = DotInput<BF16Dot>(integers: -9...9, m: 2, n: 2, k: 2, seed: 4)
    (input.a[0], input.c[0]) = (BFloat16(.nan), .nan)
    try DotCase(kernel: row, factors: BF16Dot.Factors(alpha: 0, beta: 0)).check(input, bits: [0, 0, 0, 0])
  }
}

/// The public functions: the row that the features allow, through pointers and through spans.
@Suite(.serialized, .cpuFeatureMask) struct BF16GemmDispatchTests {
  @Test(arguments: DotKernel<BF16Dot>.all)
  func everyRowIsReachable(_ row: DotKernel<BF16Dot>) {
    #expect(DotKernel<BF16Dot>.select(row.requires).name.description == row.name.description)
  }

  @Test(arguments: GemmDispatchTests.masks + [.amxTile, .amxBF16, .avx512bf16])
  func integersAreTheSameUnderEveryMask(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    if mask == CPUFeatures(rawValue: .max) {
      #expect(DotKernel<BF16Dot>.select(.current).name.description.hasSuffix("portable"))
    }
    for (m, n, k) in [(1, 1, 1), (17, 49, 300), (1, 40, 7), (40, 1, 7), (4, 4, 0)] {
      let input = DotInput<BF16Dot>(integers: -9...9, m: m, n: n, k: k, seed: m)
      let expected = input.expected(BF16Dot.Factors(alpha: 2, beta: -3))
      var scratch = Scratch()
      var byPointers = input.c
      unsafe bf16gemm(
        m: m, n: n, k: k, alpha: 2, a: input.a, lda: k, b: input.b, ldb: n, beta: -3, c: &byPointers, ldc: n,
        scratch: &scratch)
      #expect(byPointers == expected)
      var bySpans = input.c
      var c = bySpans.mutableSpan
      bf16gemm(
        m: m, n: n, k: k, alpha: 2, a: input.a.span, lda: k, b: input.b.span, ldb: n, beta: -3, c: &c, ldc: n,
        scratch: &scratch)
      #expect(bySpans == expected)
    }
  }
}
