import Foundation
import Testing

@testable import BenchHarness

@Suite struct CallgrindOutputTests {
  @Test func readsTotals() throws {
    let output = try CallgrindOutput(
      """
      version: 1
      events: Ir Dr Dw I1mr D1mr
      summary: 9 9 9 9 9

      fn=(1)
      0 5
      totals: 100 20 10

      """)
    #expect(output["Ir"] == 100 && output["Dw"] == 10)
    #expect(output["D1mr"] == 0, "zeros at the end are left out")
    #expect(output["ILmr"] == nil)
  }

  @Test(arguments: [
    "", "events: Ir\n", "totals: 5\n", "events:\ntotals: 1\n", "events: Ir\ntotals: five\n",
    "events: Ir\ntotals: 1 2\n",
    "events: Ir\ntotals: -1\n", "events: Ir\ntotals: 99999999999999999999999\n",
  ])
  func foreignTextIsRefused(text: String) {
    #expect(throws: BenchError.self) { try CallgrindOutput(text) }
  }
}

@Suite struct CacheModelTests {
  static func topology(_ caches: [(level: Int, kind: String, bytes: Int, ways: Int?)]) throws -> CacheTopology {
    let items = caches.map { item in
      #"{"level": \#(item.level), "kind": "\#(item.kind)", "bytes": \#(item.bytes), "line": 64"#
        + (item.ways.map { #", "ways": \#($0)}"# } ?? "}")
    }
    return try JSONDecoder().decode(
      CacheTopology.self, from: Data(#"{"source": "sysfs", "caches": [\#(items.joined(separator: ","))]}"#.utf8))
  }

  @Test func ofAnOrdinaryMachine() throws {
    let model = try #require(
      CacheModel(
        try Self.topology([
          (1, "data", 32768, 8), (1, "instruction", 65536, 4), (2, "unified", 1 << 20, 8), (3, "unified", 32 << 20, 16),
        ])))
    #expect(model.d1.option == "32768,8,64" && model.i1.option == "65536,4,64" && model.ll.option == "33554432,16,64")
  }

  /// valgrind takes powers of two as the number of sets; 36 MiB with 12 ways have 49,152 of them.
  @Test func sizesThatAreNoPowersOfTwo() throws {
    let model = try #require(CacheModel(try Self.topology([(1, "data", 49152, 12), (3, "unified", 36 << 20, 12)])))
    #expect(model.d1.option == "49152,12,64")
    #expect(model.i1 == model.d1, "no cache of its own for instructions")
    let sets = model.ll.bytes / (model.ll.ways * model.ll.line)
    #expect(sets & (sets - 1) == 0 && model.ll.bytes == 36 << 20 && model.ll.ways == 18)
  }

  @Test func withoutCachesThereIsNone() throws {
    #expect(CacheModel(try Self.topology([])) == nil)
    #expect(CacheModel(try Self.topology([(1, "data", 32768, 8)])) == nil, "the last level is another one")
  }
}

/// What is counted twice as often, without what comes once.
@Suite struct SimulatedCaseTests {
  static func counted(once: String, twice: String, events: String = "Ir Dr D1mr") throws -> SimulatedCase {
    let body = CountedBody(
      name: "case", row: "row", unit: .bytes, work: 64, workingSet: 64, calls: 10, features: "")
    return SimulatedCase(
      body, once: try CallgrindOutput("events: \(events)\ntotals: \(once)\n"),
      twice: try CallgrindOutput("events: \(events)\ntotals: \(twice)\n"))
  }

  @Test func whatComesOnceDropsOut() throws {
    let item = try Self.counted(once: "1050 207 3", twice: "2050 407 3")
    let instructions = MetricName.simulatedInstructions
    #expect(item[instructions] == .value(100, unit: "instructions", source: .simulated))
    #expect(item[instructions.perWork] == .value(100.0 / 64, unit: "instructions/byte", source: .simulated))
    #expect(item[MetricName("data.reads.simulated")].value == 20)
    #expect(item[MetricName("l1d.read.misses.simulated")].value == 0, "nothing was missed the second time")
  }

  /// Neither is a zero.
  @Test func whatCannotBeToldHasAReason() throws {
    let item = try Self.counted(once: "1000 200 9", twice: "2000 400 4")
    for (name, reason) in [("l1d.read.misses.simulated", "fewer"), ("llc.read.misses.simulated", "did not count DLmr")]
    {
      for metric in [MetricName(name), MetricName(name).perWork] {
        guard case .unavailable(let text) = item[metric] else {
          Issue.record("\(metric) is \(item[metric])")
          continue
        }
        #expect(text.contains(reason))
      }
    }
    #expect(item[MetricName("unheard.of")].value == nil)
  }
}

@Suite struct SimulatorTests {
  static let caches = try? CacheModelTests.topology([(1, "data", 32768, 8), (2, "unified", 1 << 20, 8)])

  static func problem(path: String, caches: CacheTopology? = caches) throws -> String {
    let error = #expect(throws: Simulator.Unavailable.self) {
      try Simulator(executable: KernelBench.executable.path, caches: try #require(caches), path: path)
    }
    return error?.reason ?? ""
  }

  @Test func saysWhatIsMissing() throws {
    #expect(try Self.problem(path: "").contains("valgrind is not installed; apt-get install"))
    let place = Scratchpad()
    try place.write("#!/bin/sh\n", to: "valgrind")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path("valgrind"))
    #expect(try Self.problem(path: place.path("")).contains("strip is not installed"))
    let tools = place.path("") + ":/usr/bin:/bin"
    #expect(try Self.problem(path: tools, caches: CacheModelTests.topology([])).contains("does not say which caches"))
  }

  @Test func metricsOfNothingHaveAReason() throws {
    let metrics = SimulatedCounts.metrics(of: "sgemm/8", executable: "/nonexistent", caches: try #require(Self.caches))
    #expect(metrics.map(\.name) == MetricName.simulated.map(\.name))
    for item in metrics {
      guard case .unavailable(let reason) = item.metric else { continue }
      #expect(!reason.isEmpty)
    }
    #expect(metrics.allSatisfy { $0.metric.value == nil })
  }
}

/// The verb, on a machine with valgrind, which the tests' set-up installs.
@Suite struct CacheCommandTests {
  static let hasValgrind = ProcessEnvironment.find("valgrind") != nil

  @Test(
    .enabled(if: hasValgrind, "valgrind is not installed"),
    .enabled(if: BuildDescription.isOptimised, "under valgrind, minutes of unoptimised portable SHA-256"),
    .disabled(if: KernelBench.sanitizer != nil, "valgrind runs no program that has a sanitizer in it"))
  func countsExactly() throws {
    let place = Scratchpad()
    // Twice in processes of their own: the same figures.
    let reports = try (0..<2).map { index in
      let file = place.path("\(index).json")
      let result = try KernelBench.run(["cache", "--filter", "^sha256/(64B|1KiB)$", "--json", file])
      #expect(result.status == 0, "\(result.error)")
      for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
      return try CacheReport.read(file)
    }
    #expect(reports[0].cases.map(\.name) == ["sha256/64B", "sha256/1KiB"])
    for (a, b) in zip(reports[0].cases, reports[1].cases) {
      let (once, again) = (try #require(a[.simulatedInstructions].value), try #require(b[.simulatedInstructions].value))
      #expect(abs(once - again) <= once / 10_000, "\(a.name): \(once) and \(again)")
      #expect(once > 1000 && a.simulatedRow?.isEmpty == false)
    }
    // Seventeen blocks against two; the calls' own cost is small beside either.
    let ratio =
      try #require(reports[0].cases[1][.simulatedInstructions].value) / #require(
        reports[0].cases[0][.simulatedInstructions].value)
    #expect(6 < ratio && ratio < 10, "\(ratio)")
  }

  @Test(.enabled(if: hasValgrind, "valgrind is not installed"))
  func aCaseThatTakesTooLongSaysSo() throws {
    let result = try KernelBench.run(["cache", "sgemm/2048", "--timeout", "0.5"])
    #expect(result.status == 1)
    #expect(result.output.contains("took more than"), "\(result.output) \(result.error)")
  }

  @Test(arguments: [
    (["cache"], 64, "Name a case"), (["cache", "sgemm/8", "--timeout", "0"], 64, "--timeout must be positive"),
    (["cache", "nonsense"], 1, "no case is called nonsense"),
    (["cache", "sgemm/8", "--filter", "sgemm"], 64, "Name a case"),
    (["count-body", "nonsense"], 1, "no case is called nonsense"),
    (["count-body", "sgemm/8", "--calls", "0"], 64, "--calls"),
    (["cache", "sgemm/8", "--calls", "0"], 64, "--calls"),
    (["roofline", "--filter", "nonsense"], 1, "no case matches"),
    (["roofline", "--svg", "/nonexistent/x.svg", "--filter", "sgemm/8"], 1, "cannot write /nonexistent/x.svg"),
  ])
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    let result = try KernelBench.run(arguments)
    #expect(result.status == status)
    #expect(result.error.contains(message), "\(result.error)")
  }
}
