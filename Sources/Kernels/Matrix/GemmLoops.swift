/// One product after the door: pointers and strides, sizes known to be valid, C not empty.
///
/// Element (i, p) of op(A) is `a[i * aRow + p * aColumn]`, and one of `aRow` and `aColumn` is 1; B and C likewise.
@unsafe
struct GemmProblem<Element: GemmElement> {
  var m, n, k: Int
  var alpha: Element
  var a: UnsafePointer<Element>
  var aRow, aColumn: Int
  var b: UnsafePointer<Element>
  var bRow, bColumn: Int
  var beta: Element
  var c: UnsafeMutablePointer<Element>
  var cRow: Int
  /// 1 but for the transpose of a product, which ``gemmInner(_:_:threads:scratch:)`` alone takes.
  var cColumn = 1
  /// Where A or B is packed, as a whole: then `a` or `b` is not read.
  var packedA: GemmPackedLines<Element>?
  var packedB: GemmPackedLines<Element>?
  var epilogue: EpiloguePlace<Element.GemmEpilogue>?
  /// Where B is the transpose of an A that is packed.
  var packedColumns: GemmPackedLines<Element>?

  /// - Where A or B has no elements it is never read: any address stands in for it.
  @unsafe @inline(__always)
  init(
    _ shape: GemmShape, _ alpha: Element, _ a: UnsafePointer<Element>?, _ b: UnsafePointer<Element>?, _ beta: Element,
    _ c: UnsafeMutablePointer<Element>
  ) {
    let shape = shape.compact
    let (transposedA, transposedB) = (shape.transposeA == .yes, shape.transposeB == .yes)
    unsafe (m, n, k) = (shape.m, shape.n, shape.k)
    unsafe (self.alpha, self.beta) = (alpha, beta)
    unsafe self.a = a ?? UnsafePointer(c)
    unsafe self.b = b ?? UnsafePointer(c)
    unsafe self.c = c
    unsafe (aRow, aColumn) = transposedA ? (1, shape.lda) : (shape.lda, 1)
    unsafe (bRow, bColumn) = transposedB ? (1, shape.ldb) : (shape.ldb, 1)
    unsafe cRow = shape.ldc
  }

  /// Whether nothing of A and B is read.
  var isScaling: Bool { unsafe alpha == 0 || k == 0 }

  /// The part of C (and of A's rows and B's columns) at the given rows and columns.
  @unsafe
  func part(rows: Range<Int>, columns: Range<Int>) -> GemmProblem {
    var part = unsafe self
    unsafe part.m = rows.count
    unsafe part.n = columns.count
    unsafe part.a += rows.lowerBound * aRow
    unsafe part.b += columns.lowerBound * bColumn
    unsafe part.c += rows.lowerBound * cRow + columns.lowerBound * cColumn
    unsafe part.packedA?.start += rows.lowerBound * (packedA?.lineStride ?? 0)
    unsafe part.packedB?.start += columns.lowerBound * (packedB?.lineStride ?? 0)
    unsafe part.epilogue = epilogue?.part(row: rows.lowerBound, column: columns.lowerBound)
    unsafe part.packedColumns?.start += columns.lowerBound * (packedColumns?.lineStride ?? 0)
    return unsafe part
  }

  /// What is left to do with a block of C whose sums are complete.
  @unsafe @inline(__always)
  func finish(row: Int, column: Int, rows: Int, columns: Int) {
    guard let epilogue = unsafe epilogue else { return }
    unsafe epilogue.finish(
      row: row, column: column, rows: rows, columns: columns, c: c + (row * cRow + column * cColumn),
      cRow: epilogue.isTransposed ? cColumn : cRow)
  }
}

/// A factor packed as a whole: its parts of k, as deep as the blocking has them, and in each the lines: rows of A as ``packA`` lays
/// them, or columns of B in panels as ``packB`` does.
@unsafe
struct GemmPackedLines<Element> {
  var start: UnsafePointer<Element>
  /// Elements from a part of k to the next.
  var partStride: Int
  /// Elements from a row of A to the next; of B, from a panel to the next over the columns of a panel.
  var lineStride: Int

  @unsafe @inline(__always)
  func block(part: Int, line: Int) -> UnsafePointer<Element> {
    unsafe start + (part * partStride + line * lineStride)
  }
}

/// A product in the way that suits its size; false, with nothing done, where scratch cannot be had.
///
/// - Parameter plan: nil to choose.
@unsafe @inline(__always)
func gemm<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ problem: GemmProblem<Element>, _ plan: GemmPlan?, threads: Int,
  scratch: inout Scratch
) -> Bool {
  if unsafe problem.isScaling {
    unsafe gemmScale(problem)
    return true
  }
  if unsafe plan == nil && problem.hasInnerProducts {
    unsafe gemmInner(kernel, problem, threads: threads, scratch: &scratch)
    return true
  }
  if unsafe plan == nil && gemmIsSmall(problem) {
    unsafe gemmSmall(kernel, problem)
    return true
  }
  return threads == 1
    ? unsafe gemmOne(kernel, problem, plan, scratch: &scratch)
    : unsafe gemmThreaded(kernel, problem, plan, threads: threads, scratch: &scratch)
}

