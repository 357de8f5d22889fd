/// The product after the door, on one thread or several; false, with C as it was, where scratch cannot be had.
@unsafe
@specialized(where Format == BF16Dot)
@specialized(where Format == U8S8Dot)
func dotMultiply<Format: DotFormat>(
  _ kernel: DotKernel<Format>, _ problem: DotProblem<Format>, threads: Int, caches: CacheSizes, scratch: inout Scratch
) -> Bool {
  if unsafe problem.k == 0 || Format.ignoresProduct(problem.factors) {
    unsafe dotNothing(problem)
    return true
  }
  let grid = unsafe dotGrid(kernel.tile, m: problem.m, n: problem.n, k: problem.k, threads: threads)
  // The first rectangle is the largest: what is enough for it is enough for all.
  let first = grid.rectangle(0)
  let block = unsafe problem.sumsBlock(kernel.tile, caches: caches)
  let largest = unsafe problem.part(
    rows: first.rows.prefix(block.rows), columns: first.columns.prefix(block.columns))
  let plan = unsafe largest.plan(kernel.tile, caches: caches)
  let slice = (plan.scratchBytes + Scratch.alignment - 1) / Scratch.alignment * Scratch.alignment
  guard scratch.tryReserve(slice * (grid.count - 1) + plan.scratchBytes) else { return false }
  unsafe scratch.withMemory(bytes: slice * (grid.count - 1) + plan.scratchBytes) { memory in
    guard grid.count > 1 else { return unsafe dotBlocks(kernel, problem, plan, block, memory) }
    Threads.run(grid.count) { index in
      let rectangle = grid.rectangle(index)
      guard !rectangle.rows.isEmpty && !rectangle.columns.isEmpty else { return }
      unsafe dotBlocks(
        kernel, problem.part(rows: rectangle.rows, columns: rectangle.columns), plan, block,
        memory.map { unsafe $0 + index * slice })
    }
  }
  return true
}

/// C in blocks whose sums fit the memory that the plan has for them.
@unsafe @inline(__always)
private func dotBlocks<Format: DotFormat>(
  _ kernel: DotKernel<Format>, _ problem: DotProblem<Format>, _ plan: DotPlan, _ block: (rows: Int, columns: Int),
  _ memory: UnsafeMutableRawPointer?
) {
  let (m, n) = unsafe (problem.m, problem.n)
  for i in stride(from: 0, to: m, by: min(block.rows, m)) {
    for j in stride(from: 0, to: n, by: min(block.columns, n)) {
      let (rows, columns) = (i..<i + min(block.rows, m - i), j..<j + min(block.columns, n - j))
      unsafe dotLoops(kernel, problem.part(rows: rows, columns: columns), plan, memory)
    }
  }
}

extension DotProblem {
  /// How much of C is computed at a time: all of it, but where sums wait in scratch for further parts of k, some 512 rows and columns.
  /// Their sums take a megabyte, and packing each factor once for so many of the other's lines costs a few per cent.
  @unsafe
  fileprivate func sumsBlock(_ tile: GemmTile, caches: CacheSizes) -> (rows: Int, columns: Int) {
    guard unsafe keepsSumsApart && plan(tile, caches: caches).keepsAllSums else { return (.max, .max) }
    return (512, 512 / tile.columns * tile.columns)
  }
}

/// C without a product: no A and B is read.
@unsafe
private func dotNothing<Format: DotFormat>(_ problem: DotProblem<Format>) {
  let (m, n) = unsafe (problem.m, problem.n)
  if unsafe problem.keepsSumsApart, let epilogue = unsafe problem.epilogue {
    // A row of zeros serves all rows. The size is a literal, so that it is on the stack.
    unsafe withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 64) { memory in
      let row = unsafe memory.bindMemory(to: Format.C.self)
      guard let zeros = row.baseAddress else { return }
      unsafe Format.writeNothing(problem.factors, row: zeros, count: row.count)
      for j in stride(from: 0, to: n, by: row.count) {
        unsafe epilogue.finish(row: 0, column: j, rows: m, columns: min(row.count, n - j), c: zeros, cRow: 0)
      }
    }
    return
  }
  for i in 0..<m {
    let row = unsafe problem.c + i * problem.cRow
    unsafe Format.writeNothing(problem.factors, row: row, count: n)
    if let epilogue = unsafe problem.epilogue {
      unsafe epilogue.finish(row: i, column: 0, rows: 1, columns: n, c: row, cRow: problem.cRow)
    }
  }
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
