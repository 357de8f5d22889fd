#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Programs measured side by side: what to do for how long.
package struct SideBySidePlan: Hashable, Codable, Sendable {
  /// How often the programs are started anew.
  package var lives: Int
  /// Nanoseconds that a sample takes at least.
  package var sampleNanoseconds: Double
  /// Nanoseconds for all cases and lives together; slow cases, which take more than their share, can make it a sixth more.
  package var totalNanoseconds: Double
  /// Blocks of a case in a life, at most.
  package var blocks: Int

  package init(lives: Int, sampleNanoseconds: Double, totalNanoseconds: Double, blocks: Int) {
    precondition(
      lives >= 1 && sampleNanoseconds > 0 && totalNanoseconds > 0 && blocks >= 1, "SideBySidePlan: must be positive")
    self.lives = lives
    self.sampleNanoseconds = sampleNanoseconds
    self.totalNanoseconds = totalNanoseconds
    self.blocks = blocks
  }

  /// Lives, however long they take: fewer would leave Student's test with little to find.
  package var fewestLives: Int { min(lives, 8) }
  package var longestNanoseconds: Double { 7.0 / 6 * totalNanoseconds }

  package static let full = SideBySidePlan(lives: 12, sampleNanoseconds: 1.5e5, totalNanoseconds: 200e9, blocks: 1000)
  package static let quick = SideBySidePlan(lives: 8, sampleNanoseconds: 1.5e5, totalNanoseconds: 60e9, blocks: 1000)
}

/// A program under comparison, and how much slower than it is it shall be made, in percent: a difference of known size.
package struct Arm: Hashable, Codable, Sendable {
  package let name: String
  package let path: String
  package let slowdown: Double

  package init(name: String, path: String, slowdown: Double = 0) {
    (self.name, self.path, self.slowdown) = (name, path, slowdown)
  }
}

/// What was measured of one case in several programs.
package struct ArmSamples: Sendable {
  package let name: String
  /// By arm: nanoseconds of a call, one a block, the lives one after the other.
  package var nanoseconds: [[Double]]
  /// Blocks of each life.
  package var blocks: [Int] = []
  /// By arm: exact figures per call.
  package var counts: [[MetricName: Double]]
  /// Nanoseconds that a block took on average, in the last life.
  package var blockNanoseconds = 0.0
  /// Samples that were taken again since the scheduler had given the CPU to somebody else.
  package var repeated = 0

  package init(name: String, arms: Int) {
    self.name = name
    nanoseconds = Array(repeating: [], count: arms)
    counts = Array(repeating: [:], count: arms)
  }

  /// Log-ratios of an arm to the mean of the `reference` arms, block by block.
  package func ratios(of arm: Int, to reference: [Int]) -> PairedBlocks {
    var result = PairedBlocks()
    var start = 0
    for count in blocks {
      result.append(
        life: (start..<start + count).map { block in
          let base = reference.reduce(0) { $0 + log(nanoseconds[$1][block]) } / Double(reference.count)
          return log(nanoseconds[arm][block]) - base
        })
      start += count
    }
    return result
  }
}

