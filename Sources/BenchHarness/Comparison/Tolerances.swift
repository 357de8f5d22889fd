/// How much worse a metric may become before it is a regression.
package struct Tolerances: Hashable, Codable, Sendable {
  /// Fractions, by metric: 0.05 is 5 %.
  package private(set) var fractions: [String: Double] = [:]

  package init() {}

  /// The time of a call in two runs that were not side by side: whatever else the machine did is in it.
  package static let time = 0.10
  /// Instructions under a simulator: their number may depend on where memory lies.
  package static let instructions = 0.0001

  /// - Parameter text: "metric=percent", such as "time=5".
  /// - Throws: ``BenchError`` when it is not of that form, or the metric is none that is compared.
  package mutating func add(_ text: String) throws(BenchError) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let percent = Double(parts[1]), 0...10_000 ~= percent else {
      throw BenchError("--tolerance \(text) is no metric=percent; write for example time=5")
    }
    let metric = MetricName(String(parts[0]))
    guard metric == .time || metric.isExact else {
      throw BenchError(
        "--tolerance \(text): \(metric) is not compared; time and the exact metrics are, such as \(MetricName.mallocCalls)"
      )
    }
    fractions[metric.rawValue] = percent / 100
  }

  package subscript(metric: MetricName) -> Double {
    if let fraction = fractions[metric.rawValue] { return fraction }
    switch metric {
    case .time: return Self.time
    case .simulatedInstructions: return Self.instructions
    default: return 0
    }
  }
}

extension MetricName {
  /// Figures that two runs of the same program give alike, so that any difference is one of the programs.
  package static let exact: [MetricName] = [
    .mallocCalls, .mallocBytes, .freeCalls, .leakedBytes, .leakedBlocks, .livePeak, .simulatedInstructions,
  ]

  package var isExact: Bool { Self.exact.contains(self) }
}
