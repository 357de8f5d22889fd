/// Contenders side by side that know how often to run in a sample, and their samples so far.
package final class Sampling {
  package let contenders: [Contender]
  /// Nanoseconds of a round: one sample of every contender.
  package let roundNanoseconds: Double
  /// By contender: iterations that are run before a sample, unmeasured, and those of the sample.
  private let turns: [(warmUp: Int, measured: Int)]
  private let overhead: LoopOverhead
  /// By contender, then by round; each per iteration.
  private var times: [[Double]]

  /// Calibrates every contender.
  ///
  /// - Throws: what a contender throws.
  package init(_ contenders: [Contender], plan: Plan, overhead: LoopOverhead) throws {
    precondition(!contenders.isEmpty, "Sampling: there must be at least one contender")
    let calibrations = try contenders.map { contender in
      try Calibration(target: plan.sampleNanoseconds) { iterations in
        try Clock.time { try contender.body(iterations) }
      }
    }
    let turns = calibrations.map { (warmUp: Self.warmUp($0), measured: $0.iterations) }
    self.contenders = contenders
    self.overhead = overhead
    self.turns = turns
    roundNanoseconds = zip(calibrations, turns).reduce(0) { sum, item in
      let (calibration, turn) = item
      return sum + calibration.nanoseconds * Double(turn.warmUp + turn.measured) / Double(turn.measured)
    }
    times = contenders.map { _ in [] }
  }

  /// Others had the caches and the branch predictor meanwhile: a sixteenth of a sample where that has many calls, one call
  /// where it has a few, none where a call takes more than 20 ms and warms up by itself.
  private static func warmUp(_ calibration: Calibration) -> Int {
    calibration.nanoseconds > 20e6 * Double(calibration.iterations) ? 0 : max(1, calibration.iterations / 16)
  }

  /// Rounds that every contender was sampled in.
  package var rounds: Int { times.map(\.count).min() ?? 0 }

  /// A round: one sample of each contender, in random order.
  package func sample(using random: inout some RandomNumberGenerator) throws {
    for index in contenders.indices.shuffled(using: &random) {
      let (contender, turn) = (contenders[index], turns[index])
      if turn.warmUp > 0 { try contender.body(turn.warmUp) }
      let elapsed = try Clock.time { try contender.body(turn.measured) }
      let overhead = overhead[contender.loop]
      // Never below the resolution of what is taken off: a kernel cannot take no time.
      times[index].append(max(elapsed / Double(turn.measured) - overhead, overhead / 10, .leastNormalMagnitude))
    }
  }

  /// What was sampled so far, in the rounds that all contenders have; in the order of the contenders.
  package var samples: [Samples] {
    contenders.indices.map { index in
      Samples(
        name: contenders[index].name, role: contenders[index].role, work: contenders[index].work,
        iterations: turns[index].measured, nanoseconds: Array(times[index].prefix(rounds)))
    }
  }

  /// The meters' figures for each contender, counted in passes of their own; none for a ceiling.
  package func count(_ meters: [any Meter]) throws -> [[NamedMetric]] {
    try contenders.indices.map { index in
      if contenders[index].role == .ceiling { return [] }
      let calls = min(turns[index].measured, 100)
      // Of a peer it is of interest what it allocates; the rest takes many calls, and is of the kernel.
      let wanted = contenders[index].role == .peer ? meters.filter { $0 is AllocationMeter } : meters
      return try wanted.flatMap { try $0.perCall(calls, contenders[index].body) }
    }
  }

  /// Samples `contenders` alone, for as many rounds as the plan has.
  package static func sideBySide(
    _ contenders: [Contender], plan: Plan, overhead: LoopOverhead = .none, seed: UInt64
  ) throws -> [Samples] {
    let sampling = try Sampling(contenders, plan: plan, overhead: overhead)
    var random = SplitMix64(seed: seed)
    for _ in 0..<plan.rounds(roundNanoseconds: sampling.roundNanoseconds) { try sampling.sample(using: &random) }
    return sampling.samples
  }
}
