import Kernels
import Testing

/// Single precision by bf16 parts, on every row of the bf16 table that runs here, whether or not it pays there.
@Suite struct SplitGemmTests {
  static let precisions: [GemmPrecision] = [.bf16x3, .bf16x2, .bf16]

  /// The error over |alpha| |A| |B| + |beta| |C| that a precision may have.
  static func bound(_ precision: GemmPrecision) -> Double {
    let native = 16 * Double(Float.ulpOfOne)
    switch precision {
    case .native: return native
    case .bf16x3: return 4 * native
    case .bf16x2: return native + 0x1p-15
    case .bf16: return native + 0x1p-7
    }
  }

  private func product(
    _ kernel: DotKernel<BF16Dot>, _ precision: GemmPrecision, _ input: GemmInput<Float>,
    _ layout: GemmLayout = GemmLayout(),
    alpha: Float = 1, beta: Float = 0, threads: Int = 1, caches: CacheSizes = .fallback
  ) -> [Float] {
    let shape = layout.shape(input.m, input.n, input.k)
    let a = layout.stored(input.a, input.m, input.k, layout.transposeA, ld: shape.lda, gap: .nan)
    let b = layout.stored(input.b, input.k, input.n, layout.transposeB, ld: shape.ldb, gap: .nan)
    let guarded = (
      GuardedBuffer(a, alignment: .end), GuardedBuffer(b, alignment: .end), GuardedBuffer(input.c, alignment: .end)
    )
    var scratch = Scratch()
    let done = unsafe splitGemm(
      kernel, precision, shape, alpha,
      guarded.0.bytes.bindMemory(to: Float.self).baseAddress.map { unsafe UnsafePointer($0) },
      guarded.1.bytes.bindMemory(to: Float.self).baseAddress.map { unsafe UnsafePointer($0) }, beta,
      guarded.2.bytes.bindMemory(to: Float.self).baseAddress, threads: threads, caches: caches, scratch: &scratch)
    #expect(done)
    return unsafe Array(guarded.2.bytes.bindMemory(to: Float.self))
  }

  private func native(_ input: GemmInput<Float>, alpha: Float, beta: Float) throws -> [Float] {
    try GemmCase(kernel: .select(.current), alpha: alpha, beta: beta).run(input)
  }

  /// Ragged sizes, k in parts, every layout; numbers of all magnitudes that can be split.
  @Test(arguments: DotKernel<BF16Dot>.supported, precisions)
  func accuracy(_ row: DotKernel<BF16Dot>, _ precision: GemmPrecision) throws {
    for (turn, (m, n, k)) in [(1, 1, 1), (3, 5, 31), (17, 33, 32), (16, 16, 97), (5, 50, 301)].enumerated() {
      var input = GemmInput<Float>(m: m, n: n, k: k, seed: k)
      for i in input.a.indices where i % 3 == 0 {
        input.a[i] *= Float(sign: .plus, exponent: i % 80 - 40, significand: 1)
      }
      for i in input.b.indices where i % 3 == 1 {
        input.b[i] *= Float(sign: .plus, exponent: i % 80 - 40, significand: 1)
      }
      let reference = input.reference
      for caches in [CacheSizes.fallback, DotCase<BF16Dot>.noCaches] {
        let layout = GemmLayout.transposes[(turn + (caches.l1 == 0 ? 1 : 0)) % 4]
        let result = product(row, precision, input, layout, alpha: -0.7, beta: 0.5, caches: caches)
        for index in result.indices {
          let error = reference.error(
            of: Double(result[index]), at: index, alpha: Double(Float(-0.7)), beta: 0.5, c: Double(input.c[index]))
          #expect(error <= Self.bound(precision), "\(row.name) \(precision) \(m) x \(n) x \(k): \(index)")
        }
      }
    }
  }

  /// Three parts hold all of a number: products with 1 are exact to the last bit.
  @Test(arguments: DotKernel<BF16Dot>.supported)
  func threePartsAreTheWholeNumber(_ row: DotKernel<BF16Dot>) {
    var generator = SplitMix64(state: 1)
    var input = GemmInput<Float>(m: 40, n: 1, k: 1, seed: 1)
    for i in 0..<40 {
      // A fraction of 24 bits, at both ends of the range and between.
      let bits = UInt32(truncatingIfNeeded: generator.next()) & 0x807F_FFFF
      input.a[i] = Float(bitPattern: bits | [80, 127, 173][i % 3] << 23)
    }
    (input.a[0], input.a[1], input.b[0]) = (0, -Float.zero, 1)
    #expect(product(row, .bf16x3, input) == input.a)
  }

