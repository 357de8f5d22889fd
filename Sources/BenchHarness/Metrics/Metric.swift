/// A figure with where it comes from, or why there is none. There is no zero that stands for "not measured".
package enum Metric: Hashable, Sendable {
  case value(Double, unit: String, source: Source)
  case unavailable(reason: String)

  package enum Source: String, Hashable, Codable, Sendable {
    /// Read from a clock or a counter.
    case measured
    /// Computed from what was measured and what is known of the case.
    case derived
    /// Computed from what was measured and a model of something that was not, which the figure's maker states.
    case modelled
  }

  package var value: Double? {
    if case .value(let value, _, _) = self { value } else { nil }
  }
}

// `{"value": 1.5, "unit": "ns", "source": "measured"}` or `{"unavailable": "reason"}`.
extension Metric: Codable {
  private enum CodingKeys: CodingKey {
    case value, unit, source, unavailable
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let reason = try container.decodeIfPresent(String.self, forKey: .unavailable) {
      self = .unavailable(reason: reason)
    } else {
      self = .value(
        try container.decode(Double.self, forKey: .value), unit: try container.decode(String.self, forKey: .unit),
        source: try container.decode(Source.self, forKey: .source))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .value(let value, let unit, let source):
      try container.encode(value, forKey: .value)
      try container.encode(unit, forKey: .unit)
      try container.encode(source, forKey: .source)
    case .unavailable(let reason):
      try container.encode(reason, forKey: .unavailable)
    }
  }
}
