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
  /// Nanoseconds for all cases together, which they share where there are many.
  package var totalNanoseconds: Double

  package init(
    sampleNanoseconds: Double, minimumRounds: Int, maximumRounds: Int, caseNanoseconds: Double,
    totalNanoseconds: Double = .greatestFiniteMagnitude
  ) {
    precondition(
      sampleNanoseconds > 0 && caseNanoseconds > 0 && totalNanoseconds > 0, "Plan: times must be positive")
    precondition(1...maximumRounds ~= minimumRounds, "Plan: rounds must be positive and in order")
    self.sampleNanoseconds = sampleNanoseconds
    self.minimumRounds = minimumRounds
    self.maximumRounds = maximumRounds
    self.caseNanoseconds = caseNanoseconds
    self.totalNanoseconds = totalNanoseconds
  }

  package static let full = Plan(
    sampleNanoseconds: 1_000_000, minimumRounds: 9, maximumRounds: 151, caseNanoseconds: 1_500_000_000,
    totalNanoseconds: 600e9)
  package static let quick = Plan(
    sampleNanoseconds: 200_000, minimumRounds: 3, maximumRounds: 51, caseNanoseconds: 250_000_000,
    totalNanoseconds: 30e9)

  /// The plan of each of `cases` cases that are measured together.
  package func sharing(_ cases: Int) -> Plan {
    var plan = self
    plan.caseNanoseconds = min(caseNanoseconds, totalNanoseconds / Double(max(1, cases)))
    return plan
  }

  /// Files of before the total was a part of a plan have none.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    sampleNanoseconds = try container.decode(Double.self, forKey: .sampleNanoseconds)
    minimumRounds = try container.decode(Int.self, forKey: .minimumRounds)
    maximumRounds = try container.decode(Int.self, forKey: .maximumRounds)
    caseNanoseconds = try container.decode(Double.self, forKey: .caseNanoseconds)
    totalNanoseconds =
      try container.decodeIfPresent(Double.self, forKey: .totalNanoseconds) ?? .greatestFiniteMagnitude
  }

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
  package init(target: Double, time: (Int) throws -> Double) rethrows {
    precondition(target > 0, "Calibration: target must be positive")
    let most = 1 << 40
    var iterations = 1
    _ = try time(1)
    while true {
      var elapsed = try time(iterations)
      // Once more where it seems enough: the first time may have been interrupted, and then it is not.
      if elapsed >= target && elapsed < 16 * target { elapsed = try min(elapsed, time(iterations)) }
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
