import Foundation
import Testing

@testable import BenchHarness

@Suite struct OrderStatisticsTests {
  /// P(low <= B <= high) of a binomial law, term by term from the logarithms of factorials.
  private static func chance(_ low: Int, _ high: Int, trials n: Int, _ p: Double) -> Double {
    guard low <= high else { return 0 }
    return (low...high).reduce(0) { sum, k in
      let ways = lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
      return sum + exp(ways + Double(k) * log(p) + Double(n - k) * log(1 - p))
    }
  }

  /// As Hahn and Meeker's tables have them for the median.
  @Test(arguments: [(6, 1, 6), (10, 2, 9), (20, 6, 15), (100, 40, 61)])
  func knownRanksOfTheMedian(count: Int, lower: Int, upper: Int) throws {
    let ranks = try #require(OrderStatistics.ranks(count: count, percent: 50))
    #expect(ranks == (lower, upper))
  }

  /// The quantile is enclosed with 95 %, and on neither side would one rank less do.
  @Test(arguments: [50.0, 90, 99, 99.9, 10, 1], [10, 37, 99, 100, 368, 1000, 9999])
  func rankCover(percent: Double, count: Int) {
    guard let (lower, upper) = OrderStatistics.ranks(count: count, percent: percent) else {
      #expect(count < OrderStatistics.samplesNeeded(percent: percent))
      return
    }
    let p = percent / 100
    #expect(Self.chance(lower, upper - 1, trials: count, p) >= 0.95)
    #expect(Self.chance(0, lower - 1, trials: count, p) <= 0.025)
    #expect(Self.chance(0, lower, trials: count, p) > 0.025)
    #expect(Self.chance(upper, count, trials: count, p) <= 0.025)
    #expect(Self.chance(upper - 1, count, trials: count, p) > 0.025)
  }

  /// log(0.025) / log(p), rounded up.
  @Test(arguments: [(50.0, 6), (90, 36), (99, 368), (99.9, 3688)])
  func samplesNeeded(percent: Double, count: Int) {
    #expect(OrderStatistics.samplesNeeded(percent: percent) == count)
    #expect(OrderStatistics.ranks(count: count, percent: percent) != nil)
    #expect(OrderStatistics.ranks(count: count - 1, percent: percent) == nil)
  }

  /// Of an exponential distribution, whose quantiles are known: 95 of 100 intervals hold p90, give or take what chance does.
  @Test func intervalsCoverWhateverTheDistribution() {
    var random = SplitMix64(seed: 1)
    let covered = (0..<400).count { _ in
      let samples = (0..<200).map { _ in -log(1 - Double.random(in: 0..<1, using: &random)) }.sorted()
      return OrderStatistics.interval(percent: 90, ofSorted: samples)?.contains(-log(0.1)) == true
    }
    #expect(covered >= 370)
  }

  @Test func aQuantileBeyondTheSamplesIsNone() throws {
    let distribution = Distribution((1...200).map(Double.init), unit: "ns")
    #expect(distribution.median == .value(100.5, unit: "ns", source: .measured))
    #expect(distribution.quantiles.map(\.name) == ["p50", "p90", "p99", "p99.9"])
    #expect(distribution.quantiles[2].value.value != nil && distribution.quantiles[2].interval == nil)
    guard case .unavailable(let reason) = distribution[99.9] else {
      Issue.record("a p99.9 of 200 samples")
      return
    }
    #expect(reason == "p99.9 needs at least 1000 samples, and its interval 3688; there are 200")
    #expect(distribution.minimum == 1 && distribution.maximum == 200 && distribution.mad == 50)
  }
}

@Suite struct TheilSenTests {
  private static let x = (0..<30).map(Double.init)

  @Test func aLineIsItself() throws {
    let fit = try #require(TheilSen(x: Self.x, y: Self.x.map { 3 - 2 * $0 }))
    #expect(fit.slope == -2 && fit.interval == Interval(low: -2, high: -2))
  }

  @Test func outliersDoNotBendIt() throws {
    // A quarter of the points, all at the end, where they pull most.
    let y = Self.x.map { $0 >= 23 ? 1e6 : 5 + 0.5 * $0 }
    let fit = try #require(TheilSen(x: Self.x, y: y))
    #expect(fit.slope == 0.5)
  }

