import BenchHarness
import Foundation
import Testing

@Suite struct SchemaTests {
  static let catalogue = Repository.path("Sources/KernelBenchmark/KernelBenchmark.docc")

  /// What the program really writes has all that the schema requires, and nothing that it does not describe.
  @Test func whatIsWrittenKeepsToTheSchema() throws {
    let place = Scratchpad()
    let result = try KernelBench.run([
      "run", "--quick", "--filter", "^sgemm/(8|16|32|64)$", "--json", place.path("out.json"),
    ])
    #expect(result.status == 0, "\(result.error)")
    let schema = try JSONSchema(contentsOf: Self.catalogue + "/Resources/run.schema.json", isClosed: true)
    let json = try Data(contentsOf: URL(fileURLWithPath: place.path("out.json")))
    #expect(try schema.problems(json) == [])
    #expect(try Report(json: json).complexity.count >= 1)
    // And what is optional: an input, a filter, figures that are not available.
    #expect(try schema.problems(FormatsTests.report.json()) == [])
  }

  @Test(arguments: [
    (#""version" : 2"#, #""version" : 3"#), (#""role" : "kernel""#, #""role" : "king""#),
    (#""started" : 1800000000"#, #""started" : 1.5"#), (#""quick" : true"#, #""quick" : 1"#),
    (#""unit" : "ns""#, #""unity" : "ns""#), (#""iterations" : 3"#, #""iterations" : 0"#),
    (#""peers" : ["#, #""others" : ["#),
  ])
  func theSchemaRefuses(what: String, instead: String) throws {
    let schema = try JSONSchema(contentsOf: Self.catalogue + "/Resources/run.schema.json", isClosed: true)
    let text = String(decoding: try FormatsTests.report.json(), as: UTF8.self)
    #expect(text.contains(what))
    #expect(try !schema.problems(Data(text.replacing(what, with: instead).utf8)).isEmpty)
  }

  @Test func everyFieldIsInTheDocumentation() throws {
    let page = try String(contentsOfFile: Self.catalogue + "/Documents.md", encoding: .utf8)
    let schema = try JSONSchema(contentsOf: Self.catalogue + "/Resources/run.schema.json", isClosed: true)
    for name in schema.propertyNames.sorted() { #expect(page.contains("`\(name)`"), "\(name)") }
    let version = try String(contentsOfFile: Self.catalogue + "/Resources/run.schema.json", encoding: .utf8)
    #expect(version.contains(#""version": { "const": \#(Report.version) }"#))
  }
}

/// Files of the package that the tests are of.
enum Repository {
  static func path(_ file: String, here: String = #filePath) -> String {
    let root = URL(fileURLWithPath: here).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.appendingPathComponent(file).path
  }

  static func text(_ file: String) throws -> String { try String(contentsOfFile: path(file), encoding: .utf8) }
}