/// C = beta * C: what is left of a product when alpha or k is 0.
@unsafe
func gemmScale<Element: GemmElement>(_ problem: GemmProblem<Element>) {
  for i in unsafe 0..<problem.m {
    let row = unsafe problem.c + i * problem.cRow
    if unsafe problem.beta == 0 {
      unsafe row.update(repeating: 0, count: problem.n)
    } else {
      for j in unsafe 0..<problem.n { unsafe row[j] *= problem.beta }
    }
    unsafe problem.finish(row: i, column: 0, rows: 1, columns: problem.n)
  }
}

/// Whether a product is so small that it is best taken as it lies: no copy, no cut, and no cache size asked for.
@unsafe @inline(__always)
func gemmIsSmall<Element: GemmElement>(_ problem: GemmProblem<Element>) -> Bool {
  let (m, n, k) = unsafe (problem.m, problem.n, problem.k)
  return unsafe problem.bColumn == 1 && problem.packedA == nil && problem.packedB == nil && k <= GemmBlocking.leastDepth
    && m <= 4096 && n <= 4096
    && m &* n &* k <= 64 * 64 * 64
}

/// A small product: the kernel, panel of B after panel of B.
@unsafe @inline(__always)
func gemmSmall<Element: GemmElement>(_ kernel: GemmKernel<Element>, _ problem: GemmProblem<Element>) {
  let a = unsafe GemmOperandA(
    start: problem.a, row: problem.aRow, column: problem.aColumn)
  var j = 0
  while unsafe j < problem.n {
    let columns = unsafe min(kernel.tile.columns, problem.n &- j)
    unsafe Element.run(
      kernel.body, rows: problem.m, columns: columns, k: problem.k,
      a: a, b: problem.b + j, bRow: problem.bRow, alpha: problem.alpha, beta: problem.beta,
      c: problem.c + j, cRow: problem.cRow)
    unsafe problem.finish(row: 0, column: j, rows: problem.m, columns: columns)
    j &+= kernel.tile.columns
  }
}

/// The five loops around the kernel (Goto and van de Geijn 2008; Van Zee and van de Geijn, "BLIS", ACM TOMS 41(3), 2015).
///
/// From the outside: columns of B that fit L3, depth that fits L1, rows of A that fit L2, panels of B; the loop over panels of A
/// is the kernel's own. A panel of B is packed just before its first use, so that it is in L1 when the kernel reads it.
///
/// - `scratch` holds at least `plan.scratchBytes`.
@unsafe @inline(__always)
func gemmLoops<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ problem: GemmProblem<Element>, _ plan: GemmPlan, _ scratch: UnsafeMutableRawPointer?
) {
  let (tile, blocking) = (kernel.tile, plan.blocking)
  if let streaming = plan.streaming, let scratch = unsafe scratch {
    unsafe gemmStream(kernel, problem, blocking, streaming, scratch.assumingMemoryBound(to: Element.self))
    return
  }
  let packedA = unsafe scratch?.assumingMemoryBound(to: Element.self)
  let packedB = unsafe (scratch.map { unsafe $0 + plan.packedABytes })?.assumingMemoryBound(to: Element.self)

  var jc = 0
  while unsafe jc < problem.n {
    let nc = unsafe min(blocking.nc, problem.n - jc)
    var pc = 0
    while unsafe pc < problem.k {
      let kc = unsafe min(blocking.kc, problem.k - pc)
      // C is scaled by beta with the first part of k and only added to by the others.
      let beta = unsafe pc == 0 ? problem.beta : 1
      var ic = 0
      while unsafe ic < problem.m {
        let mc = unsafe min(blocking.mc, problem.m - ic)
        var a = unsafe GemmOperandA(
          start: problem.a + ic * problem.aRow + pc * problem.aColumn,
          row: problem.aRow, column: problem.aColumn)
        if let whole = unsafe problem.packedA {
          unsafe a = GemmOperandA(
            start: whole.block(part: pc / blocking.kc, line: ic), row: whole.lineStride, column: 1)
        } else if plan.packsA, let packedA = unsafe packedA {
          unsafe a = packA(a, rows: mc, depth: kc, into: packedA)
        }

        var jr = 0
        while jr < nc {
          let columns = min(tile.columns, nc - jr)
          var b = unsafe problem.b + (pc * problem.bRow + (jc + jr) * problem.bColumn)
          var bRow = unsafe problem.bRow
          if let whole = unsafe problem.packedB {
            unsafe b = whole.block(part: pc / blocking.kc, line: jc + jr)
            bRow = tile.columns
          } else if plan.packsB, let packedB = unsafe packedB {
            let panel = unsafe packedB + (plan.keepsB ? jr * blocking.kc : 0)
            if ic == 0 || !plan.keepsB {
              unsafe packB(
                b, row: problem.bRow, column: problem.bColumn, depth: kc, columns: columns, tile: tile, into: panel)
            }
            unsafe b = UnsafePointer(panel)
            bRow = tile.columns
          }
          unsafe Element.run(
            kernel.body, rows: mc, columns: columns, k: kc, a: a, b: b, bRow: bRow, alpha: problem.alpha, beta: beta,
            c: problem.c + (ic * problem.cRow + jc + jr), cRow: problem.cRow)
          if unsafe pc + kc == problem.k {
            unsafe problem.finish(row: ic, column: jc + jr, rows: mc, columns: columns)
          }
          jr += tile.columns
        }
        ic += blocking.mc
      }
      pc += blocking.kc
    }
    jc += blocking.nc
  }
}
