/// C = alpha · op(A) · op(B) + beta · C, single precision.
///
/// op(X) is X or its transpose; op(A) is m x k, op(B) is k x n, C is m x n. All are row-major: element (i, j) of a stored matrix is
/// at `x[i * ldx + j]`, and the leading dimensions `lda`, `ldb`, `ldc` count elements and are at least a stored row's length.
/// Any alignment of `Float` will do. C must not overlap A or B.
///
/// - beta == 0 never reads C; alpha == 0 or k == 0 never reads A and B. NaN and infinity propagate as IEEE 754 says.
/// - Each element of C is a sum over k in ascending order, in parts whose length depends on k and the CPU alone. Its bits do not
///   depend on `threads`, alignment, leading dimensions, or m: a row has the same bits alone or in a batch.
///   The error is within `16 · eps · (|alpha| |A| |B| + |beta| |C|)` for k up to some hundreds, and grows at most as k · eps.
/// - `precision` other than native allows a faster product, of numbers split in bf16 parts, within the bounds of ``GemmPrecision``.
///   What cannot be split is multiplied in single precision: rows of A and columns of B with NaN, infinity, or
///   an element beyond 2^47 or below 2^-47. This takes memory for those rows and columns of C.
/// - `epilogue` is what becomes of each element afterwards, fused into the product: see ``Epilogue``.
/// - Sizes that cannot be are a programmer's mistake: a precondition that names the argument.
/// - `threads` is at least 1, and capped by the CPU quota of the process's cgroup and its affinity. Above 1, threads are started
///   for this call and joined before it returns.
/// - Complexity: O(m · n · k). Allocates nothing but what `scratch` lacks: nothing in small products, else
///   less than three quarters of L2 and half of L3, for each thread.
///
/// Algorithm: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008.
@unsafe
public func sgemm(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  alpha: Float = 1, a: UnsafePointer<Float>?, lda: Int, b: UnsafePointer<Float>?, ldb: Int,
  beta: Float = 0, c: UnsafeMutablePointer<Float>?, ldc: Int, precision: GemmPrecision = .native,
  epilogue: Epilogue? = nil, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  if unsafe !sgemm(precision, shape, alpha, a, b, beta, c, epilogue, threads: threads, scratch: &scratch) {
    preconditionFailure("sgemm: the system has no more memory")
  }
}

/// C = alpha · op(A) · op(B) + beta · C, double precision; all else as in ``sgemm(_:_:m:n:k:alpha:a:lda:b:ldb:beta:c:ldc:precision:epilogue:threads:scratch:)-(_,_,_,_,_,_,UnsafePointer<Float>?,_,_,_,_,_,_,_,_,_,_)``.
@unsafe
public func dgemm(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  alpha: Double = 1, a: UnsafePointer<Double>?, lda: Int, b: UnsafePointer<Double>?, ldb: Int,
  beta: Double = 0, c: UnsafeMutablePointer<Double>?, ldc: Int, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  if unsafe !gemm(GemmKernel<Double>.select(.current), shape, alpha, a, b, beta, c, threads: threads, scratch: &scratch)
  {
    preconditionFailure("dgemm: the system has no more memory")
  }
}

// MARK: - Over spans

/// ``sgemm(_:_:m:n:k:alpha:a:lda:b:ldb:beta:c:ldc:precision:epilogue:threads:scratch:)`` over spans, whose lengths are checked.
///
/// Each span holds at least its matrix: `(rows - 1) * ld + columns` elements.
public func sgemm(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  alpha: Float = 1, a: Span<Float>, lda: Int, b: Span<Float>, ldb: Int,
  beta: Float = 0, c: inout MutableSpan<Float>, ldc: Int, precision: GemmPrecision = .native,
  epilogue: Epilogue? = nil, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  unsafe gemm(shape, a, b, &c) { a, b, c in
    unsafe sgemm(precision, shape, alpha, a, b, beta, c, epilogue, threads: threads, scratch: &scratch)
  }
}

