// The C ABI of matrix multiply. Contract and names: `include/kernels.h`.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
public import KernelsABI

/// C = alpha · op(A) · op(B) + beta · C in single precision, as Swift's `sgemm`.
///
/// Each precision of the header bounds the error from above, and allows a faster way where the CPU has one.
///
/// - Returns: `KN_INVALID_ARGUMENT`, with C untouched, for whatever breaks a precondition in Swift and for an unknown enum;
///   `KN_OUT_OF_MEMORY`, likewise, where there is none for packing.
/// - Complexity: O(m · n · k). Scratch lives as long as the call: one allocation where the product is large enough to be packed.
@c @implementation
public func kn_sgemm(
  _ trans_a: Int32, _ trans_b: Int32, _ m: Int64, _ n: Int64, _ k: Int64,
  _ alpha: Float, _ a: UnsafePointer<Float>!, _ lda: Int64, _ b: UnsafePointer<Float>!, _ ldb: Int64,
  _ beta: Float, _ c: UnsafeMutablePointer<Float>!, _ ldc: Int64, _ precision: Int32, _ threads: Int32
) -> kn_status {
  guard let shape = unsafe validShape(trans_a, trans_b, m, n, k, a, lda, b, ldb, c, ldc, threads),
    let precision = GemmPrecision(c: precision)
  else { return kn_status(KN_INVALID_ARGUMENT) }
  var scratch = Scratch()
  let done = unsafe sgemm(precision, shape, alpha, a, b, beta, c, threads: Int(threads), scratch: &scratch)
  return kn_status(done ? KN_OK : KN_OUT_OF_MEMORY)
}

/// C = alpha · op(A) · op(B) + beta · C in double precision; all else as in ``kn_sgemm``.
@c @implementation
public func kn_dgemm(
  _ trans_a: Int32, _ trans_b: Int32, _ m: Int64, _ n: Int64, _ k: Int64,
  _ alpha: Double, _ a: UnsafePointer<Double>!, _ lda: Int64, _ b: UnsafePointer<Double>!, _ ldb: Int64,
  _ beta: Double, _ c: UnsafeMutablePointer<Double>!, _ ldc: Int64, _ threads: Int32
) -> kn_status {
  guard let shape = unsafe validShape(trans_a, trans_b, m, n, k, a, lda, b, ldb, c, ldc, threads) else {
    return kn_status(KN_INVALID_ARGUMENT)
  }
  var scratch = Scratch()
  let done = unsafe gemm(
    GemmKernel<Double>.select(.current), shape, alpha, a, b, beta, c, threads: Int(threads), scratch: &scratch)
  return kn_status(done ? KN_OK : KN_OUT_OF_MEMORY)
}

/// Products of equal shape at equal distances, as Swift's `sgemmStridedBatch`; precisions and statuses as in ``kn_sgemm``.
@c @implementation
public func kn_sgemm_strided_batch(
  _ trans_a: Int32, _ trans_b: Int32, _ m: Int64, _ n: Int64, _ k: Int64,
  _ alpha: Float, _ a: UnsafePointer<Float>!, _ lda: Int64, _ stride_a: Int64,
  _ b: UnsafePointer<Float>!, _ ldb: Int64, _ stride_b: Int64,
  _ beta: Float, _ c: UnsafeMutablePointer<Float>!, _ ldc: Int64, _ stride_c: Int64, _ batches: Int64,
  _ precision: Int32, _ threads: Int32
) -> kn_status {
  let batch = GemmBatch(
    count: Int(batches), strideA: Int(stride_a), strideB: Int(stride_b), strideC: Int(stride_c))
  guard let shape = validShape(trans_a, trans_b, m, n, k, lda, ldb, ldc, threads),
    unsafe batch.problem(shape, a, b, c) == nil,
    let precision = GemmPrecision(c: precision)
  else { return kn_status(KN_INVALID_ARGUMENT) }
  var scratch = Scratch()
  let done = unsafe sgemm(
    precision, shape, batch, alpha, a, b, beta, c, threads: Int(threads), scratch: &scratch)
  return kn_status(done ? KN_OK : KN_OUT_OF_MEMORY)
}

