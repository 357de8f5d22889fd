#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The JSON that the Java Microbenchmark Harness writes with `-rf json`, for the viewers that there are of it.
///
/// An entry for each contender of a case, in mode `avgt`: `benchmark` is the series and the contender, in the way of a class
/// and its method, and `params` are the case's. `score` is the median, where JMH has the mean, with its 95 % interval by
/// bootstrap, where JMH has 99.9 % of a normal distribution. Each sample is an iteration. Figures other than time are
/// `secondaryMetrics`; those that are not available are left out, for the format has no place for a reason.
package enum JMHFormat {
  package static func text(_ report: Report) throws -> String {
    let entries = report.cases.flatMap { item in
      item.contenders.filter { $0.samples.role != .ceiling }.map { Entry(item, $0, report.plan) }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(entries), as: UTF8.self) + "\n"
  }

  private struct Entry: Encodable {
    let benchmark: String
    let mode = "avgt"
    let threads = 1
    let forks = 1
    let warmupIterations = 1
    let warmupTime: String
    let warmupBatchSize = 1
    let measurementIterations: Int
    let measurementTime: String
    let measurementBatchSize = 1
    let params: [String: String]
    let primaryMetric: Primary
    let secondaryMetrics: [String: Secondary]

    init(_ item: CaseResult, _ contender: ContenderResult, _ plan: Plan) {
      benchmark = JMHFormat.identifier(item.series) + "." + JMHFormat.identifier(contender.samples.name)
      warmupTime = Format.time(plan.sampleNanoseconds)
      measurementTime = Format.time(plan.sampleNanoseconds)
      measurementIterations = contender.time.count
      let parameters = [("case", item.name), ("size", item.size.description)]
      params = Dictionary(parameters + item.parameters.map { ($0.name, $0.value) }) { _, last in last }
      primaryMetric = Primary(contender)
      let others = contender.metrics.compactMap { named -> (String, Secondary)? in
        guard named.name != .time, case .value(let value, let unit, _) = named.metric else { return nil }
        return (named.name.rawValue, Secondary(score: value, scoreUnit: unit))
      }
      secondaryMetrics = Dictionary(others) { _, last in last }
    }
  }

  private struct Primary: Encodable {
    let score: Double
    let scoreError: Double
    let scoreConfidence: [Double]
    let scorePercentiles: [String: Double]
    let scoreUnit = "ns/op"
    let rawData: [[Double]]

    init(_ contender: ContenderResult) {
      let (time, interval) = (contender.time, contender.timeInterval)
      score = time.median
      scoreError = (interval.high - interval.low) / 2
      scoreConfidence = [interval.low, interval.high]
      let sorted = contender.samples.nanoseconds.sorted()
      let percents = [
        ("0.0", 0), ("50.0", 50), ("90.0", 90), ("95.0", 95), ("99.0", 99), ("99.9", 99.9), ("99.99", 99.99),
        ("99.999", 99.999), ("99.9999", 99.9999), ("100.0", 100.0),
      ]
      scorePercentiles = Dictionary(
        uniqueKeysWithValues: percents.map { ($0.0, Summary.percentile($0.1, ofSorted: sorted)) })
      rawData = [contender.samples.nanoseconds]
    }
  }

  private struct Secondary: Encodable {
    let score: Double
    /// As JMH writes an error that is not known.
    let scoreError = "NaN"
    let scoreConfidence = ["NaN", "NaN"]
    let scoreUnit: String
    let rawData: [[Double]]

    init(score: Double, scoreUnit: String) {
      (self.score, self.scoreUnit, self.rawData) = (score, scoreUnit, [[score]])
    }
  }

  /// A name without the dots and spaces at which viewers part packages, classes and methods.
  private static func identifier(_ text: String) -> String {
    String(text.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
  }
}
