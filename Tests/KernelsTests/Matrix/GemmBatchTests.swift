import Kernels
import Testing

/// Products in a batch: each has the bits that it has alone, wherever its operands lie and however many threads there are.
@Suite struct GemmBatchTests {
  /// Shapes of every path: nothing to multiply, small, packed, and large enough for threads.
  static let shapes = [(1, 1, 1), (3, 5, 0), (7, 9, 4), (33, 31, 32), (65, 66, 130), (1, 40, 17)]

  @Test(arguments: GemmRows.supported, [1, 2, 3])
  func eachHasTheBitsThatItHasAlone(_ row: any GemmRow, _ threads: Int) { checkBits(row, threads) }

  private func checkBits<Row: GemmRow>(_ row: Row, _ threads: Int) {
    var turn = 0
    for (m, n, k) in Self.shapes {
      for layout in GemmLayout.transposes {
        for (sharesA, sharesB) in [(false, false), (true, false), (false, true), (true, true)] {
          var layout = layout
          layout.gaps = (a: turn % 2, b: turn % 3, c: turn % 4 / 2)
          let shape = layout.shape(m, n, k)
          let count = 1 + turn % 5
          let batch = GemmBatch(
            count: count, strideA: sharesA ? 0 : shape.extentA + turn % 3,
            strideB: sharesB ? 0 : shape.extentB + turn % 2,
            strideC: shape.extentC + turn % 4)
          check(row, shape, batch, beta: turn % 2 == 0 ? 0 : -0.5, threads: threads, seed: turn)
          turn += 1
        }
      }
    }
  }

  /// Rows of A and C that follow each other through the batch, with one B: taken as one product.
  @Test(arguments: GemmRows.supported) func stacked(_ row: any GemmRow) { checkStacked(row) }

  private func checkStacked<Row: GemmRow>(_ row: Row) {
    for (m, n, k) in [(3, 5, 7), (33, 31, 32), (1, 70, 40)] {
      for gap in [0, 3] {
        let shape = GemmShape(.no, .no, m: m, n: n, k: k, lda: k + gap, ldb: n, ldc: n + gap)
        let batch = GemmBatch(count: 9, strideA: m * (k + gap), strideB: 0, strideC: m * (n + gap))
        check(row, shape, batch, beta: 2, threads: 1, seed: m)
      }
    }
  }

  /// Batches large enough that threads are really started.
  @Test(arguments: GemmRows.supported) func threadsDivideTheBatchOrTheProducts(_ row: any GemmRow) { checkLarge(row) }

  private func checkLarge<Row: GemmRow>(_ row: Row) {
    for (size, count) in isOptimised ? [(40, 200), (160, 3), (200, 2)] : [(40, 70), (160, 2)] {
      let shape = GemmShape(.no, .no, m: size, n: size, k: size, lda: size, ldb: size, ldc: size)
      let batch = GemmBatch(count: count, strideA: size * size, strideB: size * size, strideC: size * size)
      check(row, shape, batch, beta: 0, threads: 4, seed: size)
    }
  }

