/// How a product of a few rows of A with a wide B is cut: B is read once, at the speed of memory.
package struct GemmStreaming: Hashable, Sendable {
  /// Columns whose sums, of the rows that are taken at a time, stay in L1.
  package var columns: Int
  /// Rows of B that all rows of A pass over while they are in L2.
  package var depth: Int
  /// Elements from one row of sums to the next: a cache line more than the columns, so that rows start in different sets.
  package var sumsRow: Int

  /// Rows of A that a kernel takes at a time, `STREAM_ROWS` of `gemm_stream.h`.
  static let rows = 4
  /// Rows of A up to which B is streamed: with more, sums would be loaded and stored oftener than B is read.
  static let mostRows = 16

  package init(m: Int, n: Int, elementSize: Int, blocking: GemmBlocking, caches: CacheSizes) {
    let line = 64 / elementSize
    let fit = caches.l1 / (max(1, min(m, Self.rows)) * elementSize) / line * line
    columns = max(line, min(max(4 * line, fit), (n + line - 1) / line * line))
    sumsRow = columns + line
    // With one group of rows there is no second pass for which B would be kept.
    depth = m <= Self.rows ? blocking.kc : min(blocking.kc, max(8, caches.l2 / 4 / (columns * elementSize) / 4 * 4))
  }
}

/// The product with B streamed, block of columns by block of columns.
///
/// The parts of k are those of ``gemmLoops(_:_:_:_:)``, and each sum is built in the same order: it has the same bits.
///
/// - `sums` holds `problem.m * streaming.sumsRow` elements.
@unsafe @inline(__always)
func gemmStream<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ problem: GemmProblem<Element>, _ blocking: GemmBlocking, _ streaming: GemmStreaming,
  _ sums: UnsafeMutablePointer<Element>
) {
  var jc = 0
  while unsafe jc < problem.n {
    let columns = unsafe min(streaming.columns, problem.n - jc)
    var pc = 0
    while unsafe pc < problem.k {
      let end = unsafe min(pc + blocking.kc, problem.k)
      let beta = unsafe pc == 0 ? problem.beta : 1
      for p in stride(from: pc, to: end, by: streaming.depth) {
        let depth = min(streaming.depth, end - p)
        for i in unsafe stride(from: 0, to: problem.m, by: GemmStreaming.rows) {
          unsafe Element.stream(
            kernel.body, rows: min(GemmStreaming.rows, problem.m - i), columns: columns, k: depth,
            a: GemmOperandA(
              start: problem.a + i * problem.aRow + p * problem.aColumn, row: problem.aRow, column: problem.aColumn),
            b: problem.b + p * problem.bRow + jc, bRow: problem.bRow, alpha: problem.alpha, beta: beta,
            c: problem.c + i * problem.cRow + jc, cRow: problem.cRow, isFirst: p == pc, isLast: p + depth == end,
            sums: sums + i * streaming.sumsRow, sumsRow: streaming.sumsRow)
        }
      }
      pc = end
    }
    unsafe problem.finish(row: 0, column: jc, rows: problem.m, columns: columns)
    jc += streaming.columns
  }
}
