#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two products of a BLAS library, and how its symbols are spelled.
@safe
struct BLASSymbols {
  let sgemm: UnsafeMutableRawPointer
  let dgemm: UnsafeMutableRawPointer
  /// 64-bit integers.
  let wide: Bool
  /// SciPy's wheels put a prefix before, and builds with 64-bit integers a suffix after every name.
  let prefix: String
  let suffix: String

  func decorated(_ name: String) -> String { prefix + name + suffix }
}

extension DynamicLibrary {
  /// nil where the library is no BLAS with a C interface.
  var blas: BLASSymbols? {
    for (prefix, suffix) in [("", ""), ("scipy_", ""), ("", "64_"), ("scipy_", "64_")] {
      if let sgemm = unsafe symbol(prefix + "cblas_sgemm" + suffix),
        let dgemm = unsafe symbol(prefix + "cblas_dgemm" + suffix)
      {
        return unsafe BLASSymbols(sgemm: sgemm, dgemm: dgemm, wide: suffix == "64_", prefix: prefix, suffix: suffix)
      }
    }
    return nil
  }
}

extension MatrixLibrary.Family {
  /// Threads that a library starts as soon as it is loaded can only be held back by its environment.
  func holdToOneThreadBeforeLoading() {
    let variables: [(String, String)]
    switch self {
    case .mkl:
      variables = [("MKL_THREADING_LAYER", "SEQUENTIAL"), ("MKL_NUM_THREADS", "1"), ("MKL_INTERFACE_LAYER", "LP64")]
    case .openblas: variables = [("OPENBLAS_NUM_THREADS", "1")]
    case .blis: variables = [("BLIS_NUM_THREADS", "1")]
    // Debian's is built with OpenMP.
    case .oneDNN: variables = [("OMP_NUM_THREADS", "1")]
    }
    for (name, value) in variables { unsafe setenv(name, value, 1) }
  }

  /// By the library's own call: of an `int`, and of BLIS's 64-bit `dim_t`. For oneDNN by that of OpenMP, which may have read its
  /// environment long before, for another library.
  func holdToOneThread(_ library: DynamicLibrary, _ symbols: BLASSymbols? = nil) {
    let names: [String]
    switch self {
    case .mkl: names = ["MKL_Set_Num_Threads"]
    case .openblas:
      let plain = "openblas_set_num_threads"
      names = [symbols?.decorated(plain) ?? plain, plain]
    case .blis: names = ["bli_thread_set_num_threads"]
    case .oneDNN: names = ["omp_set_num_threads"]
    }
    guard let symbol = unsafe library.symbol(oneOf: names) else { return }
    if self == .blis {
      unsafe unsafeBitCast(symbol, to: (@convention(c) (Int) -> Void).self)(1)
    } else {
      unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(1)
    }
  }

  /// The number that the library gives itself.
  func version(_ library: DynamicLibrary, _ symbols: BLASSymbols) -> String {
    let text: String?
    switch self {
    case .mkl:
      // "Intel(R) oneAPI Math Kernel Library Version 2026.2-Product Build ..."
      text = unsafe library.symbol("mkl_get_version_string").map { symbol in
        let function = unsafe unsafeBitCast(
          symbol, to: (@convention(c) (UnsafeMutablePointer<CChar>, Int32) -> Void).self)
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
          unsafe buffer.initialize(repeating: 0)
          unsafe function(buffer.baseAddress!, 255)
          return unsafe String(cString: buffer.baseAddress!)
        }
      }
    case .openblas:
      // "OpenBLAS 0.3.31 NO_AFFINITY Zen MAX_THREADS=64"
      text = string(library, [symbols.decorated("openblas_get_config"), "openblas_get_config"])
    case .blis:
      text = string(library, ["bli_info_get_version_str"])
    case .oneDNN:
      text = nil
    }
    return text.flatMap(Self.number) ?? "of unknown version"
  }

  private func string(_ library: DynamicLibrary, _ names: [String]) -> String? {
    unsafe library.symbol(oneOf: names).map { symbol in
      unsafe String(cString: unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<CChar>).self)())
    }
  }

  /// The first word of a text that starts with a digit, up to what is no longer a number with points.
  static func number(in text: String) -> String? {
    text.split(separator: " ").first { $0.first?.isNumber == true }.map { word in
      String(word.prefix { $0.isNumber || $0 == "." })
    }
  }
}
