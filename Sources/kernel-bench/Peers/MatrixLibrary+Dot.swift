import BenchHarness
import Kernels

// MKL's products of bf16 numbers and of bytes (oneMKL Developer Reference for C, "BLAS-like Extensions"), with 32-bit integers.
// oneDNN has the second.

private let rowMajor: Int32 = 101
private let noTranspose: Int32 = 111
/// CblasFixOffset: one number is added to all of C.
private let fixedOffset: Int32 = 173

extension MatrixLibrary {
  /// `iterations` times C = A * B by one call of the library each.
  typealias DotBatch<A: BitwiseCopyable & Sendable, B: BitwiseCopyable & Sendable, C: BitwiseCopyable & Sendable> =
    @Sendable (_ iterations: Int, _ operands: DotOperands<A, B, C>) -> Void

  /// nil where the library has no such function.
  static func bf16Batch(_ library: DynamicLibrary) -> DotBatch<BFloat16, BFloat16, Float>? {
    typealias Function =
      @convention(c) (
        Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafeRawPointer, Int32, UnsafeRawPointer, Int32, Float,
        UnsafeMutablePointer<Float>, Int32
      ) -> Void
    guard let symbol = unsafe library.symbol("cblas_gemm_bf16bf16f32") else { return nil }
    let gemm = unsafe unsafeBitCast(symbol, to: Function.self)
    return { iterations, o in
      let n = Int32(o.size)
      repeating(iterations) {
        unsafe gemm(rowMajor, noTranspose, noTranspose, n, n, n, 1, o.a, n, o.b, n, 0, o.c, n)
      }
    }
  }

  /// nil where the library has no such function. In row-major order its A is the one without sign.
  static func byteBatch(_ library: DynamicLibrary) -> DotBatch<UInt8, Int8, Int32>? {
    typealias Function =
      @convention(c) (
        Int32, Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafeRawPointer, Int32, Int8, UnsafeRawPointer, Int32,
        Int8, Float, UnsafeMutablePointer<Int32>, Int32, UnsafePointer<Int32>
      ) -> Void
    guard let symbol = unsafe library.symbol("cblas_gemm_s8u8s32") else { return nil }
    let gemm = unsafe unsafeBitCast(symbol, to: Function.self)
    return { iterations, o in
      let n = Int32(o.size)
      let offset: InlineArray<1, Int32> = [0]
      unsafe offset.span.withUnsafeBufferPointer { offset in
        repeating(iterations) {
          unsafe gemm(
            rowMajor, noTranspose, noTranspose, fixedOffset, n, n, n, 1, o.a, n, 0, o.b, n, 0, 0, o.c, n,
            offset.baseAddress!)
        }
      }
    }
  }
}

extension Result<MatrixLibrary, MatrixLibrary.Absence> {
  /// Whether the library has a product, or might have one if it were there.
  func has<T>(_ product: KeyPath<MatrixLibrary, T?>) -> Bool {
    switch self {
    case .success(let blas): blas[keyPath: product] != nil
    case .failure(let absence): absence.family == .mkl || absence.family == .oneDNN && product == \MatrixLibrary.bytes
    }
  }
}
