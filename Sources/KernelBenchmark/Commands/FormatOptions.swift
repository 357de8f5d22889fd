import ArgumentParser
import BenchHarness

/// How a report is printed.
struct FormatOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How to write to standard output. \(purposes)", valueName: "format"))
  var format = ReportFormat.table

  @Flag(help: "The table with every statistic and every figure of each contender.")
  var details = false

  func validate() throws {
    if details && format != .table {
      throw ValidationError("--details is a kind of table; leave out --format, other formats have every figure anyway.")
    }
  }

  func print(_ report: Report, terminal: Terminal) throws {
    let text = try report.text(format, terminal: terminal, details: details)
    Swift.print(text, terminator: text.utf8.last == 10 ? "" : "\n")
  }

  private static var purposes: String {
    ReportFormat.allCases.map { "\($0.rawValue): \($0.purpose)" }.joined(separator: "; ") + "."
  }
}

extension ReportFormat: ExpressibleByArgument {}
