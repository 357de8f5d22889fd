/// Which cases run: those whose name a regular expression matches somewhere.
package struct Selection {
  private let regex: Regex<AnyRegexOutput>?
  private let pattern: String

  /// - Parameter pattern: nil selects everything.
  /// - Throws: ``BenchError`` when it is no regular expression.
  package init(pattern: String?) throws(BenchError) {
    self.pattern = pattern ?? ""
    guard let pattern else {
      regex = nil
      return
    }
    do {
      regex = try Regex(pattern)
    } catch {
      throw BenchError(
        "--filter \"\(pattern)\" is not a regular expression; try a part of a name from kernel-bench list")
    }
  }

  /// Whether there is a pattern.
  package var isFiltering: Bool { regex != nil }

  package func contains(_ name: String) -> Bool {
    guard let regex else { return true }
    return name.contains(regex)
  }

  package var noneSelected: BenchError {
    BenchError("no case matches --filter \"\(pattern)\"; kernel-bench list shows the names")
  }
}

/// What went wrong and what to do next, in one sentence.
package struct BenchError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
