// From the doors of `bf16gemm` and `u8s8gemm` to the loops.

/// A product in groups of k by a given row of its table: what tests and benchmarks enumerate.
///
/// - Parameter caches: what the blocks are computed from.
/// - Returns: false, with C as it was, where the system has no memory for the scratch.
@unsafe @discardableResult
package func dotGemm<Format: DotFormat>(
  _ kernel: DotKernel<Format>, _ shape: GemmShape, _ factors: Format.Factors,
  _ a: UnsafePointer<Format.A>?, _ b: UnsafePointer<Format.B>?, _ c: UnsafeMutablePointer<Format.C>?,
  _ epilogue: EpiloguePlace<Format.Epilogue>? = nil, threads: Int, caches: CacheSizes = .current, scratch: inout Scratch
) -> Bool {
  if let problem = unsafe shape.problem(a, b, c) { preconditionFailure("gemm: \(problem)") }
  precondition(threads >= 1, "gemm: threads must be at least 1")
  guard shape.m > 0 && shape.n > 0, let c = unsafe c else { return true }
  let shape = shape.compact
  // Where A or B is empty it is never read: any address stands in for it.
  let anywhere = UnsafeRawPointer(c)
  var problem = unsafe DotProblem<Format>(
    m: shape.m, n: shape.n, k: shape.k,
    a: .stored(
      DotSource(a.map { unsafe UnsafeRawPointer($0) } ?? anywhere, .a, shape, MemoryLayout<Format.A>.stride)),
    b: .stored(
      DotSource(b.map { unsafe UnsafeRawPointer($0) } ?? anywhere, .b, shape, MemoryLayout<Format.B>.stride)),
    factors: factors, c: c, cRow: shape.ldc)
  unsafe problem.epilogue = epilogue
  return unsafe dotMultiply(kernel, problem, threads: threads, caches: caches, scratch: &scratch)
}

/// The same over spans, whose lengths are checked.
func dotGemm<Format: DotFormat>(
  _ kernel: DotKernel<Format>, _ shape: GemmShape, _ factors: Format.Factors,
  _ a: Span<Format.A>, _ b: Span<Format.B>, _ c: inout MutableSpan<Format.C>,
  _ epilogue: EpiloguePlace<Format.Epilogue>? = nil, threads: Int, scratch: inout Scratch
) {
  if let problem = shape.problem(elementSize: MemoryLayout<Format.C>.stride) { preconditionFailure("gemm: \(problem)") }
  precondition(a.count >= shape.extentA, "gemm: a has fewer elements than (rows - 1) * lda + columns")
  precondition(b.count >= shape.extentB, "gemm: b has fewer elements than (rows - 1) * ldb + columns")
  precondition(c.count >= shape.extentC, "gemm: c has fewer elements than (m - 1) * ldc + n")
  unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe c.withUnsafeMutableBufferPointer { c in
        if unsafe !dotGemm(
          kernel, shape, factors, a.baseAddress, b.baseAddress, c.baseAddress, epilogue, threads: threads,
          scratch: &scratch)
        {
          preconditionFailure("gemm: the system has no more memory")
        }
      }
    }
  }
}

extension DotSource {
  /// A factor of a product of valid sizes, as it is stored.
  @unsafe
  init(_ start: UnsafeRawPointer, _ side: GemmSide, _ shape: GemmShape, _ elementSize: Int) {
    let leading = (side == .a ? shape.lda : shape.ldb) * elementSize
    // Stored rows are lines of A as it is, and of B transposed.
    let rowsAreLines = side == .a ? shape.transposeA == .no : shape.transposeB == .yes
    unsafe self.init(
      start: start, lineStride: rowsAreLines ? leading : elementSize, depthStride: rowsAreLines ? elementSize : leading,
      elementSize: elementSize)
  }
}