/// Measures programs side by side, in processes of their own, on one CPU, one at a time.
///
/// A block samples every arm twice, in a random order and back again (A B C C B A), so that whatever drifts in one direction
/// falls on all alike; of an arm's two samples the shorter one counts, since whatever disturbs makes longer. Samples are short, so
/// that what comes and goes, such as a neighbour on the same core, is the same for a block. A call that is slow is sampled once.
package struct SideBySide {
  private let arms: [Arm]
  private let plan: SideBySidePlan
  private let arguments: [String]
  private var random: SplitMix64

  package init(arms: [Arm], plan: SideBySidePlan, arguments: [String] = [], seed: UInt64) {
    precondition(arms.count >= 2, "SideBySide: there must be two arms")
    self.arms = arms
    self.plan = plan
    self.arguments = arguments
    random = SplitMix64(seed: seed)
  }

  /// The samples of `cases`, in their order; where the user interrupts, of those that have a block.
  package mutating func run(
    _ cases: [String], progress: (Runner.Progress) -> Void = { _ in }
  ) throws(BenchError) -> [ArmSamples] {
    var results = cases.map { ArmSamples(name: $0, arms: arms.count) }
    var sizes = [SampleSize?](repeating: nil, count: cases.count)
    let start = Double(Clock.nanoseconds)
    // Of a life with one block of each case.
    var shortestLife = 0.0
    for life in 0..<plan.lives where !Interruption.isRequested {
      let least = Double(Clock.nanoseconds) - start + shortestLife
      if life >= plan.fewestLives && least > plan.longestNanoseconds { break }
      shortestLife = 0
      let workers = try startWorkers()
      let needs = TimeSharing.needs(results)
      let order = cases.indices.shuffled(using: &random)
      for (visit, index) in order.enumerated() where !Interruption.isRequested {
        let left = max(0, plan.totalNanoseconds - (Double(Clock.nanoseconds) - start))
        progress(
          Runner.Progress(text: "life \(life + 1) of \(plan.lives): \(cases[index])", nanosecondsLeft: left))
        let unvisited = order[visit...].reduce(0) { $0 + needs[$1] }
        let share = needs[index] / (unvisited + Double((plan.lives - life - 1) * cases.count))
        let begin = Double(Clock.nanoseconds)
        for worker in workers { try worker.prepare(cases[index]) }
        if life == 0 {
          for (arm, worker) in workers.enumerated() { results[index].counts[arm] = try worker.count(calls: 2) }
        }
        if sizes[index] == nil { sizes[index] = try sampleSize(workers[0]) }
        guard let size = sizes[index] else { continue }
        let blocksBegin = Double(Clock.nanoseconds)
        var blocks = 0
        repeat {
          try block(workers, size, into: &results[index])
          if blocks == 0 { shortestLife += Double(Clock.nanoseconds) - begin }
          blocks += 1
        } while blocks < plan.blocks && Double(Clock.nanoseconds) - begin < left * share && !Interruption.isRequested
        results[index].blocks.append(blocks)
        results[index].blockNanoseconds = (Double(Clock.nanoseconds) - blocksBegin) / Double(blocks)
      }
    }
    return results.filter { !$0.blocks.isEmpty }
  }

  /// The workers, in the order of the arms; started in a random one.
  private mutating func startWorkers() throws(BenchError) -> [WorkerProcess] {
    var workers: [Int: WorkerProcess] = [:]
    for index in arms.indices.shuffled(using: &random) {
      var arguments = arguments
      if arms[index].slowdown > 0 { arguments += ["--inject-slowdown", "\(arms[index].slowdown)"] }
      workers[index] = try WorkerProcess(path: arms[index].path, arguments: arguments)
    }
    return arms.indices.compactMap { workers[$0] }
  }

  /// What a sample is.
  private struct SampleSize {
    let iterations: Int
    /// So slow that twice in a block takes too long, and that its caches are warm after a small part of a call.
    let isSlow: Bool
  }

  private func sampleSize(_ worker: WorkerProcess) throws(BenchError) -> SampleSize {
    do {
      let calibration = try Calibration(target: plan.sampleNanoseconds) { iterations in
        try worker.sample(iterations: iterations, warmUps: 0).nanoseconds
      }
      return SampleSize(
        iterations: calibration.iterations,
        isSlow: calibration.iterations == 1 && calibration.nanoseconds > 20 * plan.sampleNanoseconds)
    } catch {
      throw error as? BenchError ?? BenchError("\(error)")
    }
  }

  private mutating func block(
    _ workers: [WorkerProcess], _ size: SampleSize, into samples: inout ArmSamples
  ) throws(BenchError) {
    let once = workers.indices.shuffled(using: &random)
    var times = [Double](repeating: .infinity, count: workers.count)
    for index in size.isSlow ? once : once + once.reversed() {
      let warmUps = size.isSlow ? 0 : max(1, size.iterations / 8)
      var sample = try workers[index].sample(iterations: size.iterations, warmUps: warmUps)
      // Twice at most: on a busy machine there may be no undisturbed sample.
      for _ in 0..<2 where sample.switches > 0 && !size.isSlow {
        samples.repeated += 1
        let again = try workers[index].sample(iterations: size.iterations, warmUps: 1)
        if again.nanoseconds < sample.nanoseconds || again.switches == 0 { sample = again }
      }
      times[index] = min(times[index], sample.nanoseconds / Double(size.iterations))
    }
    for index in workers.indices { samples.nanoseconds[index].append(times[index]) }
  }
}

/// How cases share time, so that all are known about equally well.
private enum TimeSharing {
  /// By case, 1 on average: the time for the same standard error, which is the variance of a block times what a block takes;
  /// between a quarter and four times the average, and 1 for all before anything is known.
  static func needs(_ samples: [ArmSamples]) -> [Double] {
    let times = samples.map { item -> Double in
      let blocks = item.ratios(of: item.nanoseconds.count - 1, to: [0]).lives.flatMap { $0 }
      guard blocks.count >= 3 else { return 0 }
      let deviation = Summary(blocks).mad
      return deviation * deviation * item.blockNanoseconds
    }
    let average = times.reduce(0, +) / Double(times.count)
    guard average > 0 else { return samples.map { _ in 1 } }
    let needs = times.map { $0 == 0 ? 1 : min(4, max(0.25, $0 / average)) }
    let sum = needs.reduce(0, +)
    return needs.map { $0 * Double(needs.count) / sum }
  }
}
