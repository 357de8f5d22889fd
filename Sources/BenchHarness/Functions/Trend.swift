/// Whether a figure grows or shrinks over time, and how small a trend would have been seen.
package enum Trend: Hashable, Sendable {
  /// Per hour.
  case slope(Slope)
  case unavailable(reason: String)

  package struct Slope: Hashable, Codable, Sendable {
    /// Per hour, by Theil and Sen, with the interval of 95 %.
    package let perHour: TheilSen
    /// The median of the figure.
    package let level: Double
    /// Per hour: a trend below this would not have been told from none, in this time with this spread.
    package let smallestSeen: Double
    package let verdict: Verdict
  }

  package enum Verdict: String, Hashable, Codable, Sendable {
    case grows, shrinks
    case none = "no trend seen"
  }

  /// - Parameters:
  ///   - hours: when each value was read, ascending.
  ///   - resolution: of a value: less than one step over the whole time cannot be seen.
  package init(hours: [Double], values: [Double], resolution: Double) {
    guard let fit = TheilSen(x: hours, y: values) else {
      self = .unavailable(
        reason: "a trend needs at least \(TheilSen.leastPoints) intervals, and there are \(hours.count)")
      return
    }
    let interval = fit.interval
    let halfWidth = (interval.high - interval.low) / 2
    self = .slope(
      Slope(
        perHour: fit, level: Summary(values).median,
        smallestSeen: max(halfWidth, resolution / (hours[hours.count - 1] - hours[0])),
        verdict: interval.low > 0 ? .grows : interval.high < 0 ? .shrinks : .none))
  }

  package init(hours: [Double], metrics: [Metric], resolution: Double) {
    var values: [Double] = []
    for metric in metrics {
      switch metric {
      case .value(let value, _, _): values.append(value)
      case .unavailable(let reason):
        self = .unavailable(reason: reason)
        return
      }
    }
    self.init(hours: hours, values: values, resolution: resolution)
  }
}

// `{"perHour": {...}, "verdict": "grows", ...}` or `{"unavailable": "reason"}`.
extension Trend: Codable {
  private enum CodingKeys: CodingKey {
    case unavailable
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let reason = try container.decodeIfPresent(String.self, forKey: .unavailable) {
      self = .unavailable(reason: reason)
    } else {
      self = .slope(try Slope(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .slope(let slope): try slope.encode(to: encoder)
    case .unavailable(let reason):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(reason, forKey: .unavailable)
    }
  }
}
