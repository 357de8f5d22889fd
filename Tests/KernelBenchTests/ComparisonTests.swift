import BenchHarness
import Foundation
import Testing

@testable import BenchHarness

@Suite struct HolmTests {
  /// By hand: 0.01 * 4, 0.02 * 3, 0.03 * 2, and the largest as it is, none below the one before.
  @Test func byHand() {
    let adjusted = Holm.adjusted([0.03, 0.01, 0.5, 0.02])
    for (value, wanted) in zip(adjusted, [0.06, 0.04, 0.5, 0.06]) { #expect(abs(value - wanted) < 1e-12) }
    #expect(Holm.adjusted([]).isEmpty)
    #expect(Holm.adjusted([0.9, 0.8]) == [1, 1])
  }
}

@Suite struct TrimmedMeanTests {
  /// Ten values lose two at either end: 3 ... 8 are left. Winsorised they are 3 3 3 4 5 6 7 8 8 8, whose squares about 5.5 sum to 42.5.
  @Test func byHand() {
    let mean = TrimmedMean([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000])
    #expect(mean.value == 5.5 && mean.degrees == 5)
    #expect(abs(mean.standardError - (42.5 / 30).squareRoot()) < 1e-12)
  }

  @Test func ofFewValues() {
    #expect(TrimmedMean([2]).value == 2)
    #expect(TrimmedMean([2]).p == 1)
    #expect(TrimmedMean([1, 1, 1]).p == 0)
    #expect(TrimmedMean([0, 0]).p == 1)
  }

  /// Under no difference the p-value is below 5 % about as often.
  @Test func itsTestHasItsLevel() {
    var random = SplitMix64(seed: 3)
    let trials = 4000
    let hits = (0..<trials).count { _ in
      TrimmedMean((0..<12).map { _ in Noise.normal(using: &random) }).p < 0.05
    }
    #expect(Proportion(hits, of: trials).interval(probability: 0.999).contains(0.05) || hits < trials / 20)
    #expect(hits > trials / 50)
  }
}

@Suite struct ResampledMedianTests {
  /// Against resampling itself.
  @Test(arguments: [1, 2, 3, 8, 15, 100])
  func likeResampling(count: Int) {
    var random = SplitMix64(seed: 5)
    let (trials, law) = (BuildDescription.isOptimised ? 20_000 : 4_000, ResampledMedian(count: count))
    var (direct, sampled) = ([Int](repeating: 0, count: count), [Int](repeating: 0, count: count))
    for _ in 0..<trials {
      let drawn = (0..<count).map { _ in Int.random(in: 0..<count, using: &random) }.sorted()
      direct[drawn[(Bool.random(using: &random) ? count - 1 : count) / 2]] += 1
      sampled[law.index(using: &random)] += 1
    }
    let most = 4.3 * Double(trials).squareRoot()
    for i in 0..<count { #expect(Double(abs(direct[i] - sampled[i])) < most, "\(i) of \(count)") }
  }
}

@Suite struct ProportionTests {
  /// Clopper and Pearson's limits for 0, 1 and 10 of 10, from their definition.
  @Test func byHand() {
    let none = Proportion(0, of: 300).interval()
    #expect(none.low == 0 && abs(none.high - (1 - pow(0.025, 1 / 300))) < 1e-9)
    let one = Proportion(1, of: 10).interval()
    #expect(abs(one.low - (1 - pow(0.975, 0.1))) < 1e-9)
    let all = Proportion(10, of: 10).interval()
    #expect(all.high == 1 && abs(all.low - pow(0.025, 0.1)) < 1e-9)
    #expect(Proportion(0, of: 0).rate == nil && Proportion(0, of: 0).interval() == Interval(low: 0, high: 1))
  }
}

@Suite struct PairedBlocksTests {
  @Test func findsTheRatio() {
    let blocks = Noise.blocks(lives: 12, blocks: 60, change: 0.05, seed: 1)
    let estimate = blocks.estimate()
    #expect(abs(estimate.change - 0.05) < 0.01)
    #expect(estimate.excludesZero && estimate.p < 1e-4 && estimate.interval.contains(estimate.value))
    #expect(estimate == blocks.estimate(), "the same random numbers")
  }

