import BenchHarness

// The C interface of BLAS (netlib cblas.h). The C calling convention cannot be spelled for a generic element or integer,
// so that each of the four combinations is spelled here, and nowhere else.

/// CblasRowMajor and CblasNoTrans.
private let rowMajor: Int32 = 101
private let noTranspose: Int32 = 111

extension CBLAS {
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
          unsafe gemm(
            rowMajor, noTranspose, noTranspose, o.m, o.n, o.k, 1, o.a, o.k, o.b, o.n, 0, o.c, o.n)
        }
      }
    }
    let gemm = unsafe unsafeBitCast(symbol, to: Narrow.self)
    return { iterations, o in
      let (m, n, k) = (Int32(o.m), Int32(o.n), Int32(o.k))
      repeating(iterations) {
        unsafe gemm(rowMajor, noTranspose, noTranspose, m, n, k, 1, o.a, k, o.b, n, 0, o.c, n)
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
          unsafe gemm(
            rowMajor, noTranspose, noTranspose, o.m, o.n, o.k, 1, o.a, o.k, o.b, o.n, 0, o.c, o.n)
        }
      }
    }
    let gemm = unsafe unsafeBitCast(symbol, to: Narrow.self)
    return { iterations, o in
      let (m, n, k) = (Int32(o.m), Int32(o.n), Int32(o.k))
      repeating(iterations) {
        unsafe gemm(rowMajor, noTranspose, noTranspose, m, n, k, 1, o.a, k, o.b, n, 0, o.c, n)
      }
    }
  }
}
