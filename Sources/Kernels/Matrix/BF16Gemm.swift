/// C = alpha · op(A) · op(B) + beta · C: bf16 numbers, multiplied exactly and summed in single precision.
///
/// op(X) is X or its transpose; op(A) is m x k, op(B) is k x n, C is m x n. All are row-major: element (i, j) of a stored matrix is
/// at `x[i * ldx + j]`, and the leading dimensions `lda`, `ldb`, `ldc` count elements and are at least a stored row's length.
/// C must not overlap A or B.
///
/// - beta == 0 never reads C; alpha == 0 or k == 0 never reads A and B. NaN and infinity propagate as IEEE 754 says.
/// - Rounding: each product is exact, each addition rounds to nearest even in single precision, in an order that the CPU's row
///   fixes: ascending, or the even and the odd elements of 32 apart (AMX). The error is within
///   `k · 2^-24 · (|alpha| |A| |B|)` and three roundings of the result.
/// - Subnormals: rows of AMX and AVX512-BF16, whose instructions know none, take them as zeros and give zeros for them. All
///   other rows keep them.
/// - The bits of an element of C depend on its row of A, its column of B, k, alpha, beta and the CPU alone: not on `threads`,
///   alignment, leading dimensions, or m. Between CPUs of different instruction sets they differ.
/// - `epilogue` is what becomes of each element afterwards, fused into the product: see ``Epilogue``.
/// - Sizes that cannot be are a programmer's mistake: a precondition that names the argument.
/// - `threads` is at least 1, and capped by the CPU quota of the process's cgroup and its affinity. Above 1, threads are started
///   for this call and joined before it returns.
/// - Complexity: O(m · n · k). Both factors are packed into `scratch` block by block, which costs O(m · k + k · n); it
///   grows to at most half of L2 and half of L3, for each thread.
@unsafe
public func bf16gemm(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  alpha: Float = 1, a: UnsafePointer<BFloat16>?, lda: Int, b: UnsafePointer<BFloat16>?, ldb: Int,
  beta: Float = 0, c: UnsafeMutablePointer<Float>?, ldc: Int, epilogue: Epilogue? = nil, threads: Int = 1,
  scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  let factors = BF16Dot.Factors(alpha: alpha, beta: beta)
  let isDone = unsafe withEpilogue(epilogue, m: m, n: n) { epilogue in
    unsafe dotGemm(
      DotKernel<BF16Dot>.select(.current), shape, factors, a, b, c, epilogue, threads: threads, scratch: &scratch)
  }
  if !isDone {
    preconditionFailure("bf16gemm: the system has no more memory")
  }
}

/// ``bf16gemm(_:_:m:n:k:alpha:a:lda:b:ldb:beta:c:ldc:epilogue:threads:scratch:)`` over spans, whose lengths are checked.
///
/// Each span holds at least its matrix: `(rows - 1) * ld + columns` elements.
public func bf16gemm(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  alpha: Float = 1, a: Span<BFloat16>, lda: Int, b: Span<BFloat16>, ldb: Int,
  beta: Float = 0, c: inout MutableSpan<Float>, ldc: Int, epilogue: Epilogue? = nil, threads: Int = 1,
  scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  let factors = BF16Dot.Factors(alpha: alpha, beta: beta)
  unsafe withEpilogue(epilogue, m: m, n: n) { epilogue in
    unsafe dotGemm(
      DotKernel<BF16Dot>.select(.current), shape, factors, a, b, &c, epilogue, threads: threads, scratch: &scratch)
  }
}
