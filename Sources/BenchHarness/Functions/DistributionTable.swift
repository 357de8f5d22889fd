/// Distributions under one heading, within 100 columns; under each quantile its interval.
///
///                                min       median      ±MAD           p90           p99         p99.9
///       raw                  1.02 us      1.03 us   6.00 ns       1.05 us       1.40 us       9.70 us
///                                      1.03..1.03              1.05..1.05    1.38..1.43    7.90..12.0
package struct DistributionTable {
  private let terminal: Terminal

  package init(terminal: Terminal) { self.terminal = terminal }

  private static let widths = [10, 13, 10, 14, 14, 14]

  private static func line(_ name: String, _ cells: [String]) -> String {
    let text = zip(cells, widths).reduce(name.padded(25)) { $0 + $1.0.leftPadded($1.1) }
    return String(text.reversed().drop { $0 == " " }.reversed())
  }

  package var header: String {
    terminal.styled(Self.line("", ["min", "median", "±MAD", "p90", "p99", "p99.9"]), .dim)
  }

  package func text(_ phase: Phase) -> String {
    switch phase.outcome {
    case .measured(let distribution): text(phase.name, distribution)
    case .unavailable(let reason): phase.name.padded(25) + ("  n/a: " + reason).cut(75)
    }
  }

  package func text(_ name: String, _ distribution: Distribution) -> String {
    func cell(_ value: Double?) -> String { value.map { Scale($0, distribution.unit).text($0) } ?? "n/a" }
    let quantiles = distribution.quantiles.map { cell($0.value.value) }
    let intervals = distribution.quantiles.map { quantile in
      guard let interval = quantile.interval else { return "-" }
      return Scale(quantile.value.value ?? interval.low, distribution.unit).text(interval)
    }
    let figures = Self.line(
      name, [cell(distribution.minimum), quantiles[0], cell(distribution.mad)] + quantiles.dropFirst())
    if distribution.quantiles.allSatisfy({ $0.interval == nil }) { return figures }
    let bounds = Self.line("", ["", intervals[0], ""] + intervals.dropFirst())
    return figures + "\n" + terminal.styled(bounds, .dim)
  }

  /// What the columns mean, and why figures are missing.
  package func legend(_ distributions: [Distribution]) -> String {
    var lines = [
      "Below a quantile: its 95 % interval between two order statistics, the samples taken as independent;",
      "- where there are too few of them.",
    ]
    let reasons = distributions.flatMap(\.quantiles).compactMap { quantile in
      if case .unavailable(let reason) = quantile.value { reason } else { nil }
    }
    for reason in Set(reasons).sorted() { lines.append("n/a: \(reason)") }
    return lines.map { terminal.styled($0.cut(RunTable.width), .dim) }.joined(separator: "\n")
  }
}

/// The unit that a figure is shown in, so that the ends of its interval can be shown in the same.
struct Scale {
  let size: Double
  let name: String

  init(_ value: Double, _ unit: String) {
    let units: [(size: Double, name: String)] =
      switch unit {
      case "ns": [(1, "ns"), (1e3, "us"), (1e6, "ms"), (1e9, "s")]
      case "B": [(1, "B"), (1024, "KiB"), (1_048_576, "MiB"), (1_073_741_824, "GiB")]
      default: [(1, unit)]
      }
    (size, name) = units.last { abs(value) >= 0.9995 * $0.size } ?? units[0]
  }

  func text(_ value: Double) -> String {
    name == "x" ? figure(value) + name : name.isEmpty ? figure(value) : figure(value) + " " + name
  }

  /// Both ends, without the unit.
  func text(_ interval: Interval) -> String { figure(interval.low) + ".." + figure(interval.high) }

  private func figure(_ value: Double) -> String {
    let number = value / size
    return size == 1 && number == number.rounded() && name != "x" ? Format.count(number) : Format.significant(number)
  }
}
