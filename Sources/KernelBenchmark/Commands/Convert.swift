import ArgumentParser
import BenchHarness

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes what run measured, and wrote with --json, in another format.")

  @Argument(help: "A file that run wrote with --json.")
  var file: String

  @OptionGroup var format: FormatOptions

  func run() throws { try format.print(Report.read(file), terminal: .current) }
}
