import Kernels
import Testing

/// A product with packed factors has the bits of the same product without, for every row that a mask leaves.
@Suite(.serialized, .cpuFeatureMask) struct PackedMatrixTests {
  static let masks: [CPUFeatures] = [[], .amxTile, [.amxTile, .avx512f], .ssse3, .neon, CPUFeatures(rawValue: .max)]
  static let sizes =
    [
      (1, 1, 1), (1, 40, 7), (40, 1, 7), (70, 1, 1100), (70, 3, 1100), (16, 16, 64), (17, 49, 300), (33, 65, 129),
      (0, 4, 4), (4, 0, 4), (4, 4, 0),
    ] + large
  // Portable rows without optimisation take minutes for what they take seconds for with it.
  #if DEBUG
    private static let large = [(31, 33, 370)]
  #else
    private static let large = [(97, 131, 1100)]
  #endif

  @Test(arguments: masks)
  func singlePrecision(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    for (m, n, k) in Self.sizes {
      let input = GemmInput<Float>(m: m, n: n, k: k, seed: m)
      let (a, b) = (input.a.span, input.b.span)
      var scratch = Scratch()
      for threads in [1, 2] {
        let expected = changed(input.c) { c in
          sgemm(
            m: m, n: n, k: k, alpha: -0.7, a: a, lda: k, b: b, ldb: n, beta: 0.5, c: &c, ldc: n, threads: threads,
            scratch: &scratch)
        }
        let packedA = PackedA<Float>(m: m, k: k, a: a, lda: k)
        let packedB = PackedB<Float>(k: k, n: n, b: b, ldb: n)
        let results = [
          changed(input.c) { c in
            sgemm(
              m: m, alpha: -0.7, a: a, lda: k, b: packedB, beta: 0.5, c: &c, ldc: n, threads: threads, scratch: &scratch
            )
          },
          changed(input.c) { c in
            sgemm(
              n: n, alpha: -0.7, a: packedA, b: b, ldb: n, beta: 0.5, c: &c, ldc: n, threads: threads, scratch: &scratch
            )
          },
          changed(input.c) { c in
            sgemm(alpha: -0.7, a: packedA, b: packedB, beta: 0.5, c: &c, ldc: n, threads: threads, scratch: &scratch)
          },
        ]
        for result in results { #expect(sameBits(result, expected), "\(m) x \(n) x \(k), \(threads) threads") }
      }
    }
  }

  @Test(arguments: masks)
  func doublePrecision(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    for (m, n, k) in Self.sizes {
      let input = GemmInput<Double>(m: m, n: n, k: k, seed: m)
      let (a, b) = (input.a.span, input.b.span)
      var scratch = Scratch()
      let expected = changed(input.c) { c in
        dgemm(m: m, n: n, k: k, a: a, lda: k, b: b, ldb: n, beta: -1, c: &c, ldc: n, scratch: &scratch)
      }
      let packedA = PackedA<Double>(m: m, k: k, a: a, lda: k)
      let packedB = PackedB<Double>(k: k, n: n, b: b, ldb: n)
      let results = [
        changed(input.c) { c in dgemm(m: m, a: a, lda: k, b: packedB, beta: -1, c: &c, ldc: n, scratch: &scratch) },
        changed(input.c) { c in dgemm(n: n, a: packedA, b: b, ldb: n, beta: -1, c: &c, ldc: n, scratch: &scratch) },
        changed(input.c) { c in dgemm(a: packedA, b: packedB, beta: -1, c: &c, ldc: n, scratch: &scratch) },
      ]
      for result in results { #expect(sameBits(result, expected), "\(m) x \(n) x \(k)") }
    }
  }

  @Test(arguments: masks)
  func bf16(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    for (m, n, k) in Self.sizes {
      let input = DotInput<BF16Dot>(m: m, n: n, k: k, seed: m)
      let (a, b) = (input.a.span, input.b.span)
      var scratch = Scratch()
      let expected = changed(input.c) { c in
        bf16gemm(m: m, n: n, k: k, alpha: 2, a: a, lda: k, b: b, ldb: n, beta: -1, c: &c, ldc: n, scratch: &scratch)
      }
      let packedA = PackedA<BFloat16>(m: m, k: k, a: a, lda: k)
      let packedB = PackedB<BFloat16>(k: k, n: n, b: b, ldb: n)
      let results = [
        changed(input.c) { c in
          bf16gemm(m: m, alpha: 2, a: a, lda: k, b: packedB, beta: -1, c: &c, ldc: n, scratch: &scratch)
        },
        changed(input.c) { c in
          bf16gemm(n: n, alpha: 2, a: packedA, b: b, ldb: n, beta: -1, c: &c, ldc: n, scratch: &scratch)
        },
        changed(input.c) { c in
          bf16gemm(alpha: 2, a: packedA, b: packedB, beta: -1, c: &c, ldc: n, threads: 2, scratch: &scratch)
        },
      ]
      for result in results { #expect(sameBits(result, expected), "\(m) x \(n) x \(k)") }
    }
  }

  @Test(arguments: masks)
  func bytes(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    for (turn, (m, n, k)) in Self.sizes.enumerated() {
      let input = DotInput<U8S8Dot>(m: m, n: n, k: k, seed: m)
      let factors = U8S8GemmTests.factors[turn % U8S8GemmTests.factors.count]
      let (a, b, aZero, bZero, accumulate) = (
        input.a.span, input.b.span, factors.aZero, factors.bZero, factors.accumulate
      )
      let expected = input.expected(factors)
      var scratch = Scratch()
      let packedA = PackedA<UInt8>(m: m, k: k, a: a, lda: k)
      let packedB = PackedB<Int8>(k: k, n: n, b: b, ldb: n)
      let results = [
        changed(input.c) { c in
          u8s8gemm(
            m: m, a: a, lda: k, aZero: aZero, b: packedB, bZero: bZero, c: &c, ldc: n, accumulate: accumulate,
            scratch: &scratch)
        },
        changed(input.c) { c in
          u8s8gemm(
            n: n, a: packedA, aZero: aZero, b: b, ldb: n, bZero: bZero, c: &c, ldc: n, accumulate: accumulate,
            scratch: &scratch)
        },
        changed(input.c) { c in
          u8s8gemm(
            a: packedA, aZero: aZero, b: packedB, bZero: bZero, c: &c, ldc: n, accumulate: accumulate, threads: 2,
            scratch: &scratch)
        },
      ]
      for result in results { #expect(result == expected, "\(m) x \(n) x \(k)") }
    }
  }

  /// Packed from the transpose, with a gap after each row, it is the same.
  @Test func transposes() {
    let (m, n, k) = (19, 35, 70)
    let layout = GemmLayout(transposeA: .yes, transposeB: .yes, gaps: (3, 5, 0))
    let shape = layout.shape(m, n, k)
    func stored<Element>(_ x: [Element], _ rows: Int, _ columns: Int, ld: Int, gap: Element) -> [Element] {
      layout.stored(x, rows, columns, .yes, ld: ld, gap: gap)
    }
    var scratch = Scratch()
    let singles = GemmInput<Float>(m: m, n: n, k: k, seed: 1)
    let doubles = GemmInput<Double>(m: m, n: n, k: k, seed: 2)
    let numbers = DotInput<BF16Dot>(m: m, n: n, k: k, seed: 3)
    let bytes = DotInput<U8S8Dot>(m: m, n: n, k: k, seed: 4)
    do {
      let a = PackedA<Float>(
        .yes, m: m, k: k, a: stored(singles.a, m, k, ld: shape.lda, gap: .nan).span, lda: shape.lda)
      let b = PackedB<Float>(
        .yes, k: k, n: n, b: stored(singles.b, k, n, ld: shape.ldb, gap: .nan).span, ldb: shape.ldb)
      let (plainA, plainB) = (singles.a.span, singles.b.span)
      let plain = changed(singles.c) { c in
        sgemm(m: m, n: n, k: k, a: plainA, lda: k, b: plainB, ldb: n, c: &c, ldc: n, scratch: &scratch)
      }
      #expect(sameBits(changed(singles.c) { c in sgemm(a: a, b: b, c: &c, ldc: n, scratch: &scratch) }, plain))
    }
    do {
      let a = PackedA<Double>(
        .yes, m: m, k: k, a: stored(doubles.a, m, k, ld: shape.lda, gap: .nan).span, lda: shape.lda)
      let b = PackedB<Double>(
        .yes, k: k, n: n, b: stored(doubles.b, k, n, ld: shape.ldb, gap: .nan).span, ldb: shape.ldb)
      let (plainA, plainB) = (doubles.a.span, doubles.b.span)
      let plain = changed(doubles.c) { c in
        dgemm(m: m, n: n, k: k, a: plainA, lda: k, b: plainB, ldb: n, c: &c, ldc: n, scratch: &scratch)
      }
      #expect(sameBits(changed(doubles.c) { c in dgemm(a: a, b: b, c: &c, ldc: n, scratch: &scratch) }, plain))
    }
    do {
      let gap = BFloat16(.nan)
      let a = PackedA<BFloat16>(
        .yes, m: m, k: k, a: stored(numbers.a, m, k, ld: shape.lda, gap: gap).span, lda: shape.lda)
      let b = PackedB<BFloat16>(
        .yes, k: k, n: n, b: stored(numbers.b, k, n, ld: shape.ldb, gap: gap).span, ldb: shape.ldb)
      let (plainA, plainB) = (numbers.a.span, numbers.b.span)
      let plain = changed(numbers.c) { c in
        bf16gemm(m: m, n: n, k: k, a: plainA, lda: k, b: plainB, ldb: n, c: &c, ldc: n, scratch: &scratch)
      }
      #expect(sameBits(changed(numbers.c) { c in bf16gemm(a: a, b: b, c: &c, ldc: n, scratch: &scratch) }, plain))
    }
    do {
      let a = PackedA<UInt8>(.yes, m: m, k: k, a: stored(bytes.a, m, k, ld: shape.lda, gap: 1).span, lda: shape.lda)
      let b = PackedB<Int8>(.yes, k: k, n: n, b: stored(bytes.b, k, n, ld: shape.ldb, gap: 1).span, ldb: shape.ldb)
      let result = changed(bytes.c) { c in
        u8s8gemm(a: a, aZero: 3, b: b, bZero: 4, c: &c, ldc: n, accumulate: true, scratch: &scratch)
      }
      #expect(result == bytes.expected(U8S8Dot.Factors(aZero: 3, bZero: 4, accumulate: true)))
    }
  }

  /// A matrix packed under one mask is multiplied by the row that it was packed for.
  @Test func theMaskMayChangeLater() {
    let input = GemmInput<Float>(m: 20, n: 40, k: 200, seed: 1)
    let (a, b) = (input.a.span, input.b.span)
    var scratch = Scratch()
    CPUFeatures.disable(CPUFeatures(rawValue: .max))
    let packed = PackedB<Float>(k: 200, n: 40, b: b, ldb: 40)
    let expected = changed(input.c) { c in
      sgemm(m: 20, n: 40, k: 200, a: a, lda: 200, b: b, ldb: 40, c: &c, ldc: 40, scratch: &scratch)
    }
    CPUFeatures.disable([])
    let result = changed(input.c) { c in
      sgemm(m: 20, a: a, lda: 200, b: packed, c: &c, ldc: 40, scratch: &scratch)
    }
    #expect(sameBits(result, expected))
  }

  /// The size is known before; packing nothing takes nothing, and a single stored row may have any leading dimension.
  @Test func sizes() {
    #expect(PackedA<UInt8>.byteCount(m: 17, k: 65) == 2 * (2 * 1024 + 64))
    #expect(PackedB<BFloat16>.byteCount(k: 65, n: 16) == 3 * 1024)
    #expect(PackedA<Float>.byteCount(m: 100, k: 100) >= 40_000 && PackedA<Float>.byteCount(m: 100, k: 100) < 80_000)
    #expect(PackedB<Double>.byteCount(k: 100, n: 100) >= 80_000 && PackedB<Double>.byteCount(k: 100, n: 100) < 160_000)
    #expect(PackedA<Float>.byteCount(m: .max, k: 0) == 0 && PackedB<Int8>.byteCount(k: .max, n: 0) == 0)
    let one: [Int8] = [5]
    let packed = PackedB<Int8>(k: 1, n: 1, b: one.span, ldb: .max)
    let row: [UInt8] = [7]
    var scratch = Scratch()
    let span = row.span
    #expect(
      changed([0]) { c in u8s8gemm(m: 1, a: span, lda: .max, b: packed, c: &c, ldc: .max, scratch: &scratch) } == [35])
  }
}