  private func check<Row: GemmRow>(
    _ row: Row, _ shape: GemmShape, _ batch: GemmBatch, beta: Row.Element, threads: Int, seed: Int
  ) {
    var generator = SplitMix64(state: UInt64(seed))
    func random(_ count: Int) -> [Row.Element] { (0..<count).map { _ in .random(&generator) } }
    let a = random(shape.extentA + (batch.count - 1) * batch.strideA)
    let b = random(shape.extentB + (batch.count - 1) * batch.strideB)
    let c = random(shape.extentC + (batch.count - 1) * batch.strideC)
    var (together, apart) = (c, c)
    var scratch = Scratch()
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe together.withUnsafeMutableBufferPointer { c in
          _ = unsafe gemm(
            row.kernel, shape, batch, 2, a.baseAddress, b.baseAddress, beta, c.baseAddress, threads: threads,
            scratch: &scratch)
        }
        unsafe apart.withUnsafeMutableBufferPointer { c in
          for i in 0..<batch.count {
            _ = unsafe gemm(
              row.kernel, shape, 2, a.baseAddress.map { unsafe $0 + i * batch.strideA },
              b.baseAddress.map { unsafe $0 + i * batch.strideB }, beta,
              c.baseAddress.map { unsafe $0 + i * batch.strideC }, threads: 1, scratch: &scratch)
          }
        }
      }
    }
    #expect(sameBits(together, apart), "\(row.name) \(shape) \(batch) beta \(beta) threads \(threads)")
  }

  @Test func publicEntries() {
    // Two products of 1 x 2 by 2 x 1 with a shared B, and the scaling of C.
    let (a, b): ([Float], [Float]) = ([1, 2, 3, 4], [5, 6])
    var c: [Float] = [1, 1]
    var scratch = Scratch()
    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe sgemmStridedBatch(
        m: 1, n: 1, k: 2, alpha: 2, a: a, lda: 2, strideA: 2, b: b, ldb: 1, strideB: 0, beta: 3, c: c.baseAddress,
        ldc: 1, strideC: 1, batches: 2, scratch: &scratch)
    }
    #expect(c == [37, 81])
    var d: [Double] = [1, 1]
    unsafe d.withUnsafeMutableBufferPointer { d in
      unsafe dgemmStridedBatch(
        m: 1, n: 1, k: 0, a: nil, lda: 0, strideA: 0, b: nil, ldb: 1, strideB: 0, beta: 3, c: d.baseAddress, ldc: 1,
        strideC: 1, batches: 2, scratch: &scratch)
    }
    #expect(d == [3, 3])
  }

  @Test(arguments: [
    (-1, 0, 0, 9, "batches"), (2, -1, 0, 9, "strideA"), (2, 0, -1, 9, "strideB"), (2, 0, 0, -1, "strideC"),
    (2, 6, 6, 8, "strideC must be at least"), (Int.max, 6, 0, 9, "A is larger"), (Int.max, 0, 6, 9, "B is larger"),
    (Int.max, 0, 0, 9, "C is larger"), (3, Int.max, 0, 9, "A is larger"),
  ])
  func badInputNamesTheArgument(count: Int, strideA: Int, strideB: Int, strideC: Int, message: String) {
    let shape = GemmShape(.no, .no, m: 3, n: 3, k: 2, lda: 2, ldb: 3, ldc: 3)
    let batch = GemmBatch(count: count, strideA: strideA, strideB: strideB, strideC: strideC)
    let problem = batch.problem(shape, elementSize: 4)
    #expect(problem?.description.contains(message) == true, "\(problem?.description ?? "nil")")
  }

  @Test func oneProductNeedsNoStride() {
    let shape = GemmShape(.no, .no, m: 3, n: 3, k: 2, lda: 2, ldb: 3, ldc: 3)
    #expect(GemmBatch(count: 1, strideA: 0, strideB: 0, strideC: 0).problem(shape, elementSize: 4) == nil)
    #expect(GemmBatch(count: 0, strideA: 0, strideB: 0, strideC: 0).problem(shape, elementSize: 4) == nil)
  }

  /// At each precision the bits are those of each product alone, numbers that cannot be split among them.
  @Test(arguments: GemmPrecision.allCases)
  func precisions(_ precision: GemmPrecision) {
    let (m, n, k, count) = (17, 35, 70, 3)
    var input = GemmInput<Float>(m: m, n: n * count, k: k * count, seed: 29)
    input.a[5] = .infinity
    input.b[k * n + 3] = 0x1p100
    var scratch = Scratch()
    func product(_ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void) -> [Float] {
      var c = input.c
      unsafe input.a.withUnsafeBufferPointer { a in
        unsafe input.b.withUnsafeBufferPointer { b in
          unsafe c.withUnsafeMutableBufferPointer { c in
            unsafe body(a.baseAddress!, b.baseAddress!, c.baseAddress!)
          }
        }
      }
      return c
    }
    let expected = unsafe product { a, b, c in
      for i in 0..<count {
        unsafe sgemm(
          m: m, n: n, k: k, alpha: -0.7, a: a + i * m * k, lda: k, b: b + i * k * n, ldb: n, beta: 0.5,
          c: c + i * m * n, ldc: n, precision: precision, scratch: &scratch)
      }
    }
    let result = unsafe product { a, b, c in
      unsafe sgemmStridedBatch(
        m: m, n: n, k: k, alpha: -0.7, a: a, lda: k, strideA: m * k, b: b, ldb: n, strideB: k * n, beta: 0.5, c: c,
        ldc: n, strideC: m * n, batches: count, precision: precision, scratch: &scratch)
    }
    #expect(sameBits(result, expected))
  }
}
