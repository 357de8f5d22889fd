import BenchHarness
import Kernels

/// A BLAS library found at run time, held to one thread. It stays loaded to the end of the process.
struct CBLAS: Sendable {
  let family: Family
  /// As the library says it: "2026.2".
  let version: String
  let library: String
  let sgemm: Batch<Float>
  let dgemm: Batch<Double>
  /// Of bf16 numbers and of bytes, where the library multiplies any.
  let bf16: DotBatch<BFloat16, BFloat16, Float>?
  let bytes: DotBatch<UInt8, Int8, Int32>?

  /// Short enough for a table: "MKL 2026.2".
  var name: String { "\(family.rawValue) \(version)" }

  /// `iterations` times C = A · B, row-major without gaps, by one call of the library each.
  typealias Batch<Element: BinaryFloatingPoint> =
    @Sendable (_ iterations: Int, _ operands: GemmOperands<Element>) -> Void

  enum Family: String, CaseIterable, Sendable {
    case mkl = "MKL"
    case openblas = "OpenBLAS"
    case blis = "BLIS"

    /// What the dynamic loader is asked for.
    var libraries: [String] {
      switch self {
      case .mkl: ["libmkl_rt.so.3", "libmkl_rt.so.2", "libmkl_rt.so"]
      case .openblas: ["libopenblas.so.0", "libopenblas.so"]
      case .blis: ["libblis.so.4", "libblis.so"]
      }
    }

    /// Beginnings of file names in the directories that are searched; SciPy's wheels call theirs libscipy_openblas.
    var prefixes: [String] {
      switch self {
      case .mkl: ["libmkl_rt.so"]
      case .openblas: ["libopenblas", "libscipy_openblas"]
      case .blis: ["libblis"]
      }
    }

    /// How to get it.
    var installation: String {
      switch self {
      case .mkl: "get it with make peers"
      case .openblas: "get it with make peers or apt-get install libopenblas0-pthread"
      case .blis: "get it with apt-get install libblis4-serial"
      }
    }
  }
}

extension CBLAS {
  /// Every family, loaded or with the reason why not; at the first use.
  static let libraries: [Result<CBLAS, Absence>] = Family.allCases.map { load($0, search: .current) }

  struct Absence: Error {
    let family: Family
    let reason: String
  }

  /// The first library of a family that loads and computes a right product.
  private static func load(_ family: Family, search: PeerSearch) -> Result<CBLAS, Absence> {
    family.holdToOneThreadBeforeLoading()
    var reason = "not found"
    for library in family.libraries + search.libraries(prefixes: family.prefixes) {
      guard let loaded = DynamicLibrary(library) else { continue }
      guard let symbols = loaded.blas else {
        reason = "\(loaded.path) exports no cblas_sgemm and cblas_dgemm"
        continue
      }
      family.holdToOneThread(loaded, symbols)
      let blas = unsafe CBLAS(
        family: family, version: family.version(loaded, symbols), library: loaded.path,
        sgemm: batch32(symbols.sgemm, wide: symbols.wide), dgemm: batch64(symbols.dgemm, wide: symbols.wide),
        bf16: family == .mkl ? bf16Batch(loaded) : nil, bytes: family == .mkl ? byteBatch(loaded) : nil)
      if blas.computesRight { return .success(blas) }
      reason = "\(loaded.path) gave a wrong product"
    }
    return .failure(Absence(family: family, reason: "\(reason); \(family.installation)"))
  }

  /// A product of small whole numbers, which every order of sums gives exactly: shows that integers are as wide as we think.
  private var computesRight: Bool {
    func check<Element: BinaryFloatingPoint>(_ batch: Batch<Element>) -> Bool {
      let operands = GemmOperands<Element>(m: 3, n: 5, k: 7) { Element(Int($0) % 5 - 2) }
      batch(1, operands)
      return operands.result == operands.naive()
    }
    return check(sgemm) && check(dgemm)
  }
}

extension Result<CBLAS, CBLAS.Absence> {
  var peer: Peer {
    switch self {
    case .success(let blas): Peer(name: blas.name, version: blas.version, library: blas.library)
    case .failure(let absence): Peer(name: absence.family.rawValue, absent: absence.reason)
    }
  }
}
