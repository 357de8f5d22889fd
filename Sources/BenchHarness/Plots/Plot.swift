/// What draws itself as SVG.
package protocol Plot: Sendable {
  var drawing: PlotDrawing { get }
}

extension Plot {
  /// The element `svg`, named for those who cannot see it.
  ///
  /// - Parameter standalone: with the style inside, as a file of its own needs it; a page has ``PlotStyle/page`` once.
  package func svg(standalone: Bool) -> String { drawing.element(top: nil, standalone: standalone) }
}

/// A plot that is drawn.
package struct PlotDrawing: Sendable {
  let title: String
  let description: String
  let height: Double
  private let body: String

  init(_ svg: SVG, title: String, description: String, height: Double) {
    (self.title, self.description, self.height, body) = (title, description, height, svg.body)
  }

  /// - Parameter top: where it is in an element around it; nil for one of its own.
  fileprivate func element(top: Double?, standalone: Bool) -> String {
    """
    <svg \(top.map { "y=\"\(SVG.n($0))\"" } ?? SVG.namespace) class="plot" role="img" \
    aria-label="\(SVG.escaped(title))" \(SVG.box(height))>
    <title>\(SVG.escaped(title))</title>
    <desc>\(SVG.escaped(description))</desc>
    \(standalone ? "<style>\n\(PlotStyle.standalone)\n</style>\n" : "")\
    <rect x="0" y="0" width="\(SVG.n(PlotFrame.width))" height="\(SVG.n(height))" class="paper"/>
    \(body)</svg>

    """
  }
}

extension Sequence where Element: Plot {
  /// A file with the plots one below the other; with one alone, that plot.
  package var file: String {
    let drawings = map(\.drawing)
    if drawings.count == 1 { return drawings[0].element(top: nil, standalone: true) }
    var top = 0.0
    var elements = ""
    for drawing in drawings {
      elements += drawing.element(top: top, standalone: false)
      top += drawing.height
    }
    return """
      <svg \(SVG.namespace) \(SVG.box(top))>
      <style>
      \(PlotStyle.standalone)
      </style>
      \(elements)</svg>

      """
  }
}
