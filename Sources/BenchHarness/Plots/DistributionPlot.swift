/// Every sample as a point, and over them a box from the first quartile to the third with the median in it; a row for each
/// group of samples.
package struct DistributionPlot: Plot, Hashable, Sendable {
  package let title: String
  package let description: String
  package let axis: PlotAxis
  package let groups: [Group]

  package init(title: String, description: String, axis: PlotAxis, groups: [Group]) {
    self.title = title
    self.description = description
    self.axis = axis
    self.groups = groups
  }

  package struct Group: Hashable, Sendable {
    package let name: String
    package let samples: [Double]

    package init(_ name: String, _ samples: [Double]) { (self.name, self.samples) = (name, samples) }
  }

  package var drawing: PlotDrawing {
    let rowHeight = 46.0
    let rows = PlotRows(names: groups.map(\.name), rowHeight: rowHeight)
    let values = groups.flatMap(\.samples).filter(axis.accepts)
    let scale = PlotScale(axis, values: values, isRounded: axis.scale == .linear, most: 8)
    var svg = SVG()
    rows.draw(title: title, scale: scale, in: &svg)
    for (index, group) in groups.enumerated() {
      let samples = group.samples.filter(axis.accepts)
      guard !samples.isEmpty else { continue }
      let colour = index % PlotStyle.seriesColours + 1
      let middle = rows.middle(index)
      // Points that share a place are spread by a sequence that fills the height evenly: multiples of the golden ratio.
      for (number, sample) in samples.enumerated() {
        let turn = Double(number) * 0.618_033_988_749_895
        let offset = (turn - turn.rounded(.down) - 0.5) * rowHeight * 0.62
        svg.circle(SVG.Point(rows.x(sample, scale), middle + offset), radius: 1.6, "area-\(colour)")
      }
      let summary = Summary(samples)
      let box = PlotArea(
        left: rows.x(summary.p25, scale), top: middle - 9, right: rows.x(summary.p75, scale), bottom: middle + 9)
      svg.rectangle(
        box, "box-\(colour)",
        tip: "\(group.name): median \(axis.text(summary.median)), \(summary.count) samples, quartiles "
          + "\(axis.text(summary.p25)) and \(axis.text(summary.p75))")
      let median = rows.x(summary.median, scale)
      svg.line(SVG.Point(median, middle - 13), SVG.Point(median, middle + 13), "whisker")
    }
    return PlotDrawing(svg, title: title, description: description, height: rows.height)
  }
}

/// Named rows over a common horizontal axis.
struct PlotRows {
  let names: [String]
  let rowHeight: Double
  let area: PlotArea
  let height: Double

  init(names: [String], rowHeight: Double, above: Double = 0) {
    self.names = names.map { $0.cut(42) }
    self.rowHeight = rowHeight
    let left = (self.names.map { SVG.width($0) }.max() ?? 0) + 24
    let top = 44 + above
    area = PlotArea(
      left: left, top: top, right: PlotFrame.width - 40, bottom: top + rowHeight * Double(max(1, names.count)))
    height = area.bottom + 50
  }

  func middle(_ index: Int) -> Double { area.top + rowHeight * (Double(index) + 0.5) }

  func x(_ value: Double, _ scale: PlotScale) -> Double { area.left + scale.fraction(value) * area.width }

  func draw(title: String, scale: PlotScale, in svg: inout SVG) {
    PlotFrame.draw(title: title, in: &svg)
    PlotFrame.drawTicks(scale, area: area, in: &svg)
    for (index, name) in names.enumerated() {
      svg.text(name, SVG.Point(area.left - 10, middle(index) + 4), "name", anchor: .end)
    }
  }
}
