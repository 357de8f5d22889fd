/// Samples contenders side by side: in every round each one once, in random order, so that drift of clock frequency and
/// of the neighbours on a shared host falls on all alike and cancels in a ratio of the same round.
package struct Sampler {
  package let plan: Plan
  /// Nanoseconds per iteration of the loop around a kernel or a peer, taken off.
  package let loopOverhead: Double
  private var random: SplitMix64

  package init(plan: Plan, loopOverhead: Double, seed: UInt64) {
    self.plan = plan
    self.loopOverhead = loopOverhead
    self.random = SplitMix64(seed: seed)
  }

  /// Calibrates, then samples. Results are in the order of `contenders`; sample i of each is of round i.
  package mutating func sample(_ contenders: [Contender]) -> [Samples] {
    precondition(!contenders.isEmpty, "Sampler: there must be at least one contender")
    let calibrations = contenders.map { contender in
      Calibration(target: plan.sampleNanoseconds) { iterations in Clock.time { contender.body(iterations) } }
    }
    let rounds = plan.rounds(roundNanoseconds: calibrations.reduce(0) { $0 + $1.nanoseconds })

    var times = contenders.map { _ in [Double](repeating: 0, count: rounds) }
    var order = Array(contenders.indices)
    for round in 0..<rounds {
      order.shuffle(using: &random)
      for index in order {
        let iterations = calibrations[index].iterations
        let elapsed = Clock.time { contenders[index].body(iterations) }
        let overhead = contenders[index].role == .ceiling ? 0 : loopOverhead
        // Never below the resolution of what is taken off: a kernel cannot take no time.
        times[index][round] = max(elapsed / Double(iterations) - overhead, overhead / 10, .leastNormalMagnitude)
      }
    }
    return contenders.indices.map { index in
      Samples(
        name: contenders[index].name, role: contenders[index].role, work: contenders[index].work,
        iterations: calibrations[index].iterations, nanoseconds: times[index])
    }
  }
}

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
  package func speedRatio(to other: Samples) -> Summary {
    precondition(nanoseconds.count == other.nanoseconds.count, "speedRatio: rounds must be the same")
    return Summary(zip(speeds, other.speeds).map { $0 / $1 })
  }
}
