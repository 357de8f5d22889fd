import BenchHarness
import Foundation
import Testing

/// The verbs that write: run, convert and report, as a user runs them.
@Suite struct OutputCommandTests {
  let place = Scratchpad()

  @Test func theJSONFormatIsTheFile() throws {
    let json = place.path("out.json")
    let run = try KernelBench.run(["run", "--quick", "--filter", "^sha256/64B$", "--json", json, "--format", "json"])
    #expect(run.status == 0, "\(run.error)")
    let report = try Report.read(json)
    #expect(try Report(json: run.output.utf8) == report)
    let converted = try KernelBench.run(["convert", json, "--format", "json"])
    #expect(try Report(json: converted.output.utf8) == report)
  }

  @Test(arguments: ReportFormat.allCases)
  func convertsToEveryFormat(format: ReportFormat) throws {
    try place.write(String(decoding: FormatsTests.report.json(), as: UTF8.self), to: "in.json")
    let result = try KernelBench.run(["convert", place.path("in.json"), "--format", format.rawValue])
    #expect(result.status == 0, "\(result.error)")
    let expected = try FormatsTests.text(format)
    #expect(result.output == expected + (expected.utf8.last == 10 ? "" : "\n"))
  }

  @Test func details() throws {
    try place.write(String(decoding: FormatsTests.report.json(), as: UTF8.self), to: "in.json")
    let result = try KernelBench.run(["convert", place.path("in.json"), "--details"])
    #expect(result.status == 0 && result.output.contains("95 % interval of the median"), "\(result.error)")
    let wrong = try KernelBench.run(["convert", place.path("in.json"), "--details", "--format", "csv"])
    #expect(wrong.status == 64 && wrong.error.contains("--details"))
  }

  @Test func aPageOfFiles() throws {
    try place.write(String(decoding: FormatsTests.report.json(), as: UTF8.self), to: "in.json")
    let page = place.path("page.html")
    let result = try KernelBench.run(["report", place.path("in.json"), place.path("in.json"), "--output", page])
    #expect(result.status == 0 && result.output.isEmpty, "\(result.error)")
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.contains("id=\"section-2\""))
    #expect(place.names == ["in.json", "page.html"])
  }

  @Test(.enabled(if: BuildDescription.isOptimised, "it sweeps, and measures what is optimised"))
  func aPageOfARunOfItsOwn() throws {
    let page = place.path("page.html")
    let result = try KernelBench.run(["report", "--filter", "^sha256/64B$", "--output", page])
    #expect(result.status == 0, "\(result.error)")
    #expect(try String(contentsOfFile: page, encoding: .utf8).contains("sha256/64B"))
  }

  @Test func whatCannotBeShownIsToldAndNothingIsWritten() throws {
    try place.write("{}", to: "foreign.json")
    try place.write(#"{"format": "kernel-bench else", "version": 1}"#, to: "other.json")
    try place.write("old", to: "page.html")
    for (name, message) in [
      ("foreign.json", "no JSON of kernel-bench"), ("other.json", "a page does not show"), ("absent", "cannot read"),
    ] {
      let result = try KernelBench.run(["report", place.path(name), "--output", place.path("page.html")])
      #expect(result.status == 1 && result.error.contains(message), "\(result.error)")
      #expect(result.error.split(separator: "\n").count == 1)
      #expect(try String(contentsOfFile: place.path("page.html"), encoding: .utf8) == "old")
    }
    let both = try KernelBench.run(["report", "x.json", "--filter", "a", "--output", place.path("page.html")])
    #expect(both.status == 64)
  }
}
