/// How the last tenth of a series compares with the first.
package struct Drift: Hashable, Codable, Sendable {
  /// Median of the last tenth over that of the first.
  package let ratio: Double
  /// With a probability of 95 %.
  package let interval: Interval

  /// Ten in each tenth.
  package static let leastSamples = 100

  /// The interval is by bootstrap of batches of consecutive samples, which are resampled whole: neighbours in time are alike,
  /// and single samples would give an interval that is too narrow (Künsch, "The Jackknife and the Bootstrap for General
  /// Stationary Observations", Annals of Statistics 17(3), 1989).
  ///
  /// - Parameter samples: in their order in time.
  /// - Returns: nil with fewer than ``leastSamples``, or where one of them is not above 0.
  package init?(_ samples: [Double]) {
    guard samples.count >= Self.leastSamples, samples.allSatisfy({ $0 > 0 }) else { return nil }
    let tenth = samples.count / 10
    let (first, last) = (Array(samples.prefix(tenth)), Array(samples.suffix(tenth)))
    ratio = Self.median(last) / Self.median(first)

    let (early, late) = (Self.batchMedians(first), Self.batchMedians(last))
    var random = SplitMix64(seed: UInt64(samples.count))
    let ratios = (0..<1000).map { _ in
      Self.median(Self.resample(late, using: &random)) / Self.median(Self.resample(early, using: &random))
    }.sorted()
    interval = Interval(
      low: Summary.percentile(2.5, ofSorted: ratios), high: Summary.percentile(97.5, ofSorted: ratios))
  }

  /// Medians of at most 50 batches of consecutive samples.
  private static func batchMedians(_ samples: [Double]) -> [Double] {
    let size = (samples.count + 49) / 50
    return stride(from: 0, to: samples.count, by: size).map { median(samples[$0..<min($0 + size, samples.count)]) }
  }

  private static func resample(_ values: [Double], using random: inout SplitMix64) -> [Double] {
    values.map { _ in values[Int.random(in: values.indices, using: &random)] }
  }

  private static func median(_ values: some Sequence<Double>) -> Double {
    Summary.percentile(50, ofSorted: values.sorted())
  }
}
