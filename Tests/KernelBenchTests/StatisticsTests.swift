import Foundation
import Testing

@testable import BenchHarness

@Suite struct StatisticsTests {
  @Test func summaryOfKnownData() {
    // 1 ... 9 with one outlier in place of 9: median and quartiles do not see it.
    let summary = Summary([3, 1, 2, 900, 8, 4, 7, 6, 5])
    #expect(summary.count == 9)
    #expect(summary.minimum == 1)
    #expect(summary.p25 == 3)
    #expect(summary.median == 5)
    #expect(summary.p75 == 7)
    #expect(summary.maximum == 900)
    // Deviations 4 3 2 1 0 1 2 3 895.
    #expect(summary.mad == 2)
    #expect(summary.relativeSpread == 0.4)
  }

  @Test func evenCountsInterpolate() {
    let summary = Summary([4, 1, 3, 2])
    #expect(summary.median == 2.5)
    #expect(summary.p25 == 1.75)
    #expect(summary.p75 == 3.25)
    #expect(summary.mad == 1)
  }

  @Test func oneSampleHasNoSpread() {
    let summary = Summary([7])
    #expect(summary.median == 7 && summary.minimum == 7 && summary.maximum == 7)
    #expect(summary.p25 == 7 && summary.p75 == 7)
    #expect(summary.mad == 0)
  }

  @Test(arguments: [(0.0, 10.0), (25, 20), (50, 30), (90, 46), (99, 49.6), (100, 50)])
  func percentiles(percent: Double, expected: Double) {
    let found = Summary.percentile(percent, ofSorted: [10, 20, 30, 40, 50])
    #expect(abs(found - expected) < 1e-12)
  }

  @Test func percentilesAscend() {
    var random = SplitMix64(seed: 9)
    let sorted = (0..<101).map { _ in Double.random(in: -1...1, using: &random) }.sorted()
    for percent in 0...100 {
      // 101 samples: every whole percentile is one of them.
      #expect(abs(Summary.percentile(Double(percent), ofSorted: sorted) - sorted[percent]) < 1e-12)
    }
  }

  @Test func zeroMedianHasNoRelativeSpread() {
    #expect(Summary([-1, 0, 1]).relativeSpread == 0)
  }

  @Test func outliersByTukeysFences() {
    // Quartiles 3 and 7: mild beyond -3 and 13, severe beyond -9 and 19.
    let inner = [1.0, 2, 3, 3, 3, 5, 5, 5, 7, 7, 7, 8, 9]
    let summary = Summary(inner)
    #expect(summary.p25 == 3 && summary.p75 == 7 && summary.outliers.count == 0)
    let outliers = Outliers(ofSorted: [-10, -9, -4, -3] + inner + [13, 14, 19, 20, 21], p25: 3, p75: 7)
    #expect(outliers.lowSevere == 1 && outliers.lowMild == 2 && outliers.highMild == 2 && outliers.highSevere == 2)
  }

  @Test func tailsOfALongSample() {
    let summary = Summary((0...1000).map { Double($0) })
    #expect(summary.p90 == 900 && summary.p99 == 990 && abs(summary.p999 - 999) < 1e-9)
  }

  /// The interval covers the true median as often as it says; a thousand samples of thirty from a skewed distribution.
  @Test func bootstrapCovers() {
    var random = SplitMix64(seed: 11)
    let trials = BuildDescription.isOptimised ? 1000 : 100
    var covered = 0
    for _ in 0..<trials {
      let samples = (0..<30).map { _ in exp(2 * Double.random(in: -1...1, using: &random)) }
      var resampling = SplitMix64(seed: random.next())
      let interval = Bootstrap.interval(samples, resamples: 200, using: &resampling) {
        Summary.percentile(50, ofSorted: $0.sorted())
      }
      #expect(interval.low <= interval.high)
      if interval.contains(1) { covered += 1 }
    }
    #expect(trials * 92 / 100...trials * 99 / 100 ~= covered)
  }

  @Test func bootstrapOfEqualSamplesIsAPoint() {
    #expect(Bootstrap.medianInterval([4, 4, 4]) == Interval(low: 4, high: 4))
  }
}
