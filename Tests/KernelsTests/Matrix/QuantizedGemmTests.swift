import Kernels
import Testing

/// Sums of bytes that become bytes or numbers.
@Suite struct QuantizedGemmTests {
  private func finish<Result: U8S8Result>(
    _ row: EpilogueKernel, _ sums: [Int32], _ epilogue: Epilogue, bias: [Int32]? = nil, zero: Int32 = 0,
    nothing: Result
  ) -> [Result] {
    var sums = sums
    var result = [Result](repeating: nothing, count: sums.count)
    unsafe row.finish(
      epilogue, m: 1, n: sums.count, sums: &sums, bias: bias?.span, c: &result, ldc: sums.count, cZero: zero)
    return result
  }

  /// Every tie, and beyond both bounds, with zero points in the middle and at the bounds.
  @Test(arguments: EpilogueKernel.supported)
  func tiesAndBounds(_ row: EpilogueKernel) {
    let sums = (-1100...1100).map { Int32($0) }
    func exact(_ sum: Int32, _ zero: Int32, _ bounds: ClosedRange<Int32>) -> Int32 {
      let rounded = Int32((Double(sum) / 2).rounded(.toNearestOrEven))
      return min(max(rounded + zero, bounds.lowerBound), bounds.upperBound)
    }
    for zero: Int32 in [0, 1, 127, 128, 255] {
      let result = finish(row, sums, Epilogue(scale: .uniform(0.5)), zero: zero, nothing: UInt8(7))
      #expect(result.map { Int32($0) } == sums.map { exact($0, zero, 0...255) }, "\(row.name), zero \(zero)")
    }
    for zero: Int32 in [-128, -1, 0, 127] {
      let result = finish(row, sums, Epilogue(scale: .uniform(0.5)), zero: zero, nothing: Int8(7))
      #expect(result.map { Int32($0) } == sums.map { exact($0, zero, -128...127) }, "\(row.name), zero \(zero)")
    }
  }

  /// The largest sums, and scales that make infinity or NaN of them.
  @Test(arguments: EpilogueKernel.supported)
  func extremes(_ row: EpilogueKernel) {
    let sums: [Int32] = [.min, .max, 0, 1, -1] + [Int32](repeating: .max, count: 40)
    let plain: [UInt8] = finish(row, sums, Epilogue(), zero: 3, nothing: 0)
    #expect(plain.prefix(5) == [0, 255, 3, 4, 2] && plain.dropFirst(5).allSatisfy { $0 == 255 })
    let infinite: [Int8] = finish(row, sums, Epilogue(scale: .uniform(.infinity)), zero: 3, nothing: 0)
    #expect(infinite.prefix(5) == [-128, 127, 3, 127, -128])
    let nothing: [Int8] = finish(row, sums, Epilogue(scale: .uniform(.nan)), zero: -7, nothing: 0)
    #expect(nothing.allSatisfy { $0 == -7 })
    let numbers: [Float] = finish(row, sums, Epilogue(), nothing: 0)
    #expect(numbers.prefix(5) == [-0x1p31, 0x1p31, 0, 1, -1])
  }

  /// The bias is added to the sum, modulo 2^32, before it becomes a number.
  @Test(arguments: EpilogueKernel.supported)
  func bias(_ row: EpilogueKernel) {
    for n in 1...40 {
      let sums = (0..<n).map { Int32($0 * 1000 - 7000) }
      let bias = (0..<n).map { 0x100_0001 - Int32($0) }
      let result: [Float] = finish(row, sums, Epilogue(), bias: bias, nothing: 0)
      #expect(result == zip(sums, bias).map { Float($0 + $1) })
    }
    let wrapped: [Float] = finish(row, [.max], Epilogue(), bias: [1], nothing: 0)
    #expect(wrapped == [-0x1p31])
  }

  @Test(arguments: EpilogueKernel.supported, GuardedBuffer.Alignment.allCases)
  func nothingBesideTheOperands(_ row: EpilogueKernel, _ alignment: GuardedBuffer.Alignment) {
    for n in 1...35 {
      let sums = GuardedBuffer((0..<2 * n).map { Int32($0) }, alignment: alignment)
      let bias = GuardedBuffer([Int32](repeating: 5, count: n), alignment: alignment)
      let bytes = GuardedBuffer(byteCount: 2 * n, alignment: alignment)
      unsafe row.finish(
        Epilogue(), m: 2, n: n, sums: sums.bytes.bindMemory(to: Int32.self).baseAddress!,
        bias: Span(_unsafeElements: UnsafeBufferPointer(bias.bytes.bindMemory(to: Int32.self))),
        c: bytes.bytes.bindMemory(to: UInt8.self).baseAddress!, ldc: n, cZero: 1)
      let result = unsafe Array(bytes.bytes)
      #expect(result == (0..<2 * n).map { UInt8($0 + 6) })
      withExtendedLifetime((sums, bias)) {}
    }
  }
}

/// The public functions, by the rows that a mask leaves.
@Suite(.serialized, .cpuFeatureMask) struct QuantizedGemmDispatchTests {
  @Test(arguments: PackedMatrixTests.masks)
  func everyMask(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    for (turn, sizes) in PackedMatrixTests.sizes.enumerated() {
      check(sizes, turn, zero: [0, 128, 255][turn % 3], nothing: UInt8(1))
      check(sizes, turn, zero: [0, -128, 5][turn % 3], nothing: Int8(1))
      check(sizes, turn, zero: 0, nothing: Float(1))
    }
  }

