import ArgumentParser
import BenchHarness

struct CompareRuns: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares two runs that were measured before: baselines, or files of run --json.",
    discussion: """
      Exact figures, such as calls of malloc and instructions, by equality; times where the machines are the same. For builds on \
      one machine the verb ab is many times as sharp.

      Exit codes: 0 no regression, 2 a regression, 3 none but a figure could not be compared, 1 an error.
      """)

  @Argument(help: "A name from baseline list, or a file.") var old: String
  @Argument(help: "The same of the new run.") var new: String

  @Option(help: ArgumentHelp("Only cases whose name the regular expression matches somewhere.", valueName: "regex"))
  var filter: String?

  @OptionGroup var place: BaselineOptions
  @OptionGroup var judging: JudgingOptions

  func run() throws {
    let tolerances = try judging.tolerances()
    let store = place.store
    let comparison = try RunComparison(
      old: (old, store.read(old)), new: (new, store.read(new)), tolerances: tolerances, waiver: judging.waiver(),
      selection: Selection(pattern: filter))
    try judging.show(comparison, to: judging.file())
    if comparison.exitCode != 0 { throw ExitCode(comparison.exitCode) }
  }
}

/// What counts as a regression, and where the comparison goes.
struct JudgingOptions: ParsableArguments {
  @Option(
    name: .customLong("tolerance"),
    help: ArgumentHelp(
      "How much worse a metric may be, in percent: time=10 is the default, exact metrics have 0.",
      valueName: "metric=percent"))
  var allowances: [String] = []

  @Option(
    help: ArgumentHelp(
      "What matches does not count: a regular expression for \"case metric\", such as \"sgemm/8 malloc.calls\".",
      valueName: "regex"))
  var waive: String?

  @Flag(help: "Show what did not change too.")
  var all = false

  @Option(help: ArgumentHelp("Write everything as JSON.", valueName: "file"))
  var json: String?

  func tolerances() throws(BenchError) -> Tolerances {
    var result = Tolerances()
    for text in allowances { try result.add(text) }
    return result
  }

  func waiver() throws(BenchError) -> Selection? {
    guard let waive else { return nil }
    do {
      return try Selection(pattern: waive)
    } catch {
      throw BenchError("--waive \"\(waive)\" is not a regular expression; try a part of a case's name")
    }
  }

  func file() throws(BenchError) -> AtomicFile? {
    guard let json else { return nil }
    return try AtomicFile(path: json)
  }

  func show(_ comparison: RunComparison, to file: AtomicFile?) throws {
    print(RunComparisonTable(terminal: .current, showsAll: all).text(comparison))
    if let file { try file.commit(comparison.json()) }
  }
}
