import BenchHarness
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PageTests {
  static let page = Page(title: "a <title> & more", sections: [.run(FormatsTests.report), .run(FormatsTests.report)])
    .html.text

  /// The page closes what it opens, so that but for its void elements it is XML too.
  static func elements(_ page: String = page) throws -> [XMLCollector.Element] {
    var text = page.replacing("<!DOCTYPE html>\n", with: "").replacing("<br>", with: "")
    for element in text.matches(of: /<meta [^>]*>/) { text = text.replacing(element.output, with: "") }
    let collector = XMLCollector()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = collector
    #expect(parser.parse(), "\(String(describing: parser.parserError)) at line \(parser.lineNumber)")
    return collector.elements
  }

  @Test func needsNothingBesideIt() throws {
    #expect(!Self.page.contains("<script") && !Self.page.contains("<link") && !Self.page.contains("<img"))
    #expect(!Self.page.contains("@import") && !Self.page.contains("url("))
    let elements = try Self.elements()
    for element in elements {
      for name in ["src", "href"] where element.attributes[name] != nil {
        #expect(element.attributes[name]?.hasPrefix("#") == true, "\(element.attributes)")
      }
    }
  }

  @Test func hasLightAndDark() {
    #expect(Self.page.contains("prefers-color-scheme:dark"))
    #expect(Self.page.contains(#"<meta name="color-scheme" content="light dark">"#))
  }

  /// WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text.
  @Test(arguments: [
    ("plot-ink", "plot-paper"), ("plot-muted", "plot-paper"), ("plot-ink", "shade"), ("plot-muted", "shade"),
    ("plot-ink", "bar"), ("accent", "plot-paper"), ("alarm", "alarm-shade"),
  ])
  func textHasContrast(text: String, ground: String) throws {
    // Each property comes first for light and then for dark.
    func luminances(_ name: String) throws -> [Double] {
      try Self.page.matches(of: Regex("--\(name):#([0-9a-f]{6})")).map { match in
        let hex = try #require(match.output[1].substring.flatMap { Int($0, radix: 16) })
        let channels = [hex >> 16, hex >> 8 & 255, hex & 255].map { channel -> Double in
          let value = Double(channel) / 255
          return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
      }
    }
    let pairs = zip(try luminances(text), try luminances(ground)).map { max($0, $1) > $1 ? ($0, $1) : ($1, $0) }
    #expect(pairs.count == 2)
    for (light, dark) in pairs { #expect((light + 0.05) / (dark + 0.05) >= 4.5, "\(text) on \(ground)") }
  }

  @Test func isReadableByOthersThanTheEye() throws {
    let elements = try Self.elements()
    #expect(elements.first?.attributes["lang"] == "en")
    for landmark in ["header", "nav", "main"] {
      #expect(elements.count { $0.name == landmark } == 1, "\(landmark)")
    }
    #expect(elements.count { $0.name == "section" } == 2)
    #expect(elements.filter { $0.name == "th" }.allSatisfy { $0.attributes["scope"] != nil })
    #expect(elements.count { $0.name == "table" } == elements.count { $0.name == "caption" })
    for svg in elements.filter({ $0.name == "svg" }) { #expect(svg.attributes["aria-label"]?.isEmpty == false) }
    // What scrolls can be reached by the keyboard.
    for box in elements.filter({ $0.attributes["class"] == "scroll" }) { #expect(box.attributes["tabindex"] == "0") }
    let ids = elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for link in elements.filter({ $0.name == "a" }) {
      #expect(ids.contains(String(link.attributes["href"]?.dropFirst() ?? "")))
    }
  }

  @Test func hasEveryCaseAndEveryReason() {
    for item in FormatsTests.report.cases {
      #expect(
        Self.page.contains(
          item.name.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;").replacing("'", with: "&#39;")))
    }
    #expect(Self.page.contains("n/a: no &quot;glibc&quot;, or &lt;musl&gt; | other"))
    #expect(Self.page.contains("Time over size"))
  }

  @Test func textIsEscaped() {
    let text = "<b> & \"c\""
    let html: HTML = "<i>\(text)\("<u>" as HTML)</i>"
    #expect(html.text == "<i>&lt;b&gt; &amp; &quot;c&quot;<u></i>")
  }
}
