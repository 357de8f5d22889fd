/// The formats in which a run can be written.
package enum ReportFormat: String, CaseIterable, Sendable {
  case table, json, csv, markdown, junit, jmh
  case githubActionBenchmark = "github-action-benchmark"

  /// What it is for, in a few words.
  package var purpose: String {
    switch self {
    case .table: "for people"
    case .json: "everything, samples included: what other verbs read"
    case .csv: "a line a figure, for spreadsheets and data frames"
    case .markdown: "a table for a pull request"
    case .junit: "XML for dashboards of test results"
    case .jmh: "what the Java Microbenchmark Harness writes, for its viewers"
    case .githubActionBenchmark: "customSmallerIsBetter of that action"
    }
  }
}

extension Report {
  /// - Parameters:
  ///   - terminal: colours the table, and nothing else.
  ///   - details: the table with every statistic.
  package func text(_ format: ReportFormat, terminal: Terminal, details: Bool = false) throws -> String {
    switch format {
    case .table: details ? DetailTable(terminal: terminal).text(self) : RunTable(terminal: terminal).text(self)
    case .json: String(decoding: try json(), as: UTF8.self)
    case .csv: CSVFormat.text(self)
    case .markdown: MarkdownFormat.text(self)
    case .junit: JUnitFormat.text(self)
    case .jmh: try JMHFormat.text(self)
    case .githubActionBenchmark: try GitHubActionFormat.text(self)
    }
  }
}
