// The JSON of a report; every field of a version stays readable in the next.

extension Report {
  private enum CodingKeys: String, CodingKey {
    case started, machine, build, commit, options, plan, loopOverhead, peers, cases
    /// Written for others to read; computed anew from the machine here.
    case fingerprint
    case isPartial = "partial"
    /// Written for others to read; computed anew from the samples here.
    case complexity
    /// Of version 1, which had one loop.
    case loopOverheadNanoseconds
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    started = try container.decode(Int.self, forKey: .started)
    machine = try container.decode(MachineDescription.self, forKey: .machine)
    build = try container.decode(BuildDescription.self, forKey: .build)
    commit = try container.decodeIfPresent(String.self, forKey: .commit)
    options = try container.decode(Options.self, forKey: .options)
    plan = try container.decode(Plan.self, forKey: .plan)
    if decoder.userInfo[.documentVersion] as? Int == 1 {
      let overhead = try container.decode(Double.self, forKey: .loopOverheadNanoseconds)
      loopOverhead = LoopOverhead(inlined: overhead, closure: overhead)
    } else {
      loopOverhead = try container.decode(LoopOverhead.self, forKey: .loopOverhead)
    }
    peers = try container.decode([Peer].self, forKey: .peers)
    cases = try container.decode([CaseResult].self, forKey: .cases)
    isPartial = try container.decodeIfPresent(Bool.self, forKey: .isPartial) ?? false
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(started, forKey: .started)
    try container.encode(machine, forKey: .machine)
    try container.encode(build, forKey: .build)
    try container.encodeIfPresent(commit, forKey: .commit)
    try container.encode(machine.fingerprint, forKey: .fingerprint)
    try container.encode(options, forKey: .options)
    try container.encode(plan, forKey: .plan)
    try container.encode(loopOverhead, forKey: .loopOverhead)
    try container.encode(peers, forKey: .peers)
    try container.encode(cases, forKey: .cases)
    try container.encode(isPartial, forKey: .isPartial)
    try container.encode(complexity.map(SeriesComplexity.Record.init), forKey: .complexity)
  }
}

extension SeriesComplexity {
  /// As it stands in the file.
  fileprivate struct Record: Encodable {
    let series: String
    let contender: String
    let role: Contender.Role
    let best: ComplexityFit.Growth
    let rms: Double
    let exponent: Double
    let exponentInterval: Interval
    let candidates: [ComplexityFit.Candidate]

    init(_ complexity: SeriesComplexity) {
      series = complexity.series
      contender = complexity.contender
      role = complexity.role
      best = complexity.fit.best.growth
      rms = complexity.fit.best.rms
      exponent = complexity.fit.exponent
      exponentInterval = complexity.fit.exponentInterval
      candidates = complexity.fit.candidates
    }
  }
}

extension CaseResult: Codable {
  private enum CodingKeys: CodingKey {
    case name, series, size, parameters, unit, row, workingSet, contenders
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    // Version 1 has neither; then each case is a series of its own.
    series = try container.decodeIfPresent(String.self, forKey: .series) ?? name
    size = try container.decodeIfPresent(Int.self, forKey: .size) ?? 1
    guard size >= 1 else { throw BenchError("\(name) has a size below 1") }
    parameters = try container.decode([BenchmarkCase.Parameter].self, forKey: .parameters)
    unit = try container.decode(BenchmarkCase.Unit.self, forKey: .unit)
    row = try container.decode(String.self, forKey: .row)
    workingSet = try container.decodeIfPresent(Int.self, forKey: .workingSet)
    contenders = try container.decode([ContenderResult].self, forKey: .contenders)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(series, forKey: .series)
    try container.encode(size, forKey: .size)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(unit, forKey: .unit)
    try container.encode(row, forKey: .row)
    try container.encodeIfPresent(workingSet, forKey: .workingSet)
    try container.encode(contenders, forKey: .contenders)
  }
}

extension ContenderResult: Codable {
  private enum CodingKeys: CodingKey {
    case samples, time, timeInterval, metrics
    /// Of version 1, where each metric had a field.
    case throughput, percentOfCeiling, kernelSpeedRatio, allocations
  }

  private enum AllocationKeys: CodingKey {
    case allocations, frees, bytes
  }

  /// Statistics are computed anew from the samples, so that those of every version mean the same.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let samples = try container.decode(Samples.self, forKey: .samples)
    guard !samples.nanoseconds.isEmpty, samples.work > 0, samples.nanoseconds.allSatisfy({ $0 > 0 && $0.isFinite })
    else {
      throw BenchError("\(samples.name) has no samples, or some that are no times")
    }
    if let metrics = try container.decodeIfPresent(MetricList.self, forKey: .metrics) {
      self.init(samples: samples, metrics: metrics.metrics)
      return
    }
    var metrics = [NamedMetric(.time, .value(samples.time.median, unit: "ns", source: .measured))]
    func add(_ name: MetricName, _ metric: Metric?) { if let metric { metrics.append(NamedMetric(name, metric)) } }
    add(.throughput, try container.decodeIfPresent(Metric.self, forKey: .throughput))
    if samples.role != .ceiling {
      add(.percentOfCeiling, try container.decodeIfPresent(Metric.self, forKey: .percentOfCeiling))
    }
    if samples.role == .peer {
      add(.kernelSpeedRatio, try container.decodeIfPresent(Metric.self, forKey: .kernelSpeedRatio))
    }
    let allocations = try container.nestedContainer(keyedBy: AllocationKeys.self, forKey: .allocations)
    add(.mallocCalls, try allocations.decodeIfPresent(Metric.self, forKey: .allocations))
    add(.mallocBytes, try allocations.decodeIfPresent(Metric.self, forKey: .bytes))
    add(.freeCalls, try allocations.decodeIfPresent(Metric.self, forKey: .frees))
    self.init(samples: samples, metrics: metrics)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(samples, forKey: .samples)
    try container.encode(time, forKey: .time)
    try container.encode(timeInterval, forKey: .timeInterval)
    try container.encode(MetricList(metrics: metrics), forKey: .metrics)
  }
}

/// An object with a field for each metric.
private struct MetricList: Codable {
  let metrics: [NamedMetric]

  init(metrics: [NamedMetric]) { self.metrics = metrics }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    metrics = try container.allKeys.map { key in
      NamedMetric(MetricName(key.stringValue), try container.decode(Metric.self, forKey: key))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for item in metrics { try container.encode(item.metric, forKey: Key(stringValue: item.name.rawValue)) }
  }
}
