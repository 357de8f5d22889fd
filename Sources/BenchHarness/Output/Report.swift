/// What a run measured, and on what: the model that every output format and every comparison reads.
///
/// Version 2 has metrics by name, a series and a size; version 1 had a field for each metric.
package struct Report: Document, Hashable, Sendable {
  package static let format = "kernel-bench run"
  package static let version = 2

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  /// Of the sources around the working directory; nil where there is none.
  package var commit: String?
  package let options: Options
  package let plan: Plan
  /// Nanoseconds, taken off every iteration of kernels and peers.
  package let loopOverhead: LoopOverhead
  package let peers: [Peer]
  package var cases: [CaseResult]
  /// The user interrupted: cases may be missing, and have fewer rounds than planned.
  package var isPartial: Bool

  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, commit: String? = nil, options: Options,
    plan: Plan,
    loopOverhead: LoopOverhead, peers: [Peer], cases: [CaseResult], isPartial: Bool = false
  ) {
    self.started = started
    self.machine = machine
    self.build = build
    self.commit = commit
    self.options = options
    self.plan = plan
    self.loopOverhead = loopOverhead
    self.peers = peers
    self.cases = cases
    self.isPartial = isPartial
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
}

/// What was measured of one case.
package struct CaseResult: Hashable, Sendable {
  package let name: String
  package let series: String
  package let size: Int
  package let parameters: [BenchmarkCase.Parameter]
  package let unit: BenchmarkCase.Unit
  package let row: String
  /// Bytes that a call touches at least once.
  package let workingSet: Int?
  /// The kernel, then the peers, then the ceiling where there is one.
  package var contenders: [ContenderResult]

  package var kernel: ContenderResult? { contenders.first { $0.samples.role == .kernel } }
  package var peers: [ContenderResult] { contenders.filter { $0.samples.role == .peer } }
  package var ceiling: ContenderResult? { contenders.first { $0.samples.role == .ceiling } }
}

/// The samples of one contender, and the figures that they and the meters give.
package struct ContenderResult: Hashable, Sendable {
  package let samples: Samples
  /// Of nanoseconds per call.
  package let time: Summary
  /// Of the median time, by bootstrap, with a probability of 95 %.
  package let timeInterval: Interval
  /// Each name once, in the order of names.
  package private(set) var metrics: [NamedMetric]

  package init(samples: Samples, metrics: [NamedMetric]) {
    self.samples = samples
    self.metrics = metrics.sorted { $0.name.rawValue < $1.name.rawValue }
    time = samples.time
    timeInterval = Bootstrap.medianInterval(samples.nanoseconds)
  }

  /// Adds figures that were had in another way than the others.
  package mutating func add(_ more: [NamedMetric]) {
    let names = more.map(\.name)
    metrics = (metrics.filter { !names.contains($0.name) } + more).sorted { $0.name.rawValue < $1.name.rawValue }
  }

  package subscript(name: MetricName) -> Metric {
    metrics.first { $0.name == name }?.metric ?? .unavailable(reason: "\(name) was not measured")
  }
}

extension CaseResult {
  /// - Parameters:
  ///   - samples: the kernel first, one a round of each.
  ///   - metrics: what the meters counted, for each of `samples`.
  package init(_ benchmark: BenchmarkCase, samples: [Samples], metrics: [[NamedMetric]]) {
    let kernel = samples[0]
    let ceiling = samples.first { $0.role == .ceiling }
    name = benchmark.name
    series = benchmark.series
    size = benchmark.size
    parameters = benchmark.parameters
    unit = benchmark.unit
    row = benchmark.row
    workingSet = benchmark.workingSet
    contenders = zip(samples, metrics).map { samples, counted in
      let median = samples.time.median
      var metrics = [
        NamedMetric(.time, .value(median, unit: "ns", source: .measured)),
        NamedMetric(
          .throughput, .value(samples.work / median, unit: benchmark.unit.rawValue, source: .derived)),
      ]
      if samples.role != .ceiling {
        metrics.append(NamedMetric(.percentOfCeiling, benchmark.percent(of: ceiling, samples)))
      }
      if samples.role == .peer {
        let ratio = Summary(kernel.speedRatios(to: samples)).median
        metrics.append(NamedMetric(.kernelSpeedRatio, .value(ratio, unit: "x", source: .derived)))
      }
      return ContenderResult(samples: samples, metrics: metrics + counted)
    }
  }
}

extension BenchmarkCase {
  fileprivate func percent(of ceiling: Samples?, _ samples: Samples) -> Metric {
    if let ceiling {
      return .value(100 * Summary(samples.speedRatios(to: ceiling)).median, unit: "%", source: .derived)
    }
    if case .none(let reason) = self.ceiling { return .unavailable(reason: reason) }
    return .unavailable(reason: "the ceiling was not sampled")
  }
}
