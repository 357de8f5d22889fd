/// Throughput over arithmetic intensity, under the machine's limits: slanted where memory binds, flat where the execution
/// units do (Williams, Waterman and Patterson, "Roofline: An Insightful Visual Performance Model for Multicore
/// Architectures", Communications of the ACM 52(4), 2009).
package struct RooflinePlot: Plot, Hashable, Sendable {
  package let title: String
  package let description: String
  /// Of work: "GFLOP/s".
  package let unit: String
  /// Of intensity: "FLOP per byte".
  package let intensityLabel: String
  package let slopes: [Slope]
  package let peaks: [Peak]
  package let points: [Point]

  package init(
    title: String, description: String, unit: String, intensityLabel: String, slopes: [Slope], peaks: [Peak],
    points: [Point]
  ) {
    self.title = title
    self.description = description
    self.unit = unit
    self.intensityLabel = intensityLabel
    self.slopes = slopes
    self.peaks = peaks
    self.points = points
  }

  /// A limit by a level of the memory: GB/s.
  package struct Slope: Hashable, Sendable {
    package let name: String
    package let bandwidth: Double

    package init(_ name: String, bandwidth: Double) { (self.name, self.bandwidth) = (name, bandwidth) }
  }

  /// A limit by the execution units, in the plot's unit.
  package struct Peak: Hashable, Sendable {
    package let name: String
    package let throughput: Double

    package init(_ name: String, throughput: Double) { (self.name, self.throughput) = (name, throughput) }
  }

  package struct Point: Hashable, Sendable {
    package let name: String
    /// Work per byte.
    package let intensity: Double
    package let throughput: Double

    package init(_ name: String, intensity: Double, throughput: Double) {
      (self.name, self.intensity, self.throughput) = (name, intensity, throughput)
    }
  }

  package var drawing: PlotDrawing {
    let xAxis = PlotAxis(intensityLabel, scale: .log10)
    let yAxis = PlotAxis(unit, scale: .log10)
    let slopes = slopes.filter { yAxis.accepts($0.bandwidth) }.sorted { $0.bandwidth > $1.bandwidth }
    let peaks = peaks.filter { yAxis.accepts($0.throughput) }.sorted { $0.throughput > $1.throughput }
    let points = points.filter { xAxis.accepts($0.intensity) && yAxis.accepts($0.throughput) }

    let top = peaks.first?.throughput
    // Where the slopes meet the highest peak is worth showing, and an octave on either side.
    var xs = points.map(\.intensity)
    if let top { xs += slopes.flatMap { [top / $0.bandwidth / 2, top / $0.bandwidth * 2] } }
    xs += xs.flatMap { [$0 / 1.5, $0 * 1.5] }
    let x = PlotScale(xAxis, values: xs, isRounded: false, most: 12)
    let ys = points.map(\.throughput) + peaks.map(\.throughput) + slopes.map { $0.bandwidth * x.lower }
    let y = PlotScale(yAxis, values: ys + ys.map { $0 * 1.4 }, most: 9)
    let frame = PlotFrame(x: x, y: y, height: 520)

    var svg = SVG()
    frame.draw(title: title, in: &svg)
    var labels = PointLabels(
      area: frame.area, points: points.map { frame.point($0.intensity, $0.throughput) })
    for (index, slope) in slopes.enumerated() {
      guard let (from, to) = ends(slope, below: top, frame) else { continue }
      svg.line(from, to, "line-\((index + 1) % PlotStyle.seriesColours + 1)")
      labels.reserve(from: from, to: to)
    }
    for peak in peaks {
      let y = frame.y(peak.throughput)
      let (from, to) = (SVG.Point(frame.area.left, y), SVG.Point(frame.area.right, y))
      svg.line(from, to, "knee")
      labels.reserve(from: from, to: to)
      let text = "\(peak.name) \(Format.significant(peak.throughput))"
      let end = SVG.Point(frame.area.right - 4, y)
      if let place = labels.place(text, beside: end) {
        svg.text(text, SVG.Point(place.left, (place.top + place.bottom) / 2 + 4), "name")
      }
    }
    drawNames(slopes, frame, &labels, in: &svg)
    for point in points {
      let at = frame.point(point.intensity, point.throughput)
      let tip =
        "\(point.name): \(Format.significant(point.throughput)) \(unit) at \(Format.significant(point.intensity))"
      svg.circle(at, radius: 4, "area-1", tip: tip)
      guard let place = labels.place(point.name, beside: at) else { continue }
      let middle = (place.top + place.bottom) / 2
      let nearest = SVG.Point(min(max(at.x, place.left), place.right), middle)
      if abs(nearest.x - at.x) + abs(nearest.y - at.y) > 16 { svg.line(at, nearest, "leader") }
      svg.text(point.name, SVG.Point(place.left, middle + 4), "name")
    }
    return PlotDrawing(svg, title: title, description: description, height: frame.height)
  }

  /// From the left edge, or the lower one, up to the highest peak; nil where nothing of it is in the plot.
  private func ends(_ slope: Slope, below top: Double?, _ frame: PlotFrame) -> (from: SVG.Point, to: SVG.Point)? {
    let left = max(frame.x.lower, frame.y.lower / slope.bandwidth)
    let right = min(frame.x.upper, (top ?? frame.y.upper) / slope.bandwidth)
    guard left < right else { return nil }
    return (frame.point(left, left * slope.bandwidth), frame.point(right, right * slope.bandwidth))
  }

  /// Names of slopes at the left, each beside the beginning of its line.
  private func drawNames(_ slopes: [Slope], _ frame: PlotFrame, _ labels: inout PointLabels, in svg: inout SVG) {
    for slope in slopes {
      let x = max(frame.x.lower, frame.y.lower / slope.bandwidth)
      let text = "\(slope.name) \(Format.significant(slope.bandwidth)) GB/s"
      guard let place = labels.place(text, beside: frame.point(x, x * slope.bandwidth)) else { continue }
      svg.text(text, SVG.Point(place.left, (place.top + place.bottom) / 2 + 4), "label")
    }
  }
}
