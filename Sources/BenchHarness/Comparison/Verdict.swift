/// What a comparison of two builds says of a case.
package enum Verdict: String, Hashable, Codable, Sendable {
  case regression, improvement
  case noChange = "no change"
  case inconclusive
}

/// When a difference counts.
package struct DecisionRule: Hashable, Codable, Sendable {
  /// The least change that is called one: below it a difference may be real and is not worth a red light.
  package var floor: Double
  /// The change that a comparison must have been able to see to say that there is none.
  package var effect: Double
  /// The probability, over all cases together, that one of them is wrongly called changed.
  package var level: Double

  package init(floor: Double = 0.015, effect: Double = 0.05, level: Double = 0.05) {
    precondition(0 < floor && floor <= effect, "DecisionRule: floor must be positive and no larger than effect")
    (self.floor, self.effect, self.level) = (floor, effect, level)
  }

  /// The verdict on one of many comparisons.
  ///
  /// A change counts only where all hold: its interval excludes none, it passes the floor, Holm's correction leaves it significant,
  /// and the control, the old build against itself in the same blocks, shows nothing of that size.
  ///
  /// - Parameters:
  ///   - estimate: new against old.
  ///   - control: old against old.
  ///   - adjusted: the p-value after ``Holm``.
  ///   - comparisons: how many there are, this one among them.
  package func verdict(
    _ estimate: LogRatioEstimate, control: LogRatioEstimate, adjusted: Double, comparisons: Int
  ) -> Judgement {
    let detectable = estimate.detectable(level: level / Double(comparisons)).map { max(floor, $0) }
    let controlIsClean = abs(control.change) < max(floor, abs(estimate.change) / 2) || !control.excludesZero
    if estimate.excludesZero && abs(estimate.change) >= floor && adjusted <= level {
      guard controlIsClean else {
        return Judgement(
          verdict: .inconclusive, detectable: detectable,
          reason: "the old build differs from itself by \(Format.percent(abs(control.change)))")
      }
      return Judgement(verdict: estimate.change > 0 ? .regression : .improvement, detectable: detectable, reason: nil)
    }
    guard let detectable else {
      return Judgement(verdict: .inconclusive, detectable: nil, reason: "the programs were started too few times")
    }
    if detectable > effect {
      return Judgement(
        verdict: .inconclusive, detectable: detectable,
        reason: "a change below \(Format.percent(detectable)) could not have been seen")
    }
    return Judgement(verdict: .noChange, detectable: detectable, reason: nil)
  }
}

/// A verdict with the smallest change that could have been seen.
package struct Judgement: Hashable, Codable, Sendable {
  package let verdict: Verdict
  /// nil where the programs were started too few times to see any.
  package let detectable: Double?
  /// Why it is inconclusive.
  package let reason: String?

  package init(verdict: Verdict, detectable: Double?, reason: String?) {
    (self.verdict, self.detectable, self.reason) = (verdict, detectable, reason)
  }
}

/// The exit codes of the verbs that judge.
package enum GateExit {
  package static let pass: Int32 = 0
  package static let regression: Int32 = 2
  package static let inconclusive: Int32 = 3

  /// That of several verdicts: any regression, else any that is inconclusive.
  package static func code(_ verdicts: some Sequence<Verdict>) -> Int32 {
    var code = pass
    for verdict in verdicts {
      if verdict == .regression { return regression }
      if verdict == .inconclusive { code = inconclusive }
    }
    return code
  }
}
