#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a time grows with a size: the class that fits best, and the free exponent of a power law beside it.
///
/// Says how times grew over the sizes that were measured, caches, threads and all, and proves nothing about larger ones.
package struct ComplexityFit: Hashable, Codable, Sendable {
  package let best: Candidate
  /// Every class, the best first.
  package let candidates: [Candidate]
  /// b in time = a · size^b, by least squares on logarithms.
  package let exponent: Double
  /// Of the exponent, with a probability of 95 %, if the logarithms lie about the line as independent normal values would.
  package let exponentInterval: Interval

  /// Distinct sizes that a fit needs: fewer say nothing of a curve.
  package static let minimumSizes = 4

  package enum Growth: String, CaseIterable, Hashable, Codable, Sendable {
    case constant = "1"
    case logarithmic = "log n"
    case linear = "n"
    case linearithmic = "n log n"
    case quadratic = "n^2"
    case quadraticLogarithmic = "n^2 log n"
    case cubic = "n^3"

    /// The logarithm is of n + 1, so that size 1 takes some time in every class; it grows alike.
    package func value(_ n: Double) -> Double {
      let log = log2(n + 1)
      return switch self {
      case .constant: 1
      case .logarithmic: log
      case .linear: n
      case .linearithmic: n * log
      case .quadratic: n * n
      case .quadraticLogarithmic: n * n * log
      case .cubic: n * n * n
      }
    }
  }

  /// time = coefficient · growth(size), with the coefficient that makes the squares of relative errors least.
  package struct Candidate: Hashable, Codable, Sendable {
    package let growth: Growth
    /// Nanoseconds.
    package let coefficient: Double
    /// Root of the mean square of relative errors: 0 is perfect, 1 is nothing like it.
    package let rms: Double
  }

  /// - Parameter points: sizes of 1 or more and positive times in nanoseconds.
  /// - Returns: nil where there are fewer than ``minimumSizes`` different sizes.
  package init?(_ points: [(size: Int, nanoseconds: Double)]) {
    precondition(points.allSatisfy { $0.size >= 1 && $0.nanoseconds > 0 }, "ComplexityFit: nothing below 1, or no time")
    guard Set(points.map(\.size)).count >= Self.minimumSizes else { return nil }
    let candidates = Growth.allCases.map { Candidate($0, points) }.sorted { $0.rms < $1.rms }
    self.candidates = candidates
    best = candidates[0]

    let count = Double(points.count)
    let xs = points.map { log(Double($0.size)) }
    let ys = points.map { log($0.nanoseconds) }
    let (meanX, meanY) = (xs.reduce(0, +) / count, ys.reduce(0, +) / count)
    let squares = xs.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let products = zip(xs, ys).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let slope = products / squares
    let residuals = zip(xs, ys).map { $1 - meanY - slope * ($0 - meanX) }
    let degrees = points.count - 2
    let deviation = (residuals.reduce(0) { $0 + $1 * $1 } / Double(degrees) / squares).squareRoot()
    let half = StudentT.quantile(within: 0.95, degrees: degrees) * deviation
    exponent = slope
    exponentInterval = Interval(low: slope - half, high: slope + half)
  }
}

extension ComplexityFit.Candidate {
  /// The sum of (c·f/t - 1)² is least where c = Σ(f/t) / Σ(f/t)².
  fileprivate init(_ growth: ComplexityFit.Growth, _ points: [(size: Int, nanoseconds: Double)]) {
    let ratios = points.map { growth.value(Double($0.size)) / $0.nanoseconds }
    let coefficient = ratios.reduce(0, +) / ratios.reduce(0) { $0 + $1 * $1 }
    let errors = ratios.map { coefficient * $0 - 1 }
    self.growth = growth
    self.coefficient = coefficient
    rms = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
  }
}

// MARK: - Of a report

/// The fit of one contender over the cases of a series.
package struct SeriesComplexity: Hashable, Sendable {
  package let series: String
  /// What the kernel is called, by its rows; or the peer's name.
  package let contender: String
  package let role: Contender.Role
  /// Smallest and largest.
  package let sizes: ClosedRange<Int>
  package let fit: ComplexityFit
}

extension Report {
  /// A fit for each series with sizes enough: of the kernel, then of each peer.
  package var complexity: [SeriesComplexity] {
    seriesNames.flatMap { series in
      let members = cases.filter { $0.series == series }
      let peers = members.flatMap(\.peers).map(\.samples.name).eachOnce
      let fits = peers.map { name in
        SeriesComplexity(series, .peer, members) { $0.peers.first { $0.samples.name == name } }
      }
      return ([SeriesComplexity(series, .kernel, members) { $0.kernel }] + fits).compactMap(\.self)
    }
  }

  /// In the order of the cases.
  package var seriesNames: [String] { cases.map(\.series).eachOnce }
}

extension SeriesComplexity {
  /// - Parameter contender: of a case; nil where the case has none.
  fileprivate init?(
    _ series: String, _ role: Contender.Role, _ cases: [CaseResult], contender: (CaseResult) -> ContenderResult?
  ) {
    let found = cases.compactMap { item in contender(item).map { (size: item.size, contender: $0) } }
    let sizes = found.map(\.size)
    guard let fit = ComplexityFit(found.map { (size: $0.size, nanoseconds: $0.contender.time.median) }),
      let smallest = sizes.min(), let largest = sizes.max()
    else { return nil }
    self.init(
      series: series, contender: found.map(\.contender.samples.name).eachOnce.joined(separator: ", "), role: role,
      sizes: smallest...largest, fit: fit)
  }
}

extension Sequence where Element: Hashable {
  /// The elements in their order, without those that were there before.
  package var eachOnce: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
