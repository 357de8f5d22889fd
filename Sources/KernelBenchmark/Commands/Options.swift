import ArgumentParser
import BenchHarness
import Kernels

/// Which cases: the options that every verb over cases shares.
struct CaseOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only cases whose name the regular expression matches somewhere.", valueName: "regex"))
  var filter: String?

  @Flag(help: "Every row of the dispatch tables that runs here, not only the one that a caller gets.")
  var allRows = false

  @Option(
    help: ArgumentHelp(
      "Mask CPU features, comma-separated, as the verb machine prints them; what needs them goes too.",
      valueName: "features"))
  var disable = ""

  @Option(help: ArgumentHelp("Adds cases on the bytes of a file, for kernels that take any bytes.", valueName: "file"))
  var input: String?

  /// Masks the features, for the whole process, and gives the series of what is left.
  func series(withPeers: Bool = true) throws -> [CaseSeries] {
    CPUFeatures.disable(try masked)
    let input = try input.map { path throws(BenchError) in try InputFile(path: path) }
    return Program.current.cases.series(
      CaseContext(features: .current, allRows: allRows, input: input, withPeers: withPeers))
  }

  /// The cases that `--filter` selects.
  ///
  /// - Throws: ``BenchError`` when it selects none.
  func selected() throws -> [BenchmarkCase] {
    let selection = try Selection(pattern: filter)
    return try selection.cases(series())
  }

  var masked: CPUFeatures {
    get throws(UnknownCPUFeature) { try CPUFeatures(parsing: disable) }
  }
}

/// How to measure: the options that every verb that times cases shares.
struct MeasuringOptions: ParsableArguments {
  @OptionGroup var cases: CaseOptions

  @Flag(help: "A quarter of a second a case instead of one and a half.")
  var quick = false

  @Option(help: "Seed of the order of samples.")
  var seed: UInt64 = 1

  var plan: Plan { quick ? .quick : .full }
}
