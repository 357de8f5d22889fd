import Foundation
import Kernels
import Testing

@testable import BenchHarness

@Suite struct WorkerServerTests {
  static func server(slowdown: Double = 0, body: @escaping (Int) throws -> Void = { _ in }) -> WorkerServer {
    WorkerServer(
      series: [
        CaseSeries(name: "nothing", points: [.init(1), .init(2, isLong: true)]) { point, name in
          BenchmarkCase(
            name: name, series: "nothing", size: point.size, parameters: [], unit: .elements, row: "row",
            ceiling: .none(reason: "none")
          ) { [Contender("row", role: .kernel, work: 1, body: body)] }
        }
      ], meters: [], masked: [], slowdown: slowdown)
  }

  @Test func speaksTheProtocol() throws {
    var server = Self.server { calls in usleep(UInt32(100 * calls)) }
    #expect(try server.perform("hello").hasPrefix("kernel-bench-worker 2 "))
    #expect(try server.perform("cases") == "nothing/1\tnothing/2")
    #expect(try server.perform("short-cases") == "nothing/1")
    #expect(throws: BenchError.self) { try server.perform("sample 1 0") }
    #expect(throws: BenchError.self) { try server.perform("prepare other") }
    #expect(try server.perform("prepare nothing/2") == "")
    let sample = try server.perform("sample 2 1").split(separator: " ")
    #expect(sample.count == 2 && Double(sample[0]) ?? 0 >= 200_000)
    #expect(try server.perform("count 3") == "")
    for line in ["", "sample", "sample 0 0", "sample 1 -1", "sample x y", "count 0", "count", "dance"] {
      #expect(throws: BenchError.self, "\(line)") { try server.perform(line) }
    }
  }

  @Test func slowsDownAsAsked() throws {
    var (plain, slow) = (
      Self.server { usleep(UInt32(20_000 * $0)) }, Self.server(slowdown: 50) { usleep(UInt32(20_000 * $0)) }
    )
    func sample(_ server: inout WorkerServer) throws -> Double {
      let answer = try server.perform("sample 1 0").split(separator: " ")
      return Double(try #require(answer.first)) ?? 0
    }
    _ = try plain.perform("prepare nothing/1")
    _ = try slow.perform("prepare nothing/1")
    #expect(try sample(&slow) >= 29e6)
    // A machine that does other things may wake it late, but not for ever.
    var best = Double.infinity
    for _ in 0..<100 where best > 27e6 { best = min(best, try sample(&plain)) }
    #expect(20e6...27e6 ~= best)
  }

  @Test func aKernelThatThrowsSaysWhich() throws {
    struct Broken: Error, CustomStringConvertible { let description = "out of paper" }
    var server = Self.server { _ in throw Broken() }
    let error = #expect(throws: BenchError.self) { try server.perform("prepare nothing/1") }
    #expect(error?.description.contains("nothing/1") == true && error?.description.contains("out of paper") == true)
  }
}

@Suite struct SideBySideTests {
  static let plan = SideBySidePlan(lives: 2, sampleNanoseconds: 1e4, totalNanoseconds: 1e9, blocks: 3)

  @Test func samplesEveryArm() throws {
    let path = try KernelBench.executable.path
    var sampler = SideBySide(
      arms: [Arm(name: "a", path: path), Arm(name: "b", path: path, slowdown: 100)], plan: Self.plan, seed: 1)
    var texts: [String] = []
    let samples = try sampler.run(["sha256/64B", "sgemm/8"]) { texts.append($0.text) }
    #expect(samples.map(\.name) == ["sha256/64B", "sgemm/8"])
    for item in samples {
      #expect(item.blocks.count == 2 && item.blocks.allSatisfy { 1...3 ~= $0 })
      #expect(item.nanoseconds.allSatisfy { $0.count == item.blocks.reduce(0, +) && $0.allSatisfy { $0 > 0 } })
      let lives = item.ratios(of: 1, to: [0]).lives
      #expect(lives.map(\.count) == item.blocks)
      // Twice the time, give or take a machine that does other things.
      let median = Summary(lives.flatMap { $0 }).median
      #expect(0.3 < median && median < 1.2, "\(median)")
    }
    #expect(texts.count == 4 && texts.allSatisfy { $0.hasPrefix("life ") })
  }

  /// Where the time is over, what decides is how few lives the test can do with.
  @Test func livesEndWithTheTime() throws {
    let path = try KernelBench.executable.path
    let plan = SideBySidePlan(lives: 10, sampleNanoseconds: 1e4, totalNanoseconds: 1e3, blocks: 3)
    var sampler = SideBySide(arms: [Arm(name: "a", path: path), Arm(name: "b", path: path)], plan: plan, seed: 1)
    #expect(try sampler.run(["sha256/64B"]).map(\.blocks) == [[Int](repeating: 1, count: 8)])
  }

  @Test(arguments: [
    ("/nonexistent", "cannot start"), ("/bin/true", "ended while it was measured"),
    ("/bin/cat", "ended while it was measured"),
  ])
  func foreignProgramsAreRefused(path: String, message: String) throws {
    let result = try KernelBench.run(["ab", path, path])
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.error.contains(message), "\(result.error)")
  }

