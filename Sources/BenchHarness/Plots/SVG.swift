/// Writes the text of an SVG 1.1 document. Coordinates are pixels, from the left and from above.
struct SVG {
  private(set) var body = ""

  struct Point {
    let x: Double
    let y: Double

    init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  enum Anchor: String {
    case start, middle, end
  }

  mutating func line(_ from: Point, _ to: Point, _ style: String) {
    add(
      "<line x1=\"\(Self.n(from.x))\" y1=\"\(Self.n(from.y))\" x2=\"\(Self.n(to.x))\" y2=\"\(Self.n(to.y))\" class=\"\(style)\"/>"
    )
  }

  mutating func polyline(_ points: [Point], _ style: String) {
    guard points.count > 1 else { return }
    add(
      "<polyline points=\"\(points.map { "\(Self.n($0.x)),\(Self.n($0.y))" }.joined(separator: " "))\" class=\"\(style)\"/>"
    )
  }

  /// - Parameter tip: what a pointer that rests on it is told.
  mutating func circle(_ centre: Point, radius: Double, _ style: String, tip: String? = nil) {
    add(
      "<circle cx=\"\(Self.n(centre.x))\" cy=\"\(Self.n(centre.y))\" r=\"\(Self.n(radius))\" class=\"\(style)\""
        + Self.content(tip, of: "circle"))
  }

  mutating func rectangle(_ area: PlotArea, _ style: String, tip: String? = nil) {
    add(
      "<rect x=\"\(Self.n(area.left))\" y=\"\(Self.n(area.top))\" width=\"\(Self.n(area.width))\" height=\"\(Self.n(area.height))\" "
        + "class=\"\(style)\"" + Self.content(tip, of: "rect"))
  }

  mutating func text(
    _ text: String, _ at: Point, _ style: String = "label", anchor: Anchor = .start, turned: Bool = false
  ) {
    let turn = turned ? " transform=\"rotate(-90 \(Self.n(at.x)) \(Self.n(at.y)))\"" : ""
    add(
      "<text x=\"\(Self.n(at.x))\" y=\"\(Self.n(at.y))\" class=\"\(style)\" text-anchor=\"\(anchor.rawValue)\"\(turn)>"
        + "\(Self.escaped(text))</text>")
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

  /// Pixels that `text` takes, about and rather too many: fonts differ, and a plot does not know its reader's.
  static func width(_ text: String, size: Double = 12) -> Double {
    let ems = text.reduce(0) { sum, letter in
      switch letter {
      case "m", "w", "M", "W", "@", "%": sum + 1
      case "i", "l", "j", "f", "t", " ", ".", ",", "/", "'", "(", ")": sum + 0.42
      default: sum + (letter.isASCII ? 0.66 : 1.2)
      }
    }
    return size * ems
  }

  private static func content(_ tip: String?, of element: String) -> String {
    tip.map { "><title>\(escaped($0))</title></\(element)>" } ?? "/>"
  }

  private mutating func add(_ element: String) { body += element + "\n" }

  static let namespace = "xmlns=\"http://www.w3.org/2000/svg\""

  /// Attributes of an element as wide as every plot.
  static func box(_ height: Double) -> String {
    "viewBox=\"0 0 \(n(PlotFrame.width)) \(n(height))\" width=\"\(n(PlotFrame.width))\" height=\"\(n(height))\""
  }

  /// A coordinate, to a tenth of a pixel.
  static func n(_ value: Double) -> String {
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
