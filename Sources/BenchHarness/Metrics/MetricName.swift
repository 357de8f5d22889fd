/// What a figure is of. New names may come; one that is there keeps its meaning.
package struct MetricName: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  /// Nanoseconds of a call: the median over samples.
  package static let time = MetricName("time")
  /// Work in a second, in the unit of the case.
  package static let throughput = MetricName("throughput")
  /// Throughput over that of the ceiling in the same round, the median over rounds.
  package static let percentOfCeiling = MetricName("ceiling.percent")
  /// How many times as fast as this peer the kernel is in the same round, the median over rounds.
  package static let kernelSpeedRatio = MetricName("kernel.ratio")

  package static let mallocCalls = MetricName("malloc.calls")
  package static let mallocBytes = MetricName("malloc.bytes")
  package static let freeCalls = MetricName("free.calls")
}

/// A figure and what it is of.
package struct NamedMetric: Hashable, Sendable {
  package let name: MetricName
  package let metric: Metric

  package init(_ name: MetricName, _ metric: Metric) { (self.name, self.metric) = (name, metric) }
}

/// Counts something over passes of their own, beside those that are timed.
package protocol Meter: Sendable {
  /// Figures per call.
  ///
  /// - Parameters:
  ///   - calls: a number of calls that a pass makes at least, 1 or more.
  ///   - body: runs its argument's number of calls; warm, so that what is done once is not in the figure.
  func perCall(_ calls: Int, _ body: (Int) throws -> Void) throws -> [NamedMetric]
}
