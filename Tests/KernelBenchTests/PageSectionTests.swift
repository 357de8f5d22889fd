import Foundation
import Testing

@testable import BenchHarness

/// What `report` shows of the documents of roofline, sweep, cache, ab, compare and selftest.
@Suite struct PageSectionTests {
  static let name = "case/<1> & \"2\""
  static let escaped = "case/&lt;1&gt; &amp; &quot;2&quot;"

  static func sweep() -> SweepReport {
    let machine = MachineDescription.current()
    let points = (12...24).map { exponent in
      SweepReport.Point(
        workingSet: 1 << exponent, size: 1 << exponent,
        samples: (0..<9).map { exponent < 18 ? 100 + Double($0) : 40 + Double($0) })
    }
    return SweepReport(
      started: 1_800_000_000, machine: machine, build: .current(version: "1"), subject: name,
      curves: [.init(name: name, unit: "GB/s", points: points, caches: KneeFinderTests.caches)], isPartial: true)
  }

  static func cache() throws -> CacheReport {
    func benchmark(_ name: String) -> BenchmarkCase {
      BenchmarkCase(
        name: name, series: name, size: 1, parameters: [], unit: .bytes, row: "row<avx512>",
        ceiling: .none(reason: "made up"), prepare: { [] })
    }
    let caches = try CacheModelTests.topology([(1, "data", 32 << 10, 8), (2, "unified", 1 << 20, 16)])
    return CacheReport(
      started: 1_800_000_000, machine: .current(), build: .current(version: "1"), simulator: "valgrind-3.19.0",
      model: try #require(CacheModel(caches)),
      cases: [
        .init(benchmark(name), .success(try SimulatedCaseTests.counted(once: "1050 207 3", twice: "2050 407 3"))),
        .init(benchmark("none/1"), .failure(.init("it <broke>"))),
      ], isPartial: true)
  }

  static func ab() -> BuildComparison {
    var samples = ArmSamples(name: name, arms: 3)
    for life in 0..<12 {
      for block in 0..<20 {
        let drift = 100 + Double((7 * life + 3 * block) % 5)
        for (arm, factor) in [1, 1, 1.05].enumerated() { samples.nanoseconds[arm].append(drift * factor) }
      }
      samples.blocks.append(20)
    }
    samples.counts = [[.mallocCalls: 1], [.mallocCalls: 1], [.mallocCalls: 2]]
    let rule = DecisionRule()
    return BuildComparison(
      started: 1_800_000_000, machine: .current(), old: "old & <1>", new: "new", plan: .quick, rule: rule, seed: 1,
      cases: BuildComparison.judge([samples], candidate: 2, reference: (0, 1), rule: rule), isPartial: true)
  }

  /// Through their files, as the verb has them.
  static func sections() throws -> [PageSection] {
    let place = Scratchpad()
    let documents: [any Document] = [
      try RooflineTests.report(), sweep(), try cache(), ab(),
      try RunComparisonTests.compare(RunComparisonTests.report(), RunComparisonTests.report(1.5)),
      SelfTestReport(
        started: 1_800_000_000, machine: .current(), plan: .quick, rule: DecisionRule(), seed: 1,
        hasBusyNeighbour: true,
        cases: [name]),
    ]
    return try documents.enumerated().map { index, document in
      try place.write(String(decoding: document.json(), as: UTF8.self), to: "\(index).json")
      return try PageSource.section(path: place.path("\(index).json"))
    }
  }

  @Test func everyDocumentHasASection() throws {
    let sections = try Self.sections()
    #expect(
      sections.map(\.title) == [
        "Roofline, 2027-01-15 08:00 UTC", "Sweep of \(Self.name), 2027-01-15 08:00 UTC",
        "Cache model, 2027-01-15 08:00 UTC", "Comparison of builds, 2027-01-15 08:00 UTC", "before against now",
        "Self-test of the comparison, 2027-01-15 08:00 UTC",
      ])
    for section in sections { #expect(!section.body.text.contains("nan") && !section.body.text.contains("inf ")) }
    for section in sections[1...3] {
      #expect(section.body.text.contains(Self.escaped))
      #expect(section.body.text.contains("<p class=\"warning\">Interrupted"))
    }
  }

  @Test func thePageIsWellFormedAndReadable() throws {
    let page = Page(title: "all", sections: try Self.sections()).html.text
    let elements = try PageTests.elements(page)
    #expect(elements.count { $0.name == "section" } == 6)
    #expect(elements.count { $0.name == "table" } == elements.count { $0.name == "caption" })
    #expect(elements.filter { $0.name == "th" }.allSatisfy { $0.attributes["scope"] != nil })
    let plots = elements.filter { $0.name == "svg" }
    #expect(plots.count == 3, "roofline, sweep and comparison of builds")
    for plot in plots { #expect(plot.attributes["aria-label"]?.isEmpty == false) }
  }

  @Test func figuresAndReasonsAreThere() throws {
    let bodies = try Self.sections().map(\.body.text)
    for text in ["128 KiB", "256 KiB", "0.42x"] { #expect(bodies[1].contains(text), "\(text)") }
    for text in [
      "row, here row&lt;avx512&gt;", "none/1: n/a, it &lt;broke&gt;.", "1.56", "valgrind-3.19.0",
      "callgrind did not count DLmr",
    ] {
      #expect(bodies[2].contains(text), "\(text)")
    }
    for text in ["+5.0%", "regression; malloc.calls 1 to 2", "old &amp; &lt;1&gt;"] {
      #expect(bodies[3].contains(text), "\(text)")
    }
  }
}
