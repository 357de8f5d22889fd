import ArgumentParser
import BenchHarness

struct WritePage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes one HTML page of what verbs wrote with --json, or of what it measures now.",
    discussion: """
      The page needs nothing beside it: no network, no script. It takes any number of files: \
      \(PageSource.all.map(\.format).joined(separator: ", ")). Without files it measures as run --quick, roofline and sweep \
      memory do, and the options that follow say what.
      """)

  @Argument(help: "Files that verbs wrote with --json, in the order in which they are shown.")
  var files: [String] = []

  @Option(help: ArgumentHelp("Where the page goes.", valueName: "file"))
  var output: String

  @OptionGroup var options: MeasuringOptions

  func validate() throws {
    if !files.isEmpty && (options.cases.filter != nil || options.quick) {
      throw ValidationError("--filter and --quick are for measuring; leave them out, or the files.")
    }
  }

  func run() throws {
    let sections = try files.map { path throws(BenchError) in try PageSource.section(path: path) }
    let file = try AtomicFile(path: output)
    let title = "\(Program.current.name) report"
    if !files.isEmpty { return try file.commit(Page(title: title, sections: sections).html.text.utf8) }

    var quick = options
    quick.quick = true
    let report = try quick.measure(terminal: .current)
    var measured: [PageSection] = [.run(report)]
    if !Interruption.isRequested { measured.append(.roofline(try quick.roofline(terminal: .current))) }
    if !Interruption.isRequested { measured.append(.sweep(try quick.memorySweep(terminal: .current))) }
    try file.commit(Page(title: title, sections: measured).html.text.utf8)
    if Interruption.isRequested { throw ExitCode(Interruption.exitCode) }
  }
}