/// C = alpha · op(A) · op(B) + beta · C over bf16 numbers by their bits, as Swift's `bf16gemm`; all else as in ``kn_sgemm``.
///
/// - Complexity: O(m · n · k). Scratch lives as long as the call: one allocation.
@c @implementation
public func kn_bf16gemm(
  _ trans_a: Int32, _ trans_b: Int32, _ m: Int64, _ n: Int64, _ k: Int64,
  _ alpha: Float, _ a: UnsafePointer<UInt16>!, _ lda: Int64, _ b: UnsafePointer<UInt16>!, _ ldb: Int64,
  _ beta: Float, _ c: UnsafeMutablePointer<Float>!, _ ldc: Int64, _ threads: Int32
) -> kn_status {
  guard let shape = unsafe validShape(trans_a, trans_b, m, n, k, a, lda, b, ldb, c, ldc, threads) else {
    return kn_status(KN_INVALID_ARGUMENT)
  }
  // A BFloat16 is its bits and nothing else.
  let numbersA = unsafe UnsafeRawPointer(a)?.assumingMemoryBound(to: BFloat16.self)
  let numbersB = unsafe UnsafeRawPointer(b)?.assumingMemoryBound(to: BFloat16.self)
  var scratch = Scratch()
  let done = unsafe dotGemm(
    DotKernel<BF16Dot>.select(.current), shape, BF16Dot.Factors(alpha: alpha, beta: beta), numbersA, numbersB, c,
    threads: Int(threads), scratch: &scratch)
  return kn_status(done ? KN_OK : KN_OUT_OF_MEMORY)
}

/// C = (A - a_zero)(B - b_zero), or that added to C, over bytes, as Swift's `u8s8gemm`; all else as in ``kn_bf16gemm``.
///
/// - Returns: `KN_INVALID_ARGUMENT` also where `accumulate` is neither 0 nor 1.
@c @implementation
public func kn_u8s8gemm(
  _ trans_a: Int32, _ trans_b: Int32, _ m: Int64, _ n: Int64, _ k: Int64,
  _ a: UnsafePointer<UInt8>!, _ lda: Int64, _ a_zero: Int32, _ b: UnsafePointer<Int8>!, _ ldb: Int64, _ b_zero: Int32,
  _ c: UnsafeMutablePointer<Int32>!, _ ldc: Int64, _ accumulate: Int32, _ threads: Int32
) -> kn_status {
  guard let shape = unsafe validShape(trans_a, trans_b, m, n, k, a, lda, b, ldb, c, ldc, threads),
    0...1 ~= accumulate
  else { return kn_status(KN_INVALID_ARGUMENT) }
  var scratch = Scratch()
  let done = unsafe dotGemm(
    DotKernel<U8S8Dot>.select(.current), shape,
    U8S8Dot.Factors(aZero: a_zero, bZero: b_zero, accumulate: accumulate == 1), a, b, c, threads: Int(threads),
    scratch: &scratch)
  return kn_status(done ? KN_OK : KN_OUT_OF_MEMORY)
}

/// The sizes in Swift's terms, or nil where any argument is out of its domain: the door of every product.
private func validShape<A, B, C>(
  _ transposeA: Int32, _ transposeB: Int32, _ m: Int64, _ n: Int64, _ k: Int64,
  _ a: UnsafePointer<A>?, _ lda: Int64, _ b: UnsafePointer<B>?, _ ldb: Int64,
  _ c: UnsafeMutablePointer<C>?, _ ldc: Int64, _ threads: Int32
) -> GemmShape? {
  guard let shape = validShape(transposeA, transposeB, m, n, k, lda, ldb, ldc, threads) else { return nil }
  return unsafe shape.problem(a, b, c) == nil ? shape : nil
}

/// The same without the operands: the sizes are not checked yet.
private func validShape(
  _ transposeA: Int32, _ transposeB: Int32, _ m: Int64, _ n: Int64, _ k: Int64, _ lda: Int64, _ ldb: Int64,
  _ ldc: Int64, _ threads: Int32
) -> GemmShape? {
  guard threads >= 1, let transposeA = Transpose(c: transposeA), let transposeB = Transpose(c: transposeB) else {
    return nil
  }
  return GemmShape(
    transposeA, transposeB, m: Int(m), n: Int(n), k: Int(k), lda: Int(lda), ldb: Int(ldb), ldc: Int(ldc))
}

extension Transpose {
  fileprivate init?(c value: Int32) {
    switch Int(value) {
    case KN_NO_TRANSPOSE: self = .no
    case KN_TRANSPOSE: self = .yes
    default: return nil
    }
  }
}

extension GemmPrecision {
  fileprivate init?(c value: Int32) {
    switch Int(value) {
    case KN_PRECISION_NATIVE: self = .native
    case KN_PRECISION_BF16X3: self = .bf16x3
    case KN_PRECISION_BF16X2: self = .bf16x2
    case KN_PRECISION_BF16: self = .bf16
    default: return nil
    }
  }
}
