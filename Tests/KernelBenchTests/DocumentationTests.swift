import Foundation
import Testing

/// The example of the documentation is one text in all its places; `Scripts/check-consumer` builds and runs it.
@Suite struct DocumentationTests {
  static func example() throws -> String {
    try Repository.text("Examples/OwnBenchmark/Sources/own-benchmark/MyBenchmarks.swift")
  }

  @Test func theExampleHasTenLines() throws {
    #expect(try Self.example().split(separator: "\n").count <= 10)
  }

  @Test(arguments: [
    "README.md", "Sources/KernelBenchmark/KernelBenchmark.docc/MeasureAKernelOfYourOwn.md",
  ])
  func pagesHaveTheExample(page: String) throws {
    #expect(try Repository.text(page).contains("```swift\n" + Self.example() + "```\n"))
  }

  @Test func theDocCommentHasTheExample() throws {
    let comment = try Repository.text("Sources/KernelBenchmark/Benchmark.swift").replacing(/(?m)^\/\/\/ ?/, with: "")
    #expect(try comment.contains("```swift\n" + Self.example() + "```\n"))
  }

  /// Every link to a page of the catalogue leads to one.
  @Test func linksLeadSomewhere() throws {
    let folder = SchemaTests.catalogue
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }
    #expect(pages.count >= 6)
    for page in pages {
      let text = try String(contentsOfFile: folder + "/" + page, encoding: .utf8)
      for link in text.matches(of: /<doc:(\w+)>/) {
        #expect(pages.contains("\(link.output.1).md"), "\(link.output.0) in \(page)")
      }
    }
  }
}
