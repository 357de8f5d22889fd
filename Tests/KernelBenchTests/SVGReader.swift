import Foundation

@testable import BenchHarness

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a parser of XML finds in a plot.
final class SVGReader: NSObject, XMLParserDelegate {
  struct Text {
    let text: String
    let area: PlotArea
    let isTurned: Bool
  }

  private(set) var problem: String?
  private(set) var root: [String: String] = [:]
  private(set) var hasStyle = false
  private(set) var titles: [String] = []
  private(set) var texts: [Text] = []
  private(set) var coordinates: [Double] = []
  private var attributes: [String: String] = [:]
  private var content = ""

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    if !parser.parse() { problem = parser.parserError.map { "\($0)" } ?? "no reason" }
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if root.isEmpty { root = attributes }
    hasStyle = hasStyle || element == "style"
    self.attributes = attributes
    content = ""
    for name in ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height"] {
      if let text = attributes[name] { coordinates.append(Double(text) ?? .nan) }
    }
    for text in (attributes["points"] ?? "").split(whereSeparator: { $0 == " " || $0 == "," }) {
      coordinates.append(Double(text) ?? .nan)
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { content += string }

  func parser(_ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?) {
    if element == "title" { titles.append(content) }
    guard element == "text", let x = Double(attributes["x"] ?? ""), let y = Double(attributes["y"] ?? "") else {
      return
    }
    // Letters are a little narrower than the most that is kept free for them.
    let width = SVG.width(content) * 0.9
    let left =
      attributes["text-anchor"] == "end" ? x - width : attributes["text-anchor"] == "middle" ? x - width / 2 : x
    texts.append(
      Text(
        text: content, area: PlotArea(left: left, top: y - 10, right: left + width, bottom: y + 2),
        isTurned: attributes["transform"] != nil))
  }
}
