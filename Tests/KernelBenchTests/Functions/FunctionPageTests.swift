import BenchHarness
import Foundation
import Testing

/// What `report` shows of the documents of cold, invoke, soak and cost.
@Suite struct FunctionPageTests {
  static let name = "case/<1> & \"2\""
  static let escaped = "case/&lt;1&gt; &amp; &quot;2&quot;"
  static let times = (0..<2000).map { 1000 + Double($0 * 7919 % 1000) }

  static func documents() throws -> [any Document] {
    let failed = FunctionSamples.invoked(
      Invocations(nanoseconds: times, switched: [3], faulted: [0, 3], errors: 2, firstError: "<broken>"), name: name)
    let none = FunctionSamples.invoked(Invocations(errors: 5, firstError: "all"), name: "none/1")
    return [
      ColdTests.report([try #require(ColdTests.result(name: name))], partial: true),
      InvokeTests.report([failed, none], partial: true),
      SoakTests.report([SoakTests.result(heap: { 1e6 + 1e4 * Double($0) }, name: name)], partial: true),
      CostTests.report(
        [
          CostTests.result(name: name), CostTests.result([3e9], name: "long/1"),
          CostTests.result(memory: .value(12e9, unit: "B", source: .measured), name: "large/1"),
        ], partial: true),
    ]
  }

  static func sections() throws -> [PageSection] {
    let place = Scratchpad()
    return try documents().enumerated().map { index, document in
      try place.write(String(decoding: document.json(), as: UTF8.self), to: "\(index).json")
      return try PageSource.section(path: place.path("\(index).json"))
    }
  }

  @Test func everyDocumentHasASection() throws {
    let sections = try Self.sections()
    #expect(
      sections.map(\.title) == [
        "Cold starts of 2027-01-15 08:00 UTC", "Invocations of 2027-01-15 08:00 UTC", "Soak of 2027-01-15 08:00 UTC",
        "Cost, 2027-01-15 08:00 UTC",
      ])
    for section in sections {
      #expect(section.body.text.contains("<h3>\(Self.escaped)</h3>"))
      #expect(section.body.text.contains("<p class=\"warning\">Interrupted"))
      #expect(!section.body.text.contains("nan") && !section.body.text.contains("inf "))
    }
  }

  @Test func thePageIsWellFormedAndReadable() throws {
    let page = Page(title: "functions", sections: try Self.sections()).html.text
    let elements = try PageTests.elements(page)
    #expect(elements.count { $0.name == "section" } == 4)
    #expect(elements.count { $0.name == "table" } == elements.count { $0.name == "caption" })
    #expect(elements.filter { $0.name == "th" }.allSatisfy { $0.attributes["scope"] != nil })
    // A plot of a start, two of invocations, two of a soak, one of each cost that has a size: with one series missing none.
    #expect(elements.count { $0.name == "svg" } == 7)
    for svg in elements.filter({ $0.name == "svg" }) { #expect(svg.attributes["aria-label"]?.isEmpty == false) }
  }

  @Test func figuresAndReasonsAreThere() throws {
    let texts = try Self.sections().map(\.body.text)
    // Exec to main at 2 ms, less what starts were late; and what is not measured says why.
    #expect(texts[0].contains("1.95 ms") && texts[0].contains("no dynamic loader reported"))
    #expect(texts[0].contains("no &lt;copy&gt;"))
    #expect(texts[1].contains("2 of 2002 invocations failed, the first with: &lt;broken&gt;"))
    #expect(texts[1].contains("every invocation failed") && texts[1].contains("no &lt;status&gt;"))
    #expect(texts[2].contains("grows") && texts[2].contains("no &lt;rss&gt;"))
    #expect(texts[3].contains("Speed stops paying at 1769 MB") && texts[3].contains("0.0000166667 USD"))
    #expect(texts[3].contains("no function has room") && texts[3].contains("min(1, 1769 MB / 1769 MB)"))
  }

  /// Every field that is written at the top of a document, or of a case, is described.
  @Test func everyFieldIsInTheDocumentation() throws {
    let page = try Repository.text("Sources/KernelBenchmark/KernelBenchmark.docc/Documents.md")
    for document in try Self.documents() {
      let object = try #require(try JSONSerialization.jsonObject(with: document.json()) as? [String: Any])
      let format = try #require(object["format"] as? String)
      let heading = "## \(format), version \(object["version"] ?? 0)"
      let from = try #require(page.range(of: heading), "\(heading)")
      let rest = page[from.upperBound...]
      let section = rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
      let cases = try #require(object["cases"] as? [[String: Any]])
      var names = Set(object.keys).union(cases.flatMap(\.keys))
      for key in ["invocations", "intervals", "sizes"] {
        let parts = cases.flatMap { ($0[key] as? [[String: Any]]) ?? [($0[key] as? [String: Any]) ?? [:]] }
        names.formUnion(parts.flatMap(\.keys))
      }
      // What all documents have in common is described before them.
      for name in names.subtracting(["format", "version", "machine", "build", "started"]).sorted() {
        #expect(section.contains("`\(name)`"), "\(name) of \(format)")
      }
    }
  }
}
