/// Order statistics of a sample, by linear interpolation between closest ranks (Hyndman and Fan's type 7).
package struct Summary: Hashable, Codable, Sendable {
  package let count: Int
  package let minimum: Double
  package let p25: Double
  package let median: Double
  package let p75: Double
  package let maximum: Double
  /// Median absolute deviation from the median, unscaled.
  package let mad: Double

  /// - Parameter samples: at least one, none of them NaN.
  package init(_ samples: [Double]) {
    precondition(!samples.isEmpty, "Summary: there must be at least one sample")
    let sorted = samples.sorted()
    let median = Self.percentile(50, ofSorted: sorted)
    self.count = sorted.count
    self.minimum = sorted[0]
    self.p25 = Self.percentile(25, ofSorted: sorted)
    self.median = median
    self.p75 = Self.percentile(75, ofSorted: sorted)
    self.maximum = sorted[sorted.count - 1]
    self.mad = Self.percentile(50, ofSorted: sorted.map { abs($0 - median) }.sorted())
  }

  /// MAD over median; 0 where the median is 0.
  package var relativeSpread: Double { median == 0 ? 0 : mad / abs(median) }

  /// - Parameters:
  ///   - percent: 0 ... 100.
  ///   - sorted: ascending, at least one.
  package static func percentile(_ percent: Double, ofSorted sorted: [Double]) -> Double {
    precondition(!sorted.isEmpty, "percentile: there must be at least one sample")
    precondition(0...100 ~= percent, "percentile: percent must be within 0...100")
    let position = percent / 100 * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
  }
}
