import BenchHarness

// The C interface of BLAS (netlib cblas.h), and its product of equal shapes at equal distances (oneMKL Developer Reference for C,
// "cblas_?gemm_batch_strided"). The C calling convention cannot be spelled for a generic element or integer, so that each
// combination is spelled here, and nowhere else.

/// CblasRowMajor, and CblasNoTrans or CblasTrans.
private let rowMajor: Int32 = 101
private let noTranspose: Int32 = 111

extension GemmOperands {
  fileprivate var transposeB: Int32 { transposesB ? 112 : 111 }
}

extension MatrixLibrary {
  /// - `symbol` is cblas_sgemm, with 64-bit integers if `wide`.
  @unsafe
  static func batch32(_ symbol: UnsafeMutableRawPointer, wide: Bool) -> Batch<Float> {
    typealias Narrow =
      @convention(c) (
        Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>, Int32,
        Float, UnsafeMutablePointer<Float>, Int32
      ) -> Void
    typealias Wide =
      @convention(c) (
        Int32, Int32, Int32, Int, Int, Int, Float, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int, Float,
        UnsafeMutablePointer<Float>, Int
      ) -> Void
    if wide {
      let gemm = unsafe unsafeBitCast(symbol, to: Wide.self)
      return { iterations, o in
        repeating(iterations) {
          for i in 0..<o.count {
            unsafe gemm(
              rowMajor, noTranspose, o.transposeB, o.m, o.n, o.k, 1, o.a(i), o.k, o.b(i), o.ldb, 0, o.c(i), o.n)
          }
        }
      }
    }
    let gemm = unsafe unsafeBitCast(symbol, to: Narrow.self)
    return { iterations, o in
      let (m, n, k, ldb) = (Int32(o.m), Int32(o.n), Int32(o.k), Int32(o.ldb))
      repeating(iterations) {
        for i in 0..<o.count {
          unsafe gemm(rowMajor, noTranspose, o.transposeB, m, n, k, 1, o.a(i), k, o.b(i), ldb, 0, o.c(i), n)
        }
      }
    }
  }

  /// - `symbol` is cblas_dgemm, with 64-bit integers if `wide`.
  @unsafe
  static func batch64(_ symbol: UnsafeMutableRawPointer, wide: Bool) -> Batch<Double> {
    typealias Narrow =
      @convention(c) (
        Int32, Int32, Int32, Int32, Int32, Int32, Double, UnsafePointer<Double>, Int32, UnsafePointer<Double>, Int32,
        Double, UnsafeMutablePointer<Double>, Int32
      ) -> Void
    typealias Wide =
      @convention(c) (
        Int32, Int32, Int32, Int, Int, Int, Double, UnsafePointer<Double>, Int, UnsafePointer<Double>, Int, Double,
        UnsafeMutablePointer<Double>, Int
      ) -> Void
    if wide {
      let gemm = unsafe unsafeBitCast(symbol, to: Wide.self)
      return { iterations, o in
        repeating(iterations) {
          for i in 0..<o.count {
            unsafe gemm(
              rowMajor, noTranspose, o.transposeB, o.m, o.n, o.k, 1, o.a(i), o.k, o.b(i), o.ldb, 0, o.c(i), o.n)
          }
        }
      }
    }
    let gemm = unsafe unsafeBitCast(symbol, to: Narrow.self)
    return { iterations, o in
      let (m, n, k, ldb) = (Int32(o.m), Int32(o.n), Int32(o.k), Int32(o.ldb))
      repeating(iterations) {
        for i in 0..<o.count {
          unsafe gemm(rowMajor, noTranspose, o.transposeB, m, n, k, 1, o.a(i), k, o.b(i), ldb, 0, o.c(i), n)
        }
      }
    }
  }

  /// All products by one call; nil where the library has no such function, or takes 64-bit integers.
  static func stridedBatch32(_ library: DynamicLibrary, _ symbols: BLASSymbols) -> Batch<Float>? {
    typealias Function =
      @convention(c) (
        Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, Int32, UnsafePointer<Float>,
        Int32, Int32, Float, UnsafeMutablePointer<Float>, Int32, Int32, Int32
      ) -> Void
    guard !symbols.wide, let symbol = unsafe library.symbol(symbols.decorated("cblas_sgemm_batch_strided")) else {
      return nil
    }
    let gemm = unsafe unsafeBitCast(symbol, to: Function.self)
    return { iterations, o in
      let (m, n, k, ldb) = (Int32(o.m), Int32(o.n), Int32(o.k), Int32(o.ldb))
      repeating(iterations) {
        unsafe gemm(
          rowMajor, noTranspose, o.transposeB, m, n, k, 1, o.a, k, Int32(o.strideA), o.b, ldb, Int32(o.strideB), 0, o.c,
          n, Int32(o.strideC), Int32(o.count))
      }
    }
  }
}
