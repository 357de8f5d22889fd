/// What was sampled of one contender.
package struct Samples: Hashable, Codable, Sendable {
  package let name: String
  package let role: Contender.Role
  /// Units of work per iteration.
  package let work: Double
  /// Iterations that each sample is the mean of.
  package let iterations: Int
  /// Per iteration, one a round.
  package let nanoseconds: [Double]

  package init(name: String, role: Contender.Role, work: Double, iterations: Int, nanoseconds: [Double]) {
    (self.name, self.role, self.work, self.iterations, self.nanoseconds) = (name, role, work, iterations, nanoseconds)
  }

  package var time: Summary { Summary(nanoseconds) }

  /// Units of work per nanosecond, which is 10^9 a second, one a round.
  package var speeds: [Double] { nanoseconds.map { work / $0 } }

  /// How many times as fast as `other` this is, round by round. The same rounds, so that drift cancels.
  package func speedRatios(to other: Samples) -> [Double] {
    precondition(nanoseconds.count == other.nanoseconds.count, "speedRatios: rounds must be the same")
    return zip(speeds, other.speeds).map { $0 / $1 }
  }
}
