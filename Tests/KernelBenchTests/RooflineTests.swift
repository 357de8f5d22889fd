import Foundation
import Testing

@testable import BenchHarness

@Suite struct RooflineTests {
  static func level(_ name: String, _ workingSet: Int, _ bandwidth: Double) -> MemoryLevel {
    MemoryLevel(
      name: name, workingSet: workingSet, readBandwidth: Summary([bandwidth]), loadLatency: Summary([1]))
  }

  /// `work` in `time` nanoseconds over `workingSet` bytes, beside a limit of `peak`.
  static func result(_ name: String, work: Double, time: Double, workingSet: Int?, peak: Double?) -> CaseResult {
    let benchmark = BenchmarkCase(
      name: name, series: name, size: 1, parameters: [], unit: .flops, row: "row", ceiling: .none(reason: "made up"),
      workingSet: workingSet, prepare: { [] })
    var samples = [Samples(name: "row", role: .kernel, work: work, iterations: 1, nanoseconds: [time])]
    if let peak {
      samples.append(Samples(name: "f32 FMA", role: .ceiling, work: peak, iterations: 1, nanoseconds: [1]))
    }
    return CaseResult(benchmark, samples: samples, metrics: samples.map { _ in [] })
  }

  static func report() throws -> RooflineReport {
    let caches = try CacheModelTests.topology([(1, "data", 32 << 10, 8), (2, "unified", 512 << 10, 8)])
    let json = String(decoding: try JSONEncoder().encode(MachineDescription.current()), as: UTF8.self)
    var object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    object["caches"] = try JSONSerialization.jsonObject(with: JSONEncoder().encode(caches))
    let machine = try JSONDecoder().decode(
      MachineDescription.self, from: JSONSerialization.data(withJSONObject: object))
    return RooflineReport(
      started: 1_800_000_000, machine: machine, build: .current(version: "1.2.3"),
      levels: [level("L1", 16 << 10, 200), level("L2", 256 << 10, 80), level("DRAM", 64 << 20, 20)],
      results: [
        // 100 operations a byte in L1, of which 80 a nanosecond are done: the units' limit of 100 binds.
        result("dense", work: 1_638_400, time: 20_480, workingSet: 16 << 10, peak: 100),
        // One operation for 4 bytes from DRAM, 4 a nanosecond: memory's 5 bind.
        result("stream", work: 16_777_216, time: Double(4 << 20), workingSet: 64 << 20, peak: 100),
        result("unknown", work: 524_288, time: Double(8 << 10), workingSet: 256 << 10, peak: nil),
        result("silent", work: 1, time: 1, workingSet: nil, peak: nil),
      ], isPartial: false)
  }

  @Test func theLowerLimitBinds() throws {
    let points = try Self.report().points
    #expect(points.map(\.name) == ["dense", "stream", "unknown"])
    #expect(points.map(\.level) == ["L1", "DRAM", "L2"])
    #expect(points.map(\.binding) == ["f32 FMA", "DRAM read", "L2 read"])
    #expect(points.map(\.limit) == [100, 5, 160])
    for (percent, wanted) in zip(points.map(\.percent), [80, 80, 40.0]) { #expect(abs(percent - wanted) < 1e-9) }
  }

  @Test func textAndPlots() throws {
    let report = try Self.report()
    let text = report.text(terminal: Terminal(colour: false, progress: false))
    for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    #expect(
      text.contains("silent: not plotted") && text.contains("no limit of the execution units is measured for unknown"))
    #expect(report.plots.count == 1)
    #expect(SVGReader(report.plots[0].svg(standalone: true)).problem == nil)
  }

  /// A case may be held against reading any number of bytes.
  @Test(arguments: [1, 768, 5000])
  func readingIsALimit(bytes: Int) throws {
    let benchmark = BenchmarkCase(
      name: "read", series: "read", size: 1, parameters: [], unit: .bytes, row: "row", ceiling: .reading(bytes: bytes)
    ) { [Contender("row", role: .kernel, work: 1) { _ in }] }
    let contenders = try benchmark.sampling(.quick, .none).contenders
    #expect(contenders.map(\.role) == [.kernel, .ceiling] && contenders[1].name.hasPrefix("read "))
  }

  @Test func roundTrip() throws {
    let report = try Self.report()
    #expect(try RooflineReport(json: report.json()) == report)
  }

  /// The page shows every kind of document that a verb writes.
  @Test func thePageShowsIt() throws {
    let place = Scratchpad()
    try place.write(String(decoding: try Self.report().json(), as: UTF8.self), to: "roofline.json")
    let section = try PageSource.section(path: place.path("roofline.json"))
    #expect(section.title.hasPrefix("Roofline"))
    for text in ["<svg", "dense", "DRAM read", "silent is not plotted"] {
      #expect(section.body.text.contains(text), "\(text)")
    }
  }
}
