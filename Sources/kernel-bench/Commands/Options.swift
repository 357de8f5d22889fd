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
      "Mask CPU features, comma-separated, as kernel-bench machine prints them; what needs them goes too.",
      valueName: "features"))
  var disable = ""

  @Option(help: ArgumentHelp("Adds cases on the bytes of a file, for kernels that take any bytes.", valueName: "file"))
  var input: String?

  /// Masks the features, for the whole process, and makes the catalogue of what is left.
  func catalogue() throws -> Catalogue {
    CPUFeatures.disable(try masked)
    return Catalogue(
      features: .current, allRows: allRows,
      input: try input.map { path throws(BenchError) in try Catalogue.Input(path: path) })
  }

  var masked: CPUFeatures {
    get throws(UnknownCPUFeature) { try CPUFeatures(parsing: disable) }
  }
}
