/// How long to measure.
package struct Plan: Hashable, Codable, Sendable {
  /// Nanoseconds that a sample takes at least: many times the clock's own cost and resolution.
  package var sampleNanoseconds: Double
  /// Rounds, each with one sample of every contender: no fewer than the first, no more than the last, and between them
  /// until the case's time is spent.
  package var minimumRounds: Int
  package var maximumRounds: Int
  /// Nanoseconds for a case with all its contenders.
  package var caseNanoseconds: Double

  package init(sampleNanoseconds: Double, minimumRounds: Int, maximumRounds: Int, caseNanoseconds: Double) {
    precondition(sampleNanoseconds > 0 && caseNanoseconds > 0, "Plan: times must be positive")
    precondition(1...maximumRounds ~= minimumRounds, "Plan: rounds must be positive and in order")
    self.sampleNanoseconds = sampleNanoseconds
    self.minimumRounds = minimumRounds
    self.maximumRounds = maximumRounds
    self.caseNanoseconds = caseNanoseconds
  }

  package static let full = Plan(
    sampleNanoseconds: 1_000_000, minimumRounds: 9, maximumRounds: 151, caseNanoseconds: 1_500_000_000)
  package static let quick = Plan(
    sampleNanoseconds: 200_000, minimumRounds: 5, maximumRounds: 51, caseNanoseconds: 250_000_000)

  /// Rounds that fit into the time of a case.
  package func rounds(roundNanoseconds: Double) -> Int {
    guard roundNanoseconds > 0 else { return maximumRounds }
    let fitting = caseNanoseconds / roundNanoseconds
    return fitting >= Double(maximumRounds) ? maximumRounds : max(minimumRounds, Int(fitting))
  }
}

/// Iterations of a sample, and what they took when last tried.
package struct Calibration: Hashable, Sendable {
  package let iterations: Int
  package let nanoseconds: Double

  /// Finds the iterations that take at least `target` nanoseconds: grows tenfold at most, aims a fifth above the target.
  ///
  /// The trials warm up caches, branch predictors, clock frequency, and whatever the contender does at its first call.
  ///
  /// - Parameter time: nanoseconds for a number of iterations.
  package init(target: Double, time: (Int) -> Double) {
    precondition(target > 0, "Calibration: target must be positive")
    let most = 1 << 40
    var iterations = 1
    _ = time(1)
    while true {
      var elapsed = time(iterations)
      // Once more where it seems enough: the first time may have been interrupted, and then it is not.
      if elapsed >= target && elapsed < 16 * target { elapsed = min(elapsed, time(iterations)) }
      if elapsed >= target || iterations >= most {
        self.iterations = iterations
        self.nanoseconds = elapsed
        return
      }
      let factor = min(10, max(1.2 * target / max(elapsed, 1), 1.1))
      iterations = min(most, Int((Double(iterations) * factor).rounded(.up)))
    }
  }
}