  /// Several parts of k, and more of C than is computed at a time.
  @Test func blocksOfSums() {
    for (turn, sizes) in [(35, 50, 2000), (530, 18, 1700), (18, 531, 1700)].enumerated() {
      check(sizes, turn, zero: 3, nothing: UInt8(1))
      check(sizes, turn, zero: 0, nothing: Float(1))
    }
  }

  /// However it is asked for, C is the exact sums and a pass of the portable row.
  private func check<Result: U8S8Result & Equatable>(
    _ sizes: (Int, Int, Int), _ turn: Int, zero: Int32, nothing: Result
  ) {
    let (m, n, k) = sizes
    let input = DotInput<U8S8Dot>(m: m, n: n, k: k, seed: m)
    var made = EpilogueInput(m: m, n: n, turn: 37 * turn + 1)
    if made.scaleKind != .none { made.scale = made.scale.map { $0 * 0x1p-9 } }
    let (a, b, aZero, bZero) = (input.a.span, input.b.span, Int32(turn % 4), Int32(turn % 3) - 1)
    let bias = (0..<n).map { Int32($0 % 17) - 8 }
    let biasSpan = turn % 2 == 0 ? bias.span : nil
    var scratch = Scratch()
    var sums = changed(input.c) { c in
      u8s8gemm(
        m: m, n: n, k: k, a: a, lda: k, aZero: aZero, b: b, ldb: n, bZero: bZero, c: &c, ldc: n, scratch: &scratch)
    }
    let old = [Result](repeating: nothing, count: m * n)
    var expected = old
    unsafe expected.withUnsafeMutableBufferPointer { expected in
      guard let start = expected.baseAddress else { return }
      unsafe EpilogueKernel.portable.finish(
        made.epilogue, m: m, n: n, sums: &sums, bias: biasSpan, c: start, ldc: n, cZero: zero)
    }
    let packedA = PackedA<UInt8>(m: m, k: k, a: a, lda: k)
    let packedB = PackedB<Int8>(k: k, n: n, b: b, ldb: n)
    let results = [
      changed(old) { c in
        u8s8gemm(
          m: m, n: n, k: k, a: a, lda: k, aZero: aZero, b: b, ldb: n, bZero: bZero, bias: biasSpan, c: &c, ldc: n,
          cZero: zero, epilogue: made.epilogue, scratch: &scratch)
      },
      changed(old) { c in
        u8s8gemm(
          m: m, n: n, k: k, a: a, lda: k, aZero: aZero, b: b, ldb: n, bZero: bZero, bias: biasSpan, c: &c, ldc: n,
          cZero: zero, epilogue: made.epilogue, threads: 2, scratch: &scratch)
      },
      changed(old) { c in
        u8s8gemm(
          m: m, a: a, lda: k, aZero: aZero, b: packedB, bZero: bZero, bias: biasSpan, c: &c, ldc: n, cZero: zero,
          epilogue: made.epilogue, scratch: &scratch)
      },
      changed(old) { c in
        u8s8gemm(
          n: n, a: packedA, aZero: aZero, b: b, ldb: n, bZero: bZero, bias: biasSpan, c: &c, ldc: n, cZero: zero,
          epilogue: made.epilogue, scratch: &scratch)
      },
      changed(old) { c in
        u8s8gemm(
          a: packedA, aZero: aZero, b: packedB, bZero: bZero, bias: biasSpan, c: &c, ldc: n, cZero: zero,
          epilogue: made.epilogue, threads: 2, scratch: &scratch)
      },
    ]
    for result in results { #expect(sameBits(result, expected), "\(m) x \(n) x \(k), \(Result.self), \(made)") }
  }

  /// Both transposed, and rows of C apart: what is between them stays.
  @Test func transposes() {
    let (m, n, k) = (19, 35, 70)
    let layout = GemmLayout(transposeA: .yes, transposeB: .yes, gaps: (3, 5, 2))
    let shape = layout.shape(m, n, k)
    let input = DotInput<U8S8Dot>(m: m, n: n, k: k, seed: 4)
    let a = layout.stored(input.a, m, k, .yes, ld: shape.lda, gap: 255)
    let b = layout.stored(input.b, k, n, .yes, ld: shape.ldb, gap: -128)
    let (spanA, spanB) = (a.span, b.span)
    var scratch = Scratch()
    let old = [UInt8](repeating: 77, count: m * shape.ldc - 2)
    let result = changed(old) { c in
      u8s8gemm(
        .yes, .yes, m: m, n: n, k: k, a: spanA, lda: shape.lda, b: spanB, ldb: shape.ldb, c: &c, ldc: shape.ldc,
        cZero: 9, epilogue: Epilogue(scale: .uniform(0x1p-10)), scratch: &scratch)
    }
    let sums = u8s8Reference(m: m, n: n, k: k, a: input.a, aZero: 0, b: input.b, bZero: 0, c: nil)
    for index in old.indices {
      let (i, j) = (index / shape.ldc, index % shape.ldc)
      if j >= n {
        #expect(result[index] == 77)
      } else {
        let rounded = (Double(sums[i * n + j]) * 0x1p-10).rounded(.toNearestOrEven) + 9
        #expect(Double(result[index]) == min(max(rounded, 0), 255))
      }
    }
  }
}
