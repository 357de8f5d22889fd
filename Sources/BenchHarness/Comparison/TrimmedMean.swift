#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The mean of a sample without its fifth at either end, and Student's t test of it, which a few strange values sway little (Yuen,
/// "The two-sample trimmed t for unequal population variances", Biometrika 61(1), 1974).
struct TrimmedMean: Hashable, Sendable {
  let value: Double
  /// 0 where all values are alike.
  let standardError: Double
  /// Of the t distribution; 0 where the values are too few for a standard error.
  let degrees: Int

  /// - Parameter values: one or more.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "TrimmedMean: there must be at least one value")
    let sorted = values.sorted()
    let (count, cut) = (sorted.count, sorted.count / 5)
    let kept = count - 2 * cut
    value = sorted[cut..<count - cut].reduce(0, +) / Double(kept)
    degrees = kept - 1
    // Winsorised: what was cut counts as much as the last that was kept.
    let winsorised = sorted.map { min(max($0, sorted[cut]), sorted[count - 1 - cut]) }
    let mean = winsorised.reduce(0, +) / Double(count)
    let squares = winsorised.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardError = degrees > 0 ? (squares / Double(kept * (kept - 1))).squareRoot() : 0
  }

  /// Two-sided, that the mean is 0; 1 where nothing can be said.
  var p: Double {
    guard degrees > 0, value != 0 else { return 1 }
    if standardError == 0 { return 0 }
    return 1 - StudentT.probability(within: abs(value) / standardError, degrees: degrees)
  }
}
