/// The median of a resample, without resampling: which of the sorted values it is has a distribution that depends on their
/// number alone (Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7(1), 1979, section 3).
///
/// Of n values drawn from n, those at or below the j-th smallest are binomial, B(n, j / n); the k-th smallest drawn is at or below
/// it when they are k or more. An even number has two middle values, of which one is taken at random.
struct ResampledMedian {
  /// The probability that the median is one of the first values, by their number less 1.
  private let cumulative: [Double]

  /// O(n √n) for n values, 1 or more.
  init(count n: Int) {
    precondition(n >= 1, "ResampledMedian: there must be at least one value")
    cumulative = (1...n).map { j in
      if j == n { return 1 }
      let law = Binomial(trials: n, chance: Double(j) / Double(n))
      return (law.probability(atLeast: (n + 1) / 2) + law.probability(atLeast: n / 2 + 1)) / 2
    }
  }

  /// The index in the sorted values.
  func index(using random: inout SplitMix64) -> Int {
    let chance = Double.random(in: 0..<1, using: &random)
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > chance { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Binomial {
  /// P(B >= k).
  func probability(atLeast k: Int) -> Double {
    k > last ? 0 : chances[max(0, k - first)...].reduce(0, +)
  }
}
