/// Title, axes, grid and tick labels: what all plots over two axes have around them.
struct PlotFrame {
  static let width = 860.0

  let x: PlotScale
  let y: PlotScale
  let area: PlotArea
  let height: Double

  /// - Parameters:
  ///   - height: of the whole plot.
  ///   - above: pixels between title and plot, for marks.
  ///   - right: pixels to the right of it, for names.
  init(x: PlotScale, y: PlotScale, height: Double, above: Double = 0, right: Double = 24) {
    let ticks = y.ticks.map { SVG.width(y.axis.text($0)) }.max() ?? 0
    self.x = x
    self.y = y
    self.height = height
    area = PlotArea(left: ticks + 46, top: 42 + above, right: Self.width - right, bottom: height - 50)
  }

  func x(_ value: Double) -> Double { area.left + x.fraction(value) * area.width }
  func y(_ value: Double) -> Double { area.bottom - y.fraction(value) * area.height }
  func point(_ x: Double, _ y: Double) -> SVG.Point { SVG.Point(self.x(x), self.y(y)) }

  func draw(title: String, in svg: inout SVG) {
    Self.draw(title: title, in: &svg)
    Self.drawTicks(x, area: area, in: &svg)
    for tick in y.ticks {
      svg.line(SVG.Point(area.left, y(tick)), SVG.Point(area.right, y(tick)), "grid")
      svg.text(y.axis.text(tick), SVG.Point(area.left - 8, y(tick) + 4), anchor: .end)
    }
    svg.line(SVG.Point(area.left, area.top), SVG.Point(area.left, area.bottom), "axis")
    svg.text(
      y.axis.label, SVG.Point(16, (area.top + area.bottom) / 2), "label", anchor: .middle, turned: true)
  }

  static func draw(title: String, in svg: inout SVG) {
    // 0.65 em: bold letters are wider.
    svg.text(title.cut(Int((width - 32) / (0.65 * 15))), SVG.Point(16, 25), "title")
  }

  /// The horizontal axis below `area`, with grid lines through it.
  static func drawTicks(_ scale: PlotScale, area: PlotArea, in svg: inout SVG) {
    // Every tick has a line; a label only where it does not touch the one before.
    var free = -Double.greatestFiniteMagnitude
    for tick in scale.ticks {
      let x = area.left + scale.fraction(tick) * area.width
      svg.line(SVG.Point(x, area.top), SVG.Point(x, area.bottom), "grid")
      let text = scale.axis.text(tick)
      let half = SVG.width(text) / 2
      guard x - half >= free else { continue }
      svg.text(text, SVG.Point(x, area.bottom + 18), anchor: .middle)
      free = x + half + 8
    }
    svg.line(SVG.Point(area.left, area.bottom), SVG.Point(area.right, area.bottom), "axis")
    svg.text(scale.axis.label, SVG.Point((area.left + area.right) / 2, area.bottom + 38), anchor: .middle)
  }
}
