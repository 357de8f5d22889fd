/// What `functions` measured: functions of this package beside the same ones in other languages, through their runtime API.
package struct FunctionsReport: Document, Hashable, Sendable {
  package static let format = "kernel-bench functions"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  package let prices: Prices
  /// The share of invocations that find no process waiting, 0 to 1.
  package let coldRate: Double
  package let samples: ServedSamples

  // Computed from the samples, also when a file is read.
  package let workloads: [ServedWorkload]

  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, prices: Prices, coldRate: Double,
    samples: ServedSamples
  ) {
    (self.started, self.machine, self.build) = (started, machine, build)
    (self.prices, self.coldRate, self.samples) = (prices, coldRate, samples)
    workloads = samples.workloads.map { ServedWorkload($0, prices: prices, coldRate: coldRate) }
  }

  /// Invocations that failed, and answers that differ, in a sentence; nil where there are none.
  package var failure: BenchError? {
    let failures = workloads.flatMap { workload in
      workload.runtimes.compactMap { runtime -> String? in
        let name = "\(workload.name) of \(runtime.runtime)"
        if let error = runtime.invoked.invocations.firstError {
          return "\(name): \(runtime.invoked.invocations.errors) invocations failed, the first with: \(error)"
        }
        return runtime.answer.hasPrefix("differs") ? "\(name) \(runtime.answer)" : nil
      }
    }
    return failures.isEmpty ? nil : BenchError(failures.joined(separator: "; "))
  }

  private enum CodingKeys: CodingKey {
    case started, machine, build, prices, coldRate, samples, workloads
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let samples = try container.decode(ServedSamples.self, forKey: .samples)
    guard samples.isSound else { throw BenchError("damaged: it has samples that make no sense; write it anew") }
    self.init(
      started: try container.decode(Int.self, forKey: .started),
      machine: try container.decode(MachineDescription.self, forKey: .machine),
      build: try container.decode(BuildDescription.self, forKey: .build),
      prices: try container.decode(Prices.self, forKey: .prices),
      coldRate: try container.decode(Double.self, forKey: .coldRate), samples: samples)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(started, forKey: .started)
    try container.encode(machine, forKey: .machine)
    try container.encode(build, forKey: .build)
    try container.encode(prices, forKey: .prices)
    try container.encode(coldRate, forKey: .coldRate)
    try container.encode(samples, forKey: .samples)
    try container.encode(workloads, forKey: .workloads)
  }
}

/// A workload, and what is made of its samples.
package struct ServedWorkload: Hashable, Encodable, Sendable {
  package let name: String
  package let description: String
  /// The kernels first.
  package let runtimes: [ServedRuntime]

  init(_ samples: ServedSamples.Workload, prices: Prices, coldRate: Double) {
    (name, description) = (samples.name, samples.description)
    let own = samples.runtimes.first
    runtimes = samples.runtimes.map { runtime in
      ServedRuntime(runtime, of: samples, beside: own ?? runtime, prices: prices, coldRate: coldRate)
    }
  }
}

/// A runtime at a workload.
package struct ServedRuntime: Hashable, Encodable, Sendable {
  package let runtime: String
  /// Raw and filtered, errors, drift; its row is the runtime.
  package let invoked: InvokeResult
  /// The median of the last tenth of the invocations.
  package let steady: Metric
  /// From exec to the first request for an event.
  package let start: Phase
  /// How much longer it is, at the median, than that of a function with nothing in it.
  package let startBeyondLoop: Metric
  /// Bytes: the most memory before the first event, and after the last one.
  package let peakIdle, peak: Metric
  package let answer: String
  /// Of pauses for the collection of garbage; nil where there is no such thing.
  package let pauses: Phase?
  package let sizes: [ServedSize]
  /// nil where every invocation failed.
  package let cost: CostResult?
  /// Its figures over those of the kernels.
  package let median, p99, memory: Metric

  init(
    _ samples: ServedSamples.Runtime, of workload: ServedSamples.Workload, beside own: ServedSamples.Runtime,
    prices: Prices, coldRate: Double
  ) {
    func bytes(_ kibibytes: Double) -> Metric {
      kibibytes > 0
        ? .value(1024 * kibibytes, unit: "B", source: .measured)
        : .unavailable(reason: "the system did not say how much memory it had")
    }
    runtime = samples.runtime
    answer = samples.answer
    (peakIdle, peak) = (bytes(samples.peakIdleKiB), bytes(samples.peakKiB))
    invoked = InvokeResult(
      name: workload.name, row: samples.runtime, parameters: [], invocations: samples.invocations,
      highWaterMark: peak, highWaterGrowth: peak.minus(peakIdle))
    let times = samples.invocations.nanoseconds
    let none: Metric = .unavailable(reason: "every invocation failed")
    steady =
      times.isEmpty
      ? none : .value(Summary(times.suffix(max(1, times.count / 10))).median, unit: "ns", source: .measured)
    start = Phase("exec to first request", samples.starts, unit: "ns", orElse: "no start was measured")
    startBeyondLoop =
      samples.starts.isEmpty || workload.loopStarts.isEmpty
      ? .unavailable(reason: "no starts of the loop alone were measured")
      : .value(
        Summary(samples.starts).median - Summary(workload.loopStarts).median, unit: "ns", source: .derived)
    pauses = samples.collections.map { collections in
      Phase(
        "pauses", collections.milliseconds.map { 1e6 * $0 }, unit: "ns",
        orElse: "none in \(collections.invocations) invocations")
    }
    sizes = samples.sizes.map(ServedSize.init)
    cost =
      times.isEmpty
      ? nil
      : CostResult(
        name: workload.name, row: samples.runtime, nanoseconds: times, highWaterMark: peak,
        initialisation: start.distribution?.median ?? .unavailable(reason: "no start was measured"),
        starts: samples.starts.count, prices: prices, coldRate: coldRate, calls: 1)

    func ratio(_ figure: (ServedSamples.Runtime) -> Double?) -> Metric {
      guard let mine = figure(samples), let theirs = figure(own), theirs > 0 else { return none }
      return .value(mine / theirs, unit: "x", source: .derived)
    }
    func percentile(_ percent: Double) -> (ServedSamples.Runtime) -> Double? {
      { runtime in
        let sorted = runtime.invocations.nanoseconds.sorted()
        return sorted.isEmpty ? nil : Summary.percentile(percent, ofSorted: sorted)
      }
    }
    median = ratio(percentile(50))
    p99 = ratio(percentile(99))
    memory = ratio { $0.peakKiB > 0 ? $0.peakKiB : nil }
  }
}

/// A share of a CPU, and what it makes of the time.
package struct ServedSize: Hashable, Encodable, Sendable {
  package let megabytes: Int
  /// Of an invocation, and from exec to the first request, which here goes through a shell.
  package let duration, start: Phase

  init(_ samples: ServedSamples.Size) {
    megabytes = samples.megabytes
    let reason = samples.unavailable ?? "not measured"
    duration = Phase("duration", samples.nanoseconds ?? [], unit: "ns", orElse: reason)
    start = Phase("start", samples.start.map { [$0] } ?? [], unit: "ns", orElse: reason)
  }
}
