import BenchHarness
import Kernels

// oneDNN's products by their C interface (oneDNN Developer Guide, "BLAS functions"): row-major, and the letters of BLAS.

extension MatrixLibrary {
  /// oneDNN's, or nil where the library is another.
  static func oneDNN(_ library: DynamicLibrary) -> MatrixLibrary? {
    guard let single = unsafe library.symbol("dnnl_sgemm") else { return nil }
    Family.oneDNN.holdToOneThread(library)
    let bytes = unsafe library.symbol("dnnl_gemm_u8s8s32")
    return unsafe MatrixLibrary(
      family: .oneDNN, version: oneDNNVersion(library) ?? "of unknown version", library: library.path,
      sgemm: oneDNN32(single), dgemm: nil, stridedBatch: nil, bf16: nil, bytes: bytes.map { unsafe oneDNNBytes($0) })
  }

  @unsafe
  private static func oneDNN32(_ symbol: UnsafeMutableRawPointer) -> Batch<Float> {
    typealias Function =
      @convention(c) (
        CChar, CChar, Int, Int, Int, Float, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int, Float,
        UnsafeMutablePointer<Float>, Int
      ) -> Int32
    let gemm = unsafe unsafeBitCast(symbol, to: Function.self)
    let (no, yes) = (CChar(78), CChar(84))
    return { iterations, o in
      repeating(iterations) {
        for i in 0..<o.count {
          _ = unsafe gemm(
            no, o.transposesB ? yes : no, o.m, o.n, o.k, 1, o.a(i), o.k, o.b(i), o.ldb, 0, o.c(i), o.n)
        }
      }
    }
  }

  @unsafe
  private static func oneDNNBytes(_ symbol: UnsafeMutableRawPointer) -> DotBatch<UInt8, Int8, Int32> {
    typealias Function =
      @convention(c) (
        CChar, CChar, CChar, Int, Int, Int, Float, UnsafePointer<UInt8>, Int, UInt8, UnsafePointer<Int8>, Int, Int8,
        Float, UnsafeMutablePointer<Int32>, Int, UnsafePointer<Int32>
      ) -> Int32
    let gemm = unsafe unsafeBitCast(symbol, to: Function.self)
    let (no, fixed) = (CChar(78), CChar(70))
    return { iterations, o in
      let n = o.size
      let offset: InlineArray<1, Int32> = [0]
      unsafe offset.span.withUnsafeBufferPointer { offset in
        repeating(iterations) {
          _ = unsafe gemm(no, no, fixed, n, n, n, 1, o.a, n, 0, o.b, n, 0, 0, o.c, n, offset.baseAddress!)
        }
      }
    }
  }

  /// dnnl_version_t begins with the three numbers.
  private static func oneDNNVersion(_ library: DynamicLibrary) -> String? {
    unsafe library.symbol("dnnl_version").map { symbol in
      let function = unsafe unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<Int32>).self)
      let numbers = unsafe function()
      return unsafe "\(numbers[0]).\(numbers[1]).\(numbers[2])"
    }
  }
}
