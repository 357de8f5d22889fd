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
  /// - There must be a block.
  package func estimate(probability: Double = 0.95, resamples: Int = 2000) -> LogRatioEstimate {
    precondition(!isEmpty, "PairedBlocks: there must be at least one block")
    var random = SplitMix64(seed: UInt64(lives.count))
    let center = Self.center(lives.map(Self.median))
    var values: [Double] = []
    values.reserveCapacity(resamples)
    for _ in 0..<resamples {
      let resampled = lives.map { _ in
        let life = lives[Int.random(in: lives.indices, using: &random)]
        return Self.median(life.map { _ in life[Int.random(in: life.indices, using: &random)] })
      }
      values.append(Self.center(resampled))
    }
    values.sort()
    let tail = 50 * (1 - probability)
    // A resample on the other side of zero, counted from both sides; one more than there are, so that it is never none
    // (Davison and Hinkley, section 4.2).
    let (below, above) = (values.count { $0 <= 0 }, values.count { $0 >= 0 })
    let mean = values.reduce(0, +) / Double(resamples)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, resamples - 1))
    return LogRatioEstimate(
      value: center,
      interval: Interval(
        low: Summary.percentile(tail, ofSorted: values), high: Summary.percentile(100 - tail, ofSorted: values)),
      standardError: variance.squareRoot(),
      p: min(1, 2 * Double(min(below, above) + 1) / Double(resamples + 1)))
  }

  /// The mean of the middle half: less swayed by one strange life than the mean of all, less coarse than the median of a few.
  private static func center(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let cut = sorted.count / 4
    let middle = sorted[cut..<sorted.count - cut]
    return middle.reduce(0, +) / Double(middle.count)
  }

  private static func median(_ values: [Double]) -> Double { Summary.percentile(50, ofSorted: values.sorted()) }
}

/// The logarithm of a ratio of times and how well it is known.
package struct LogRatioEstimate: Hashable, Codable, Sendable {
  package let value: Double
  package let interval: Interval
  package let standardError: Double
  /// Two-sided, that the ratio is 1.
  package let p: Double

  package init(value: Double, interval: Interval, standardError: Double, p: Double) {
    (self.value, self.interval, self.standardError, self.p) = (value, interval, standardError, p)
  }

  /// How much longer the new one takes: 0.03 is 3 % slower.
  package var change: Double { exp(value) - 1 }
  package var changeInterval: Interval { Interval(low: exp(interval.low) - 1, high: exp(interval.high) - 1) }

  package var excludesZero: Bool { !interval.contains(0) }

  /// The change that would have been found in four runs of five, by a test at 5 %: 1.96 + 0.84 standard errors.
  package var detectable: Double { exp(2.8 * standardError) - 1 }
}
