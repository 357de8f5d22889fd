/// What `invoke` measured.
package struct InvokeReport: Document, Hashable, Sendable {
  package static let format = "kernel-bench invoke"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  /// Invocations asked for, of each case.
  package let count: Int
  /// Nanoseconds that a reading of the clock costs; they are in every time.
  package let clockNanoseconds: Double
  package let cases: [InvokeResult]
  /// The user interrupted: cases may be missing, and the last one may have fewer invocations.
  package let partial: Bool

  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, count: Int, clockNanoseconds: Double,
    cases: [InvokeResult], partial: Bool
  ) {
    (self.started, self.machine, self.build) = (started, machine, build)
    (self.count, self.clockNanoseconds) = (count, clockNanoseconds)
    (self.cases, self.partial) = (cases, partial)
  }

  /// What is told in the end where invocations failed.
  package var failure: BenchError? {
    cases.lazy.compactMap(\.failure).first
  }
}

/// The invocations of a case, and what is made of them.
package struct InvokeResult: Hashable, Sendable {
  package let name: String
  package let row: String
  package let parameters: [BenchmarkCase.Parameter]
  package let invocations: Invocations
  /// Bytes of physical memory, the most that the process ever had, and what of it came with the invocations.
  package let highWaterMark: Metric
  package let highWaterGrowth: Metric

  // Computed from the invocations, also when a file is read.
  package let raw: Phase
  package let filtered: Phase
  /// nil where every invocation failed.
  package let filter: InvocationFilter?
  /// nil where there are too few.
  package let drift: Drift?

  package init(
    name: String, row: String, parameters: [BenchmarkCase.Parameter], invocations: Invocations,
    highWaterMark: Metric, highWaterGrowth: Metric
  ) {
    (self.name, self.row, self.parameters, self.invocations) = (name, row, parameters, invocations)
    (self.highWaterMark, self.highWaterGrowth) = (highWaterMark, highWaterGrowth)
    let times = invocations.nanoseconds
    raw = Phase("raw", times, unit: "ns", orElse: "every invocation failed")
    if times.isEmpty {
      filtered = Phase("filtered", .unavailable(reason: "every invocation failed"))
      filter = nil
    } else {
      let (filter, kept) = InvocationFilter.apply(invocations)
      self.filter = filter
      filtered = Phase("filtered", kept, unit: "ns", orElse: "every invocation was set aside")
    }
    drift = Drift(times)
  }

  /// What is told where invocations failed.
  package var failure: BenchError? {
    invocations.firstError.map { message in
      BenchError(
        "\(name): \(invocations.errors) of \(invocations.count) invocations failed, the first with: \(message)")
    }
  }

  /// Nanoseconds of the invocation of a number, counted from 1 among those that did not fail.
  package func invocation(_ number: Int) -> Metric {
    let times = invocations.nanoseconds
    guard 1...max(1, times.count) ~= number, !times.isEmpty else {
      return .unavailable(reason: "there are \(times.count) invocations that did not fail")
    }
    return .value(times[number - 1], unit: "ns", source: .measured)
  }

  /// Invokes a case.
  ///
  /// - Parameters:
  ///   - benchmark: of a context with the kernel alone, or its first invocation will not be the first.
  ///   - progress: told the number of invocations done.
  /// - Throws: ``BenchError`` when the case cannot be prepared. What an invocation throws is counted.
  package static func measure(
    _ benchmark: BenchmarkCase, count: Int, progress: (Int) -> Void = { _ in }
  ) throws(BenchError) -> InvokeResult {
    let kernel = try benchmark.attempt { try benchmark.prepare()[0] }
    var recorder = InvocationRecorder(count: count)
    let before = ProcessMemory.highWaterMark
    recorder.record(kernel.body, progress: progress)
    let after = ProcessMemory.highWaterMark
    return InvokeResult(
      name: benchmark.name, row: benchmark.row, parameters: benchmark.parameters, invocations: recorder.invocations,
      highWaterMark: after, highWaterGrowth: after.minus(before))
  }
}

extension Metric {
  /// The difference of two figures of one unit; unavailable where either is.
  func minus(_ other: Metric) -> Metric {
    guard case .value(let a, let unit, _) = self else { return self }
    guard case .value(let b, _, _) = other else { return other }
    return .value(a - b, unit: unit, source: .derived)
  }
}

extension InvokeResult: Codable {
  private enum CodingKeys: CodingKey {
    case name, row, parameters, invocations, highWaterMark, highWaterGrowth
    case raw, filtered, filter, drift, first, hundredth, last
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .name)
    let invocations = try container.decode(Invocations.self, forKey: .invocations)
    let indices = invocations.nanoseconds.indices
    guard invocations.nanoseconds.allSatisfy({ $0 >= 0 && $0.isFinite }), invocations.errors >= 0,
      (invocations.switched + invocations.faulted).allSatisfy(indices.contains)
    else { throw BenchError("damaged: \(name) has invocations that make no sense; write it anew") }
    self.init(
      name: name, row: try container.decode(String.self, forKey: .row),
      parameters: try container.decode([BenchmarkCase.Parameter].self, forKey: .parameters), invocations: invocations,
      highWaterMark: try container.decode(Metric.self, forKey: .highWaterMark),
      highWaterGrowth: try container.decode(Metric.self, forKey: .highWaterGrowth))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(row, forKey: .row)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(invocations, forKey: .invocations)
    try container.encode(highWaterMark, forKey: .highWaterMark)
    try container.encode(highWaterGrowth, forKey: .highWaterGrowth)
    try container.encode(raw, forKey: .raw)
    try container.encode(filtered, forKey: .filtered)
    try container.encodeIfPresent(filter, forKey: .filter)
    try container.encodeIfPresent(drift, forKey: .drift)
    try container.encode(invocation(1), forKey: .first)
    try container.encode(invocation(100), forKey: .hundredth)
    try container.encode(invocation(invocations.nanoseconds.count), forKey: .last)
  }
}
