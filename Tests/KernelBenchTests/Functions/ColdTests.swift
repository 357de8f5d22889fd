import Foundation
import Testing

@testable import BenchHarness

@Suite struct ColdTests {
  let place = Scratchpad()

  private static let record: ColdRecord = {
    var record = ColdRecord()
    (record.atMain, record.ready, record.first, record.last) = (2_000_000, 3_000_000, 3_500_000, 9_000_000)
    (record.warm, record.minorFaultsAtMain, record.minorFaultsAtFirst) = (100_000, 120, 300)
    (record.resident, record.highWaterMark) = (5 << 20, 6 << 20)
    return record
  }()

  /// A start that was asked for `late` nanoseconds after 0.
  private static func start(_ late: UInt64) -> ColdSampling.Start {
    let usage = ProcessUsage(minorFaults: 0, majorFaults: 0, involuntarySwitches: 0)
    return .init(
      record: record,
      process: SpawnedProcess(started: late, ended: 9_400_000, status: 0, output: record.line, usage: usage))
  }

  static let result = result(name: "case/1")

  static func result(name: String) -> ColdResult? {
    ColdResult(name: name, row: "row_1", starts: (0..<100).map { start(1000 * $0) })
  }

  static func report(_ cases: [ColdResult], partial: Bool = false) -> ColdReport {
    ColdReport(
      started: 1_800_000_000, machine: .current(), build: .current(version: "1.2.3"), count: 100,
      residentPages: .unavailable(reason: "no <copy>"), cases: cases, partial: partial)
  }

  @Test func aRecordIsALine() throws {
    #expect(try #require(ColdRecord(output: Self.record.line)) == Self.record)
    let among = "   123:\ttotal startup time in dynamic loader: 2000 cycles\n\(Self.record.line)\nand more\n"
    #expect(ColdRecord(output: among) == Self.record)
    var unknown = Self.record
    (unknown.resident, unknown.highWaterMark) = (nil, nil)
    #expect(ColdRecord(output: unknown.line) == unknown)
  }

  @Test func whatIsNoRecordIsNone() {
    let line = Self.record.line
    #expect(ColdRecord(output: "") == nil && ColdRecord(output: "Error: no") == nil)
    #expect(ColdRecord(output: line.replacing("ready=3000000", with: "ready=1")) == nil)
    #expect(ColdRecord(output: line.replacing("warm=", with: "cold=")) == nil)
    #expect(ColdRecord(output: line.replacing("main=", with: "main=-")) == nil)
    #expect(ColdRecord(output: line.replacing(" rss=", with: " rss")) == nil)
  }

  @Test func theLoaderIsHeard() {
    let output = "     27:\t\n     27:\ttotal startup time in dynamic loader: 2000000 cycles\n     27:\tand so on"
    #expect(LoaderTime(ticksPerNanosecond: 2).nanoseconds(output) == 1_000_000)
    #expect(LoaderTime(ticksPerNanosecond: nil).nanoseconds(output) == nil)
    #expect(LoaderTime(ticksPerNanosecond: 2).nanoseconds("nothing") == nil)
  }

  @Test func phasesAreDifferencesOfMoments() throws {
    let result = try #require(Self.result)
    func median(_ phases: [Phase], _ name: String) -> Double? {
      phases.first { $0.name.hasSuffix(name) }?.distribution?.median.value
    }
    // Asked for between 0 and 99 us after 0, so that the median start is 49.5 us late.
    #expect(abs(try #require(median(result.phases, "exec to main")) - 1_950_500) < 1)
    #expect(median(result.phases, "case made ready") == 1_000_000)
    #expect(median(result.phases, "first call") == 500_000)
    #expect(median(result.phases, "first over warm call") == 5)
    #expect(median(result.phases, "exit") == 400_000)
    #expect(median(result.counts, "(VmHWM)") == Double(6 << 20))
    #expect(median(result.counts, "minor faults to main") == 120)
    // To main, and what the first call takes beyond a warm one.
    #expect(abs(try #require(result.initialisation.value) - 2_350_500) < 1)
    // Nothing reported by a loader, and no floor.
    #expect(result.phases.count { $0.distribution == nil } == 2)
    #expect(ColdResult(name: "a", row: "b", starts: []) == nil)
  }

  @Test func roundTripAndWidth() throws {
    let report = Self.report([try #require(Self.result)], partial: true)
    #expect(try ColdReport(json: report.json()) == report)
    let text = ColdText(terminal: InvokeTests.terminal).text(report)
    for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    #expect(text.contains("Not evicted: no <copy>") && text.contains("Interrupted"))
  }

  @Test func whatCannotBeStartedIsTold() throws {
    #expect(throws: BenchError.self) {
      try SpawnedProcess.run(path: "/nonexistent/program", arguments: ["p"], environment: [])
    }
    let process = try SpawnedProcess.run(
      path: "/bin/sh", arguments: ["sh", "-c", "echo $A; echo err >&2; exit 3"], environment: ["A=b c"])
    #expect(process.status == 3 && process.output == "b c\nerr\n" && process.ended > process.started)
    let killed = try SpawnedProcess.run(path: "/bin/sh", arguments: ["sh", "-c", "kill -9 $$"], environment: [])
    #expect(killed.status == 137)
  }

  @Test func asAUserRunsIt() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(["cold", "sha256/64B", "--count", "12", "--json", json])
    #expect(result.status == 0, "\(result.error)")
    for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    let report = try ColdReport.read(json)
    let measured = try #require(report.cases.first)
    #expect(report.count == 12 && measured.name == "sha256/64B" && !report.partial)
    for name in ["exec to main", "  case made ready", "  first call", "warm call", "exit"] {
      #expect((measured.phases.first { $0.name == name }?.distribution?.minimum ?? 0) > 0, "\(name)")
    }
    // Less than a floor no program starts.
    #expect((measured.initialisation.value ?? 0) > 100_000)
    #expect(place.names == ["out.json"])
  }

  @Test func quickTakesTheFirstCase() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(["cold", "--quick", "--count", "3", "--json", json])
    #expect(result.status == 0, "\(result.error)")
    #expect(try ColdReport.read(json).cases.map(\.name) == ["sgemm/8"])
  }

  @Test func whatIsMaskedIsMaskedInTheProcess() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(
      ["cold", "sha256/64B", "--count", "2", "--disable", "sha,avx,neon", "--json", json])
    #expect(result.status == 0, "\(result.error)")
    #expect(try ColdReport.read(json).cases[0].row.contains("portable"))
  }

  @Test func ctrlCKeepsWhatWasMeasured() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(
      ["cold", "sha256/64B", "--count", "100000", "--json", json], interruptedAfter: 3)
    #expect(result.status == 130, "\(result.error)")
    let report = try ColdReport.read(json)
    #expect(report.partial && report.cases.count <= 1)
    #expect(result.output.contains("Interrupted"))
  }

  @Test(arguments: [
    (["cold", "nonsense"], 1, "no case is called \"nonsense\""), (["cold", "sgemm/8", "--filter", "x"], 1, "not both"),
    (["cold", "--count", "0"], 1, "--count 0 is not within 1...100000"), (["cold", "--seed", "x"], 64, "seed"),
    (["cold", "--json", "/nonexistent/a.json"], 1, "cannot write"),
  ])
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    let result = try KernelBench.run(arguments)
    #expect(result.status == status && result.output.isEmpty)
    #expect(result.error.contains(message), "\(result.error)")
  }
}
