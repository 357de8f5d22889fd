import Foundation
import Testing

@testable import BenchHarness

@Suite struct RunComparisonTests {
  static func report(_ factor: Double = 1, metrics: [NamedMetric] = [], sizes: [Int] = [8, 16], row: String = "row")
    -> Report
  {
    Samplers.report(sizes: sizes, peers: ["MKL"], row: row, metrics: metrics) { factor * Double($0) }
  }

  static func compare(
    _ old: Report, _ new: Report, tolerance: String? = nil, waive: String? = nil, filter: String? = nil
  ) throws -> RunComparison {
    var tolerances = Tolerances()
    // Five samples that scatter by 3 % and 12 % leave an interval of -7 % ... +13 % about their ratio.
    try tolerances.add("time=20")
    if let tolerance { try tolerances.add(tolerance) }
    return try RunComparison(
      old: ("before", old), new: ("now", new), tolerances: tolerances,
      waiver: waive.map { pattern throws(BenchError) in try Selection(pattern: pattern) },
      selection: Selection(pattern: filter))
  }

  static func calls(_ count: Double) -> [NamedMetric] {
    [NamedMetric(.mallocCalls, .value(count, unit: "calls", source: .measured))]
  }

  @Test(arguments: [
    (1.0, Verdict.noChange, 0), (1.05, .noChange, 0), (1.15, .inconclusive, 3), (1.5, .regression, 2),
    (0.5, .improvement, 0),
  ])
  func times(factor: Double, verdict: Verdict, code: Int32) throws {
    let comparison = try Self.compare(Self.report(), Self.report(factor))
    #expect(comparison.cases.map(\.verdict) == [verdict, verdict])
    #expect(comparison.exitCode == code)
    let change = try #require(comparison.cases[0].findings[0].change)
    #expect(abs(change - (factor - 1)) < 1e-9)
  }

  @Test func toleranceOfTimes() throws {
    #expect(try Self.compare(Self.report(), Self.report(1.5), tolerance: "time=100").exitCode == 0)
    #expect(try Self.compare(Self.report(), Self.report(1.2), tolerance: "time=1").exitCode == 2)
  }

  @Test func exactFigures() throws {
    let (none, one) = (Self.report(metrics: Self.calls(0)), Self.report(metrics: Self.calls(1)))
    #expect(try Self.compare(none, none).exitCode == 0)
    #expect(try Self.compare(none, one).cases[0].verdict == .regression)
    #expect(try Self.compare(one, none).cases[0].verdict == .improvement)
    #expect(try Self.compare(one, one).exitCode == 0)
    let more = Self.report(metrics: Self.calls(1.04))
    #expect(try Self.compare(one, more).exitCode == 2)
    #expect(try Self.compare(one, more, tolerance: "malloc.calls=5").exitCode == 0)
  }

  /// Instructions may differ by a ten-thousandth, and those of another row are not compared.
  @Test func instructions() throws {
    func report(_ count: Double, row: String = "row") -> Report {
      Self.report(
        metrics: [NamedMetric(.simulatedInstructions, .value(count, unit: "instructions", source: .simulated))],
        row: row)
    }
    #expect(try Self.compare(report(1_000_000), report(1_000_050)).exitCode == 0)
    #expect(try Self.compare(report(1_000_000), report(1_000_200)).exitCode == 2)
    #expect(try Self.compare(report(1_000_000), report(9_000_000, row: "other")).exitCode == 3)
  }

  @Test func whatCannotBeMeasuredAnyMoreIsNotPassed() throws {
    let gone = Self.report(metrics: [NamedMetric(.mallocCalls, .unavailable(reason: "no glibc"))])
    let comparison = try Self.compare(Self.report(metrics: Self.calls(0)), gone)
    #expect(comparison.exitCode == 3)
    let text = RunComparisonTable(terminal: Terminal(colour: false, progress: false)).text(comparison)
    #expect(text.contains("malloc.calls") && text.contains("no glibc") && text.contains("2 inconclusive"))
    // What was not promised is not missed.
    #expect(try Self.compare(gone, Self.report(metrics: Self.calls(7))).exitCode == 0)
  }

  @Test func waivers() throws {
    let (none, one) = (Self.report(metrics: Self.calls(0)), Self.report(metrics: Self.calls(1)))
    #expect(try Self.compare(none, one, waive: "malloc").exitCode == 0)
    #expect(try Self.compare(none, one, waive: "series/8 malloc").exitCode == 2, "the other case counts")
    let text = RunComparisonTable(terminal: Terminal(colour: false, progress: false)).text(
      try Self.compare(none, one, waive: "malloc"))
    #expect(text.contains("regression, waived") && text.contains("2 waived."))
  }

  @Test func casesThatCameAndWent() throws {
    let comparison = try Self.compare(Self.report(sizes: [8, 16]), Self.report(sizes: [16, 32]))
    #expect(comparison.cases.map(\.verdict) == [.inconclusive, .noChange])
    #expect(comparison.added == ["series/32"])
    #expect(throws: BenchError.self) { try Self.compare(Self.report(sizes: [8]), Self.report(sizes: [16])) }
    #expect(try Self.compare(Self.report(), Self.report(), filter: "16").cases.map(\.name) == ["series/16"])
  }

