/// Lines over a common axis, with marks at values of it.
///
/// Points that are no numbers, or have no place on a logarithmic axis, are left out.
package struct LinePlot: Plot, Hashable, Sendable {
  package let title: String
  /// What the plot shows, in a sentence, for those who cannot see it.
  package let description: String
  package let x: PlotAxis
  package let y: PlotAxis
  package let series: [Series]
  package let marks: [Mark]

  package init(
    title: String, description: String, x: PlotAxis, y: PlotAxis, series: [Series], marks: [Mark] = []
  ) {
    self.title = title
    self.description = description
    self.x = x
    self.y = y
    self.series = series
    self.marks = marks
  }

  package struct Series: Hashable, Sendable {
    package let name: String
    package let points: [Point]

    package init(_ name: String, _ points: [Point]) { (self.name, self.points) = (name, points) }
  }

  package struct Point: Hashable, Sendable {
    package let x: Double
    package let y: Double

    package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// A vertical line with a name.
  package struct Mark: Hashable, Sendable {
    package let x: Double
    package let name: String
    package let kind: Kind

    package init(_ x: Double, _ name: String, _ kind: Kind) { (self.x, self.name, self.kind) = (x, name, kind) }

    package enum Kind: String, Hashable, Sendable {
      /// What is known beforehand, such as a cache's size.
      case given = "mark"
      /// What was found in the points.
      case found = "knee"
    }
  }

  /// Those of a series that have a place on both axes, from left to right.
  func points(_ series: Series) -> [Point] {
    series.points.filter { x.accepts($0.x) && y.accepts($0.y) }.sorted { $0.x < $1.x }
  }

  package var drawing: PlotDrawing {
    let shown = series.map(points)
    let all = shown.flatMap(\.self)
    let xScale = PlotScale(x, values: all.map(\.x), isRounded: x.scale == .linear)
    let zero = y.scale == .linear ? [0.0] : []
    let yScale = PlotScale(y, values: all.map(\.y) + zero, most: 7)
    let marks = marks.filter { xScale.contains($0.x) }.sorted { $0.x < $1.x }

    // Rows of marks above the plot depend on its width, and its height on the rows.
    let names = series.map { $0.name.cut(26) }
    let right = (names.map { SVG.width($0) }.max() ?? 0) + 30
    let draft = PlotFrame(x: xScale, y: yScale, height: 460, right: right)
    let extents = marks.map { mark in
      let (centre, half) = (draft.x(mark.x), SVG.width(mark.name) / 2)
      let left = min(max(centre - half, draft.area.left), PlotFrame.width - 2 * half - 4)
      return (left: left, right: left + 2 * half)
    }
    let rows = PlotLabels.rows(extents)
    let above = 15 * Double((rows.max() ?? -1) + 1)
    let frame = PlotFrame(x: xScale, y: yScale, height: 460 + above, above: above, right: right)

    var svg = SVG()
    frame.draw(title: title, in: &svg)
    for ((mark, extent), row) in zip(zip(marks, extents), rows) {
      let x = frame.x(mark.x)
      svg.line(SVG.Point(x, frame.area.top), SVG.Point(x, frame.area.bottom), mark.kind.rawValue)
      let baseline = frame.area.top - 5 - 15 * Double(row)
      svg.text(mark.name, SVG.Point(extent.left, baseline), mark.kind == .found ? "name" : "label")
    }
    for (index, points) in shown.enumerated() {
      let colour = index % PlotStyle.seriesColours + 1
      svg.polyline(points.map { frame.point($0.x, $0.y) }, "line-\(colour)")
      for point in points {
        svg.circle(
          frame.point(point.x, point.y), radius: 3, "area-\(colour)",
          tip: "\(series[index].name): \(x.text(point.x)), \(y.text(point.y))")
      }
    }
    drawNames(names, at: shown.map { $0.last }, frame, in: &svg)
    return PlotDrawing(svg, title: title, description: description, height: frame.height)
  }

  /// Each name at the end of its line; pushed apart where lines end close to each other.
  private func drawNames(_ names: [String], at ends: [Point?], _ frame: PlotFrame, in svg: inout SVG) {
    let present = ends.enumerated().compactMap { index, end in end.map { (index, frame.point($0.x, $0.y)) } }
    let places = PlotLabels.spread(present.map(\.1.y), gap: 15, within: frame.area.top...frame.area.bottom)
    for ((index, end), y) in zip(present, places) {
      let left = frame.area.right + 20
      svg.line(SVG.Point(end.x + 5, end.y), SVG.Point(left - 3, y), "leader")
      svg.text(names[index], SVG.Point(left, y + 4), "name")
    }
  }
}
