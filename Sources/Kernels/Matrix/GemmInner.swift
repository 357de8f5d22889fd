// Products that are inner products of contiguous vectors, with few of them on one side: a matrix times a vector, or a few rows
// times the transpose of a matrix. What there is to do is to read the matrix once, in the order in which it lies.

/// Vectors on the smaller side up to which the other side is turned in registers, `INNER_ROWS` of `gemm_inner.h`:
/// with more, copying it once is cheaper than turning it again.
private let mostInnerRows = 4

extension GemmProblem {
  /// Whether this product has few rows of A and a B whose columns are contiguous, or its transpose, Cᵀ = op(B)ᵀ · op(A)ᵀ, does.
  @unsafe @inline(__always)
  var hasInnerProducts: Bool { unsafe isInner || isTransposedInner }

  /// The one of them that has.
  @unsafe
  var innerProducts: GemmProblem { unsafe isInner ? self : transposed }

  // A single column of B is as contiguous as a row.
  @unsafe @inline(__always)
  private var isInner: Bool {
    unsafe m <= mostInnerRows && bRow == 1 && bColumn != 1 && packedA == nil && packedB == nil
  }

  // With fewer rows than a vector has lanes, tiles do as well.
  @unsafe @inline(__always)
  private var isTransposedInner: Bool {
    unsafe n <= mostInnerRows && packedB == nil && (m >= 8 && aColumn == 1 || n == 1 && packedA != nil)
  }

  @unsafe
  private var transposed: GemmProblem {
    var other = unsafe self
    unsafe (other.m, other.n) = (n, m)
    unsafe (other.a, other.aRow, other.aColumn) = (b, bColumn, bRow)
    unsafe (other.b, other.bRow, other.bColumn) = (a, aColumn, aRow)
    unsafe (other.cRow, other.cColumn) = (cColumn, cRow)
    unsafe (other.packedA, other.packedColumns) = (nil, packedA)
    unsafe other.epilogue = epilogue?.transposed
    return unsafe other
  }
}

/// The product, panel of B after panel of B, each along all of k.
///
/// The parts of k are those of ``gemmLoops(_:_:_:_:)``, and each sum is built in the same order: it has the same bits.
///
/// - Parameters:
///   - problem: one that ``GemmProblem/hasInnerProducts``.
///   - scratch: for a copy of A, in k · m elements; does without where there is no memory.
@unsafe @inline(never)
@specialized(where Element == Float)
@specialized(where Element == Double)
func gemmInner<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ problem: GemmProblem<Element>, threads: Int, scratch: inout Scratch
) {
  var problem = unsafe problem.innerProducts
  let bytes = unsafe problem.m * problem.k * MemoryLayout<Element>.stride
  // Rows of A that are far apart take turns with columns of B in L1: side by side they do not, and they are read over and over.
  guard unsafe problem.m > 1 && problem.n >= leastColumnsForCopy && scratch.tryReserve(bytes) else {
    return unsafe gemmInnerThreaded(kernel, problem, threads: threads)
  }
  unsafe scratch.withMemory(bytes: bytes) { memory in
    if let copy = unsafe memory?.assumingMemoryBound(to: Element.self) {
      unsafe packB(
        problem.a, row: problem.aColumn, column: problem.aRow, depth: problem.k, columns: problem.m,
        tile: GemmTile(rows: 1, columns: problem.m), into: copy)
      unsafe (problem.a, problem.aRow, problem.aColumn) = (UnsafePointer(copy), 1, problem.m)
    }
    unsafe gemmInnerThreaded(kernel, problem, threads: threads)
  }
}

/// Columns of B from which on a copy of A pays.
private let leastColumnsForCopy = 64

@unsafe @inline(__always)
private func gemmInnerThreaded<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ problem: GemmProblem<Element>, threads: Int
) {
  let useful = unsafe threads == 1 ? 1 : gemmUsefulThreads(threads, m: problem.m, n: problem.n, k: problem.k)
  if useful == 1 { return unsafe gemmInnerOne(kernel, problem) }
  let grid = unsafe GemmGrid(m: problem.m, n: problem.n, tile: kernel.tile, parts: Threads.cap(useful))
  let shared = unsafe problem
  Threads.run(grid.count) { index in
    let rectangle = grid.rectangle(index)
    unsafe gemmInnerOne(kernel, shared.part(rows: rectangle.rows, columns: rectangle.columns))
  }
}

@unsafe @inline(never)
@specialized(where Element == Float)
@specialized(where Element == Double)
func gemmInnerOne<Element: GemmElement>(_ kernel: GemmKernel<Element>, _ problem: GemmProblem<Element>) {
  let size = MemoryLayout<Element>.stride
  let packed = unsafe problem.packedColumns
  let bColumn = unsafe packed?.lineStride ?? problem.bColumn
  // As many as the kernel takes: with more, their places would no longer stand in registers.
  let mostColumns = 16
  var (depth, width) = unsafe (problem.k, min(kernel.tile.columns, mostColumns))
  if unsafe problem.k > GemmBlocking.leastDepth || problem.n > width {
    let caches = CacheSizes.current
    depth = unsafe GemmBlocking.model(tile: kernel.tile, elementSize: size, k: problem.k, caches: caches).kc
    // Columns a multiple of a page apart take turns in the same sets of L1, and memory is read best in few places at a time:
    // then as few columns as leave the multiply-add some to overlap.
    let isFar = unsafe Double(problem.n) * Double(problem.k) * Double(size) > Double(caches.l3) / 2
    if isFar || bColumn * size % 4096 == 0 { width = max(kernel.lanes, 8 / kernel.lanes * kernel.lanes) }
  }
  var j = 0
  while unsafe j < problem.n {
    let columns = unsafe min(width, problem.n &- j)
    var p = 0
    while unsafe p < problem.k {
      unsafe Element.inner(
        kernel.body, rows: problem.m, columns: columns, k: min(depth, problem.k &- p),
        a: GemmOperandA(start: problem.a + p &* problem.aColumn, row: problem.aRow, column: problem.aColumn),
        b: packed?.block(part: p / depth, line: j) ?? problem.b + (p &+ j &* problem.bColumn), bColumn: bColumn,
        alpha: problem.alpha, beta: p == 0 ? problem.beta : 1,
        c: problem.c + j &* problem.cColumn, cRow: problem.cRow, cColumn: problem.cColumn)
      p &+= depth
    }
    unsafe problem.finish(row: 0, column: j, rows: problem.m, columns: columns)
    j &+= width
  }
}
