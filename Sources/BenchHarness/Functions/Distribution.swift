/// A quantile of a sample, with the interval that holds whatever the distribution.
package struct Quantile: Hashable, Codable, Sendable {
  package let percent: Double
  /// Unavailable where not even one sample is to be expected beyond it.
  package let value: Metric
  /// With a probability of 95 %; nil where the samples are too few, which takes more than a value does.
  package let interval: Interval?

  /// "p99.9".
  package var name: String { Self.name(percent) }

  static func name(_ percent: Double) -> String {
    "p" + Format.fixed(percent, digits: percent == percent.rounded() ? 0 : 1)
  }

  /// - Parameter sorted: ascending, at least one.
  package init(percent: Double, ofSorted sorted: [Double], unit: String) {
    self.percent = percent
    let least = Int((100 / (100 - percent)).rounded())
    if sorted.count < least {
      value = .unavailable(
        reason: "\(Self.name(percent)) needs at least \(least) samples, and its interval "
          + "\(OrderStatistics.samplesNeeded(percent: percent)); there are \(sorted.count)")
    } else {
      value = .value(Summary.percentile(percent, ofSorted: sorted), unit: unit, source: .measured)
    }
    interval = OrderStatistics.interval(percent: percent, ofSorted: sorted)
  }
}

/// What a figure looks like over many repetitions.
package struct Distribution: Hashable, Codable, Sendable {
  package let count: Int
  package let unit: String
  package let minimum: Double
  package let maximum: Double
  /// The median absolute deviation from the median.
  package let mad: Double
  /// p50, p90, p99 and p99.9.
  package let quantiles: [Quantile]

  package static let percents = [50.0, 90, 99, 99.9]

  /// - Parameter samples: at least one, none of them NaN.
  package init(_ samples: [Double], unit: String) {
    let sorted = samples.sorted()
    let summary = Summary(sorted)
    count = sorted.count
    self.unit = unit
    minimum = summary.minimum
    maximum = summary.maximum
    mad = summary.mad
    quantiles = Self.percents.map { Quantile(percent: $0, ofSorted: sorted, unit: unit) }
  }

  package subscript(percent: Double) -> Metric {
    quantiles.first { $0.percent == percent }?.value
      ?? .unavailable(reason: "\(Quantile.name(percent)) is not among the quantiles")
  }

  package var median: Metric { self[50] }
}

/// A distribution by name, or why there is none.
package struct Phase: Hashable, Sendable {
  package let name: String
  package let outcome: Outcome

  package enum Outcome: Hashable, Sendable {
    case measured(Distribution)
    case unavailable(reason: String)
  }

  package init(_ name: String, _ outcome: Outcome) { (self.name, self.outcome) = (name, outcome) }

  /// - Parameter reason: why there are no samples, where there are none.
  package init(_ name: String, _ samples: [Double], unit: String, orElse reason: String) {
    self.init(name, samples.isEmpty ? .unavailable(reason: reason) : .measured(Distribution(samples, unit: unit)))
  }

  package var distribution: Distribution? {
    if case .measured(let distribution) = outcome { distribution } else { nil }
  }
}

// `{"name": "exit", "distribution": {...}}` or `{"name": "exit", "unavailable": "reason"}`.
extension Phase: Codable {
  private enum CodingKeys: CodingKey {
    case name, distribution, unavailable
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    if let reason = try container.decodeIfPresent(String.self, forKey: .unavailable) {
      outcome = .unavailable(reason: reason)
    } else {
      outcome = .measured(try container.decode(Distribution.self, forKey: .distribution))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    switch outcome {
    case .measured(let distribution): try container.encode(distribution, forKey: .distribution)
    case .unavailable(let reason): try container.encode(reason, forKey: .unavailable)
    }
  }
}
