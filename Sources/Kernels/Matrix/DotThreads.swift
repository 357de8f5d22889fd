/// The product after the door, on one thread or several; false, with C as it was, where scratch cannot be had.
@unsafe
@specialized(where Format == BF16Dot)
@specialized(where Format == U8S8Dot)
func dotMultiply<Format: DotFormat>(
  _ kernel: DotKernel<Format>, _ problem: DotProblem<Format>, threads: Int, caches: CacheSizes, scratch: inout Scratch
) -> Bool {
  if unsafe problem.k == 0 || Format.ignoresProduct(problem.factors) {
    for i in unsafe 0..<problem.m {
      unsafe Format.writeNothing(problem.factors, row: problem.c + i * problem.cRow, count: problem.n)
    }
    return true
  }
  let grid = unsafe dotGrid(kernel.tile, m: problem.m, n: problem.n, k: problem.k, threads: threads)
  // The first rectangle is the largest: what is enough for it is enough for all.
  let first = grid.rectangle(0)
  let largest = unsafe problem.part(rows: first.rows, columns: first.columns)
  let plan = unsafe largest.plan(kernel.tile, caches: caches)
  let slice = (plan.scratchBytes + Scratch.alignment - 1) / Scratch.alignment * Scratch.alignment
  guard scratch.tryReserve(slice * (grid.count - 1) + plan.scratchBytes) else { return false }
  unsafe scratch.withMemory(bytes: slice * (grid.count - 1) + plan.scratchBytes) { memory in
    guard grid.count > 1 else { return unsafe dotLoops(kernel, problem, plan, memory) }
    Threads.run(grid.count) { index in
      let rectangle = grid.rectangle(index)
      guard !rectangle.rows.isEmpty && !rectangle.columns.isEmpty else { return }
      unsafe dotLoops(
        kernel, problem.part(rows: rectangle.rows, columns: rectangle.columns), plan,
        memory.map { unsafe $0 + index * slice })
    }
  }
  return true
}

/// C in as many rectangles as there are threads with enough to do.
///
/// Starting a thread costs some tens of microseconds, in which a kernel of bytes does some million multiplications:
/// below four million each, another thread does not pay.
private func dotGrid(_ tile: GemmTile, m: Int, n: Int, k: Int, threads: Int) -> GemmGrid {
  let useful = threads == 1 ? 1 : Int(min(Double(threads), max(1, Double(m) * Double(n) * Double(k) / 0x40_0000)))
  return GemmGrid(
    m: m, n: n, tile: GemmTile(rows: DotPlan.rowStep(tile), columns: tile.columns), parts: Threads.cap(useful))
}
