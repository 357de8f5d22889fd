import Kernels
import Testing

/// What a product touches: its operands to the last element and nothing beside them, and no more scratch than it said.
@Suite struct GemmMemoryTests {
  /// Each operand between inaccessible pages, with ragged sizes, gaps and every plan. What touches a gap of C throws as well.
  @Test(arguments: GemmRows.supported, GuardedBuffer.Alignment.allCases)
  func nothingBesideTheOperands(_ row: any GemmRow, _ alignment: GuardedBuffer.Alignment) throws {
    try checkGuarded(row, alignment)
  }

  private func checkGuarded<Row: GemmRow>(_ row: Row, _ alignment: GuardedBuffer.Alignment) throws {
    let tile = row.kernel.tile
    let kernel = row.kernel
    var turn = 0
    for m in [1, 2, tile.rows - 1, tile.rows + 1, 2 * tile.rows + 3] {
      for n in [1, 3, tile.columns / 2 + 1, tile.columns, tile.columns + 1, 2 * tile.columns + 5] {
        for k in [1, 2, 7, 11] {
          let input = GemmInput<Row.Element>(m: m, n: n, k: k, seed: turn)
          for var layout in GemmLayout.transposes {
            let choice = GemmPlanChoice.sameDepth[turn % GemmPlanChoice.sameDepth.count]
            layout.gaps = (a: turn & 1, b: turn & 2, c: turn % 3)
            let expected = try GemmCase(kernel: kernel, layout: layout, choice: choice, alpha: 2, beta: -0.7).run(input)
            layout.guarded = alignment
            try GemmCase(kernel: kernel, layout: layout, choice: choice, alpha: 2, beta: -0.7)
              .check(input, bits: expected)
            turn += 1
          }
        }
      }
    }
  }

  /// A scratch with more than the plan asks for: what is beyond stays as it was.
  @Test(arguments: GemmRows.supported)
  func scratchIsEnough(_ row: any GemmRow) { checkScratch(row) }

  private func checkScratch<Row: GemmRow>(_ row: Row) {
    let tile = row.kernel.tile
    let beyond = 4096
    for (m, n, k) in [
      (1, 1, 1), (2 * tile.rows + 1, 2 * tile.columns + 1, 11), (5 * tile.rows - 1, 3 * tile.columns - 1, 9),
      (tile.rows + 1, tile.columns + 1, 140),
    ] {
      let input = GemmInput<Row.Element>(m: m, n: n, k: k, seed: 17)
      for layout in GemmLayout.transposes {
        for choice in GemmPlanChoice.all where !choice.isAutomatic {
          let shape = layout.shape(m, n, k)
          let size = MemoryLayout<Row.Element>.stride
          guard let plan = choice.plan(shape, tile, elementSize: size) else { continue }
          var scratch = Scratch(capacity: plan.scratchBytes + beyond)
          let capacity = scratch.capacity
          unsafe scratch.withMemory(bytes: capacity) { memory in
            _ = unsafe UnsafeMutableRawBufferPointer(start: memory, count: capacity)
              .initializeMemory(as: UInt8.self, repeating: 0xA5)
          }
          var c = input.c
          unsafe c.withUnsafeMutableBufferPointer { c in
            _ = unsafe gemm(
              row.kernel, shape, 1, input.a, input.b, 1, c.baseAddress, threads: 1, plan: plan, scratch: &scratch)
          }
          #expect(scratch.capacity == capacity)
          let untouched = unsafe scratch.withMemory(bytes: capacity) { memory in
            unsafe UnsafeRawBufferPointer(start: memory, count: capacity)[plan.scratchBytes...].allSatisfy {
              $0 == 0xA5
            }
          }
          #expect(untouched, "\(row.name) \(shape) plan [\(choice)]")
        }
      }
    }
  }

  /// A second call of the same sizes finds what it needs.
  @Test(arguments: GemmRows.supported, [1, 2])
  func aWarmCallGrowsNothing(_ row: any GemmRow, _ threads: Int) { checkWarm(row, threads) }

  private func checkWarm<Row: GemmRow>(_ row: Row, _ threads: Int) {
    let (m, n, k) = (97, 131, 337)
    let input = GemmInput<Row.Element>(m: m, n: n, k: k, seed: 19)
    var c = input.c
    var scratch = Scratch()
    var capacities: [Int] = []
    for _ in 0..<2 {
      unsafe c.withUnsafeMutableBufferPointer { c in
        _ = unsafe gemm(
          row.kernel, GemmShape(.no, .yes, m: m, n: n, k: k, lda: k, ldb: k, ldc: n), 1, input.a, input.b, 0,
          c.baseAddress, threads: threads, scratch: &scratch)
      }
      capacities.append(scratch.capacity)
    }
    #expect(capacities[0] > 0, "a transposed B is packed")
    #expect(capacities[1] == capacities[0])
  }

  @Test(arguments: GemmRows.supported)
  func smallProductsAllocateNothing(_ row: any GemmRow) { checkSmall(row) }

  private func checkSmall<Row: GemmRow>(_ row: Row) {
    for (size, transposeA) in [(1, Transpose.no), (8, .no), (16, .yes), (32, .no), (64, .yes)] {
      let input = GemmInput<Row.Element>(m: size, n: size, k: size, seed: size)
      var c = input.c
      var scratch = Scratch()
      unsafe c.withUnsafeMutableBufferPointer { c in
        _ = unsafe gemm(
          row.kernel, GemmShape(transposeA, .no, m: size, n: size, k: size, lda: size, ldb: size, ldc: size), 1,
          input.a, input.b, 0, c.baseAddress, threads: 4, scratch: &scratch)
      }
      #expect(scratch.capacity == 0, "\(row.name) \(size)")
    }
  }
}
