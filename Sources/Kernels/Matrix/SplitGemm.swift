/// A product of single precision by a row of the bf16 table, of numbers split in parts: what ``sgemm`` does at a
/// ``GemmPrecision`` for which the CPU has a row that is fast enough.
///
/// Rows of A and columns of B that cannot be split (``splitFlags(_:lines:depth:into:)``) are multiplied in single precision. That
/// depends on the row and the column alone, and so do the bits.
///
/// Source: G. Henry, P. T. P. Tang, A. Heinecke, "Leveraging the bfloat16 Artificial Intelligence Datatype For Higher-Precision
/// Computations", ARITH 2019.
///
/// - Returns: false, with C as it was, where the system has no memory for the scratch.
@unsafe
package func splitGemm(
  _ kernel: DotKernel<BF16Dot>, _ precision: GemmPrecision, _ shape: GemmShape, _ alpha: Float,
  _ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, _ beta: Float, _ c: UnsafeMutablePointer<Float>?,
  _ epilogue: EpiloguePlace<FloatEpilogue>? = nil, threads: Int, caches: CacheSizes = .current, scratch: inout Scratch
) -> Bool {
  if let problem = unsafe shape.problem(a, b, c) { preconditionFailure("gemm: \(problem)") }
  precondition(threads >= 1, "gemm: threads must be at least 1")
  let native = GemmKernel<Float>.select(.current)
  guard shape.m > 0 && shape.n > 0 && shape.k > 0 && alpha != 0, let a = unsafe a, let b = unsafe b, let c = unsafe c
  else { return unsafe gemm(native, shape, alpha, a, b, beta, c, epilogue, threads: threads, scratch: &scratch) }
  let compact = shape.compact
  let (m, n, k) = (compact.m, compact.n, compact.k)
  let sourceA = unsafe SplitSource(a, .a, compact, precision)
  let sourceB = unsafe SplitSource(b, .b, compact, precision)

  guard scratch.tryReserve((m + n) * MemoryLayout<UInt32>.stride), let memory = unsafe scratch.start else {
    return false
  }
  let flags = unsafe memory.assumingMemoryBound(to: UInt32.self)
  unsafe splitFlags(sourceA, lines: m, depth: k, into: flags)
  unsafe splitFlags(sourceB, lines: n, depth: k, into: flags + m)
  let rows = unsafe FlaggedRuns(flags, count: m)
  let columns = unsafe FlaggedRuns(flags + m, count: n)
  if rows.total == m || columns.total == n {
    return unsafe gemm(native, shape, alpha, a, b, beta, c, epilogue, threads: threads, scratch: &scratch)
  }

  // What single precision makes of flagged lines, before the split product overwrites them.
  var saved = Scratch()
  guard saved.tryReserve((rows.total * n + columns.total * m) * MemoryLayout<Float>.stride) else { return false }
  let savedRows = unsafe saved.start.map { unsafe $0.assumingMemoryBound(to: Float.self) } ?? c
  let savedColumns = unsafe savedRows + rows.total * n
  // A block of C in single precision, from and to memory of its own.
  func compute(_ rowRange: Range<Int>, _ columnRange: Range<Int>, into result: UnsafeMutablePointer<Float>) -> Bool {
    let width = columnRange.count
    for i in rowRange {
      unsafe (result + (i - rowRange.lowerBound) * width).update(
        from: c + (i * compact.ldc + columnRange.lowerBound), count: width)
    }
    var part = compact
    (part.m, part.n, part.ldc) = (rowRange.count, width, width)
    return unsafe gemm(
      native, part, alpha, sourceA.part(line: rowRange.lowerBound, depth: 0).start,
      sourceB.part(line: columnRange.lowerBound, depth: 0).start, beta, result,
      epilogue?.part(row: rowRange.lowerBound, column: columnRange.lowerBound), threads: threads, scratch: &scratch)
  }
  for run in rows.runs {
    guard unsafe compute(run.lines, 0..<n, into: savedRows + run.before * n) else { return false }
  }
  for run in columns.runs {
    guard unsafe compute(0..<m, run.lines, into: savedColumns + run.before * m) else { return false }
  }

  var problem = unsafe DotProblem<BF16Dot>(
    m: m, n: n, k: k, a: .split(sourceA), b: .split(sourceB), factors: BF16Dot.Factors(alpha: alpha, beta: beta), c: c,
    cRow: compact.ldc)
  unsafe problem.epilogue = epilogue
  guard unsafe dotMultiply(kernel, problem, threads: threads, caches: caches, scratch: &scratch) else { return false }

  for run in columns.runs {
    for i in 0..<m {
      unsafe (c + (i * compact.ldc + run.lines.lowerBound)).update(
        from: savedColumns + (run.before * m + i * run.lines.count), count: run.lines.count)
    }
  }
  for run in rows.runs {
    for i in run.lines {
      unsafe (c + i * compact.ldc).update(from: savedRows + (run.before + i - run.lines.lowerBound) * n, count: n)
    }
  }
  return true
}

/// Runs of lines whose flags are set. Allocates nothing where there are none.
private struct FlaggedRuns {
  /// Lines, and how many flagged ones there are before them.
  private(set) var runs: [(lines: Range<Int>, before: Int)] = []
  private(set) var total = 0

  @unsafe
  init(_ flags: UnsafePointer<UInt32>, count: Int) {
    var first = 0
    for line in 0...count {
      if line < count, unsafe flags[line] != 0 { continue }
      if line > first {
        runs.append((first..<line, total))
        total += line - first
      }
      first = line + 1
    }
  }
}

extension SplitSource {
  /// A factor of a product of valid sizes, as it is stored.
  @unsafe
  fileprivate init(_ start: UnsafePointer<Float>, _ side: GemmSide, _ shape: GemmShape, _ precision: GemmPrecision) {
    let leading = side == .a ? shape.lda : shape.ldb
    // Stored rows are lines of A as it is, and of B transposed.
    let rowsAreLines = side == .a ? shape.transposeA == .no : shape.transposeB == .yes
    unsafe self.init(
      start: start, lineStride: rowsAreLines ? leading : 1, depthStride: rowsAreLines ? 1 : leading,
      order: SplitOrder(precision, side))
  }
}
