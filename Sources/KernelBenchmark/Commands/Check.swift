import ArgumentParser
import BenchHarness

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures now what a baseline holds, and compares.",
    discussion: """
      Exact figures, such as calls of malloc and instructions, by equality; times where the machine is the baseline's. What the \
      baseline has and this machine cannot measure is inconclusive, not passed. Instructions are counted where the baseline has them.

      Exit codes: 0 no regression, 2 a regression, 3 none but a figure could not be compared, 1 an error.
      """)

  @Option(help: ArgumentHelp("A name from baseline list, or a file.", valueName: "name or file"))
  var baseline: String

  @OptionGroup var options: MeasuringOptions
  @OptionGroup var place: BaselineOptions
  @OptionGroup var judging: JudgingOptions

  func run() throws {
    let (tolerances, waiver, file) = (try judging.tolerances(), try judging.waiver(), try judging.file())
    let selection = try Selection(pattern: options.cases.filter)
    let before = try place.store.read(baseline)
    let wanted = Set(before.cases.map(\.name).filter { selection.contains($0) })
    let terminal = Terminal.current
    var now = try options.measure(terminal: terminal) { wanted.contains($0) }
    var counting = CountingOptions()
    counting.instructions = before.cases.contains {
      wanted.contains($0.name) && $0.kernel?[.simulatedInstructions].value != nil
    }
    if !now.isPartial { try counting.count(&now, options.cases, terminal: terminal) }
    now.commit = Commit.current()
    let comparison = try RunComparison(
      old: (baseline, before), new: ("now", now), tolerances: tolerances, waiver: waiver, selection: selection)
    try judging.show(comparison, to: file)
    if now.isPartial { throw ExitCode(Interruption.exitCode) }
    if comparison.exitCode != 0 { throw ExitCode(comparison.exitCode) }
  }
}
