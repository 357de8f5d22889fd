/// The statistics of a contender's time as figures by name, for formats that have a place for each.
package struct Statistic: Sendable {
  /// "time.median", in the way of ``MetricName``.
  package let name: String
  package let value: Double
  package let unit: String

  private init(_ name: String, _ value: Double, unit: String = "ns") {
    (self.name, self.value, self.unit) = (name, value, unit)
  }

  package static func all(_ contender: ContenderResult) -> [Statistic] {
    let (time, interval) = (contender.time, contender.timeInterval)
    return [
      Statistic("time.min", time.minimum), Statistic("time.p25", time.p25), Statistic("time.median", time.median),
      Statistic("time.p75", time.p75), Statistic("time.p90", time.p90), Statistic("time.p99", time.p99),
      Statistic("time.p99.9", time.p999), Statistic("time.max", time.maximum), Statistic("time.mad", time.mad),
      Statistic("time.interval.low", interval.low), Statistic("time.interval.high", interval.high),
      Statistic("time.samples", Double(time.count), unit: "samples"),
      Statistic("time.iterations", Double(contender.samples.iterations), unit: "calls"),
      Statistic("time.outliers.low.severe", Double(time.outliers.lowSevere), unit: "samples"),
      Statistic("time.outliers.low.mild", Double(time.outliers.lowMild), unit: "samples"),
      Statistic("time.outliers.high.mild", Double(time.outliers.highMild), unit: "samples"),
      Statistic("time.outliers.high.severe", Double(time.outliers.highSevere), unit: "samples"),
    ]
  }
}
