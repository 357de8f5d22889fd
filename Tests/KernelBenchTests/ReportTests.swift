import BenchHarness
import Foundation
import Testing

@Suite struct ReportTests {
  @Test func roundTrip() throws {
    let report = Report(
      started: 1_800_000_000, machine: .current(), build: .current(version: "1.2.3"),
      options: .init(filter: "a|b", quick: true, allRows: false, disabled: "avx2", input: nil, seed: 7), plan: .quick,
      loopOverhead: LoopOverhead(inlined: 0.25, closure: 1),
      peers: [
        .init(name: "MKL", version: "2026.2", library: "/x/libmkl_rt.so.3"), .init(name: "BLIS", absent: "not found"),
      ],
      cases: [Self.result(), Self.result(allocations: .unavailable(reason: "no glibc"))])
    #expect(try Report(json: report.json()) == report)
  }

  /// What version 1 wrote, before metrics had names: every figure is where it belongs.
  @Test func readsVersionOne() throws {
    let old = """
      {"format": "kernel-bench run", "version": 1, "started": 5, "loopOverheadNanoseconds": 0.5,
       "machine": {"cpu": "c", "architecture": "x86_64", "featuresDetected": "", "featuresActive": "",
         "caches": {"caches": [], "source": "s"}, "affinity": 2, "system": "Linux"},
       "build": {"version": "0.1.0", "swift": "6.3", "c": "clang", "configuration": "release"},
       "options": {"quick": true, "allRows": false, "disabled": "", "seed": 1},
       "plan": {"sampleNanoseconds": 1, "minimumRounds": 1, "maximumRounds": 2, "caseNanoseconds": 3},
       "peers": [{"name": "MKL", "absent": "not found"}],
       "cases": [{"name": "sgemm/8", "parameters": [{"name": "m", "value": "8"}], "unit": "GFLOP/s", "row": "r",
         "contenders": [{"samples": {"name": "r", "role": "kernel", "work": 8, "iterations": 2, "nanoseconds": [2, 4]},
           "throughput": {"value": 2.5, "unit": "GFLOP/s", "source": "derived"},
           "percentOfCeiling": {"unavailable": "why"},
           "kernelSpeedRatio": {"unavailable": "a ratio is of a kernel to a peer"},
           "allocations": {"allocations": {"value": 0, "unit": "calls", "source": "measured"},
             "frees": {"unavailable": "no"}, "bytes": {"value": 7, "unit": "B", "source": "measured"}}}]}]}
      """
    let report = try Report(json: old.utf8)
    #expect(report.loopOverhead.inlined == 0.5 && !report.isPartial)
    let kernel = try #require(report.cases.first?.kernel)
    #expect(kernel[.time].value == 3 && kernel.time.median == 3 && kernel[.throughput].value == 2.5)
    #expect(kernel[.percentOfCeiling] == .unavailable(reason: "why"))
    #expect(kernel[.mallocCalls].value == 0 && kernel[.mallocBytes].value == 7)
    #expect(kernel[.freeCalls] == .unavailable(reason: "no"))
  }

  @Test(arguments: [
    ("not JSON", "no JSON of kernel-bench"), (#"{"cases": []}"#, "no JSON of kernel-bench"),
    (#"{"format": "other", "version": 1}"#, #""other" where "kernel-bench run" is needed"#),
    (#"{"format": "kernel-bench run", "version": 2, "started": 1}"#, "machine is missing at the top"),
    (#"{"format": "kernel-bench run", "version": 99}"#, "of version 99"),
  ])
  func foreignFilesAreRefused(text: String, message: String) {
    let error = #expect(throws: BenchError.self) { try Report(json: text.utf8) }
    #expect(error?.description.contains(message) == true)
  }

  @Test func theFormatNamesItself() throws {
    let report = Report(
      started: 0, machine: .current(), build: .current(version: ""),
      options: .init(filter: nil, quick: false, allRows: false, disabled: "", input: nil, seed: 0), plan: .full,
      loopOverhead: .none, peers: [], cases: [])
    let object = try #require(try JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
    #expect(object["format"] as? String == "kernel-bench run")
    #expect(object["version"] as? Int == 2)
  }

  @Test func aMetricIsAValueWithASourceOrAReason() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let value = try encoder.encode(Metric.value(1.5, unit: "ns", source: .measured))
    #expect(String(decoding: value, as: UTF8.self) == #"{"source":"measured","unit":"ns","value":1.5}"#)
    let missing = try encoder.encode(Metric.unavailable(reason: "why"))
    #expect(String(decoding: missing, as: UTF8.self) == #"{"unavailable":"why"}"#)
    #expect(Metric.unavailable(reason: "why").value == nil)
  }

  @Test func figuresOfACase() throws {
    let result = Self.result()
    let kernel = try #require(result.kernel)
    let peer = try #require(result.peers.first)
    // 200 operations in 10 ns beside 200 in 20 ns, under a limit of 100 in 4 ns.
    #expect(kernel[.throughput].value == 20)
    #expect(kernel[.percentOfCeiling].value == 80)
    #expect(kernel[.kernelSpeedRatio].value == nil)
    #expect(peer[.percentOfCeiling].value == 40)
    #expect(peer[.kernelSpeedRatio].value == 2)
    #expect(result.ceiling?[.throughput].value == 25)
  }

  @Test func withoutACeilingThereIsAReason() throws {
    let result = Self.result(ceiling: false)
    #expect(result.kernel?[.percentOfCeiling] == .unavailable(reason: "nothing to hold it against"))
  }

  /// A case as it would come from samples.
  static func result(
    allocations: Metric = .value(0, unit: "calls", source: .measured), longNames: Bool = false, ceiling: Bool = true
  ) -> CaseResult {
    let filler = longNames ? String(repeating: "_long", count: 20) : ""
    let benchmark = BenchmarkCase(
      name: "sgemm/8" + filler, series: "sgemm", size: 8,
      parameters: [.init("m", 8), .init("file", "/somewhere" + filler)], unit: .flops,
      row: "f32_gemm" + filler, ceiling: .none(reason: "nothing to hold it against"), peers: [], prepare: { [] })
    var samples = [
      Samples(name: "f32_gemm" + filler, role: .kernel, work: 200, iterations: 9, nanoseconds: [10, 10, 10]),
      Samples(name: "MKL" + filler, role: .peer, work: 200, iterations: 9, nanoseconds: [20, 20, 20]),
    ]
    if ceiling {
      samples.append(Samples(name: "FMA", role: .ceiling, work: 100, iterations: 9, nanoseconds: [4, 4, 4]))
    }
    let metrics = [MetricName.mallocCalls, .mallocBytes, .freeCalls].map { NamedMetric($0, allocations) }
    return CaseResult(benchmark, samples: samples, metrics: samples.map { _ in metrics })
  }
}
