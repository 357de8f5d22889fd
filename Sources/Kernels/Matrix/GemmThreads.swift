/// The whole product on the calling thread; false, with nothing done, where scratch cannot be had.
@unsafe @inline(__always)
func gemmOne<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ problem: GemmProblem<Element>, _ plan: GemmPlan?, scratch: inout Scratch
) -> Bool {
  let plan = unsafe plan ?? GemmPlan(problem, kernel.tile)
  guard scratch.tryReserve(plan.scratchBytes) else { return false }
  unsafe scratch.withMemory(bytes: plan.scratchBytes) { memory in
    unsafe gemmLoops(kernel, problem, plan, memory)
  }
  return true
}

/// `threads`, or as many as get enough to do: starting one costs some tens of microseconds, so that below two million
/// multiplications each it does not pay.
func gemmUsefulThreads(_ threads: Int, m: Int, n: Int, k: Int, products: Int = 1) -> Int {
  let work = Double(m) * Double(n) * Double(k) * Double(products)
  return Int(min(Double(threads), max(1, work / 0x20_0000)))
}

/// The product in rectangles of C, one a thread, each computed as if it were alone;
/// false, with nothing done, where scratch cannot be had.
///
/// k is never split, and no rectangle knows of the others: each element gets the bits that it gets on one thread.
@unsafe @inline(never)
func gemmThreaded<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ problem: GemmProblem<Element>, _ plan: GemmPlan?, threads: Int,
  scratch: inout Scratch
) -> Bool {
  let useful = unsafe gemmUsefulThreads(threads, m: problem.m, n: problem.n, k: problem.k)
  let grid = unsafe GemmGrid(m: problem.m, n: problem.n, tile: kernel.tile, parts: Threads.cap(useful))
  guard grid.count > 1 else {
    return unsafe gemmOne(kernel, problem, plan, scratch: &scratch)
  }
  // The first rectangle is the largest: what is enough for it is enough for all.
  let first = grid.rectangle(0)
  let largest = unsafe problem.part(rows: first.rows, columns: first.columns)
  let plan = unsafe plan ?? GemmPlan(largest, kernel.tile)
  let slice = (plan.scratchBytes + Scratch.alignment - 1) / Scratch.alignment * Scratch.alignment
  guard scratch.tryReserve(slice * grid.count) else { return false }
  unsafe scratch.withMemory(bytes: slice * grid.count) { memory in
    Threads.run(grid.count) { index in
      let rectangle = grid.rectangle(index)
      guard !rectangle.rows.isEmpty && !rectangle.columns.isEmpty else { return }
      unsafe gemmLoops(
        kernel, problem.part(rows: rectangle.rows, columns: rectangle.columns), plan,
        memory.map { unsafe $0 + index * slice })
    }
  }
  return true
}

extension GemmPlan {
  /// The plan that is best for a problem on this machine.
  @unsafe @inline(__always)
  init<Element: GemmElement>(_ problem: GemmProblem<Element>, _ tile: GemmTile) {
    unsafe self.init(
      (problem.m, problem.n, problem.k), contiguousB: problem.bColumn == 1 || problem.packedB != nil, tile: tile,
      elementSize: MemoryLayout<Element>.stride, packsA: problem.packedA == nil ? nil : false,
      packsB: problem.packedB == nil ? nil : false,
      streams: problem.packedA == nil && problem.packedB == nil ? nil : false, caches: .current)
  }
}

/// C cut into `rows` x `columns` rectangles of whole tiles.
package struct GemmGrid: Hashable, Sendable {
  package let m, n: Int
  package let tile: GemmTile
  package let rows, columns: Int

  package var count: Int { rows * columns }

  /// The cut into at most `parts` rectangles, of all pairs of divisors the one whose rectangles have the least circumference:
  /// what a thread reads of A and B is proportional to that.
  package init(m: Int, n: Int, tile: GemmTile, parts: Int) {
    (self.m, self.n, self.tile) = (m, n, tile)
    let tileRows = (m + tile.rows - 1) / tile.rows
    let tileColumns = (n + tile.columns - 1) / tile.columns
    var best = (rows: 1, columns: 1)
    var least = Int.max
    for rows in 1...max(1, parts) where parts % rows == 0 {
      let columns = parts / rows
      guard rows <= tileRows && columns <= tileColumns else { continue }
      let circumference =
        (tileRows + rows - 1) / rows * tile.rows + (tileColumns + columns - 1) / columns * tile.columns
      if circumference < least { (best, least) = ((rows, columns), circumference) }
    }
    (rows, columns) = best
  }

  /// Rows and columns of one rectangle; empty where there are fewer tiles than the cut has room for.
  package func rectangle(_ index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    (
      Self.slice(index / columns, of: rows, m, tile.rows),
      Self.slice(index % columns, of: columns, n, tile.columns)
    )
  }

  private static func slice(_ index: Int, of parts: Int, _ length: Int, _ step: Int) -> Range<Int> {
    let tiles = (length + step - 1) / step
    let each = (tiles + parts - 1) / parts * step
    return min(length, index * each)..<min(length, (index + 1) * each)
  }
}
