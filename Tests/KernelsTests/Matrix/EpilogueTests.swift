import Kernels
import Testing

/// A fused epilogue has the bits of the product followed by a pass of the portable row.
@Suite struct EpilogueTests {
  /// A pass against double precision, every term in turn.
  @Test(arguments: EpilogueKernel.supported)
  func accuracy(_ row: EpilogueKernel) {
    for turn in 0..<420 {
      let (m, n) = (1 + turn % 4, 1 + turn % 37)
      let product = GemmInput<Float>(m: m, n: n, k: 0, seed: turn).c
      let input = EpilogueInput(m: m, n: n, turn: turn)
      let result = input.applied(to: product, row)
      #expect(sameBits(result, input.applied(to: product)), "\(row.name), \(input)")
      for index in result.indices {
        let (value, magnitude) = input.reference(Double(product[index]), at: index)
        let error = abs(Double(result[index]) - value)
        #expect(
          error <= 8 * Double(Float.ulpOfOne) * magnitude, "\(row.name), \(input): \(result[index]), not \(value)")
      }
    }
  }

  /// NaN goes through bounds and all.
  @Test(arguments: EpilogueKernel.supported, Activation.allCases)
  func nan(_ row: EpilogueKernel, _ activation: Activation) {
    var input = EpilogueInput(m: 1, n: 40)
    input.activation = activation
    input.clip = 0...1
    #expect(input.applied(to: [Float](repeating: .nan, count: 40), row).allSatisfy { $0.isNaN })
  }

  /// Every plan of every row, in blocks of all sizes and in parts of k, with every layout.
  @Test(arguments: Float.gemmKernels.filter { CPUFeatures.detected.isSuperset(of: $0.requires) })
  func everyPlan(_ row: GemmKernel<Float>) throws {
    var turn = 0
    let tile = row.tile
    for (m, n, k) in [
      (1, 1, 1), (3, tile.columns + 1, 11), (2 * tile.rows + 1, 2 * tile.columns + 3, 17), (5, 40, 0),
      (tile.rows, tile.columns, 8),
    ] {
      let input = GemmInput<Float>(m: m, n: n, k: k, seed: turn)
      for layout in GemmLayout.transposes {
        for choice in GemmPlanChoice.all where choice.streams != true || layout.transposeB == .no {
          let epilogue = EpilogueInput(m: m, n: n, turn: turn)
          let (alpha, beta): (Float, Float) = [(1, 0), (-0.7, 0.5), (0, 2)][turn % 3]
          let expected = epilogue.applied(
            to: try GemmCase(kernel: row, layout: layout, choice: choice, alpha: alpha, beta: beta).run(input))
          let shape = layout.shape(m, n, k)
          let a = layout.stored(input.a, m, k, layout.transposeA, ld: shape.lda, gap: .nan)
          let b = layout.stored(input.b, k, n, layout.transposeB, ld: shape.ldb, gap: .nan)
          var c = input.c
          var scratch = Scratch()
          unsafe withEpilogue(epilogue.epilogue, m: m, n: n) { place in
            _ = unsafe gemm(
              row, shape, alpha, a, b, beta, &c, place, threads: 1,
              plan: choice.plan(shape, tile, elementSize: MemoryLayout<Float>.stride), scratch: &scratch)
          }
          #expect(sameBits(c, expected), "\(row.name), \(m) x \(n) x \(k), \(choice), \(epilogue)")
          turn += 1
        }
      }
    }
  }

  /// Numbers split in parts, with rows and columns that cannot be.
  @Test(arguments: DotKernel<BF16Dot>.supported, [GemmPrecision.bf16x3, .bf16])
  func split(_ row: DotKernel<BF16Dot>, _ precision: GemmPrecision) {
    for (turn, (m, n, k)) in [(1, 1, 1), (17, 33, 70), (33, 50, 300)].enumerated() {
      var input = GemmInput<Float>(m: m, n: n, k: k, seed: turn)
      if turn > 0 {
        input.a[3 * k + 1] = 0x1p100
        input.b[5] = .nan
      }
      let epilogue = EpilogueInput(m: m, n: n, turn: 4 + 23 * turn)
      func product(_ place: EpiloguePlace<FloatEpilogue>?) -> [Float] {
        var c = input.c
        var scratch = Scratch()
        let shape = GemmLayout().shape(m, n, k)
        let done = unsafe splitGemm(
          row, precision, shape, 1, input.a, input.b, 0.5, &c, place, threads: 1, caches: DotCase<BF16Dot>.noCaches,
          scratch: &scratch)
        #expect(done)
        return c
      }
      let expected = epilogue.applied(to: product(nil))
      let result = unsafe withEpilogue(epilogue.epilogue, m: m, n: n) { unsafe product($0) }
      #expect(sameValues(result, expected), "\(row.name), \(precision), \(m) x \(n) x \(k), \(epilogue)")
    }
  }

  /// bf16 numbers, k in parts.
  @Test(arguments: DotKernel<BF16Dot>.supported)
  func bf16(_ row: DotKernel<BF16Dot>) {
    for (turn, (m, n, k)) in [(1, 1, 1), (17, 33, 70), (33, 50, 300), (3, 20, 0)].enumerated() {
      let input = DotInput<BF16Dot>(m: m, n: n, k: k, seed: turn)
      let epilogue = EpilogueInput(m: m, n: n, turn: 2 + 29 * turn)
      for caches in [CacheSizes.fallback, DotCase<BF16Dot>.noCaches] {
        func product(_ place: EpiloguePlace<FloatEpilogue>?) -> [Float] {
          var c = input.c
          var scratch = Scratch()
          unsafe dotGemm(
            row, GemmLayout().shape(m, n, k), BF16Dot.Factors(alpha: 2, beta: -1), input.a, input.b, &c, place,
            threads: 1, caches: caches, scratch: &scratch)
          return c
        }
        let expected = epilogue.applied(to: product(nil))
        let result = unsafe withEpilogue(epilogue.epilogue, m: m, n: n) { unsafe product($0) }
        #expect(sameBits(result, expected), "\(row.name), \(m) x \(n) x \(k), \(epilogue)")
      }
    }
  }

  /// C and the terms between inaccessible pages.
  @Test(arguments: EpilogueKernel.supported, GuardedBuffer.Alignment.allCases)
  func nothingBesideTheOperands(_ row: EpilogueKernel, _ alignment: GuardedBuffer.Alignment) {
    for n in 1...35 {
      for m in [1, 3] {
        let product = GemmInput<Float>(m: m, n: n, k: 0, seed: n).c
        func guarded(_ numbers: [Float]) -> GuardedBuffer { GuardedBuffer(numbers, alignment: alignment) }
        let (c, residual) = (guarded(product), guarded(product))
        let (scale, bias) = (guarded([Float](repeating: 2, count: n)), guarded([Float](repeating: 1, count: m)))
        let epilogue = unsafe Epilogue(
          scale: .perColumn(Span(_unsafeElements: scale.floats)), bias: .perRow(Span(_unsafeElements: bias.floats)),
          residual: Span(_unsafeElements: residual.floats), ldr: n)
        unsafe row.finish(epilogue, m: m, n: n, c: c.bytes.bindMemory(to: Float.self).baseAddress!, ldc: n)
        let result = unsafe Array(c.floats)
        #expect(result == product.map { $0 * 2 + 1 + $0 }, "\(row.name), \(m) x \(n)")
        withExtendedLifetime((residual, scale, bias)) {}
      }
    }
  }
}

