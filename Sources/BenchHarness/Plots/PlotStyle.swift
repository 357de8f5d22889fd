/// The look of plots: classes that every plot uses, and their colours in light and dark.
///
/// A page takes ``page`` once and plots without a style of their own; a file of its own has ``standalone`` inside.
package enum PlotStyle {
  /// Series have these many colours of their own; then they begin anew.
  package static let seriesColours = 6

  /// For a page: custom properties `--plot-…`, which the page may set otherwise, and rules that use them.
  package static var page: String {
    """
    :root{\(properties(\.light))}
    @media(prefers-color-scheme:dark){:root{\(properties(\.dark))}}
    \(rules { "var(--plot-\($0.name))" })
    """
  }

  /// For a file of its own, which some programs show that know no custom properties.
  static var standalone: String {
    """
    \(rules(\.light))
    @media(prefers-color-scheme:dark){
    \(rules(\.dark))
    }
    """
  }

  private struct Colour {
    let name: String
    let light: String
    let dark: String
  }

  private static let paper = Colour(name: "paper", light: "#ffffff", dark: "#16191d")
  private static let ink = Colour(name: "ink", light: "#1d2126", dark: "#e4e7eb")
  private static let muted = Colour(name: "muted", light: "#5b6470", dark: "#a0a9b5")
  private static let grid = Colour(name: "grid", light: "#e1e5ea", dark: "#2d333b")

  /// Okabe and Ito, "Color Universal Design", 2008: told apart with every kind of colour vision. The darker ones on light
  /// paper first, the lighter ones on dark.
  private static let series = [
    ("#0072b2", "#56b4e9"), ("#d55e00", "#e69f00"), ("#009e73", "#009e73"), ("#cc79a7", "#cc79a7"),
    ("#e69f00", "#d55e00"), ("#56b4e9", "#f0e442"),
  ].enumerated().map { Colour(name: "series-\($0.offset + 1)", light: $0.element.0, dark: $0.element.1) }

  private static func properties(_ side: KeyPath<Colour, String>) -> String {
    ([paper, ink, muted, grid] + series).map { "--plot-\($0.name):\($0[keyPath: side])" }.joined(separator: ";")
  }

  private static func rules(_ value: (Colour) -> String) -> String {
    var rules = [
      ".plot{font:12px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}",
      ".plot .paper{fill:\(value(paper))}",
      ".plot text{fill:\(value(muted))}",
      ".plot .title{fill:\(value(ink));font-size:15px;font-weight:600}",
      ".plot .name{fill:\(value(ink))}",
      ".plot .grid{stroke:\(value(grid));stroke-width:1;fill:none}",
      ".plot .axis{stroke:\(value(muted));stroke-width:1;fill:none}",
      ".plot .mark{stroke:\(value(muted));stroke-width:1;stroke-dasharray:2 4;fill:none}",
      ".plot .knee{stroke:\(value(ink));stroke-width:1.5;stroke-dasharray:6 3;fill:none}",
      ".plot .leader{stroke:\(value(muted));stroke-width:0.7;fill:none}",
      ".plot .whisker{stroke:\(value(ink));stroke-width:1.5;fill:none}",
    ]
    for (index, colour) in series.enumerated() {
      rules += [
        ".plot .line-\(index + 1){stroke:\(value(colour));stroke-width:2;fill:none;stroke-linejoin:round}",
        ".plot .area-\(index + 1){fill:\(value(colour));stroke:none}",
        ".plot .box-\(index + 1){fill:\(value(colour));fill-opacity:0.25;stroke:\(value(colour));stroke-width:1.5}",
      ]
    }
    return rules.joined(separator: "\n")
  }
}
