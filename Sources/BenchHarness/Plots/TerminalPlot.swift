/// A plot of plain characters, without colour: lines in Braille patterns, of which each has two by four dots.
///
///     128 ┤⠉⠉⠉⠉⠉⠉⢢
///      64 ┤      ┊⠑⠤⠤⠤⠤
package struct TerminalPlot: Hashable, Sendable {
  package let plot: LinePlot
  /// Columns that a line takes at most, and rows of the plot itself.
  package let width: Int
  package let height: Int

  package init(_ plot: LinePlot, width: Int = RunTable.width, height: Int = 16) {
    precondition(width >= 40 && height >= 4, "TerminalPlot: no plot fits in less than 40 columns and 4 rows")
    (self.plot, self.width, self.height) = (plot, width, height)
  }

  package var text: String {
    let shown = plot.series.map(plot.points)
    let all = shown.flatMap(\.self)
    let x = PlotScale(plot.x, values: all.map(\.x), isRounded: plot.x.scale == .linear)
    let zero = plot.y.scale == .linear ? [0.0] : []
    let y = PlotScale(plot.y, values: all.map(\.y) + zero, most: max(2, height / 3))
    let gutter = (y.ticks.map { y.axis.text($0).count }.max() ?? 0) + 2
    var canvas = BrailleCanvas(columns: width - gutter, rows: height)
    for (index, points) in shown.enumerated() {
      canvas.draw(points.map { (x: x.fraction($0.x), y: y.fraction($0.y)) })
      if shown.count > 1, let last = points.last {
        canvas.put(Self.letter(index), x: x.fraction(last.x), y: y.fraction(last.y))
      }
    }
    let marks = plot.marks.filter { x.contains($0.x) }.sorted { $0.x < $1.x }
    for mark in marks {
      canvas.drawColumn(mark.kind == .found ? "\u{2502}" : "\u{250A}", x: x.fraction(mark.x))
    }

    var lines = [plot.title.cut(width)]
    lines += Self.labelRows(marks.map { (x.fraction($0.x), $0.name) }, width: width - gutter).reversed().map {
      String(repeating: " ", count: gutter) + $0
    }
    var ticks: [Int: String] = [:]
    for tick in y.ticks { ticks[canvas.row(y.fraction(tick))] = y.axis.text(tick) }
    for row in 0..<height {
      let label = ticks[row]
      lines.append((label ?? "").leftPadded(gutter - 2) + (label == nil ? " \u{2502}" : " \u{2524}") + canvas.line(row))
    }
    lines.append(
      String(repeating: " ", count: gutter - 1) + "\u{2514}" + String(repeating: "\u{2500}", count: width - gutter))
    let below = Self.labelRows(x.ticks.map { (x.fraction($0), x.axis.text($0)) }, width: width - gutter)
    lines.append(String(repeating: " ", count: gutter) + (below.first ?? ""))
    lines.append(String(repeating: " ", count: gutter) + "\(plot.y.label) over \(plot.x.label)".cut(width - gutter))
    if shown.count > 1 {
      for (index, series) in plot.series.enumerated() {
        lines.append("\(String(repeating: " ", count: gutter))\(Self.letter(index)): \(series.name)".cut(width))
      }
    }
    return lines.map(Self.withoutSpacesAtItsEnd).joined(separator: "\n")
  }

  private static func letter(_ index: Int) -> Character {
    Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(index % 26)))
  }

  private static func withoutSpacesAtItsEnd(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// Labels centred at fractions of the width, in as many rows as they need not to touch.
  private static func labelRows(_ labels: [(fraction: Double, text: String)], width: Int) -> [String] {
    let extents = labels.map { label in
      let length = min(label.text.count, width)
      let wanted = Int(label.fraction * Double(width - 1)) - length / 2
      let left = min(max(wanted, 0), width - length)
      return (left: Double(left), right: Double(left + length))
    }
    let rows = PlotLabels.rows(extents, gap: 1)
    var result = Array(repeating: Array(repeating: Character(" "), count: width), count: (rows.max() ?? -1) + 1)
    for ((label, extent), row) in zip(zip(labels, extents), rows) {
      for (offset, character) in label.text.prefix(width).enumerated() {
        result[row][Int(extent.left) + offset] = character
      }
    }
    return result.map { String($0) }
  }
}

/// Characters of two by four dots (Unicode, block "Braille Patterns", U+2800).
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var dots: [UInt8]
  private var characters: [Int: Character] = [:]

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    dots = Array(repeating: 0, count: columns * rows)
  }

  /// The row of a fraction of the height, from below.
  func row(_ fraction: Double) -> Int { dot(0, fraction).y / 4 }

  private func dot(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
    func place(_ fraction: Double, _ count: Int) -> Int {
      Int((min(max(fraction, 0), 1) * Double(count - 1)).rounded())
    }
    return (place(x, 2 * columns), place(1 - y, 4 * rows))
  }

  /// A line through points of the unit square.
  mutating func draw(_ points: [(x: Double, y: Double)]) {
    let points = points.map { dot($0.x, $0.y) }
    if points.count == 1 { set(points[0].x, points[0].y) }
    for (from, to) in zip(points, points.dropFirst()) {
      let steps = max(abs(to.x - from.x), abs(to.y - from.y), 1)
      for step in 0...steps {
        let part = Double(step) / Double(steps)
        set(
          from.x + Int((Double(to.x - from.x) * part).rounded()), from.y + Int((Double(to.y - from.y) * part).rounded())
        )
      }
    }
  }

  private mutating func set(_ x: Int, _ y: Int) {
    // Bits of the pattern's dots by row, in the left column and in the right.
    let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    dots[y / 4 * columns + x / 2] |= bits[x % 2][y % 4]
  }

  mutating func put(_ character: Character, x: Double, y: Double) {
    let place = dot(x, y)
    characters[place.y / 4 * columns + place.x / 2] = character
  }

  /// A column of `character`, behind what is drawn.
  mutating func drawColumn(_ character: Character, x: Double) {
    let column = dot(x, 0).x / 2
    for row in 0..<rows where characters[row * columns + column] == nil && dots[row * columns + column] == 0 {
      characters[row * columns + column] = character
    }
  }

  func line(_ row: Int) -> String {
    String(
      (0..<columns).map { column -> Character in
        let index = row * columns + column
        if let character = characters[index] { return character }
        return dots[index] == 0 ? " " : Character(Unicode.Scalar(UInt32(0x2800) + UInt32(dots[index]))!)
      })
  }
}
