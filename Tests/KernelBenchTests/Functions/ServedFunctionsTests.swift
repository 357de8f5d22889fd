import BenchHarness
import Foundation
import Testing

/// The report of functions that were served: from the samples of another program to Markdown, HTML and JSON.
@Suite struct ServedFunctionsTests {
  let place = Scratchpad()

  /// Kernels at 1 ... 1,000 us; Python at twice that, with an answer of its own where asked for.
  static func samples(answer: String = "equal", errors: Int = 0, times: String? = nil) -> String {
    func runtime(_ name: String, _ scale: Int, _ memory: Int, _ rest: String) -> String {
      let times = times ?? (1...1000).map { "\(1000 * scale * $0)" }.joined(separator: ",")
      return """
        {"runtime":"\(name)","invocations":{"nanoseconds":[\(times)],"switched":\(times.isEmpty ? "[]" : "[3]"),"faulted":\(times.isEmpty ? "[]" : "[3,4]"),"errors":\(errors)
        \(errors > 0 ? #", "firstError":"answered with X""# : "")},
        "starts":[\((1...100).map { "\(scale * (1_900_000 + $0))" }.joined(separator: ","))],
        "peakIdleKiB":\(memory),"peakKiB":\(2 * memory),\(rest)}
        """
    }
    return """
      {"format":"function samples","version":1,"count":1000,"workloads":[
      {"name":"loop","description":"nothing","loopStarts":[1800000],"runtimes":[
        \(runtime("Kernels", 1, 8000, #""answer":"alone","sizes":[]"#))]},
      {"name":"gateway","description":"an order <1> | 2","loopStarts":[1800000,1800000],"runtimes":[
        \(runtime("Kernels", 1, 8000, #""answer":"equal","sizes":[{"megabytes":128,"nanoseconds":[5000000,5000000],"start":9000000},{"megabytes":3538,"unavailable":"no <CPU>"}]"#)),
        \(runtime("Python", 2, 40000, #""answer":"\#(answer)","collections":{"invocations":1000,"milliseconds":[0.5,1.5,1]},"sizes":[]"#))]}]}
      """
  }

  func report(_ samples: String = samples()) throws -> FunctionsReport {
    try place.write(samples, to: "samples.json")
    return FunctionsReport(
      started: 1_800_000_000, machine: .current(), build: .current(version: "1"),
      prices: .listed(architecture: "x86_64"), coldRate: 0.01,
      samples: try ServedSamples.read(place.path("samples.json")))
  }

  @Test func figuresByHand() throws {
    let report = try report()
    let python = report.workloads[1].runtimes[1]
    #expect(python.median.value == 2 && python.p99.value == 2 && python.memory.value == 5)
    #expect(python.invoked.raw.distribution?.median.value == 1_001_000)
    #expect(python.invoked.filter?.setAside == 2)
    #expect(python.steady.value == 1_901_000)
    #expect(python.pauses?.distribution?.maximum == 1.5e6)
    let own = report.workloads[1].runtimes[0]
    // 1.9 ms and half of a hundred nanoseconds, less 1.8 ms.
    #expect(own.startBeyondLoop.value == 100_050.5)
    #expect(own.sizes[0].duration.distribution?.median.value == 5e6)
    #expect(report.failure == nil)
    let goals = Dictionary(uniqueKeysWithValues: report.goals.map { ($0.name, $0.isMet) })
    #expect(goals["exec to first request, p50, slowest of the functions without libraries"] == true)
    #expect(goals["of it by the kernels"] == true)
    #expect(goals["loop without a kernel, p50"] == false, "it is at 0.5 ms here")
    #expect(goals["Python against the kernels, least ratio of p99"] == true)
    #expect(goals["answers that differ"] == true)
  }

  @Test func whatFailsIsTold() throws {
    let different = try report(Self.samples(answer: "differs from Kernels"))
    #expect(different.failure?.description == "gateway of Python differs from Kernels")
    #expect(different.goals.first { $0.name == "answers that differ" }?.isMet == false)
    let failed = try report(Self.samples(errors: 1))
    #expect(failed.failure?.description.contains("1 invocations failed, the first with: answered with X") == true)
    let none = try report(Self.samples(errors: 2, times: ""))
    #expect(none.workloads[1].runtimes[0].cost == nil && none.workloads[1].runtimes[1].median.value == nil)
    #expect(FunctionsMarkdown.text(none).contains("n/a"))
  }

