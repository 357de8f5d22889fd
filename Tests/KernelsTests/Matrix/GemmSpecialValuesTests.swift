import Kernels
import Testing

/// NaN, infinity and zero, as IEEE 754 has them.
@Suite struct GemmSpecialValuesTests {
  /// A special value at each position of each operand, among small integers with many zeros: 0 * infinity is NaN, no zero is
  /// skipped, and nothing else changes.
  @Test(arguments: GemmRows.supported)
  func atEveryPosition(_ row: any GemmRow) throws { try checkEveryPosition(row) }

  private func checkEveryPosition<Row: GemmRow>(_ row: Row) throws {
    var generator = SplitMix64(state: 5)
    let tile = row.kernel.tile
    let input = GemmInput<Row.Element>(m: tile.rows + 1, n: tile.columns + 1, k: 6) {
      Row.Element(Int.random(in: -1...1, using: &generator))
    }
    let factors: [(Row.Element, Row.Element)] = [(1, 0), (1, 1), (-1, 2), (0, 1), (0, 0), (2, 0)]
    var turn = 0
    func check(_ input: GemmInput<Row.Element>) throws {
      let (alpha, beta) = factors[turn % factors.count]
      try GemmCase(
        kernel: row.kernel, layout: GemmLayout.transposes[turn % 4],
        choice: GemmPlanChoice.all[turn % GemmPlanChoice.all.count], alpha: alpha, beta: beta
      ).check(input, values: byDefinition(input, alpha, beta))
      turn += 1
    }
    for special in [.nan, .infinity, -.infinity] as [Row.Element] {
      for index in input.a.indices {
        var input = input
        input.a[index] = special
        try check(input)
      }
      for index in input.b.indices {
        var input = input
        input.b[index] = special
        try check(input)
      }
      for index in input.c.indices {
        var input = input
        input.c[index] = special
        try check(input)
      }
    }
  }

  /// alpha · A · B + beta · C in the element's own arithmetic; exact, so that no order of rounding matters.
  private func byDefinition<Element>(_ input: GemmInput<Element>, _ alpha: Element, _ beta: Element) -> [Element] {
    var result: [Element] = []
    for i in 0..<input.m {
      for j in 0..<input.n {
        var value: Element = 0
        if alpha != 0 {
          for p in 0..<input.k { value += input.a[i * input.k + p] * input.b[p * input.n + j] }
          value *= alpha
        }
        if beta != 0 { value += beta * input.c[i * input.n + j] }
        result.append(value)
      }
    }
    return result
  }

  /// Alpha and beta are values like any others, except that 0 reads nothing.
  @Test(arguments: GemmRows.supported)
  func specialFactors(_ row: any GemmRow) throws { try checkSpecialFactors(row) }

  private func checkSpecialFactors<Row: GemmRow>(_ row: Row) throws {
    let input = GemmInput<Row.Element>(m: 3, n: row.kernel.tile.columns + 1, k: 2) { 1 }
    for alpha in [1, .nan, .infinity, -.infinity] as [Row.Element] {
      for beta in [1, .nan, .infinity, -.infinity] as [Row.Element] {
        for choice in GemmPlanChoice.all {
          try GemmCase(kernel: row.kernel, choice: choice, alpha: alpha, beta: beta)
            .check(input, values: byDefinition(input, alpha, beta))
        }
      }
    }
  }

  /// A C full of NaN leaves no trace where beta is 0 or -0.
  @Test(arguments: GemmRows.supported)
  func betaZeroNeverReadsC(_ row: any GemmRow) throws { try checkBetaZero(row) }

  private func checkBetaZero<Row: GemmRow>(_ row: Row) throws {
    let tile = row.kernel.tile
    for k in [0, 1, 11] {
      let input = GemmInput<Row.Element>(m: 2 * tile.rows + 3, n: 2 * tile.columns + 3, k: k, seed: k)
      var unread = input
      unread.c = .init(repeating: .nan, count: input.c.count)
      for choice in GemmPlanChoice.all {
        for alpha in [1, 0] as [Row.Element] {
          var aCase = GemmCase(kernel: row.kernel, choice: choice, alpha: alpha)
          let expected = try aCase.run(input)
          #expect(expected.allSatisfy { $0.isFinite })
          try aCase.check(unread, bits: expected)
          aCase.beta = -0.0
          try aCase.check(unread, bits: expected)
        }
      }
    }
  }

  /// Where alpha or k is 0, A and B may be anywhere: here where nobody may read.
  @Test(arguments: GemmRows.supported)
  func alphaOrKZeroNeverReadsAOrB(_ row: any GemmRow) { checkUnread(row) }

  private func checkUnread<Row: GemmRow>(_ row: Row) {
    let unreadable = GuardedBuffer(byteCount: 0)
    let nowhere = unsafe UnsafePointer(unreadable.bytes.baseAddress?.assumingMemoryBound(to: Row.Element.self))
    var scratch = Scratch()
    for (alpha, k) in [(0, 5), (-0.0, 5), (0, 500), (1, 0), (.nan, 0)] as [(Row.Element, Int)] {
      for layout in GemmLayout.transposes {
        for choice in GemmPlanChoice.all {
          for threads in [1, 2] {
            let shape = layout.shape(7, 9, k)
            let plan = choice.plan(shape, row.kernel.tile, elementSize: MemoryLayout<Row.Element>.stride)
            var c = [Row.Element](repeating: 3, count: 63)
            unsafe c.withUnsafeMutableBufferPointer { c in
              _ = unsafe gemm(
                row.kernel, shape, alpha, nowhere, nowhere, 2, c.baseAddress, threads: threads, plan: plan,
                scratch: &scratch)
            }
            #expect(c == .init(repeating: 6, count: 63), "\(row.name) alpha \(alpha) k \(k) plan [\(choice)]")
          }
        }
      }
    }
    #expect(scratch.capacity == 0, "nothing to pack")
  }
}
