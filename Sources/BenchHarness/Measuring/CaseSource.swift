package import Kernels

/// Where a program's cases come from: one file a family, each of which enumerates its dispatch table.
package protocol CaseSource: Sendable {
  func series(_ context: CaseContext) -> [CaseSeries]
}

/// What the user asked for that cases depend on.
package struct CaseContext: Sendable {
  /// What the process may use.
  package let features: CPUFeatures
  /// Every row that runs here as a case of its own, rather than the one that a caller gets.
  package let allRows: Bool
  /// A user's own bytes, for the cases that take any.
  package let input: InputFile?
  /// Whether libraries to compare with are wanted: a program that is compared with itself needs none, nor the time to load them.
  package let withPeers: Bool

  package init(features: CPUFeatures, allRows: Bool, input: InputFile?, withPeers: Bool = true) {
    (self.features, self.allRows, self.input) = (features, allRows, input)
    self.withPeers = withPeers
  }
}

/// A file of the user's.
package struct InputFile: Sendable {
  package let path: String
  package let bytes: [UInt8]

  /// - Throws: ``BenchError`` when it cannot be read or is empty.
  package init(path: String) throws(BenchError) {
    switch SystemFile.bytes(path) {
    case .failure(let problem):
      throw BenchError("cannot read --input \(path): \(problem); name a file that can be read")
    case .success(let bytes) where bytes.isEmpty:
      throw BenchError("--input \(path) is empty; name a file with at least one byte")
    case .success(let bytes): (self.path, self.bytes) = (path, bytes)
    }
  }
}

// MARK: - Rows

/// A row of a dispatch table as a case of its own.
package struct RowVariant {
  package let row: String
  package let requires: CPUFeatures
  /// What must be masked so that the table selects this row.
  package let disabled: CPUFeatures
  /// Appended to the name of a case: empty where the row is the one that a caller gets.
  package let suffix: String
}

extension CaseContext {
  /// The row that a caller gets or, where all are asked for, each that can be selected on this CPU by masking features.
  ///
  /// - Parameter rows: a table, best first.
  package func variants(_ rows: [(name: StaticString, requires: CPUFeatures)]) -> [RowVariant] {
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
