/// Bars from zero, one beside the other in each row, with the interval that covers the true value: for comparisons.
package struct BarPlot: Plot, Hashable, Sendable {
  package let title: String
  package let description: String
  package let axis: PlotAxis
  /// What the bars of each row are, in order: "before", "after".
  package let series: [String]
  package let rows: [Row]

  /// - Parameter axis: a linear one.
  package init(title: String, description: String, axis: PlotAxis, series: [String], rows: [Row]) {
    precondition(axis.scale == .linear, "BarPlot: bars begin at zero, which a logarithmic axis does not have")
    precondition(rows.allSatisfy { $0.bars.count <= series.count }, "BarPlot: every bar must belong to a series")
    self.title = title
    self.description = description
    self.axis = axis
    self.series = series
    self.rows = rows
  }

  package struct Row: Hashable, Sendable {
    package let name: String
    /// One for each series, in their order; nil where it has none here.
    package let bars: [Bar?]

    package init(_ name: String, _ bars: [Bar?]) { (self.name, self.bars) = (name, bars) }
  }

  package struct Bar: Hashable, Sendable {
    package let value: Double
    package let interval: Interval?

    package init(_ value: Double, _ interval: Interval? = nil) { (self.value, self.interval) = (value, interval) }
  }

  package var drawing: PlotDrawing {
    let thickness = 13.0
    let layout = PlotRows(
      names: rows.map(\.name), rowHeight: thickness * Double(max(1, series.count)) + 12, above: 20)
    let bars: [Bar] = rows.flatMap { row in row.bars.compactMap(\.self) }
    let ends = bars.flatMap { bar in [bar.value] + (bar.interval.map { [$0.low, $0.high] } ?? []) }
    let scale = PlotScale(axis, values: ends + [0], most: 8)
    var svg = SVG()
    layout.draw(title: title, scale: scale, in: &svg)
    drawKey(layout, in: &svg)
    let zero = layout.x(0, scale)
    for (index, row) in rows.enumerated() {
      let top = layout.middle(index) - thickness * Double(series.count) / 2
      for (number, bar) in row.bars.enumerated() {
        guard let bar, axis.accepts(bar.value) else { continue }
        let y = top + thickness * Double(number)
        let end = layout.x(bar.value, scale)
        svg.rectangle(
          PlotArea(left: min(zero, end), top: y, right: max(zero, end), bottom: y + thickness - 2),
          "area-\(number % PlotStyle.seriesColours + 1)",
          tip: "\(row.name), \(series[number]): \(axis.text(bar.value))")
        if let interval = bar.interval, axis.accepts(interval.low), axis.accepts(interval.high) {
          drawWhisker(interval, y: y + (thickness - 2) / 2, layout, scale, in: &svg)
        }
      }
    }
    svg.line(SVG.Point(zero, layout.area.top), SVG.Point(zero, layout.area.bottom), "axis")
    return PlotDrawing(svg, title: title, description: description, height: layout.height)
  }

  private func drawWhisker(
    _ interval: Interval, y: Double, _ layout: PlotRows, _ scale: PlotScale, in svg: inout SVG
  ) {
    let (low, high) = (layout.x(interval.low, scale), layout.x(interval.high, scale))
    svg.line(SVG.Point(low, y), SVG.Point(high, y), "whisker")
    for end in [low, high] { svg.line(SVG.Point(end, y - 4), SVG.Point(end, y + 4), "whisker") }
  }

  /// A square and a name for each series, above the bars.
  private func drawKey(_ layout: PlotRows, in svg: inout SVG) {
    var left = layout.area.left
    for (index, name) in series.enumerated() {
      let name = name.cut(40)
      svg.rectangle(
        PlotArea(left: left, top: 40, right: left + 10, bottom: 50), "area-\(index % PlotStyle.seriesColours + 1)")
      svg.text(name, SVG.Point(left + 15, 49), "name")
      left += SVG.width(name) + 35
    }
  }
}