  @Test func markdown() throws {
    let text = FunctionsMarkdown.text(try report())
    #expect(text.contains("| gateway | Python | 1.001 |"))
    #expect(text.contains("| 2.00x | 2.00x | 5.00x |"))
    #expect(text.contains("3538 MB is not emulable here: no <CPU>") && text.contains("Graviton"))
    for table in text.components(separatedBy: "\n\n") where table.hasPrefix("| ") {
      #expect(Set(table.split(separator: "\n").map { $0.filter { $0 == "|" }.count }).count == 1, "\(table)")
    }
  }

  @Test func summaryGoesBetweenItsMarks() throws {
    let report = try report()
    let page = "before\n<!-- kernel-bench functions -->\nold\n<!-- end of kernel-bench functions -->\nbehind"
    let text = try FunctionsMarkdown.replacingSummary(in: page, by: report)
    #expect(text.hasPrefix("before\n<!-- kernel-bench functions -->\n\n") && text.hasSuffix("-->\nbehind"))
    #expect(text.contains("| gateway | Python |") && !text.contains("old"))
    #expect(try FunctionsMarkdown.replacingSummary(in: text, by: report) == text, "a second time changes nothing")
    #expect(throws: BenchError.self) { try FunctionsMarkdown.replacingSummary(in: "no marks", by: report) }
  }

  @Test func documentAndPage() throws {
    let report = try report()
    try place.write(String(decoding: report.json(), as: UTF8.self), to: "report.json")
    #expect(try FunctionsReport.read(place.path("report.json")) == report)
    let section = try PageSource.section(path: place.path("report.json"))
    #expect(section.title == "Functions of 2027-01-15 08:00 UTC")
    let elements = try PageTests.elements(Page(title: "functions", sections: [section]).html.text)
    // Tails of two workloads, and a plot over memory of the one that has it.
    #expect(elements.count { $0.name == "svg" } == 3)
    #expect(elements.count { $0.name == "table" } == elements.count { $0.name == "caption" })
    #expect(section.body.text.contains("an order &lt;1&gt; | 2"))
  }

  static let unsound = [
    "", "{}", #"{"format":"function samples","version":2}"#, samples(times: "0"), samples(times: "-1,2"),
    samples(times: "5,6"), samples().replacing("\"count\":1000", with: "\"count\":0"),
    samples().replacing("\"milliseconds\":[0.5", with: "\"milliseconds\":[-1"),
  ]

  /// Files come from anywhere: "5,6" has marks at invocations that are not there.
  @Test(arguments: unsound) func unsoundSamples(text: String) throws {
    try place.write(text, to: "bad.json")
    #expect(throws: BenchError.self) { try ServedSamples.read(place.path("bad.json")) }
  }

  /// The verb over a program that takes samples, of which there need be none here.
  @Test func theVerb() throws {
    try place.write(Self.samples(), to: "given.json")
    try place.write(
      """
      #!/bin/sh
      echo "$@" >"$(dirname "$0")/arguments"
      while [ $# -gt 1 ]; do shift; done
      cp "$(dirname "$0")/given.json" "$1"
      """, to: "sampler")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path("sampler"))
    try place.write("<!-- kernel-bench functions -->\n<!-- end of kernel-bench functions -->\n", to: "README.md")
    let result = try KernelBench.run([
      "functions", "--quick", "--sampler", place.path("sampler"), "--markdown", place.path("f.md"), "--html",
      place.path("f.html"), "--json", place.path("f.json"), "--update", place.path("README.md"), "--workload",
      "gateway",
    ])
    #expect(result.status == 0, "\(result.error)")
    let arguments = try String(contentsOfFile: place.path("arguments"), encoding: .utf8)
    #expect(arguments.hasPrefix("--count 300 --cold 20 --sweep 20 --workload gateway --samples "))
    #expect(result.output.contains("| gateway | Kernels | 0.500 |"))
    for (file, text) in [("f.md", "| gateway |"), ("f.html", "</html>"), ("README.md", "| gateway |")] {
      #expect(try String(contentsOfFile: place.path(file), encoding: .utf8).contains(text), "\(file)")
    }
    let again = try KernelBench.run(["functions", "--from", place.path("f.json")])
    #expect(again.output == result.output)
  }

  @Test func theVerbSaysWhatIsWrong() throws {
    let missing = try KernelBench.run(["functions", "--sampler", place.path("nothing")])
    #expect(missing.status == 1 && missing.error.contains("cannot start"))
    let failing = try KernelBench.run(["functions", "--sampler", "/bin/false"])
    #expect(failing.status == 1 && failing.error.contains("/bin/false ended with 1"))
    let count = try KernelBench.run(["functions", "--count", "0"])
    #expect(count.status == 1 && count.error.contains("--count 0"))
    let rate = try KernelBench.run(["functions", "--cold-rate", "2", "--sampler", "/bin/false"])
    #expect(rate.status == 1 && rate.error.contains("--cold-rate"))
  }
}
