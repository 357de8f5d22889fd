import BenchHarness
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Every format is parsed again, and its figures are those of the report.
@Suite struct FormatsTests {
  /// Names with everything that a format must escape, and figures that are not available.
  static let report = Samplers.report(
    name: #"a,b|"c"<d>&'e'"#, sizes: [1, 8, 64, 512], peers: ["MKL, \"new\"\nline | <x>"], row: "row_1",
    metrics: [
      NamedMetric(.mallocCalls, .value(2, unit: "calls", source: .measured)),
      NamedMetric(.mallocBytes, .unavailable(reason: "no \"glibc\", or\n<musl> | other")),
    ]
  ) { Double(100 * $0) }
  static let terminal = Terminal(colour: false, progress: false)

  static func text(_ format: ReportFormat) throws -> String { try report.text(format, terminal: terminal) }

  @Test func csv() throws {
    let text = try Self.text(.csv)
    #expect(text.utf8.reversed().starts(with: "\n\r".utf8))
    let rows = try CSVReader.rows(text)
    let header = try #require(rows.first)
    #expect(rows.allSatisfy { $0.count == header.count })
    let records = rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    #expect(Set(records.compactMap { $0["case"] }) == Set(Self.report.cases.map(\.name)))

    for item in Self.report.cases {
      for contender in item.contenders {
        let mine = records.filter { $0["case"] == item.name && $0["contender"] == contender.samples.name }
        func value(_ metric: String) -> Double? { mine.first { $0["metric"] == metric }?["value"].flatMap(Double.init) }
        #expect(value("time.median") == contender.time.median)
        #expect(value("time.p99.9") == contender.time.p999)
        #expect(value("time.interval.low") == contender.timeInterval.low)
        #expect(value("time.outliers.high.severe") == Double(contender.time.outliers.highSevere))
        #expect(value("throughput") == contender[.throughput].value)
        let missing = try #require(mine.first { $0["metric"] == "malloc.bytes" })
        #expect(missing["value"] == "" && missing["unavailable"] == "no \"glibc\", or\n<musl> | other")
      }
    }
  }

  @Test func markdown() throws {
    let lines = try Self.text(.markdown).split(separator: "\n").map(String.init)
    let table = lines.filter { $0.hasPrefix("| ") }
    // A pipe that is not escaped parts cells: as many in every row of a table.
    let cells = table.map { $0.replacing("\\|", with: "").count { $0 == "|" } }
    #expect(Set(cells) == [7, 11])
    #expect(cells.count { $0 == 11 } == 1 + 4 * 2)
    let kernel = try #require(table.first { $0.contains(#"a,b\|"c"\<d\>\&'e'/8 "#) })
    #expect(kernel.contains("| 800 ns |") && kernel.contains("| n/a |"), "\(kernel)")
    #expect(table.contains { $0.contains(#"MKL, "new" line \| \<x\>"#) && $0.contains("| 2.00x |") })
    #expect(lines.contains { $0.hasPrefix("- n/a: no \"glibc\", or \\<musl\\> \\| other") })
    #expect(lines.contains { $0.contains("BLIS is absent") })
    #expect(table.contains { $0.contains("| 1 to 512 | n | 0.0 % | 1.00 |") }, "the complexity fit")
  }

  @Test func junit() throws {
    let data = Data(try Self.text(.junit).utf8)
    let collector = XMLCollector()
    let parser = XMLParser(data: data)
    parser.delegate = collector
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    let suites = collector.elements.filter { $0.name == "testsuite" }
    #expect(suites.map { $0.attributes["name"] } == [Self.report.cases[0].series, "peers"])
    #expect(suites.map { $0.attributes["tests"] } == ["8", "1"])
    #expect(suites.map { $0.attributes["skipped"] } == ["0", "1"])
    #expect(suites[0].attributes["timestamp"] == "2027-01-15T08:00:00")

    let tests = collector.elements.filter { $0.name == "testcase" }
    #expect(tests.count == 9)
    for item in Self.report.cases {
      let test = try #require(tests.first { $0.attributes["name"] == item.name })
      let seconds = try #require(test.attributes["time"].flatMap(Double.init))
      #expect(abs(seconds * 1e9 / (try #require(item.kernel).time.median) - 1) < 1e-6)
      let output = try #require(collector.text(of: "system-out", in: test))
      #expect(output.contains("malloc.calls: 2 calls (measured)"))
      #expect(output.contains(#"malloc.bytes: n/a (no "glibc", or <musl> | other)"#), "\(output)")
    }
    let skipped = try #require(collector.elements.first { $0.name == "skipped" })
    #expect(skipped.attributes["message"] == "not found; apt-get install libblis4")
  }