/// ``dgemm(_:_:m:n:k:alpha:a:lda:b:ldb:beta:c:ldc:threads:scratch:)`` over spans, whose lengths are checked.
public func dgemm(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  alpha: Double = 1, a: Span<Double>, lda: Int, b: Span<Double>, ldb: Int,
  beta: Double = 0, c: inout MutableSpan<Double>, ldc: Int, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  unsafe gemm(shape, a, b, &c) { a, b, c in
    unsafe gemm(GemmKernel<Double>.select(.current), shape, alpha, a, b, beta, c, threads: threads, scratch: &scratch)
  }
}

// MARK: - With a row of the table

/// Checks the lengths of spans, and calls `body` with where they lie.
@inline(__always)
private func gemm<Element: GemmElement>(
  _ shape: GemmShape, _ a: Span<Element>, _ b: Span<Element>, _ c: inout MutableSpan<Element>,
  _ body: (UnsafePointer<Element>?, UnsafePointer<Element>?, UnsafeMutablePointer<Element>?) -> Bool
) {
  let shape = shape.checked(elementSize: MemoryLayout<Element>.stride)
  precondition(a.count >= shape.extentA, "gemm: a has fewer elements than (rows - 1) * lda + columns")
  precondition(b.count >= shape.extentB, "gemm: b has fewer elements than (rows - 1) * ldb + columns")
  precondition(c.count >= shape.extentC, "gemm: c has fewer elements than (m - 1) * ldc + n")
  unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe c.withUnsafeMutableBufferPointer { c in
        if unsafe !body(a.baseAddress, b.baseAddress, c.baseAddress) {
          preconditionFailure("gemm: the system has no more memory")
        }
      }
    }
  }
}

/// The product by the row that a precision asks for: of split numbers where that is faster, else of single precision.
@unsafe @inline(__always)
package func sgemm(
  _ precision: GemmPrecision, _ shape: GemmShape, _ alpha: Float,
  _ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, _ beta: Float, _ c: UnsafeMutablePointer<Float>?,
  _ epilogue: Epilogue? = nil, threads: Int, scratch: inout Scratch
) -> Bool {
  let features = CPUFeatures.current
  return unsafe withEpilogue(epilogue, m: shape.m, n: shape.n) { epilogue in
    if precision != .native, let kernel = precision.splitKernel(for: features) {
      return unsafe splitGemm(
        kernel, precision, shape, alpha, a, b, beta, c, epilogue, threads: threads, scratch: &scratch)
    }
    return unsafe gemm(
      GemmKernel<Float>.select(features), shape, alpha, a, b, beta, c, epilogue, threads: threads, scratch: &scratch)
  }
}

/// The product by a given row of the table and, if given, a plan: what tests and benchmarks enumerate.
///
/// - Returns: false, with C as it was, where the system has no memory for the scratch.
@unsafe @discardableResult
@specialized(where Element == Float)
@specialized(where Element == Double)
package func gemm<Element: GemmElement>(
  _ kernel: GemmKernel<Element>, _ shape: GemmShape, _ alpha: Element,
  _ a: UnsafePointer<Element>?, _ b: UnsafePointer<Element>?, _ beta: Element, _ c: UnsafeMutablePointer<Element>?,
  _ epilogue: EpiloguePlace<Element.GemmEpilogue>? = nil, threads: Int, plan: GemmPlan? = nil, scratch: inout Scratch
) -> Bool {
  if let problem = unsafe shape.problem(a, b, c) { preconditionFailure("gemm: \(problem)") }
  precondition(threads >= 1, "gemm: threads must be at least 1")
  guard shape.m > 0 && shape.n > 0, let c = unsafe c else { return true }
  var problem = unsafe GemmProblem(shape, alpha, a, b, beta, c)
  unsafe problem.epilogue = epilogue
  return unsafe gemm(kernel, problem, plan, threads: threads, scratch: &scratch)
}
