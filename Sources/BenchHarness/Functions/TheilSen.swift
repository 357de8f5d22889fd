#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A slope that outliers do not bend: the median of the slopes of all pairs of points (Theil 1950; Sen, "Estimates of the
/// Regression Coefficient Based on Kendall's Tau", Journal of the American Statistical Association 63, 1968).
///
/// Up to 29 % of the points may lie anywhere. The interval is Sen's, by the normal approximation of Kendall's S, and wider than
/// it need be where values repeat.
package struct TheilSen: Hashable, Codable, Sendable {
  /// Of y in a unit of x.
  package let slope: Double
  /// With a probability of 95 %.
  package let interval: Interval

  /// The fewest points that have an interval: of fewer, even the widest pair of slopes encloses it with less than 95 %.
  package static let leastPoints = 6

  /// O(n² log n).
  ///
  /// - Parameters:
  ///   - x: ascending, no value twice.
  ///   - y: as many.
  /// - Returns: nil with fewer than ``leastPoints``.
  package init?(x: [Double], y: [Double]) {
    precondition(x.count == y.count, "TheilSen: x and y must be as many")
    let n = x.count
    guard n >= Self.leastPoints else { return nil }
    var slopes: [Double] = []
    slopes.reserveCapacity(n * (n - 1) / 2)
    for i in 0..<n {
      for j in i + 1..<n {
        precondition(x[i] < x[j], "TheilSen: x must ascend")
        slopes.append((y[j] - y[i]) / (x[j] - x[i]))
      }
    }
    slopes.sort()
    slope = Summary.percentile(50, ofSorted: slopes)
    // 1.96: the normal law's quantile of 97.5 %. The variance of S is n(n - 1)(2n + 5)/18.
    let reach = 1.959964 * (Double(n * (n - 1) * (2 * n + 5)) / 18).squareRoot()
    let count = Double(slopes.count)
    // Sen's ranks, counted from 1: (N - C)/2 and (N + C)/2 + 1, rounded away from the middle.
    let low = max(0, Int(((count - reach) / 2).rounded(.down)) - 1)
    let high = min(slopes.count - 1, Int(((count + reach) / 2).rounded(.up)))
    interval = Interval(low: slopes[low], high: slopes[high])
  }
}