  @Test func oneStrangeLifeSwaysLittle() {
    var blocks = Noise.blocks(lives: 11, blocks: 60, change: 0, seed: 2)
    blocks.append(life: Array(repeating: 0.5, count: 60))
    #expect(abs(blocks.estimate().change) < 0.01)
  }

  @Test func fewLivesTellNothing() {
    let estimate = PairedBlocks(lives: [[0.1, 0.1, 0.1]]).estimate()
    #expect(estimate.p == 1 && estimate.detectable(level: 0.05) == nil)
    #expect(PairedBlocks(lives: [[], [0.1]]).lives.count == 1)
  }

  /// The smallest change that it promises to find it finds in four of five.
  @Test func detectsWhatItPromises() throws {
    var (found, trials) = (0, 0)
    for seed in 0..<(BuildDescription.isOptimised ? 200 : 50) as Range<UInt64> {
      let level = 0.05 / 24
      let promised = try #require(
        Noise.blocks(lives: 12, blocks: 30, change: 0, seed: seed).estimate(resamples: 10).detectable(level: level))
      let estimate = Noise.blocks(lives: 12, blocks: 30, change: promised, seed: seed + 1000).estimate(resamples: 10)
      trials += 1
      if estimate.p <= level { found += 1 }
    }
    #expect(Double(found) / Double(trials) > 0.6 && Double(found) / Double(trials) < 0.95, "\(found)")
  }
}

@Suite struct VerdictTests {
  let rule = DecisionRule()

  static func estimate(_ change: Double, error: Double, p: Double = 1e-6) -> LogRatioEstimate {
    let value = log(1 + change)
    return LogRatioEstimate(
      value: value, interval: Interval(low: value - 2 * error, high: value + 2 * error), standardError: error,
      degrees: 7, p: p)
  }

  func verdict(_ change: Double, error: Double = 0.001, p: Double = 1e-6, control: Double = 0) -> Judgement {
    rule.verdict(
      Self.estimate(change, error: error, p: p), control: Self.estimate(control, error: 0.001), adjusted: p,
      comparisons: 24)
  }

  @Test func ofClearCases() {
    #expect(verdict(0.05).verdict == .regression)
    #expect(verdict(-0.05).verdict == .improvement)
    #expect(verdict(0).verdict == .noChange)
    #expect(verdict(0.01).verdict == .noChange, "below the floor")
    #expect(
      verdict(0.05, p: 0.2).verdict == .noChange, "not significant after the correction, and would have been seen")
  }

  @Test func whatCouldNotBeSeenIsInconclusive() throws {
    let judgement = verdict(0.02, error: 0.02)
    #expect(judgement.verdict == .inconclusive)
    #expect(try #require(judgement.detectable) > 0.05)
    #expect(judgement.reason?.contains("could not have been seen") == true)
  }

  @Test func aControlThatMovesSaysSo() {
    let judgement = verdict(0.05, control: 0.04)
    #expect(judgement.verdict == .inconclusive)
    #expect(judgement.reason?.contains("differs from itself by 4.0 %") == true)
  }

  @Test func exitCodes() {
    #expect(GateExit.code([]) == 0)
    #expect(GateExit.code([.noChange, .improvement]) == 0)
    #expect(GateExit.code([.inconclusive, .noChange]) == 3)
    #expect(GateExit.code([.inconclusive, .regression]) == 2)
  }
}

/// Samples as a machine gives them: each life has a level of its own, blocks scatter, and some are disturbed.
enum Noise {
  static func normal(using random: inout SplitMix64) -> Double {
    // Box and Muller.
    let (u, v) = (Double.random(in: 1e-12..<1, using: &random), Double.random(in: 0..<1, using: &random))
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
  }

  static func blocks(lives: Int, blocks: Int, change: Double, seed: UInt64) -> PairedBlocks {
    var random = SplitMix64(seed: seed)
    return PairedBlocks(
      lives: (0..<lives).map { _ in
        let level = log(1 + change) + 0.004 * normal(using: &random)
        return (0..<blocks).map { _ in
          let disturbed = Double.random(in: 0..<1, using: &random) < 0.1
          return level + (disturbed ? 0.3 : 0.02) * normal(using: &random)
        }
      })
  }
}
