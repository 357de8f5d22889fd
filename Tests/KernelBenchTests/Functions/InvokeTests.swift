import BenchHarness
import Foundation
import Testing

@Suite struct InvocationFilterTests {
  /// 100 invocations of 1 to 100 ns: quartiles of 25.75 and 75.25, so that the fence is at 223.75.
  @Test func countsEveryReasonOnce() {
    var times = (1...100).map(Double.init)
    times[10] = 224
    times[20] = 1000
    times[30] = 223
    let invocations = Invocations(nanoseconds: times, switched: [10, 40], faulted: [10, 50, 60])
    let (filter, kept) = InvocationFilter.apply(invocations)
    let sorted = times.sorted()
    let (p25, p75) = (Summary.percentile(25, ofSorted: sorted), Summary.percentile(75, ofSorted: sorted))
    #expect(filter.fence == p75 + 3 * (p75 - p25))
    #expect(filter.switched == 2 && filter.faulted == 3)
    #expect(filter.beyondFence == times.count { $0 > filter.fence })
    // 10 has three reasons and counts once; 20, 40, 50 and 60 have one each.
    #expect(filter.setAside == 5 && kept.count == 95)
    #expect(kept.contains(223) && !kept.contains(224) && !kept.contains(1000))
  }

  @Test func whatIsAllAlikeStays() {
    let (filter, kept) = InvocationFilter.apply(Invocations(nanoseconds: Array(repeating: 5, count: 50)))
    #expect(filter.setAside == 0 && kept.count == 50 && filter.fence == 5)
  }
}

@Suite struct InvokeTests {
  let place = Scratchpad()
  static let terminal = Terminal(colour: false, progress: false)

  static func report(_ results: [InvokeResult], partial: Bool = false) -> InvokeReport {
    InvokeReport(
      started: 1_800_000_000, machine: .current(), build: .current(version: "1.2.3"), count: 100, clockNanoseconds: 25,
      cases: results, partial: partial)
  }

  @Test func whatThrowsIsCountedAndNotTimed() throws {
    let benchmark = FunctionSamples.failing { $0 % 10 == 3 }
    let result = try InvokeResult.measure(benchmark, count: 100)
    #expect(result.invocations.count == 100 && result.invocations.errors == 10)
    #expect(result.invocations.nanoseconds.count == 90 && result.invocations.firstError == "call 3")
    #expect(result.raw.distribution?.count == 90)
    let report = Self.report([result])
    #expect(report.failure?.description == "failing/1: 10 of 100 invocations failed, the first with: call 3")
    #expect(InvokeText(terminal: Self.terminal).text(report).contains("100 invocations, 10 errors"))
    #expect(try InvokeReport(json: report.json()) == report)
  }