  /// Times of another machine say nothing, what it allocates does.
  @Test func anotherMachine() throws {
    let json = String(decoding: try Self.report(3, metrics: Self.calls(0)).json(), as: UTF8.self)
    let cpu = MachineDescription.current().cpu
    let other = try Report(json: json.replacing("\"\(cpu)\"", with: "\"Another CPU\"").utf8)
    let comparison = try Self.compare(other, Self.report(metrics: Self.calls(1)))
    #expect(comparison.timesApart?.contains("Another CPU there") == true)
    #expect(comparison.cases.allSatisfy { $0.findings.map(\.metric) == [.mallocCalls] && $0.verdict == .regression })
    let text = RunComparisonTable(terminal: Terminal(colour: false, progress: false)).text(comparison)
    #expect(text.contains("Times are not compared with before"))
    for line in text.split(separator: "\n") { #expect(line.count <= 100) }
  }

  @Test(arguments: ["time", "time=", "time=x", "time=-1", "cycles=3", "=3", "time=1=2"])
  func badTolerances(text: String) {
    var tolerances = Tolerances()
    #expect(throws: BenchError.self) { try tolerances.add(text) }
  }

  @Test func roundTrip() throws {
    let comparison = try Self.compare(Self.report(metrics: Self.calls(0)), Self.report(2, metrics: Self.calls(0)))
    #expect(try RunComparison(json: comparison.json()) == comparison)
  }
}

@Suite struct FingerprintTests {
  @Test func isOfTheMachineAlone() throws {
    let machine = MachineDescription.current()
    #expect(machine.fingerprint == MachineDescription.current().fingerprint)
    #expect(machine.fingerprint.count == 12 && machine.fingerprint.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    #expect(machine.difference(to: machine) == nil)
    let text = String(decoding: try JSONEncoder().encode(machine), as: UTF8.self)
    func changed(_ what: String, _ instead: String) throws -> MachineDescription {
      #expect(text.contains(what))
      return try JSONDecoder().decode(MachineDescription.self, from: Data(text.replacing(what, with: instead).utf8))
    }
    let kernel = try changed(machine.system, "Linux 7")
    #expect(kernel.fingerprint == machine.fingerprint, "another kernel is the same machine")
    let more = try changed("\"affinity\":\(machine.affinity)", "\"affinity\":\(machine.affinity + 1)")
    if machine.quota == nil { #expect(machine.difference(to: more)?.contains("CPUs there") == true) }
  }
}

@Suite struct BaselineTests {
  let place = Scratchpad()

  func run(_ arguments: String...) throws -> KernelBench.Result { try KernelBench.run(arguments) }

  @Test func savesListsShowsAndChecks() throws {
    let directory = place.path("deep/baselines")
    #expect(try run("baseline", "list", "--directory", directory).output.contains("no baselines"))
    let saved = try run(
      "baseline", "save", "before", "--quick", "--filter", "^sha256/64B$", "--directory", directory)
    #expect(saved.status == 0, "\(saved.error)")
    #expect(saved.output.contains("1 case"))
    let report = try Report.read(directory + "/before.json")
    #expect(report.commit?.isEmpty != true)
    let list = try run("baseline", "list", "--directory", directory).output
    #expect(list.contains("before") && list.contains(report.machine.fingerprint) && list.contains("this one"))
    #expect(try run("baseline", "show", "before", "--directory", directory).output.contains("sha256/64B"))

    // Debug builds scatter, so that times are given room: the exact figures decide.
    let checked = try run(
      "check", "--baseline", "before", "--quick", "--tolerance", "time=5000", "--directory", directory, "--json",
      place.path("check.json"))
    #expect(checked.status == 0, "\(checked.output) \(checked.error)")
    #expect(try RunComparison.read(place.path("check.json")).cases.map(\.name) == ["sha256/64B"])
    let compared = try run(
      "compare", "before", directory + "/before.json", "--all", "--tolerance", "time=500", "--directory", directory)
    #expect(compared.status == 0)
    #expect(compared.output.contains("malloc.calls") || KernelBench.sanitizer != nil)
  }

  @Test func aBaselineThatPromisedLessFails() throws {
    let report = RunComparisonTests.report(metrics: RunComparisonTests.calls(0))
    let worse = RunComparisonTests.report(metrics: RunComparisonTests.calls(3))
    try place.write(String(decoding: report.json(), as: UTF8.self), to: "a.json")
    try place.write(String(decoding: worse.json(), as: UTF8.self), to: "b.json")
    let result = try run("compare", place.path("a.json"), place.path("b.json"))
    #expect(result.status == 2 && result.output.contains("regression"))
    #expect(try run("compare", place.path("b.json"), place.path("a.json"), "--tolerance", "time=20").status == 0)
    #expect(try run("compare", place.path("a.json"), place.path("b.json"), "--waive", "malloc|time").status == 0)
  }

  @Test(arguments: [
    (["check", "--baseline", "nothing"], "no baseline and no file is called nothing"),
    (["check", "--baseline", "/dev/null"], "no JSON of kernel-bench"),
    (["compare", "nothing", "nothing"], "no baseline and no file"),
    (["baseline", "save", "a/b"], "is no name for a baseline"),
    (["baseline", "save", "x", "--directory", "/proc/nowhere"], "cannot make the directory"),
    (["check", "--baseline", "x", "--tolerance", "cycles=1"], "is not compared"),
    (["check", "--baseline", "x", "--waive", "["], "is not a regular expression"),
  ])
  func mistakesAreToldInOneSentence(arguments: [String], message: String) throws {
    let result = try KernelBench.run(arguments)
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.error.contains(message), "\(result.error)")
    #expect(result.error.split(separator: "\n").count == 1)
  }
}