  @Test func aProgramThatAnswersNonsenseIsRefused() throws {
    let place = Scratchpad()
    try place.write("#!/bin/sh\nread line\necho how do you do\nread line\n", to: "polite")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path("polite"))
    let result = try KernelBench.run(["ab", place.path("polite"), place.path("polite")])
    #expect(result.status == 1 && result.error.contains("no program of this instrument"), "\(result.error)")
  }

  @Test func abOfTheSameBuild() throws {
    let (path, place) = (try KernelBench.executable.path, Scratchpad())
    let result = try KernelBench.run([
      "ab", path, path, "--filter", "^(sgemm/8|sha256/64B)$", "--seconds", "2", "--effect", "80", "--floor", "60",
      "--json",
      place.path("ab.json"),
    ])
    #expect(result.status == 0 || result.status == 3, "\(result.error)")
    for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    let comparison = try BuildComparison.read(place.path("ab.json"))
    #expect(comparison.cases.map(\.name) == ["sgemm/8", "sha256/64B"])
    #expect(comparison.cases.allSatisfy { $0.counts.isEmpty && $0.verdict != .regression && $0.blocks >= 12 })
  }

  @Test func selfTestOfOneCase() throws {
    let place = Scratchpad()
    let result = try KernelBench.run([
      "selftest", "--filter", "^sha256/1KiB$", "--seconds", "3", "--busy", "--json", place.path("selftest.json"),
    ])
    // One run cannot show that a goal is missed but for a false alarm, which this program must not raise.
    if MachineDescription.current().affinity > 1 {
      #expect(result.output.contains("another CPU busy meanwhile"), "\(result.error)")
    } else {
      #expect(result.status == 1 && result.error.contains("one CPU only"))
    }
    for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    if result.status == 0 {
      let report = try SelfTestReport.read(place.path("selftest.json"))
      #expect(report.tallies.map(\.slowdown) == [0, 3, 5] && report.tallies.allSatisfy { $0.comparisons == 1 })
    }
  }
}

@Suite struct BuildComparisonTests {
  /// 24 cases, of which one is 5 % slower and another calls malloc more often.
  @Test func judgesAllCasesTogether() throws {
    var random = SplitMix64(seed: 9)
    let count = BuildDescription.isOptimised ? 24 : 8
    let samples = (0..<count).map { index in
      var item = ArmSamples(name: "case/\(index)", arms: 3)
      for _ in 0..<12 {
        for _ in 0..<20 {
          for arm in 0..<3 {
            let slower = arm == 2 && index == 7 ? 1.05 : 1
            item.nanoseconds[arm].append(100 * slower * (1 + 0.01 * Noise.normal(using: &random)))
          }
        }
        item.blocks.append(20)
      }
      item.counts = [
        [.mallocCalls: 1, .cpuTime: 5], [.mallocCalls: 1], [.mallocCalls: index == 3 ? 2 : 1, .cpuTime: 6],
      ]
      return item
    }
    let cases = BuildComparison.judge(samples, candidate: 2, reference: (0, 1), rule: DecisionRule())
    #expect(cases.filter { $0.verdict == .regression }.map(\.name) == ["case/3", "case/7"])
    #expect(cases[3].counts == [.init(metric: .mallocCalls, old: 1, new: 2)], "CPU time is no exact figure")
    #expect(cases.count { $0.verdict == .noChange } == count - 2)
    let comparison = BuildComparison(
      started: 1, machine: .current(), old: "a", new: "b", plan: .quick, rule: DecisionRule(), seed: 1, cases: cases,
      isPartial: true)
    #expect(comparison.exitCode == 2)
    #expect(try BuildComparison(json: comparison.json()) == comparison)
    let text = BuildComparisonTable(terminal: Terminal(colour: false, progress: false)).text(comparison)
    #expect(text.contains("malloc.calls: 1 -> 2 per call") && text.contains("Interrupted"))
  }

  @Test func selfTestCounts() {
    var random = SplitMix64(seed: 4)
    var item = ArmSamples(name: "case", arms: 5)
    for _ in 0..<12 {
      for _ in 0..<20 {
        for (arm, factor) in [1, 1, 1, 1.03, 1.05].enumerated() {
          item.nanoseconds[arm].append(100 * factor * (1 + 0.005 * Noise.normal(using: &random)))
        }
      }
      item.blocks.append(20)
    }
    var report = SelfTestReport(
      started: 1, machine: .current(), plan: .quick, rule: DecisionRule(), seed: 1, hasBusyNeighbour: false,
      cases: ["case"])
    report.add(run: [item])
    report.add(run: [])
    #expect(report.runs == 1 && report.exitCode == 0)
    #expect(report.tallies.map { $0.found.count } == [0, 1, 1])
    // Two hundred runs in which the control build is 5 % slower than it is: false alarms, and nothing found.
    let swapped = {
      var item = item
      item.nanoseconds.swapAt(2, 4)
      return item
    }()
    for _ in 0..<20 { report.add(run: [swapped]) }
    #expect(report.tallies[0].found.count == 20 && report.tallies[0].wrong.map(\.times) == [20])
    #expect(report.exitCode == 2)
  }
}
