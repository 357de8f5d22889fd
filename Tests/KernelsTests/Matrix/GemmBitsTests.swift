import Kernels
import Testing

/// What the bits of a result do not depend on.
@Suite struct GemmBitsTests {
  /// Not on where and how the operands lie, nor on what is packed.
  @Test(arguments: GemmRows.supported)
  func layoutsAndPlans(_ row: any GemmRow) throws { try checkLayoutsAndPlans(row) }

  private func checkLayoutsAndPlans<Row: GemmRow>(_ row: Row) throws {
    let tile = row.kernel.tile
    let input = GemmInput<Row.Element>(m: 2 * tile.rows + 3, n: 2 * tile.columns + 3, k: 23, seed: 7)
    var aCase = GemmCase(kernel: row.kernel, alpha: -0.7, beta: 0.5)
    let expected = try aCase.run(input)
    for offset in 0...15 {
      for var layout in GemmLayout.transposes {
        layout.offset = offset
        layout.gaps = (a: offset % 5, b: offset % 7, c: offset % 3)
        aCase.layout = layout
        aCase.choice = GemmPlanChoice.sameDepth[offset % GemmPlanChoice.sameDepth.count]
        try aCase.check(input, bits: expected)
      }
    }
    aCase.layout = GemmLayout()
    for choice in GemmPlanChoice.sameDepth {
      aCase.choice = choice
      try aCase.check(input, bits: expected)
    }
    aCase.choice = .automatic
    for layout in GemmLayout.transposes {
      aCase.layout = layout
      aCase.layout.gaps = (a: 5000, b: 5000, c: 5000)
      try aCase.check(input, bits: expected)
    }
  }

  /// Not on m: a row alone, and the first rows, are the same as in a batch; with k whole and with k in parts.
  @Test(arguments: GemmRows.supported)
  func rowsAlone(_ row: any GemmRow) throws { try checkRowsAlone(row) }

  private func checkRowsAlone<Row: GemmRow>(_ row: Row) throws {
    let n = row.kernel.tile.columns + 1
    for (k, step) in [(19, 1), (700, 9)] {
      let batch = GemmInput<Row.Element>(m: 37, n: n, k: k, seed: k)
      let aCase = GemmCase(kernel: row.kernel, alpha: -0.7, beta: 0.5)
      let expected = try aCase.run(batch)
      for i in stride(from: 0, to: 37, by: step) {
        try aCase.check(part(of: batch, i..<i + 1), bits: Array(expected[i * n..<(i + 1) * n]))
        try aCase.check(part(of: batch, 0..<i), bits: Array(expected[..<(i * n)]))
      }
    }
  }

  /// Not on n: the columns of a part are those of the whole.
  @Test(arguments: GemmRows.supported)
  func columnsAlone(_ row: any GemmRow) throws { try checkColumnsAlone(row) }

  private func checkColumnsAlone<Row: GemmRow>(_ row: Row) throws {
    let (m, n, k) = (row.kernel.tile.rows + 1, 2 * row.kernel.tile.columns + 1, 9)
    let whole = GemmInput<Row.Element>(m: m, n: n, k: k, seed: 11)
    let aCase = GemmCase(kernel: row.kernel, alpha: -0.7, beta: 0.5)
    let expected = try aCase.run(whole)
    for first in 0..<n {
      func columns(_ x: [Row.Element], _ rows: Int) -> [Row.Element] {
        (0..<rows).flatMap { x[($0 * n + first)..<($0 * n + n)] }
      }
      var input = GemmInput<Row.Element>(m: m, n: n - first, k: k) { 0 }
      (input.a, input.b, input.c) = (whole.a, columns(whole.b, k), columns(whole.c, m))
      try aCase.check(input, bits: columns(expected, m))
    }
  }

  /// Not on threads, as many as the quota allows: the product is large enough for two.
  @Test(arguments: GemmRows.supported, [2, 3, 5, 8])
  func threads(_ row: any GemmRow, _ threads: Int) throws { try checkThreads(row, threads) }

  private func checkThreads<Row: GemmRow>(_ row: Row, _ threads: Int) throws {
    let input = GemmInput<Row.Element>(m: 97, n: 131, k: 337, seed: 13)
    var aCase = GemmCase(kernel: row.kernel, alpha: -0.7, beta: 0.5)
    let expected = try aCase.run(input)
    aCase.threads = threads
    aCase.layout = GemmLayout.transposes[threads % 4]
    try aCase.check(input, bits: expected)
  }

  /// Not on the cut of C into rectangles, however many threads there are: each rectangle alone, all at the same time.
  @Test(arguments: GemmRows.supported, [2, 3, 4, 6, 8])
  func rectangles(_ row: any GemmRow, _ parts: Int) throws { try checkRectangles(row, parts) }

  private func checkRectangles<Row: GemmRow>(_ row: Row, _ parts: Int) throws {
    let tile = row.kernel.tile
    let (m, n, k) = (8 * tile.rows + 1, 8 * tile.columns + 1, 21)
    let input = GemmInput<Row.Element>(m: m, n: n, k: k, seed: parts)
    let expected = try GemmCase(kernel: row.kernel, alpha: -0.7, beta: 0.5).run(input)
    let grid = GemmGrid(m: m, n: n, tile: tile, parts: parts)
    #expect(grid.count == parts)
    var result = input.c
    unsafe result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let c = unsafe result
      Threads.run(grid.count) { index in
        let (rows, columns) = grid.rectangle(index)
        let shape = GemmShape(.no, .no, m: rows.count, n: columns.count, k: k, lda: k, ldb: n, ldc: n)
        var scratch = Scratch()
        unsafe input.a[(rows.lowerBound * k)...].withUnsafeBufferPointer { a in
          unsafe input.b[columns.lowerBound...].withUnsafeBufferPointer { b in
            _ = unsafe gemm(
              row.kernel, shape, -0.7, a.baseAddress, b.baseAddress, 0.5,
              c.baseAddress.map { unsafe $0 + (rows.lowerBound * n + columns.lowerBound) }, threads: 1,
              scratch: &scratch)
          }
        }
      }
    }
    #expect(sameBits(result, expected), "\(row.name) in \(grid.rows) x \(grid.columns)")
  }

  private func part<Element>(of input: GemmInput<Element>, _ rows: Range<Int>) -> GemmInput<Element> {
    var part = GemmInput<Element>(m: rows.count, n: input.n, k: input.k) { 0 }
    part.a = Array(input.a[rows.lowerBound * input.k..<rows.upperBound * input.k])
    part.b = input.b
    part.c = Array(input.c[rows.lowerBound * input.n..<rows.upperBound * input.n])
    return part
  }
}
