/// What `kernel-bench run --json` writes: everything that was measured, and on what.
///
/// ``version`` grows when a field changes its meaning or goes; new fields come without.
package struct Report: Hashable, Codable, Sendable {
  package static let format = "kernel-bench run"
  package static let version = 1

  package var format = Self.format
  package var version = Self.version
  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  package let options: Options
  package let plan: Plan
  /// Taken off every iteration of kernels and peers.
  package let loopOverheadNanoseconds: Double
  package let peers: [Peer]
  package var cases: [CaseResult]

  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, options: Options, plan: Plan,
    loopOverheadNanoseconds: Double, peers: [Peer], cases: [CaseResult]
  ) {
    self.started = started
    self.machine = machine
    self.build = build
    self.options = options
    self.plan = plan
    self.loopOverheadNanoseconds = loopOverheadNanoseconds
    self.peers = peers
    self.cases = cases
  }

  package struct Options: Hashable, Codable, Sendable {
    package let filter: String?
    package let quick: Bool
    package let allRows: Bool
    /// Names of masked features, comma-separated.
    package let disabled: String
    package let input: String?
    package let seed: UInt64

    package init(filter: String?, quick: Bool, allRows: Bool, disabled: String, input: String?, seed: UInt64) {
      self.filter = filter
      self.quick = quick
      self.allRows = allRows
      self.disabled = disabled
      self.input = input
      self.seed = seed
    }
  }

  /// A library that cases are compared with.
  package struct Peer: Hashable, Codable, Sendable {
    package let name: String
    /// As the library says it; nil where it is absent.
    package let version: String?
    /// Where it was loaded from.
    package let library: String?
    /// Why it is absent and how to get it.
    package let absent: String?

    package init(name: String, version: String, library: String) {
      (self.name, self.version, self.library, self.absent) = (name, version, library, nil)
    }

    package init(name: String, absent: String) {
      (self.name, self.version, self.library, self.absent) = (name, nil, nil, absent)
    }
  }
}

/// What was measured of one case.
package struct CaseResult: Hashable, Codable, Sendable {
  package let name: String
  package let parameters: [BenchmarkCase.Parameter]
  package let unit: BenchmarkCase.Unit
  package let row: String
  /// The kernel, then the peers, then the ceiling where there is one.
  package let contenders: [ContenderResult]

  package var kernel: ContenderResult? { contenders.first { $0.samples.role == .kernel } }
  package var peers: [ContenderResult] { contenders.filter { $0.samples.role == .peer } }
  package var ceiling: ContenderResult? { contenders.first { $0.samples.role == .ceiling } }
}

/// The samples of one contender, and the figures that they and the allocation counter give.
package struct ContenderResult: Hashable, Codable, Sendable {
  package let samples: Samples
  package let time: Summary
  /// In the unit of the case.
  package let throughput: Metric
  /// Throughput over that of the ceiling in the same round, the median over rounds.
  package let percentOfCeiling: Metric
  /// How many times as fast as this peer the kernel is in the same round: median over rounds, and quartiles.
  package let kernelSpeedRatio: Metric
  package let kernelSpeedRatioQuartiles: [Double]?
  package let allocations: AllocationMetrics
}

extension CaseResult {
  /// - Parameters:
  ///   - samples: as ``Sampler/sample(_:)`` gives them: the kernel first.
  ///   - allocations: one for each of `samples`.
  package init(_ benchmark: BenchmarkCase, samples: [Samples], allocations: [AllocationMetrics]) {
    let kernel = samples[0]
    let ceiling = samples.first { $0.role == .ceiling }
    name = benchmark.name
    parameters = benchmark.parameters
    unit = benchmark.unit
    row = benchmark.row
    contenders = zip(samples, allocations).map { samples, allocations in
      let time = samples.time
      let ratio = samples.role == .peer ? kernel.speedRatio(to: samples) : nil
      return ContenderResult(
        samples: samples, time: time,
        throughput: .value(samples.work / time.median, unit: benchmark.unit.rawValue, source: .derived),
        percentOfCeiling: benchmark.percent(of: ceiling, samples),
        kernelSpeedRatio: ratio.map { .value($0.median, unit: "x", source: .derived) }
          ?? .unavailable(reason: "a ratio is of a kernel to a peer"),
        kernelSpeedRatioQuartiles: ratio.map { [$0.p25, $0.p75] }, allocations: allocations)
    }
  }
}

extension BenchmarkCase {
  fileprivate func percent(of ceiling: Samples?, _ samples: Samples) -> Metric {
    if samples.role == .ceiling { return .unavailable(reason: "this is the ceiling") }
    if let ceiling {
      return .value(100 * samples.speedRatio(to: ceiling).median, unit: "%", source: .derived)
    }
    if case .none(let reason) = self.ceiling { return .unavailable(reason: reason) }
    return .unavailable(reason: "the ceiling was not sampled")
  }
}
