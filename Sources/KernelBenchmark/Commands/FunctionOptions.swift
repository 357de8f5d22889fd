import ArgumentParser
import BenchHarness
import Kernels

/// Which cases a verb of the function's view runs: one by its name, or those that `--filter` matches. Without peers.
struct FunctionOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("A name from the verb list; --filter names several.", valueName: "case"))
  var name: String?

  @OptionGroup var cases: CaseOptions

  @Flag(help: "Fewer repetitions.")
  var quick = false

  /// - Parameter orFirst: where neither a name nor a pattern is given, take the first case of all.
  /// - Throws: ``BenchError`` when no case is meant.
  func selected(orFirst: Bool = false) throws -> [BenchmarkCase] {
    let series = try cases.series(kernelAlone: true)
    if let name {
      guard cases.filter == nil else { throw BenchError("give either a case or --filter, not both") }
      return [try series.named(name)]
    }
    if cases.filter == nil {
      let first = series.lazy.compactMap { series in series.points.first.map { series.benchmark($0) } }.first
      guard orFirst, let first else {
        throw BenchError("no case is named; give one from \(Program.current.name) list, or --filter")
      }
      return [first]
    }
    return try Selection(pattern: cases.filter).cases(series)
  }

  /// Calls `body` for each case with what it masks masked, until the user interrupts.
  func forEach(_ selected: [BenchmarkCase], _ body: (BenchmarkCase) throws -> Void) throws {
    let masked = try cases.masked
    defer { CPUFeatures.disable(masked) }
    for benchmark in selected where !Interruption.isRequested {
      CPUFeatures.disable(masked.union(benchmark.disabled))
      try body(benchmark)
    }
  }
}

extension [CaseSeries] {
  /// The case of exactly this name.
  ///
  /// - Throws: ``BenchError`` when there is none.
  func named(_ name: String) throws(BenchError) -> BenchmarkCase {
    for series in self {
      if let point = series.points.first(where: { series.name($0) == name }) { return series.benchmark(point) }
    }
    throw BenchError("no case is called \"\(name)\"; \(Program.current.name) list shows the names")
  }
}

/// A number of repetitions that the user gave, within what makes sense.
func checked(_ value: Int, _ option: String, within range: ClosedRange<Int>) throws(BenchError) -> Int {
  guard range ~= value else {
    throw BenchError("\(option) \(value) is not within \(range.lowerBound)...\(range.upperBound); give one that is")
  }
  return value
}