  /// Where a row of A or a column of B cannot be split, its elements are those of single precision; no other element changes.
  @Test(arguments: DotKernel<BF16Dot>.supported, precisions)
  func whatCannotBeSplit(_ row: DotKernel<BF16Dot>, _ precision: GemmPrecision) throws {
    let (m, n, k) = (19, 21, 40)
    let plain = GemmInput<Float>(m: m, n: n, k: k, seed: 9)
    let before = product(row, precision, plain, alpha: 2, beta: -1)
    let specials: [Float] = [
      .nan, .infinity, -.infinity, .greatestFiniteMagnitude, 0x1p47, .leastNonzeroMagnitude, 0x1.fffffep-48,
    ]
    for (turn, special) in specials.enumerated() {
      var input = plain
      let (rows, columns): ([Int], [Int]) = [([3], []), ([], [4]), ([0, 1, 18], [0, 20]), ([5], [7, 8])][turn % 4]
      for i in rows { input.a[i * k + turn] = special }
      for j in columns { input.b[(k - 1 - turn) * n + j] = special }
      let expected = try native(input, alpha: 2, beta: -1)
      let result = product(row, precision, input, GemmLayout.transposes[turn % 4], alpha: 2, beta: -1)
      for index in result.indices {
        let isException = rows.contains(index / n) || columns.contains(index % n)
        let wanted = isException ? expected[index] : before[index]
        if !sameBits([result[index]], [wanted]) {
          Issue.record("\(row.name) \(precision) \(special): \(index) is \(result[index]), not \(wanted)")
        }
      }
    }
    var nothing = plain
    for i in 0..<m { nothing.a[i * k + i] = .nan }
    #expect(sameBits(product(row, precision, nothing, alpha: 2), try native(nothing, alpha: 2, beta: 0)))
  }

  /// Bits do not depend on m, layout or threads.
  @Test(arguments: DotKernel<BF16Dot>.supported)
  func sameBitsEverywhere(_ row: DotKernel<BF16Dot>) {
    let (m, n, k) = (37, 65, 230)
    let batch = GemmInput<Float>(m: m, n: n, k: k, seed: 5)
    let expected = product(row, .bf16x3, batch, alpha: -0.7, beta: 0.5)
    for layout in GemmLayout.transposes {
      var layout = layout
      layout.gaps = (3, 1, 0)
      #expect(sameBits(product(row, .bf16x3, batch, layout, alpha: -0.7, beta: 0.5, threads: 2), expected))
    }
    for i in [0, 16, 36] {
      var one = GemmInput<Float>(m: 1, n: n, k: k) { 0 }
      (one.a, one.b) = (Array(batch.a[i * k..<(i + 1) * k]), batch.b)
      one.c = Array(batch.c[i * n..<(i + 1) * n])
      #expect(sameBits(product(row, .bf16x3, one, alpha: -0.7, beta: 0.5), Array(expected[i * n..<(i + 1) * n])))
    }
  }

  @Test(arguments: DotKernel<BF16Dot>.supported)
  func empty(_ row: DotKernel<BF16Dot>) {
    for (m, n, k, alpha) in [(0, 3, 4, 1), (3, 0, 4, 1), (3, 4, 0, 1), (3, 4, 5, 0)] as [(Int, Int, Int, Float)] {
      let input = GemmInput<Float>(m: m, n: n, k: k, seed: 1)
      #expect(product(row, .bf16x3, input, alpha: alpha, beta: 2) == input.c.map { 2 * $0 })
    }
  }
}

/// The public function: within the bound of the precision under every mask, and native where nothing is faster.
@Suite(.serialized, .cpuFeatureMask) struct GemmPrecisionTests {
  @Test(arguments: GemmDispatchTests.masks + [.amxTile, .amxBF16, .avx512bf16], GemmPrecision.allCases)
  func isAsExactAsItSays(_ mask: CPUFeatures, _ precision: GemmPrecision) throws {
    CPUFeatures.disable(mask)
    for (m, n, k) in [(1, 1, 1), (17, 49, 130), (1, 40, 7)] {
      let input = GemmInput<Float>(m: m, n: n, k: k, seed: m)
      let reference = input.reference
      var scratch = Scratch()
      var byPointers = input.c
      unsafe sgemm(
        m: m, n: n, k: k, alpha: 2, a: input.a, lda: k, b: input.b, ldb: n, beta: -1, c: &byPointers, ldc: n,
        precision: precision, scratch: &scratch)
      var bySpans = input.c
      var c = bySpans.mutableSpan
      sgemm(
        m: m, n: n, k: k, alpha: 2, a: input.a.span, lda: k, b: input.b.span, ldb: n, beta: -1, c: &c, ldc: n,
        precision: precision, scratch: &scratch)
      #expect(sameBits(bySpans, byPointers))
      for index in byPointers.indices {
        let error = reference.error(
          of: Double(byPointers[index]), at: index, alpha: 2, beta: -1, c: Double(input.c[index]))
        #expect(error <= SplitGemmTests.bound(precision), "\(precision) \(m) x \(n) x \(k): \(index)")
      }
      if CPUFeatures.current.isDisjoint(with: [.amxBF16, .avx512bf16]) {
        let native = try GemmCase<Float>(kernel: .select(.current), alpha: 2, beta: -1).run(input)
        #expect(sameBits(byPointers, native))
      }
    }
  }
}