extension GuardedBuffer {
  fileprivate var floats: UnsafeBufferPointer<Float> { unsafe UnsafeBufferPointer(bytes.bindMemory(to: Float.self)) }
}

/// Whether two arrays hold the same numbers; any NaN is as good as another.
func sameValues(_ x: [Float], _ y: [Float]) -> Bool {
  zip(x, y).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
}

/// The public functions, by the rows that a mask leaves.
@Suite(.serialized, .cpuFeatureMask) struct EpilogueDispatchTests {
  @Test(arguments: EpilogueKernel.all)
  func everyRowIsReachable(_ row: EpilogueKernel) {
    #expect(EpilogueKernel.select(row.requires).name.description == row.name.description)
  }

  @Test(arguments: PackedMatrixTests.masks)
  func singlePrecision(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    // A column, and a few of them, as well.
    for (turn, (m, n, k)) in (PackedMatrixTests.sizes + [(40, 1, 300), (19, 3, 50), (130, 4, 70)]).enumerated() {
      let input = GemmInput<Float>(m: m, n: n, k: k, seed: m)
      let made = EpilogueInput(m: m, n: n, turn: 31 * turn + 2)
      let (a, b) = (input.a.span, input.b.span)
      var scratch = Scratch()
      for threads in [1, 2] {
        for precision in GemmPrecision.allCases {
          let plain = changed(input.c) { c in
            sgemm(
              m: m, n: n, k: k, alpha: -0.7, a: a, lda: k, b: b, ldb: n, beta: 0.5, c: &c, ldc: n,
              precision: precision, threads: threads, scratch: &scratch)
          }
          let fused = changed(input.c) { c in
            sgemm(
              m: m, n: n, k: k, alpha: -0.7, a: a, lda: k, b: b, ldb: n, beta: 0.5, c: &c, ldc: n,
              precision: precision, epilogue: made.epilogue, threads: threads, scratch: &scratch)
          }
          #expect(sameBits(fused, made.applied(to: plain)), "\(m) x \(n) x \(k), \(precision), \(made)")
        }
        let expected = changed(input.c) { c in
          sgemm(
            m: m, n: n, k: k, a: a, lda: k, b: b, ldb: n, beta: 0.5, c: &c, ldc: n, epilogue: made.epilogue,
            scratch: &scratch)
        }
        let packedA = PackedA<Float>(m: m, k: k, a: a, lda: k)
        let packedB = PackedB<Float>(k: k, n: n, b: b, ldb: n)
        let results = [
          changed(input.c) { c in
            sgemm(
              m: m, a: a, lda: k, b: packedB, beta: 0.5, c: &c, ldc: n, epilogue: made.epilogue, threads: threads,
              scratch: &scratch)
          },
          changed(input.c) { c in
            sgemm(
              n: n, a: packedA, b: b, ldb: n, beta: 0.5, c: &c, ldc: n, epilogue: made.epilogue, threads: threads,
              scratch: &scratch)
          },
          changed(input.c) { c in
            sgemm(
              a: packedA, b: packedB, beta: 0.5, c: &c, ldc: n, epilogue: made.epilogue, threads: threads,
              scratch: &scratch)
          },
        ]
        for result in results { #expect(sameBits(result, expected), "\(m) x \(n) x \(k), \(threads) threads") }
      }
    }
  }

  @Test(arguments: PackedMatrixTests.masks)
  func bf16(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    for (turn, (m, n, k)) in PackedMatrixTests.sizes.enumerated() {
      let input = DotInput<BF16Dot>(m: m, n: n, k: k, seed: m)
      let made = EpilogueInput(m: m, n: n, turn: 31 * turn + 3)
      let (a, b) = (input.a.span, input.b.span)
      var scratch = Scratch()
      let plain = changed(input.c) { c in
        bf16gemm(m: m, n: n, k: k, a: a, lda: k, b: b, ldb: n, c: &c, ldc: n, scratch: &scratch)
      }
      let expected = made.applied(to: plain)
      let packedA = PackedA<BFloat16>(m: m, k: k, a: a, lda: k)
      let packedB = PackedB<BFloat16>(k: k, n: n, b: b, ldb: n)
      let results = [
        changed(input.c) { c in
          bf16gemm(
            m: m, n: n, k: k, a: a, lda: k, b: b, ldb: n, c: &c, ldc: n, epilogue: made.epilogue, threads: 2,
            scratch: &scratch)
        },
        changed(input.c) { c in
          bf16gemm(m: m, a: a, lda: k, b: packedB, c: &c, ldc: n, epilogue: made.epilogue, scratch: &scratch)
        },
        changed(input.c) { c in
          bf16gemm(n: n, a: packedA, b: b, ldb: n, c: &c, ldc: n, epilogue: made.epilogue, scratch: &scratch)
        },
        changed(input.c) { c in
          bf16gemm(a: packedA, b: packedB, c: &c, ldc: n, epilogue: made.epilogue, threads: 2, scratch: &scratch)
        },
      ]
      for result in results { #expect(sameBits(result, expected), "\(m) x \(n) x \(k), \(made)") }
    }
  }
}
