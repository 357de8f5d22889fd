/// A document as a part of the page.
package struct PageSection: Sendable {
  package let title: String
  package let body: HTML

  package init(title: String, body: HTML) { (self.title, self.body) = (title, body) }
}

/// A kind of document that the page can show: a file `PageSection+….swift` each, and its line in ``all``.
package struct PageSource: Sendable {
  package let format: String
  private let read: @Sendable (_ path: String) throws(BenchError) -> PageSection

  init<D: Document & SendableMetatype>(_ type: D.Type, _ section: @escaping @Sendable (D) -> PageSection) {
    format = D.format
    read = { path throws(BenchError) in section(try D.read(path)) }
  }

  package static let all: [PageSource] = [
    PageSource(Report.self, PageSection.run), PageSource(RooflineReport.self, PageSection.roofline),
    PageSource(SweepReport.self, PageSection.sweep), PageSource(CacheReport.self, PageSection.cache),
    PageSource(BuildComparison.self, PageSection.ab), PageSource(RunComparison.self, PageSection.comparison),
    PageSource(SelfTestReport.self, PageSection.selfTest),
    PageSource(ColdReport.self, PageSection.cold), PageSource(InvokeReport.self, PageSection.invoke),
    PageSource(SoakReport.self, PageSection.soak), PageSource(CostReport.self, PageSection.cost),
    PageSource(FunctionsReport.self, PageSection.functions),
  ]

  /// What the page shows of a file.
  ///
  /// - Throws: ``BenchError`` when it cannot be read, or is of a kind that the page does not show.
  package static func section(path: String) throws(BenchError) -> PageSection {
    guard let format = documentFormat(path) else {
      // Says whether it is missing or something else.
      _ = try Report.read(path)
      throw BenchError("\(path) is no JSON of kernel-bench; give a file that kernel-bench wrote with --json")
    }
    guard let source = all.first(where: { $0.format == format }) else {
      let known = all.map { "\"\($0.format)\"" }.joined(separator: ", ")
      throw BenchError("\(path) is \"\(format)\", which a page does not show; give files of \(known)")
    }
    return try source.read(path)
  }
}