  @Test func whereAllFailThereIsNoFigure() throws {
    let result = try InvokeResult.measure(FunctionSamples.failing { _ in true }, count: 5)
    #expect(result.raw.outcome == .unavailable(reason: "every invocation failed"))
    #expect(result.filter == nil && result.drift == nil && result.invocation(1).value == nil)
    let report = Self.report([result], partial: true)
    #expect(try InvokeReport(json: report.json()) == report)
    for line in InvokeText(terminal: Self.terminal).text(report).split(separator: "\n") { #expect(line.count <= 100) }
  }

  @Test func numbersAreThoseOfInvocations() {
    let result = FunctionSamples.invoked(Invocations(nanoseconds: (1...250).map(Double.init)))
    #expect(result.invocation(1).value == 1 && result.invocation(100).value == 100)
    #expect(result.invocation(250).value == 250 && result.invocation(251).value == nil)
    #expect(Self.report([result]).failure == nil)
  }

  @Test func damagedFilesAreRefused() throws {
    let result = FunctionSamples.invoked(Invocations(nanoseconds: [1, 2, 3], switched: [2]))
    let text = String(decoding: try Self.report([result]).json(), as: UTF8.self)
    for (what, instead) in [
      (#/"errors" : 0/#, #""errors" : -1"#), (#/"switched" : \[\s*2/#, #""switched" : [3"#),
      (#/"nanoseconds" : \[\s*1/#, #""nanoseconds" : [-1"#),
    ] {
      #expect(text.contains(what))
      let error = #expect(throws: BenchError.self) { try InvokeReport(json: text.replacing(what, with: instead).utf8) }
      #expect(error?.description.hasPrefix("damaged: case/1") == true)
    }
  }

  @Test func asAUserRunsIt() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(["invoke", "sha256/64B", "--count", "400", "--json", json])
    #expect(result.status == 0, "\(result.error)")
    for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    let report = try InvokeReport.read(json)
    #expect(report.count == 400 && report.cases.map(\.name) == ["sha256/64B"] && !report.partial)
    #expect(report.cases[0].invocations.nanoseconds.count == 400 && report.cases[0].invocations.errors == 0)
    #expect(report.cases[0].drift != nil && report.clockNanoseconds > 0)
    #expect((report.cases[0].highWaterMark.value ?? 1e6) >= 1e6)
    #expect(place.names == ["out.json"])
  }

  @Test func quickIsATenth() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(["invoke", "--filter", "^sha256/(64B|1KiB)$", "--quick", "--json", json])
    #expect(result.status == 0, "\(result.error)")
    let report = try InvokeReport.read(json)
    #expect(report.count == 1000 && report.cases.count == 2)
    #expect(report.cases.allSatisfy { $0.invocations.count == 1000 })
  }

  @Test func ctrlCKeepsWhatWasMeasured() throws {
    let json = place.path("out.json")
    let result = try KernelBench.run(
      ["invoke", "sgemm/1024", "--count", "1000000", "--json", json], interruptedAfter: 2)
    #expect(result.status == 130, "\(result.error)")
    #expect(result.output.contains("Interrupted"))
    let report = try InvokeReport.read(json)
    #expect(report.partial && report.cases.count <= 1)
    #expect(report.cases.allSatisfy { $0.invocations.count < 1_000_000 })
  }

  @Test(arguments: [
    (["invoke"], 1, "no case is named"), (["invoke", "nonsense"], 1, "no case is called \"nonsense\""),
    (["invoke", "sgemm/8", "--filter", "x"], 1, "not both"),
    (["invoke", "--filter", "nonsense"], 1, "no case matches"),
    (["invoke", "sgemm/8", "--count", "0"], 1, "--count 0 is not within 1...1000000"),
    (["invoke", "sgemm/8", "--count", "many"], 64, "many"),
    (["invoke", "sgemm/8", "--json", "/nonexistent/a.json"], 1, "cannot write"),
  ])
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    let result = try KernelBench.run(arguments)
    #expect(result.status == status && result.output.isEmpty)
    #expect(result.error.contains(message), "\(result.error)")
  }
}

/// Cases and results that are made, not measured.
enum FunctionSamples {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// A case whose calls, counted from 0, throw where `fails` says so.
  static func failing(_ fails: @escaping (Int) -> Bool) -> BenchmarkCase {
    BenchmarkCase(
      name: "failing/1", series: "failing", size: 1, parameters: [.init("n", 1)], unit: .elements, row: "row_1",
      ceiling: .none(reason: "nothing to hold it against")
    ) {
      var calls = 0
      return [
        Contender("row_1", role: .kernel, work: 10) { iterations in
          for _ in 0..<iterations {
            defer { calls += 1 }
            if fails(calls) { throw Failure(description: "call \(calls)") }
            repeating(100) {}
          }
        }
      ]
    }
  }

  static func invoked(_ invocations: Invocations, name: String = "case/1") -> InvokeResult {
    InvokeResult(
      name: name, row: "row_1", parameters: [.init("n", 1)], invocations: invocations,
      highWaterMark: .value(9e6, unit: "B", source: .measured),
      highWaterGrowth: .unavailable(reason: "no <status>"))
  }
}
