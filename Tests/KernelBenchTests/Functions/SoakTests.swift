import BenchHarness
import Foundation
import Testing

@Suite struct SoakTests {
  let place = Scratchpad()
  static let noCounter = AllocationMeter.unavailable(reason: "no <counter>")

  static func report(_ cases: [SoakResult], partial: Bool = false) -> SoakReport {
    SoakReport(
      started: 1_800_000_000, machine: .current(), build: .current(version: "1.2.3"), seconds: 10, cases: cases,
      partial: partial)
  }

  /// Intervals of a second each, with `heap` bytes after each.
  static func result(
    heap: (Int) -> Double, resident: Metric = .unavailable(reason: "no <rss>"), name: String = "case/1"
  ) -> SoakResult {
    let intervals = (1...10).map { number in
      SoakInterval(
        end: Double(number), calls: 1000, seconds: 1, throughput: 0.5, resident: resident,
        heap: .value(heap(number), unit: "B", source: .measured),
        mallocCalls: .value(2000, unit: "calls", source: .measured),
        mallocBytes: .value(64_000, unit: "B", source: .measured))
    }
    return SoakResult(
      name: name, row: "row_1", unit: .bytes, intervals: intervals, errors: 0, firstError: nil)
  }

  @Test func growthIsSeenAndToldPerHour() throws {
    let result = Self.result { 1e6 + 1000 * Double($0) }
    guard case .slope(let heap) = result.heap else {
      Issue.record("no slope")
      return
    }
    #expect(heap.verdict == .grows && abs(heap.perHour.slope - 3.6e6) < 1)
    guard case .slope(let throughput) = result.throughput else {
      Issue.record("no slope")
      return
    }
    #expect(throughput.verdict == .none && throughput.level == 1000)
    #expect(result.resident == .unavailable(reason: "no <rss>"))
    #expect(result.mallocCalls.value == 2 && result.mallocBytes.value == 64)
    let text = SoakText(terminal: InvokeTests.terminal).text(Self.report([result], partial: true))
    #expect(text.contains("heap: GROWS by 3.43 MiB an hour") && text.contains("allocations per call: 2, 64 B"))
    for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
  }

  @Test func roundTrip() throws {
    let report = Self.report([Self.result { _ in 1e6 }], partial: true)
    #expect(try SoakReport(json: report.json()) == report)
  }

  @Test func whatThrowsIsCounted() throws {
    let benchmark = FunctionSamples.failing { $0 % 100 == 99 }
    let result = try Soak(seconds: 0.25, allocations: Self.noCounter).run(benchmark) { _ in }
    let calls = result.intervals.reduce(0) { $0 + $1.calls }
    #expect(result.intervals.count == 2 && result.errors > 0)
    // One in a hundred, and at the ends of the intervals a part of a hundred.
    #expect(abs(Double(result.errors) / Double(calls + result.errors) - 0.01) < 0.001)
    #expect(result.firstError?.hasPrefix("call ") == true)
    #expect(result.mallocCalls == .unavailable(reason: "no <counter>"))
    let report = Self.report([result])
    #expect(report.failure?.description.contains("calls failed, the first with: call ") == true)
    #expect(try SoakReport(json: report.json()) == report)
  }

  @Test func whereAllFailThereAreNoCalls() throws {
    let result = try Soak(seconds: 0.1, allocations: Self.noCounter).run(FunctionSamples.failing { _ in true }) { _ in }
    #expect(result.intervals.map(\.calls) == [0] && result.errors > 0)
    let text = SoakText(terminal: InvokeTests.terminal).text(Self.report([result]))
    for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
  }

  @Test func asAUserRunsIt() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(["soak", "sha256/64B", "--seconds", "1", "--json", json])
    #expect(result.status == 0, "\(result.error)")
    for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    let report = try SoakReport.read(json)
    let soak = try #require(report.cases.first)
    #expect(report.seconds == 1 && soak.intervals.count == 10 && soak.errors == 0)
    #expect(soak.intervals.allSatisfy { $0.calls > 0 && $0.throughput > 0 })
    // A warm digest allocates nothing, and neither does what counts it; or there is no counter.
    #expect(soak.mallocCalls.value ?? 0 == 0 && soak.mallocBytes.value ?? 0 == 0)
    #expect(place.names == ["out.json"])
  }

  @Test func ctrlCKeepsWhatWasMeasured() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(["soak", "sha256/64B", "--seconds", "300", "--json", json], interruptedAfter: 3)
    #expect(result.status == 130, "\(result.error)")
    let report = try SoakReport.read(json)
    #expect(report.partial && result.output.contains("Interrupted"))
    #expect(report.cases.allSatisfy { $0.intervals.count < 30 })
  }

  @Test(arguments: [
    (["soak"], 1, "no case is named"), (["soak", "nonsense"], 1, "no case is called \"nonsense\""),
    (["soak", "sgemm/8", "--seconds", "0"], 1, "--seconds 0.0 is not within 0.1...86400"),
    (["soak", "sgemm/8", "--seconds", "nan"], 1, "is not within"),
    (["soak", "sgemm/8", "--json", "/nonexistent/a.json"], 1, "cannot write"),
  ])
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    let result = try KernelBench.run(arguments)
    #expect(result.status == status && result.output.isEmpty)
    #expect(result.error.contains(message), "\(result.error)")
  }
}
