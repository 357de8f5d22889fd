/// How figures of cost are written.
enum CostFormat {
  static func text(_ metric: Metric) -> String {
    guard case .value(let value, let unit, _) = metric else { return "n/a" }
    switch unit {
    case "ns": return Format.time(value)
    case "ms": return Format.time(value * 1e6)
    case "USD": return dollars(value)
    case "/s": return rate(value)
    case "vCPU": return Format.fixed(value, digits: 2)
    default: return Format.count(value) + " " + unit
    }
  }

  /// Three digits that count, and two behind the point at least: "0.00213", "14.40".
  static func dollars(_ value: Double) -> String {
    var (digits, size) = (2, abs(value))
    while size > 0, size < 1, digits < 10 { (digits, size) = (digits + 1, size * 10) }
    return Format.fixed(value, digits: digits)
  }

  /// A price, with as many digits as it has, and two behind the point at least.
  static func price(_ value: Double) -> String {
    let digits = Array(Format.fixed(value, digits: 12))
    let zeros = digits.reversed().prefix { $0 == "0" }.count
    return String(digits.dropLast(min(zeros, 10)))
  }

  static func percent(_ fraction: Double) -> String {
    Format.count(100 * fraction) + " %"
  }

  static func rate(_ value: Double) -> String {
    (value < 1 ? dollars(value) : Format.significant(value)) + "/s"
  }
}
