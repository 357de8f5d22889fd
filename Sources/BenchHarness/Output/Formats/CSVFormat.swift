/// Comma-separated values by RFC 4180: a header, then a line a figure, each with its case and contender beside it.
///
/// A figure that is not available has an empty value, and the reason in the last field.
package enum CSVFormat {
  static let header = [
    "case", "series", "size", "parameters", "row", "contender", "role", "metric", "value", "unit", "source",
    "unavailable",
  ]

  package static func text(_ report: Report) -> String {
    var lines = [line(header)]
    for item in report.cases {
      let parameters = item.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
      for contender in item.contenders {
        let samples = contender.samples
        let place = [
          item.name, item.series, item.size.description, parameters, item.row, samples.name, samples.role.rawValue,
        ]
        for statistic in Statistic.all(contender) {
          lines.append(line(place + [statistic.name, Format.exact(statistic.value), statistic.unit, "measured", ""]))
        }
        // The median is there among the statistics.
        for named in contender.metrics where named.name != .time {
          switch named.metric {
          case .value(let value, let unit, let source):
            lines.append(line(place + [named.name.rawValue, Format.exact(value), unit, source.rawValue, ""]))
          case .unavailable(let reason):
            lines.append(line(place + [named.name.rawValue, "", "", "", reason]))
          }
        }
      }
    }
    return lines.joined()
  }

  /// Fields with a comma, a quote or a line break stand in quotes, in which a quote is doubled.
  private static func line(_ fields: [String]) -> String {
    fields.map { field in
      let isPlain = !field.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
      return isPlain ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ",") + "\r\n"
  }
}
