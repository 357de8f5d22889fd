/// Where labels go so that none lies on another.
enum PlotLabels {
  /// Rows, counted from 0, for labels side by side: each in the first row where it does not touch one before it.
  static func rows(_ labels: [(left: Double, right: Double)], gap: Double = 6) -> [Int] {
    var ends: [[(left: Double, right: Double)]] = []
    return labels.map { label in
      let row =
        ends.firstIndex { $0.allSatisfy { label.right + gap <= $0.left || $0.right + gap <= label.left } } ?? ends.count
      if row == ends.count { ends.append([]) }
      ends[row].append(label)
      return row
    }
  }

  /// Positions at least `gap` apart, in the order of `wanted` and close to them, within `range` where there is room.
  static func spread(_ wanted: [Double], gap: Double, within range: ClosedRange<Double>) -> [Double] {
    let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
    var result = wanted
    var floor = range.lowerBound
    for index in order {
      result[index] = max(wanted[index], floor)
      floor = result[index] + gap
    }
    // What went over the end is pushed back, and the rest before it.
    var ceiling = range.upperBound
    for index in order.reversed() where result[index] > ceiling {
      result[index] = ceiling
      ceiling -= gap
    }
    return result
  }
}

/// Labels beside points of a plane: each goes to the nearest free place around its point.
struct PointLabels {
  let area: PlotArea
  private var taken: [PlotArea]

  /// - Parameter points: what no label may cover.
  init(area: PlotArea, points: [SVG.Point]) {
    self.area = area
    taken = points.map { PlotArea(left: $0.x - 5, top: $0.y - 5, right: $0.x + 5, bottom: $0.y + 5) }
  }

  /// Keeps a label's place free that is put elsewhere.
  mutating func reserve(_ place: PlotArea) { taken.append(place) }

  /// Keeps labels off a line.
  mutating func reserve(from: SVG.Point, to: SVG.Point) {
    let steps = max(1, (max(abs(to.x - from.x), abs(to.y - from.y)) / 5).rounded(.up))
    for step in 0...Int(steps) {
      let part = Double(step) / steps
      let (x, y) = (from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part)
      taken.append(PlotArea(left: x - 3, top: y - 2, right: x + 3, bottom: y + 2))
    }
  }

  /// The rectangle for `text`, or nil where everything around is taken.
  mutating func place(_ text: String, beside point: SVG.Point) -> PlotArea? {
    let (width, height) = (SVG.width(text) + 4, 14.0)
    for distance in stride(from: 8.0, through: 80, by: 9) {
      // Right, left, above, below, then the corners.
      for (dx, dy) in [(1.0, 0.0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)] {
        let left = point.x + dx * distance - (dx == 0 ? width / 2 : dx < 0 ? width : 0)
        let middle = point.y + dy * (distance + (dx == 0 ? 4 : 0))
        let place = PlotArea(left: left, top: middle - height / 2, right: left + width, bottom: middle + height / 2)
        if area.contains(place) && !taken.contains(where: place.overlaps) {
          taken.append(place)
          return place
        }
      }
    }
    return nil
  }
}
