/// Writes the text of an SVG 1.1 document. Coordinates are pixels, from the left and from above.
struct SVG {
  private var body = ""

  struct Point {
    let x: Double
    let y: Double

    init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  enum Anchor: String {
    case start, middle, end
  }

  mutating func line(_ from: Point, _ to: Point, _ style: String) {
    add("<line x1=\"\(n(from.x))\" y1=\"\(n(from.y))\" x2=\"\(n(to.x))\" y2=\"\(n(to.y))\" class=\"\(style)\"/>")
  }

  mutating func polyline(_ points: [Point], _ style: String) {
    guard points.count > 1 else { return }
    add("<polyline points=\"\(points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " "))\" class=\"\(style)\"/>")
  }

  /// - Parameter tip: what a pointer that rests on it is told.
  mutating func circle(_ centre: Point, radius: Double, _ style: String, tip: String? = nil) {
    add(
      "<circle cx=\"\(n(centre.x))\" cy=\"\(n(centre.y))\" r=\"\(n(radius))\" class=\"\(style)\""
        + Self.content(tip, of: "circle"))
  }

  mutating func rectangle(_ area: PlotArea, _ style: String, tip: String? = nil) {
    add(
      "<rect x=\"\(n(area.left))\" y=\"\(n(area.top))\" width=\"\(n(area.width))\" height=\"\(n(area.height))\" "
        + "class=\"\(style)\"" + Self.content(tip, of: "rect"))
  }

  mutating func text(
    _ text: String, _ at: Point, _ style: String = "label", anchor: Anchor = .start, turned: Bool = false
  ) {
    let turn = turned ? " transform=\"rotate(-90 \(n(at.x)) \(n(at.y)))\"" : ""
    add(
      "<text x=\"\(n(at.x))\" y=\"\(n(at.y))\" class=\"\(style)\" text-anchor=\"\(anchor.rawValue)\"\(turn)>"
        + "\(Self.escaped(text))</text>")
  }

  /// The element `svg` around all that was written, named for those who cannot see it.
  func document(title: String, description: String, width: Double, height: Double, standalone: Bool) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" aria-label="\(Self.escaped(title))" \
    viewBox="0 0 \(n(width)) \(n(height))" width="\(n(width))" height="\(n(height))">
    <title>\(Self.escaped(title))</title>
    <desc>\(Self.escaped(description))</desc>
    \(standalone ? "<style>\n\(PlotStyle.standalone)\n</style>\n" : "")\
    <rect x="0" y="0" width="\(n(width))" height="\(n(height))" class="paper"/>
    \(body)</svg>

    """
  }

  /// Text as XML 1.0 has it in elements and attributes; characters that it does not allow at all become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(" ")
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result.unicodeScalars.append("\u{FFFD}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Pixels that `text` takes at most in the plots' font of 12 px: a letter of a sans-serif is 0.6 em wide at most, but
  /// for a few.
  static func width(_ text: String, size: Double = 12) -> Double { 0.6 * size * Double(text.count) }

  private static func content(_ tip: String?, of element: String) -> String {
    tip.map { "><title>\(escaped($0))</title></\(element)>" } ?? "/>"
  }

  private mutating func add(_ element: String) { body += element + "\n" }

  private func n(_ value: Double) -> String {
    precondition(value.isFinite, "SVG: coordinates must be numbers")
    let text = Format.fixed(value, digits: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

/// A rectangle in pixels.
struct PlotArea {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }

  func overlaps(_ other: PlotArea) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }

  func contains(_ other: PlotArea) -> Bool {
    left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom
  }
}
