/// How often something happened, with an interval for its probability.
package struct Proportion: Hashable, Codable, Sendable {
  package let count: Int
  package let trials: Int

  /// - `count` must be within 0 ... `trials`.
  package init(_ count: Int, of trials: Int) {
    precondition(0 <= count && count <= trials, "Proportion: count must be within 0 ... trials")
    (self.count, self.trials) = (count, trials)
  }

  /// nil without trials.
  package var rate: Double? { trials == 0 ? nil : Double(count) / Double(trials) }

  /// The exact interval of Clopper and Pearson ("The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial",
  /// Biometrika 26(4), 1934): of all probabilities those under which neither as few nor as many are too strange. 0 ... 1 without trials.
  package func interval(probability: Double = 0.95) -> Interval {
    let tail = (1 - probability) / 2
    func bisect(_ isBelow: (Double) -> Bool) -> Double {
      var (low, high) = (0.0, 1.0)
      for _ in 0..<50 {
        let middle = (low + high) / 2
        if isBelow(middle) { low = middle } else { high = middle }
      }
      return (low + high) / 2
    }
    func atLeast(_ k: Int, _ p: Double) -> Double { Binomial(trials: trials, chance: p).probability(atLeast: k) }
    return Interval(
      low: count == 0 ? 0 : bisect { atLeast(count, $0) < tail },
      high: count == trials ? 1 : bisect { 1 - atLeast(count + 1, $0) > tail })
  }
}
