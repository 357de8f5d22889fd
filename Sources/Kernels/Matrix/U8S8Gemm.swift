/// C = (op(A) - aZero) · (op(B) - bZero), or that added to C: bytes without sign times bytes with sign, summed in 32 bits.
///
/// op(X) is X or its transpose; op(A) is m x k, op(B) is k x n, C is m x n. All are row-major: element (i, j) of a stored matrix is
/// at `x[i * ldx + j]`, and the leading dimensions `lda`, `ldb`, `ldc` count elements and are at least a stored row's length.
/// C must not overlap A or B.
///
/// - Exact modulo 2^32, and so the same on every CPU and for any number of threads. Nothing saturates. Without zero points no sum
///   leaves 32 bits for k up to 65,793.
/// - `aZero` and `bZero`, the values that stand for 0, may be any number.
/// - `accumulate` false never reads C; k == 0 never reads A and B.
/// - Sizes that cannot be are a programmer's mistake: a precondition that names the argument.
/// - `threads` is at least 1, and capped by the CPU quota of the process's cgroup and its affinity. Above 1, threads are started
///   for this call and joined before it returns.
/// - Complexity: O(m · n · k). Both factors are packed into `scratch` block by block, which costs O(m · k + k · n); it
///   grows to at most half of L2 and half of L3, for each thread.
@unsafe
public func u8s8gemm(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  a: UnsafePointer<UInt8>?, lda: Int, aZero: Int32 = 0, b: UnsafePointer<Int8>?, ldb: Int, bZero: Int32 = 0,
  c: UnsafeMutablePointer<Int32>?, ldc: Int, accumulate: Bool = false, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  let factors = U8S8Dot.Factors(aZero: aZero, bZero: bZero, accumulate: accumulate)
  if unsafe !dotGemm(
    DotKernel<U8S8Dot>.select(.current), shape, factors, a, b, c, threads: threads, scratch: &scratch)
  {
    preconditionFailure("u8s8gemm: the system has no more memory")
  }
}

/// ``u8s8gemm(_:_:m:n:k:a:lda:aZero:b:ldb:bZero:c:ldc:accumulate:threads:scratch:)`` over spans, whose lengths are checked.
///
/// Each span holds at least its matrix: `(rows - 1) * ld + columns` elements.
public func u8s8gemm(
  _ transposeA: Transpose = .no, _ transposeB: Transpose = .no, m: Int, n: Int, k: Int,
  a: Span<UInt8>, lda: Int, aZero: Int32 = 0, b: Span<Int8>, ldb: Int, bZero: Int32 = 0,
  c: inout MutableSpan<Int32>, ldc: Int, accumulate: Bool = false, threads: Int = 1, scratch: inout Scratch
) {
  let shape = GemmShape(transposeA, transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, ldc: ldc)
  let factors = U8S8Dot.Factors(aZero: aZero, bZero: bZero, accumulate: accumulate)
  dotGemm(DotKernel<U8S8Dot>.select(.current), shape, factors, a, b, &c, threads: threads, scratch: &scratch)
}
