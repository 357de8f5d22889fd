import Kernels
import Testing

/// Few vectors against many that are contiguous: they are turned in registers, and give the bits that tiles give.
@Suite struct GemmInnerTests {
  /// Either side is the smaller one; columns around each bound of a panel, k around each step; C with gaps.
  @Test(arguments: GemmRows.supported)
  func bitsOfTiles(_ row: any GemmRow) throws { try checkBits(row) }

  private func checkBits<Row: GemmRow>(_ row: Row) throws {
    let width = row.kernel.tile.columns
    let depths = isOptimised ? [1, 2, 3, 4, 5, 8, 15, 16, 17, 33, 130] : [1, 3, 4, 5, 16, 17, 35]
    for few in 1...5 {
      for (index, many) in [1, 2, 7, 8, 9, width - 1, width, width + 1, 2 * width + 5].enumerated() {
        for k in depths {
          try check(row, m: few, n: many, k: k, GemmLayout(transposeB: .yes), turn: index)
          try check(row, m: many, n: few, k: k, GemmLayout(), turn: index)
        }
      }
    }
  }

  /// k in parts, on one thread and on two, with columns of the large factor a page apart and not.
  @Test(arguments: GemmRows.supported)
  func partsOfK(_ row: any GemmRow) throws { try checkParts(row) }

  private func checkParts<Row: GemmRow>(_ row: Row) throws {
    for k in [1021, 1024] {
      for few in [1, 4] {
        try check(row, m: few, n: 515, k: k, GemmLayout(transposeB: .yes), turn: 0, threads: 2)
        try check(row, m: 515, n: few, k: k, GemmLayout(), turn: 0, threads: 2)
      }
    }
  }

  private func check<Row: GemmRow>(
    _ row: Row, m: Int, n: Int, k: Int, _ layout: GemmLayout, turn: Int, threads: Int = 1
  ) throws {
    let input = GemmInput<Row.Element>(m: m, n: n, k: k, seed: m + n + k)
    var aCase = GemmCase(
      kernel: row.kernel, layout: layout,
      choice: GemmPlanChoice(packsA: false, packsB: false, caches: .current), alpha: -0.7,
      beta: turn % 2 == 0 ? 0.5 : 0)
    let expected = try aCase.run(input)
    aCase.choice = .automatic
    aCase.threads = threads
    try aCase.check(input, bits: expected)
    aCase.layout.gaps = (a: turn, b: turn % 3, c: 2 * turn)
    aCase.layout.guarded = turn % 2 == 0 ? .end : .start
    try aCase.check(input, bits: expected)
  }

  /// In a batch on two threads, where each product is one.
  @Test(arguments: GemmRows.supported)
  func batches(_ row: any GemmRow) throws { try checkBatch(row) }

  private func checkBatch<Row: GemmRow>(_ row: Row) throws {
    let (m, k, count) = (300, 70, 200)
    let input = GemmInput<Row.Element>(m: m, n: 1, k: k * count, seed: 3)
    let shape = GemmShape(.no, .no, m: m, n: 1, k: k, lda: k * count, ldb: 1, ldc: 1)
    let batch = GemmBatch(count: count, strideA: k, strideB: k, strideC: m)
    func product(threads: Int) -> [Row.Element] {
      var c = [Row.Element](repeating: .nan, count: m * count)
      var scratch = Scratch()
      unsafe input.a.withUnsafeBufferPointer { a in
        unsafe input.b.withUnsafeBufferPointer { b in
          unsafe c.withUnsafeMutableBufferPointer { c in
            _ = unsafe gemm(
              row.kernel, shape, batch, 1, a.baseAddress, b.baseAddress, 0, c.baseAddress, threads: threads,
              scratch: &scratch)
          }
        }
      }
      return c
    }
    let expected = product(threads: 1)
    #expect(!expected.contains { $0.isNaN })
    #expect(sameBits(product(threads: 2), expected))
  }
}
