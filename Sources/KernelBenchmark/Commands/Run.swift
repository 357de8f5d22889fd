import ArgumentParser
import BenchHarness

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the cases beside the machine's limits and the peers.",
    discussion: """
      Rounds of all cases come in random order. In each, every contender of the case is sampled once: the kernel, its peers, \
      and a loop that shows the machine's limit. Ratios are of samples of the same round, so that drift cancels.
      """)

  @OptionGroup var options: MeasuringOptions
  @OptionGroup var format: FormatOptions

  @Option(help: ArgumentHelp("Write everything, samples included, as JSON.", valueName: "file"))
  var json: String?

  func run() throws {
    let file = try json.map { path throws(BenchError) in try AtomicFile(path: path) }
    let terminal = Terminal.current
    let report = try options.measure(terminal: terminal)
    try format.print(report, terminal: terminal)
    if let file { try file.commit(report.json()) }
    if report.isPartial { throw ExitCode(Interruption.exitCode) }
  }
}
