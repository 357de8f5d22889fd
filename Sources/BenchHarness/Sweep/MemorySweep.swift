/// The machine itself over the working set: how fast one core reads, and how long a load takes whose address the one before
/// gives.
package enum MemorySweep {
  /// Rounds over all sizes in random order. Others had the caches meanwhile, so that each sample comes after a pass over the
  /// whole working set that is not measured.
  ///
  /// - Parameters:
  ///   - workingSets: multiples of 1024 bytes.
  ///   - line: bytes of a cache line.
  ///   - progress: called with the round and how many there are.
  /// - Returns: read bandwidth and load latency; of those rounds that all sizes have, where the user interrupts.
  package static func curves(
    workingSets: [Int], caches: CacheTopology, line: Int, plan: Plan, seed: UInt64,
    progress: (_ round: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> [SweepReport.Curve] {
    var random = SplitMix64(seed: seed)
    let sizes = try workingSets.map { try Size(bytes: $0, line: line, plan: plan, random: &random) }
    let rounds = plan.rounds(roundNanoseconds: sizes.reduce(0) { $0 + $1.roundNanoseconds } / Double(sizes.count))
    for round in 0..<rounds where !Interruption.isRequested {
      progress(round, rounds)
      for index in sizes.indices.shuffled(using: &random) { try sizes[index].sample() }
    }
    func points(_ samples: (Size) -> [Double]) -> [SweepReport.Point] {
      sizes.filter { !samples($0).isEmpty }.map {
        .init(workingSet: $0.memory.bytes, size: $0.memory.bytes, samples: samples($0))
      }
    }
    return [
      .init(name: "read bandwidth", unit: "GB/s", points: points { $0.bandwidths }, caches: caches),
      .init(name: "load latency", unit: "ns", points: points { $0.latencies }, caches: caches),
    ]
  }

  private final class Size {
    let memory: WorkingSet
    private(set) var bandwidths: [Double] = []
    private(set) var latencies: [Double] = []
    private let read: Contender
    private let chase: Contender
    private let lines: Int
    private let reads: Calibration
    private let steps: Calibration
    let roundNanoseconds: Double

    init(bytes: Int, line: Int, plan: Plan, random: inout SplitMix64) throws {
      let memory = try WorkingSet(bytes: bytes)
      memory.makeChain(line: line, using: &random)
      let read = MemoryCeilings.reading(memory)
      let chase = MemoryCeilings.chasing(memory, steps: 1)
      let turn = try Clock.time { try chase.body(bytes / line) }
      let reads = try Calibration(target: plan.sampleNanoseconds) { count in try Clock.time { try read.body(count) } }
      let steps = try Calibration(target: plan.sampleNanoseconds) { count in try Clock.time { try chase.body(count) } }
      roundNanoseconds = turn + 2 * reads.nanoseconds + steps.nanoseconds
      lines = bytes / line
      (self.memory, self.read, self.chase, self.reads, self.steps) = (memory, read, chase, reads, steps)
    }

    func sample() throws {
      // Reading and chasing leave the same lines in the caches, so that the order between both does not matter.
      try read.body(1)
      let reading = try Clock.time { try read.body(reads.iterations) }
      bandwidths.append(Double(memory.bytes) * Double(reads.iterations) / reading)
      try chase.body(lines)
      let chasing = try Clock.time { try chase.body(steps.iterations) }
      latencies.append(chasing / Double(steps.iterations))
    }
  }
}
