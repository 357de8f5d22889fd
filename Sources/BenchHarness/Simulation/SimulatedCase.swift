/// What the simulator counted of a case.
package struct SimulatedCase: Hashable, Sendable {
  package let name: String
  /// The row that ran in the simulator.
  package let row: String
  package let unit: BenchmarkCase.Unit
  package let work: Double
  package let workingSet: Int?
  /// Calls that were counted.
  package let calls: Int
  /// Per call and per unit of work, in the order of ``MetricName/simulated``.
  package let metrics: [NamedMetric]

  /// - Parameters:
  ///   - once: counted over `body.calls` calls.
  ///   - twice: over as many again and again.
  init(_ body: CountedBody, once: CallgrindOutput, twice: CallgrindOutput) {
    name = body.name
    row = body.row
    unit = body.unit
    work = body.work
    workingSet = body.workingSet
    calls = body.calls
    metrics = MetricName.simulated.flatMap { item in
      let perCall = Self.difference(item.event, once, twice, calls: body.calls)
      func metric(_ divisor: Double, _ unit: String) -> Metric {
        switch perCall {
        case .success(let count): .value(count / divisor, unit: unit, source: .simulated)
        case .failure(let problem): .unavailable(reason: problem.reason)
        }
      }
      return [
        NamedMetric(item.name, metric(1, item.unit)),
        NamedMetric(item.name.perWork, metric(body.work, "\(item.unit)/\(body.unit.piece)")),
      ]
    }
  }

  private static func difference(
    _ event: String, _ once: CallgrindOutput, _ twice: CallgrindOutput, calls: Int
  ) -> Result<Double, Simulator.Unavailable> {
    guard let less = once[event], let more = twice[event] else {
      return .failure(.init("callgrind did not count \(event)"))
    }
    guard more >= less else {
      return .failure(.init("twice the calls gave fewer: the first brought lines that stayed"))
    }
    return .success(Double(more - less) / Double(calls))
  }

  package subscript(name: MetricName) -> Metric {
    metrics.first { $0.name == name }?.metric ?? .unavailable(reason: "\(name) was not simulated")
  }
}

extension MetricName {
  /// Instructions that a call executes.
  package static let simulatedInstructions = MetricName("instructions.simulated")

  /// What is simulated, and callgrind's event for it.
  package static let simulated: [(name: MetricName, event: String, unit: String)] = [
    (simulatedInstructions, "Ir", "instructions"),
    (MetricName("data.reads.simulated"), "Dr", "reads"),
    (MetricName("data.writes.simulated"), "Dw", "writes"),
    (MetricName("l1d.read.misses.simulated"), "D1mr", "misses"),
    (MetricName("l1d.write.misses.simulated"), "D1mw", "misses"),
    (MetricName("llc.read.misses.simulated"), "DLmr", "misses"),
    (MetricName("llc.write.misses.simulated"), "DLmw", "misses"),
    (MetricName("l1i.misses.simulated"), "I1mr", "misses"),
  ]

  /// The same figure for a unit of work instead of a call.
  package var perWork: MetricName { MetricName(rawValue + ".per-work") }
}

extension BenchmarkCase.Unit {
  /// What is counted, in the singular.
  package var piece: String {
    switch self {
    case .flops: "FLOP"
    case .bytes: "byte"
    case .elements: "element"
    }
  }
}

/// For a gate: exact counts of a case of a program, in one call.
package enum SimulatedCounts {
  /// - Parameters:
  ///   - name: of the case.
  ///   - executable: of the program that has it.
  /// - Returns: every metric of ``MetricName/simulated``, per call, each unavailable with the same reason where none can be had.
  package static func metrics(
    of name: String, executable: String, caches: CacheTopology = .current(), _ request: Simulator.Request = .init()
  ) -> [NamedMetric] {
    do throws(Simulator.Unavailable) {
      return try metrics(of: name, Simulator(executable: executable, caches: caches), request)
    } catch {
      return MetricName.simulated.map { NamedMetric($0.name, .unavailable(reason: error.reason)) }
    }
  }

  /// The same with a simulator that is kept for several cases.
  package static func metrics(
    of name: String, _ simulator: Simulator, _ request: Simulator.Request = .init()
  ) -> [NamedMetric] {
    do throws(Simulator.Unavailable) {
      let counted = try simulator.count(name, request)
      return MetricName.simulated.map { NamedMetric($0.name, counted[$0.name]) }
    } catch {
      return MetricName.simulated.map { NamedMetric($0.name, .unavailable(reason: error.reason)) }
    }
  }
}
