extension HTML {
  /// Distributions by name: what the terminal's table has, the interval of each quantile with it.
  static func phases(_ caption: String, _ phases: [Phase]) -> HTML {
    let quantiles = Distribution.percents.map { HTMLTable.Column.figure($0 == 50 ? "median" : Quantile.name($0)) }
    return HTMLTable(
      caption: caption,
      columns: [.text("what"), .figure("count"), .figure("min")] + quantiles + [.figure("max"), .figure("±MAD")],
      rows: phases.map(cells)
    ).html
  }

  private static func cells(_ phase: Phase) -> [HTML] {
    // What is a part of the line above is set in, as it is in a terminal.
    let name: HTML = "\(phase.name.hasPrefix(" ") ? "· " + phase.name.drop { $0 == " " } : phase.name)"
    switch phase.outcome {
    case .unavailable(let reason):
      return [name, HTML.figure(.unavailable(reason: reason)) { $0.description }]
        + Array(repeating: .none, count: Distribution.percents.count + 3)
    case .measured(let distribution):
      func text(_ value: Double) -> HTML { "\(Scale(value, distribution.unit).text(value))" }
      let quantiles = distribution.quantiles.map { quantile -> HTML in
        let figure = HTML.figure(quantile.value) { Scale($0, distribution.unit).text($0) }
        guard let interval = quantile.interval else { return figure }
        let scale = Scale(quantile.value.value ?? interval.low, distribution.unit)
        return "\(figure)<br><small>\(scale.text(interval))</small>"
      }
      return [name, "\(distribution.count)", text(distribution.minimum)] + quantiles
        + [text(distribution.maximum), text(distribution.mad)]
    }
  }

  /// Under quantiles: what the small figures are.
  static let quantileNote =
    "Below a quantile stands its 95 % interval between two order statistics, the samples taken as independent. A quantile "
    + "needs so many samples that one of them is to be expected beyond it."
}
