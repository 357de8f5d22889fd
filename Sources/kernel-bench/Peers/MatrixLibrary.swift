import BenchHarness
import Kernels

/// A library of matrix products found at run time, held to one thread. It stays loaded to the end of the process.
struct MatrixLibrary: Sendable {
  let family: Family
  /// As the library says it: "2026.2".
  let version: String
  let library: String
  let sgemm: Batch<Float>
  let dgemm: Batch<Double>?
  /// All products of a batch by one call, where the library has one.
  let stridedBatch: Batch<Float>?
  /// Of bf16 numbers and of bytes, where the library multiplies any.
  let bf16: DotBatch<BFloat16, BFloat16, Float>?
  let bytes: DotBatch<UInt8, Int8, Int32>?

  /// Short enough for a table: "MKL 2026.2".
  var name: String { "\(family.rawValue) \(version)" }

  /// `iterations` times C = A · op(B), row-major without gaps, by a call of the library for each product.
  typealias Batch<Element: BinaryFloatingPoint> =
    @Sendable (_ iterations: Int, _ operands: GemmOperands<Element>) -> Void

  enum Family: String, CaseIterable, Sendable {
    case mkl = "MKL"
    case openblas = "OpenBLAS"
    case blis = "BLIS"
    case oneDNN = "oneDNN"

    /// What the dynamic loader is asked for.
    var libraries: [String] {
      switch self {
      case .mkl: ["libmkl_rt.so.3", "libmkl_rt.so.2", "libmkl_rt.so"]
      case .openblas: ["libopenblas.so.0", "libopenblas.so"]
      case .blis: ["libblis.so.4", "libblis.so"]
      case .oneDNN: ["libdnnl.so.3", "libdnnl.so.2", "libdnnl.so"]
      }
    }

    /// Beginnings of file names in the directories that are searched; SciPy's wheels call theirs libscipy_openblas.
    var prefixes: [String] {
      switch self {
      case .mkl: ["libmkl_rt.so"]
      case .openblas: ["libopenblas", "libscipy_openblas"]
      case .blis: ["libblis"]
      case .oneDNN: ["libdnnl.so"]
      }
    }

    /// How to get it.
    var installation: String {
      switch self {
      case .mkl: "get it with make peers"
      case .openblas: "get it with make peers or apt-get install libopenblas0-pthread"
      case .blis: "get it with make peers or apt-get install libblis4-serial"
      case .oneDNN: "get it with make peers or apt-get install libdnnl2"
      }
    }
  }
}

extension MatrixLibrary {
  /// Every family, loaded or with the reason why not; at the first use.
  static let libraries: [Result<MatrixLibrary, Absence>] = {
    // All of them first: a library may bring another's threads along.
    for family in Family.allCases { family.holdToOneThreadBeforeLoading() }
    return Family.allCases.map { load($0, search: .current) }
  }()

  struct Absence: Error {
    let family: Family
    let reason: String
  }

  /// The first library of a family that loads and computes a right product.
  private static func load(_ family: Family, search: PeerSearch) -> Result<MatrixLibrary, Absence> {
    var reason = "not found"
    for library in family.libraries + search.libraries(prefixes: family.prefixes) {
      guard let loaded = DynamicLibrary(library) else { continue }
      guard let blas = family == .oneDNN ? oneDNN(loaded) : blas(family, loaded) else {
        reason = "\(loaded.path) exports no such products"
        continue
      }
      if blas.computesRight { return .success(blas) }
      reason = "\(loaded.path) gave a wrong product"
    }
    return .failure(Absence(family: family, reason: "\(reason); \(family.installation)"))
  }

  private static func blas(_ family: Family, _ library: DynamicLibrary) -> MatrixLibrary? {
    guard let symbols = library.blas else { return nil }
    family.holdToOneThread(library, symbols)
    return unsafe MatrixLibrary(
      family: family, version: family.version(library, symbols), library: library.path,
      sgemm: batch32(symbols.sgemm, wide: symbols.wide), dgemm: batch64(symbols.dgemm, wide: symbols.wide),
      stridedBatch: stridedBatch32(library, symbols), bf16: family == .mkl ? bf16Batch(library) : nil,
      bytes: family == .mkl ? byteBatch(library) : nil)
  }

  /// A product of small whole numbers, which every order of sums gives exactly: shows that integers are as wide as we think.
  private var computesRight: Bool {
    func check<Element: BinaryFloatingPoint>(_ batch: Batch<Element>, count: Int) -> Bool {
      [false, true].allSatisfy { transposesB in
        let operands = GemmOperands<Element>(m: 3, n: 5, k: 7, transposesB: transposesB, count: count) {
          Element(Int($0) % 5 - 2)
        }
        batch(1, operands)
        return operands.result == operands.naive()
      }
    }
    return check(sgemm, count: 2) && dgemm.map { check($0, count: 2) } ?? true
      && stridedBatch.map { check($0, count: 3) } ?? true
  }
}

extension Result<MatrixLibrary, MatrixLibrary.Absence> {
  var peer: Peer {
    switch self {
    case .success(let blas): Peer(name: blas.name, version: blas.version, library: blas.library)
    case .failure(let absence): Peer(name: absence.family.rawValue, absent: absence.reason)
    }
  }
}
