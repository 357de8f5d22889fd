/// Intervals of quantiles that hold for samples of any distribution: two order statistics, chosen by the binomial law alone
/// (Hahn and Meeker, "Statistical Intervals", 1991, section 5.2).
///
/// The number of n independent samples at or below the quantile of p is binomial, B(n, p). So the quantile lies between the
/// samples of ranks l and u, counted from 1, with a probability of P(l <= B <= u - 1).
package enum OrderStatistics {
  /// Ranks whose samples enclose the quantile with at least `probability`, at most half of the rest on either side; nil where
  /// `count` samples are too few for it.
  ///
  /// O(√count).
  ///
  /// - Parameter percent: of the quantile, above 0 and below 100.
  package static func ranks(
    count: Int, percent: Double, probability: Double = 0.95
  ) -> (lower: Int, upper: Int)? {
    precondition(count > 0, "OrderStatistics: there must be at least one sample")
    precondition(percent > 0 && percent < 100, "OrderStatistics: percent must be within 0...100, without its ends")
    precondition(probability > 0 && probability < 1, "OrderStatistics: probability must be within 0...1")
    let tail = (1 - probability) / 2
    let law = Binomial(trials: count, chance: percent / 100)
    // The largest l with P(B <= l - 1) <= tail, and the smallest u with P(B >= u) <= tail.
    var (lower, below) = (law.first, 0.0)
    while lower - law.first < law.chances.count, below + law.chances[lower - law.first] <= tail {
      below += law.chances[lower - law.first]
      lower += 1
    }
    var (upper, above) = (law.last + 1, 0.0)
    while upper > law.first, above + law.chances[upper - 1 - law.first] <= tail {
      above += law.chances[upper - 1 - law.first]
      upper -= 1
    }
    return lower >= 1 && upper <= count ? (lower, upper) : nil
  }

  /// The quantile's interval; nil where the samples are too few.
  ///
  /// - Parameter sorted: ascending, at least one.
  package static func interval(percent: Double, ofSorted sorted: [Double], probability: Double = 0.95) -> Interval? {
    ranks(count: sorted.count, percent: percent, probability: probability).map {
      Interval(low: sorted[$0.lower - 1], high: sorted[$0.upper - 1])
    }
  }

  /// The fewest samples that have an interval: all n lie on one side of the quantile with a chance of pⁿ or (1 - p)ⁿ, which
  /// must be small enough.
  package static func samplesNeeded(percent: Double, probability: Double = 0.95) -> Int {
    let p = max(percent, 100 - percent) / 100
    var (count, chance) = (1, p)
    while chance > (1 - probability) / 2 { (count, chance) = (count + 1, chance * p) }
    return count
  }
}