  /// Sen's own ranks: of the 45 slopes of 10 points, C = 1.96 √125 = 21.9, so that 11.5 and 33.5 are rounded to 11 and 35.
  @Test func theRanksOfTheInterval() throws {
    let y = (0..<10).map { Double($0 * $0) }
    let fit = try #require(TheilSen(x: Array(Self.x.prefix(10)), y: y))
    // The slope of points i and j of a parabola is i + j.
    let slopes = (0..<10).flatMap { i in (i + 1..<10).map { Double(i + $0) } }.sorted()
    #expect(fit.slope == slopes[22] && fit.interval == Interval(low: slopes[10], high: slopes[34]))
  }

  @Test func theIntervalCovers() {
    var random = SplitMix64(seed: 5)
    let covered = (0..<300).count { _ in
      let y = Self.x.map { 7 + 0.1 * $0 + Double.random(in: -1...1, using: &random) }
      return TheilSen(x: Self.x, y: y)?.interval.contains(0.1) == true
    }
    #expect(covered >= 276)
  }

  @Test func fewPointsHaveNone() {
    #expect(TheilSen(x: [1, 2, 3, 4, 5], y: [1, 2, 3, 4, 5]) == nil)
    #expect(TheilSen(x: [1, 2, 3, 4, 5, 6], y: [1, 2, 3, 4, 5, 6])?.slope == 1)
  }
}

@Suite struct DriftTests {
  private static func samples(_ count: Int, seed: UInt64, _ level: (Double) -> Double) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { level(Double($0) / Double(count)) * Double.random(in: 0.9...1.1, using: &random) }
  }

  @Test func aStepAtTheEndIsSeen() throws {
    let drift = try #require(Drift(Self.samples(10_000, seed: 1) { $0 < 0.9 ? 100 : 105 }))
    #expect(abs(drift.ratio - 1.05) < 0.02)
    #expect(drift.interval.contains(drift.ratio) && drift.interval.low > 1.01)
  }

  @Test func whatIsLevelHasNone() {
    let seen = (0..<12).count { seed in
      Drift(Self.samples(2000, seed: UInt64(seed)) { _ in 100 })?.interval.contains(1) != true
    }
    #expect(seen <= 2)
  }

  @Test func whatHasNoRatioHasNone() {
    #expect(Drift(Array(repeating: 1, count: 99)) == nil)
    #expect(Drift(Array(repeating: 1, count: 100)) != nil)
    #expect(Drift(Array(repeating: 0, count: 100)) == nil)
  }
}

@Suite struct TrendTests {
  private static let hours = (1...30).map { Double($0) / 3600 }

  private static func slope(_ value: (Double) -> Double) -> Trend.Slope? {
    guard case .slope(let slope) = Trend(hours: hours, values: hours.map(value), resolution: 4096) else { return nil }
    return slope
  }

  @Test func growthAndItsLackAreTold() throws {
    let grows = try #require(Self.slope { 1e6 + 5e6 * $0 })
    #expect(grows.verdict == .grows && abs(grows.perHour.slope - 5e6) < 1)
    #expect(try #require(Self.slope { 1e6 - 5e6 * $0 }).verdict == .shrinks)
    let level = try #require(Self.slope { _ in 1e6 })
    #expect(level.verdict == .none && level.level == 1e6)
    // A page over 29 seconds.
    #expect(abs(level.smallestSeen - 4096 * 3600 / 29) < 1)
  }

  @Test func whatCannotBeSaidHasAReason() {
    let few = Trend(hours: [1, 2], values: [1, 2], resolution: 1)
    #expect(few == .unavailable(reason: "a trend needs at least 6 intervals, and there are 2"))
    let missing = Trend(hours: Self.hours, metrics: Self.hours.map { _ in .unavailable(reason: "why") }, resolution: 1)
    #expect(missing == .unavailable(reason: "why"))
  }

  @Test func roundTrip() throws {
    for trend in [
      Trend(hours: Self.hours, values: Self.hours, resolution: 1), .unavailable(reason: "why"),
    ] {
      #expect(try JSONDecoder().decode(Trend.self, from: JSONEncoder().encode(trend)) == trend)
    }
  }
}
