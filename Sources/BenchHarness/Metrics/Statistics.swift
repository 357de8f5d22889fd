/// Order statistics of a sample, by linear interpolation between closest ranks (Hyndman and Fan's type 7).
package struct Summary: Hashable, Codable, Sendable {
  package let count: Int
  package let minimum: Double
  package let p25: Double
  package let median: Double
  package let p75: Double
  package let p90: Double
  package let p99: Double
  package let p999: Double
  package let maximum: Double
  /// Median absolute deviation from the median, unscaled.
  package let mad: Double
  package let outliers: Outliers

  /// - Parameter samples: at least one, none of them NaN.
  package init(_ samples: some Sequence<Double>) {
    let sorted = samples.sorted()
    precondition(!sorted.isEmpty, "Summary: there must be at least one sample")
    let median = Self.percentile(50, ofSorted: sorted)
    self.count = sorted.count
    self.minimum = sorted[0]
    self.p25 = Self.percentile(25, ofSorted: sorted)
    self.median = median
    self.p75 = Self.percentile(75, ofSorted: sorted)
    self.p90 = Self.percentile(90, ofSorted: sorted)
    self.p99 = Self.percentile(99, ofSorted: sorted)
    self.p999 = Self.percentile(99.9, ofSorted: sorted)
    self.maximum = sorted[sorted.count - 1]
    self.mad = Self.percentile(50, ofSorted: sorted.map { abs($0 - median) }.sorted())
    self.outliers = Outliers(ofSorted: sorted, p25: p25, p75: p75)
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

/// Samples beyond Tukey's fences: one and a half, and three, times the distance of the quartiles from either of them
/// ("Exploratory Data Analysis", 1977, section 2D).
package struct Outliers: Hashable, Codable, Sendable {
  package let lowSevere: Int
  package let lowMild: Int
  package let highMild: Int
  package let highSevere: Int

  init(ofSorted sorted: [Double], p25: Double, p75: Double) {
    let range = p75 - p25
    let (low, lower) = (p25 - 1.5 * range, p25 - 3 * range)
    let (high, higher) = (p75 + 1.5 * range, p75 + 3 * range)
    lowSevere = sorted.count { $0 < lower }
    lowMild = sorted.count { lower <= $0 && $0 < low }
    highMild = sorted.count { high < $0 && $0 <= higher }
    highSevere = sorted.count { higher < $0 }
  }

  package var count: Int { lowSevere + lowMild + highMild + highSevere }
}

/// A range that covers the true value with a stated probability.
package struct Interval: Hashable, Codable, Sendable {
  package let low: Double
  package let high: Double

  package init(low: Double, high: Double) { (self.low, self.high) = (low, high) }

  package func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// Resampling with replacement (Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7(1), 1979).
package enum Bootstrap {
  /// The percentile interval of a statistic.
  ///
  /// - Parameters:
  ///   - samples: at least one.
  ///   - probability: that the interval covers, 0.95.
  ///   - resamples: how often; the ends of the interval are order statistics of as many values.
  package static func interval(
    _ samples: [Double], probability: Double = 0.95, resamples: Int = 1000,
    using random: inout some RandomNumberGenerator,
    statistic: ([Double]) -> Double
  ) -> Interval {
    precondition(!samples.isEmpty, "Bootstrap: there must be at least one sample")
    var resample = samples
    var values: [Double] = []
    values.reserveCapacity(resamples)
    for _ in 0..<resamples {
      for i in resample.indices { resample[i] = samples[Int.random(in: samples.indices, using: &random)] }
      values.append(statistic(resample))
    }
    values.sort()
    let tail = 50 * (1 - probability)
    return Interval(
      low: Summary.percentile(tail, ofSorted: values), high: Summary.percentile(100 - tail, ofSorted: values))
  }

  /// The interval of the median, always with the same random numbers.
  package static func medianInterval(_ samples: [Double], probability: Double = 0.95) -> Interval {
    var random = SplitMix64(seed: UInt64(samples.count))
    return interval(samples, probability: probability, using: &random) { Self.median(of: $0) }
  }

  private static func median(of samples: [Double]) -> Double { Summary.percentile(50, ofSorted: samples.sorted()) }
}
