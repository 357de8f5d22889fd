#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Log-ratios of times that were measured side by side, in blocks, in several lives of the processes.
///
/// A process lays out its memory once: what that does to speed is the same in all its blocks, and differs from life to life.
/// Therefore lives are resampled first, and blocks within them (Davison and Hinkley, "Bootstrap Methods and their
/// Application", 1997, section 3.8).
package struct PairedBlocks: Hashable, Codable, Sendable {
  /// By life, then by block: the natural logarithm of the new time over the old one.
  package private(set) var lives: [[Double]]

  package init(lives: [[Double]] = []) { self.lives = lives.filter { !$0.isEmpty } }

  package mutating func append(life: [Double]) { if !life.isEmpty { lives.append(life) } }

  package var isEmpty: Bool { lives.isEmpty }

  /// What the blocks say of the ratio. Always with the same random numbers.
  ///
  /// The interval is by bootstrap. Its resamples cannot tell probabilities as small as many comparisons need, and flatter where lives
  /// are few; the test is Student's, of the lives' medians.
  ///
  /// - There must be a block.
  package func estimate(probability: Double = 0.95, resamples: Int = 2000) -> LogRatioEstimate {
    precondition(!isEmpty, "PairedBlocks: there must be at least one block")
    let center = TrimmedMean(lives.map(Self.median))
    var random = SplitMix64(seed: UInt64(lives.count))
    var medians: [Int: ResampledMedian] = [:]
    let sorted = lives.map { life in
      medians[life.count] = medians[life.count] ?? ResampledMedian(count: life.count)
      return life.sorted()
    }
    var values: [Double] = []
    values.reserveCapacity(resamples)
    for _ in 0..<resamples {
      let resampled = lives.indices.map { _ in
        let life = sorted[Int.random(in: lives.indices, using: &random)]
        return medians[life.count].map { life[$0.index(using: &random)] } ?? 0
      }
      values.append(TrimmedMean(resampled).value)
    }
    values.sort()
    let tail = 50 * (1 - probability)
    return LogRatioEstimate(
      value: center.value,
      interval: Interval(
        low: Summary.percentile(tail, ofSorted: values), high: Summary.percentile(100 - tail, ofSorted: values)),
      standardError: center.standardError, degrees: center.degrees, p: center.p)
  }

  private static func median(_ values: [Double]) -> Double { Summary.percentile(50, ofSorted: values.sorted()) }
}

/// The logarithm of a ratio of times and how well it is known.
package struct LogRatioEstimate: Hashable, Codable, Sendable {
  package let value: Double
  package let interval: Interval
  package let standardError: Double
  /// Of Student's t, by lives; 0 where they are too few.
  package let degrees: Int
  /// Two-sided, that the ratio is 1.
  package let p: Double

  package init(value: Double, interval: Interval, standardError: Double, degrees: Int, p: Double) {
    (self.value, self.interval, self.standardError, self.degrees, self.p) = (value, interval, standardError, degrees, p)
  }

  /// How much longer the new one takes: 0.03 is 3 % slower.
  package var change: Double { exp(value) - 1 }
  package var changeInterval: Interval { Interval(low: exp(interval.low) - 1, high: exp(interval.high) - 1) }

  package var excludesZero: Bool { !interval.contains(0) }

  /// The change that would have been found in four comparisons of five, by a two-sided test at `level`; nil where lives are too
  /// few to find any.
  package func detectable(level: Double) -> Double? {
    guard degrees > 0 else { return nil }
    let critical = StudentT.quantile(within: min(1 - level, 0.999_999), degrees: degrees)
    // Four of five lie above the quantile of one fifth, which is as far from the middle as that of four fifths.
    return exp((critical + StudentT.quantile(within: 0.6, degrees: degrees)) * standardError) - 1
  }
}
