import BenchHarness
import Kernels

/// Every case, one file a family. A family enumerates its dispatch table, so that a new row is measured without another line.
struct Catalogue {
  /// What the process may use.
  let features: CPUFeatures
  /// Every row that runs here as a case of its own, rather than the one that a caller gets.
  let allRows: Bool
  /// A user's own bytes, for the cases that take any.
  let input: Input?
  private let blas: LazyPeers

  init(features: CPUFeatures, allRows: Bool, input: Input?) {
    self.features = features
    self.allRows = allRows
    self.input = input
    blas = LazyPeers()
  }

  /// The cases that `selection` selects; libraries to compare with are loaded when one of them needs them.
  func cases(_ selection: Selection) throws(BenchError) -> [BenchmarkCase] {
    try selection.select(gemm(selection) + sha256().filter { selection.contains($0.name) })
  }

  /// CBLAS libraries, loaded at the first use.
  var blasLibraries: [Result<CBLAS, CBLAS.Absence>] { blas.libraries }

  private final class LazyPeers {
    lazy var libraries = CBLAS.all(search: .current)
  }

  /// A file of the user's.
  struct Input {
    let path: String
    let bytes: [UInt8]

    /// - Throws: ``BenchError`` when it cannot be read or is empty.
    init(path: String) throws(BenchError) {
      switch SystemFile.bytes(path) {
      case .failure(let problem):
        throw BenchError("cannot read --input \(path): \(problem); name a file that can be read")
      case .success(let bytes) where bytes.isEmpty:
        throw BenchError("--input \(path) is empty; name a file with at least one byte")
      case .success(let bytes): (self.path, self.bytes) = (path, bytes)
      }
    }
  }
}

// MARK: - Rows

/// A row of a dispatch table as a case of its own.
struct RowVariant {
  let row: String
  let requires: CPUFeatures
  /// What must be masked so that the table selects this row.
  let disabled: CPUFeatures
  /// Appended to the name of a case: empty where the row is the one that a caller gets.
  let suffix: String
}

extension Catalogue {
  /// The row that a caller gets or, where all are asked for, each that can be selected on this CPU by masking features.
  ///
  /// - Parameter rows: a table, best first.
  func variants(_ rows: [(name: StaticString, requires: CPUFeatures)]) -> [RowVariant] {
    func selected(_ features: CPUFeatures) -> Int? { rows.firstIndex { features.isSuperset(of: $0.requires) } }
    guard allRows else {
      guard let index = selected(features) else { return [] }
      return [RowVariant(row: rows[index].name.description, requires: rows[index].requires, disabled: [], suffix: "")]
    }
    return rows.indices.compactMap { index in
      let row = rows[index]
      let disabled = features.subtracting(row.requires.withNeeds)
      guard selected(features.subtracting(disabled)) == index else { return nil }
      return RowVariant(row: row.name.description, requires: row.requires, disabled: disabled, suffix: "/\(row.name)")
    }
  }
}
