package import Kernels

/// Measures cases side by side: rounds of all of them in random order, in each round every contender once, in random order.
/// Drift of clock frequency and of the neighbours on a shared host falls on all alike, and cancels in a ratio of one round.
package struct Runner {
  package let plan: Plan
  package let overhead: LoopOverhead
  /// What the user masks.
  package let masked: CPUFeatures
  package let meters: [any Meter]
  private var random: SplitMix64

  package init(plan: Plan, overhead: LoopOverhead, masked: CPUFeatures = [], meters: [any Meter] = [], seed: UInt64) {
    self.plan = plan
    self.overhead = overhead
    self.masked = masked
    self.meters = meters
    self.random = SplitMix64(seed: seed)
  }

  /// How far a run is.
  package struct Progress {
    package let text: String
    /// Nanoseconds that are left at a guess; nil while cases are made ready.
    package let nanosecondsLeft: Double?

    package init(text: String, nanosecondsLeft: Double?) {
      (self.text, self.nanosecondsLeft) = (text, nanosecondsLeft)
    }
  }

  /// Cases whose memory is held at the same time, in bytes of working set: those of one group are interleaved.
  package static let groupBytes = 2 << 30

  /// - Parameter progress: called before each step.
  /// - Returns: the results of the cases in their order. Where the user interrupts, of those that have a round.
  /// - Throws: what a case throws, with the case's name.
  package mutating func run(
    _ cases: [BenchmarkCase], progress: (Progress) -> Void = { _ in }
  ) throws(BenchError) -> [CaseResult] {
    let plan = plan.sharing(cases.count)
    var results: [CaseResult] = []
    var group: [BenchmarkCase] = []
    var bytes = 0
    for benchmark in cases {
      let size = benchmark.workingSet ?? 0
      if !group.isEmpty && bytes + size > Self.groupBytes {
        results += try run(group: group, plan, progress)
        (group, bytes) = ([], 0)
      }
      group.append(benchmark)
      bytes += size
    }
    results += try run(group: group, plan, progress)
    return results
  }

  private mutating func run(
    group: [BenchmarkCase], _ plan: Plan, _ progress: (Progress) -> Void
  ) throws(BenchError) -> [CaseResult] {
    var mask = FeatureMask(masked)
    defer { mask.set(masked) }
    var prepared: [(benchmark: BenchmarkCase, sampling: Sampling)] = []
    for (index, benchmark) in group.enumerated() where !Interruption.isRequested {
      progress(Progress(text: "preparing \(index + 1) of \(group.count): \(benchmark.name)", nanosecondsLeft: nil))
      mask.set(masked.union(benchmark.disabled))
      prepared.append((benchmark, try benchmark.attempt { try benchmark.sampling(plan, overhead) }))
    }

    // One token a round.
    var tokens: [Int] = []
    for (index, item) in prepared.enumerated() {
      tokens += Array(repeating: index, count: plan.rounds(roundNanoseconds: item.sampling.roundNanoseconds))
    }
    tokens.shuffle(using: &random)
    var left = tokens.reduce(0) { $0 + prepared[$1].sampling.roundNanoseconds }
    for (index, token) in tokens.enumerated() where !Interruption.isRequested {
      let (benchmark, sampling) = prepared[token]
      progress(Progress(text: "round \(index + 1) of \(tokens.count): \(benchmark.name)", nanosecondsLeft: left))
      mask.set(masked.union(benchmark.disabled))
      try benchmark.attempt { try sampling.sample(using: &random) }
      left -= sampling.roundNanoseconds
    }

    var results: [CaseResult] = []
    for (benchmark, sampling) in prepared where sampling.rounds > 0 {
      var metrics: [[NamedMetric]] = sampling.contenders.map { _ in [] }
      if !Interruption.isRequested {
        progress(Progress(text: "counting: \(benchmark.name)", nanosecondsLeft: 0))
        mask.set(masked.union(benchmark.disabled))
        metrics = try benchmark.attempt { try sampling.count(meters) }
      }
      results.append(CaseResult(benchmark, samples: sampling.samples, metrics: metrics))
    }
    return results
  }
}

extension BenchmarkCase {
  /// The contenders, with the machine's limit among them, ready to be sampled.
  package func sampling(_ plan: Plan, _ overhead: LoopOverhead) throws -> Sampling {
    var contenders = try prepare()
    switch ceiling {
    case .loop(let ceiling): contenders.append(ceiling.contender)
    case .reading(let bytes):
      let memory = try WorkingSet(bytes: max(1, (bytes + 1023) / 1024) * 1024)
      contenders.append(MemoryCeilings.reading(memory, work: contenders[0].work))
    case .copying(let bytes):
      let memory = try WorkingSet(bytes: max(1, (bytes + 1023) / 1024) * 2048)
      contenders.append(MemoryCeilings.copying(memory, work: contenders[0].work))
    case .none: break
    }
    return try Sampling(contenders, plan: plan, overhead: overhead)
  }

  /// What `body` gives, or what it throws, with the case's name.
  package func attempt<Result>(_ body: () throws -> Result) throws(BenchError) -> Result {
    do {
      return try body()
    } catch let error as BenchError {
      throw error
    } catch {
      throw BenchError("\(name) failed: \(error)")
    }
  }
}

/// The process's mask of features; asking the CPU anew costs some microseconds, so only where it changes.
private struct FeatureMask {
  private var current: CPUFeatures

  init(_ features: CPUFeatures) {
    current = features
    CPUFeatures.disable(features)
  }

  mutating func set(_ features: CPUFeatures) {
    guard features != current else { return }
    current = features
    CPUFeatures.disable(features)
  }
}