  @Test func jmh() throws {
    let entries = try #require(try Self.json(.jmh))
    #expect(entries.count == 8)
    for (item, entry) in zip(Self.report.cases.flatMap { [$0, $0] }, entries) {
      let isKernel = (entry["benchmark"] as? String)?.hasSuffix(".row_1") == true
      let contender = try #require(isKernel ? item.kernel : item.peers.first)
      #expect((entry["benchmark"] as? String)?.count { $0 == "." } == 1)
      #expect(entry["mode"] as? String == "avgt" && entry["forks"] as? Int == 1 && entry["threads"] as? Int == 1)
      let parameters = try #require(entry["params"] as? [String: String])
      #expect(parameters["case"] == item.name && parameters["n"] == item.size.description)
      let primary = try #require(entry["primaryMetric"] as? [String: Any])
      #expect(primary["score"] as? Double == contender.time.median && primary["scoreUnit"] as? String == "ns/op")
      #expect(primary["scoreConfidence"] as? [Double] == [contender.timeInterval.low, contender.timeInterval.high])
      #expect((primary["rawData"] as? [[Double]]) == [contender.samples.nanoseconds])
      let percentiles = try #require(primary["scorePercentiles"] as? [String: Double])
      #expect(percentiles.count == 10 && percentiles["90.0"] == contender.time.p90)
      let others = try #require(entry["secondaryMetrics"] as? [String: [String: Any]])
      #expect(others["malloc.calls"]?["score"] as? Double == 2)
      #expect(others["malloc.bytes"] == nil, "not available, so not there")
    }
  }

  @Test func githubActionBenchmark() throws {
    let entries = try #require(try Self.json(.githubActionBenchmark))
    // For each case its time, its peer's, and the one count that is available.
    #expect(entries.count == 4 * 3)
    #expect(Set(entries.compactMap { $0["name"] as? String }).count == entries.count)
    for item in Self.report.cases {
      let time = try #require(entries.first { $0["name"] as? String == item.name })
      #expect(time["unit"] as? String == "ns" && time["value"] as? Double == item.kernel?.time.median)
      #expect((time["range"] as? String)?.hasPrefix("± ") == true)
      #expect((time["extra"] as? String)?.contains("malloc.bytes: n/a (no \"glibc\"") == true)
      let calls = try #require(entries.first { $0["name"] as? String == "\(item.name) malloc.calls" })
      #expect(calls["value"] as? Double == 2)
    }
  }

  @Test func jsonIsTheDocument() throws {
    #expect(try Report(json: Self.text(.json).utf8) == Self.report)
  }

  private static func json(_ format: ReportFormat) throws -> [[String: Any]]? {
    try JSONSerialization.jsonObject(with: Data(text(format).utf8)) as? [[String: Any]]
  }
}

@Suite struct DetailTableTests {
  static let text = DetailTable(terminal: FormatsTests.terminal).text(
    Samplers.report(
      sizes: [8, 16, 32, 64], peers: ["MKL"],
      metrics: [
        NamedMetric(.mallocCalls, .value(2, unit: "calls", source: .measured)),
        NamedMetric(
          .mallocBytes, .unavailable(reason: "a reason " + String(repeating: "that goes on and on ", count: 10))),
      ]
    ) { Double(100 * $0) })

  @Test func hasEveryStatistic() {
    for word in [
      "min 775 ns", "median 800 ns", "MAD 12.5 ns", "p90 ", "p99 ", "p99.9 ", "95 % interval of the median 775 ns to",
      "5 samples of 3 calls", "low severe", "high severe", "max 900 ns", "measured", "derived", "n/a",
    ] {
      #expect(Self.text.contains(word), "\(word) in \(Self.text)")
    }
  }

  @Test func fitsAHundredColumnsAndKeepsReasonsWhole() {
    for line in Self.text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    let words = Self.text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("a reason " + String(repeating: "that goes on and on ", count: 10)))
  }

  @Test func showsTheFitOfEveryContender() {
    #expect(Self.text.contains("series, MKL"))
    #expect(Self.text.contains("grows as"))
  }

  @Test func wrapping() {
    #expect("one two three".wrapped(7) == ["one two", "three"])
    #expect("one two three".wrapped(7, indent: 2) == ["one two", "  three"])
    #expect("abcdefghij".wrapped(4) == ["abcd", "efgh", "ij"])
    #expect("".wrapped(4) == [""])
  }
}

/// RFC 4180, and an error where a text does not keep to it.
enum CSVReader {
  struct Problem: Error {
    let text: String
  }

  static func rows(_ text: String) throws -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field = ""
    var isQuoted = false
    var characters = Array(text.unicodeScalars)[...]
    while let character = characters.popFirst() {
      switch (character, isQuoted) {
      case ("\"", true) where characters.first == "\"":
        characters.removeFirst()
        field.unicodeScalars.append("\"")
      case ("\"", true):
        isQuoted = false
        guard let next = characters.first, next == "," || next == "\r" else { throw Problem(text: "after a quote") }
      case ("\"", false):
        guard field.isEmpty else { throw Problem(text: "a quote within \(field)") }
        isQuoted = true
      case (",", false):
        row.append(field)
        field = ""
      case ("\r", false):
        guard characters.popFirst() == "\n" else { throw Problem(text: "a line that ends without a line feed") }
        rows.append(row + [field])
        (row, field) = ([], "")
      case ("\n", false): throw Problem(text: "a line feed without a carriage return")
      default: field.unicodeScalars.append(character)
      }
    }
    guard !isQuoted, row.isEmpty, field.isEmpty else { throw Problem(text: "an end in the middle of a line") }
    return rows
  }
}

/// The elements of an XML document, each with its place and its own text.
final class XMLCollector: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    let parent: Int?
    var text = ""
  }

  private(set) var elements: [Element] = []
  private var open: [Int] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append(Element(name: name, attributes: attributes, parent: open.last))
    open.append(elements.count - 1)
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let last = open.last { elements[last].text += text }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    open.removeLast()
  }

  func text(of name: String, in parent: Element) -> String? {
    elements.first { element in
      element.name == name && element.parent.map { elements[$0].attributes == parent.attributes } == true
    }?.text
  }
}
