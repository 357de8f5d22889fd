import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct Cold: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Starts this program again and again: exec to main, the first call against a warm one, memory.",
    discussion: """
      Every start is a process of its own that runs one case, the first one of all where none is named. In turns with it \
      comes \(ColdSampling.floorProgram), which is what a process costs that does nothing. Intervals are of 95 %.
      """)

  @OptionGroup var options: FunctionOptions

  @Option(help: "Starts, 1 to 100000. Default: 200; with --quick 50.")
  var count: Int?

  @Flag(help: "Take the program's pages out of the page cache before each start.")
  var evict = false

  @Option(help: "Seed of the order of starts.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Write everything as JSON.", valueName: "file"))
  var json: String?

  func run() throws {
    let count = try checked(count ?? (options.quick ? 50 : 200), "--count", within: 1...100_000)
    let file = try json.map { path throws(BenchError) in try AtomicFile(path: path) }
    let terminal = Terminal.current
    let selected = try options.selected(orFirst: true)
    MeasuringOptions.warnOfDebug()
    Interruption.listen()
    let started = Int(time(nil))
    let (copy, residentPages) = evictable()
    let loader = LoaderTime()
    var results: [ColdResult] = []
    defer { terminal.clearProgress() }
    for benchmark in selected where !Interruption.isRequested {
      let sampling = try Self.sample(
        benchmark, options: options, count: count, copy: copy, loader: loader, seed: seed, terminal: terminal)
      let result = ColdResult(
        name: benchmark.name, row: benchmark.row, starts: sampling.starts, loader: sampling.loaderNanoseconds,
        floor: sampling.floorNanoseconds)
      if let result { results.append(result) }
    }
    terminal.clearProgress()
    let report = ColdReport(
      started: started, machine: .current(), build: .current(version: Program.current.version), count: count,
      residentPages: residentPages, cases: results, partial: Interruption.isRequested)
    print(ColdText(terminal: terminal).text(report))
    if let file { try file.commit(report.json()) }
    if report.partial { throw ExitCode(Interruption.exitCode) }
  }

  /// The copy to evict, where that was asked for and can be done, and the pages that the page cache then has.
  private func evictable() -> (copy: EvictableCopy?, residentPages: Metric) {
    guard evict else { return (nil, .unavailable(reason: "--evict was not given")) }
    do {
      return (try EvictableCopy(), .value(0, unit: "pages", source: .measured))
    } catch {
      return (nil, .unavailable(reason: error.description))
    }
  }

  /// Starts this program with a case, with progress.
  ///
  /// - Parameter loader: nil for starts alone, without its share of them and without the floor.
  static func sample(
    _ benchmark: BenchmarkCase, options: FunctionOptions, count: Int, copy: EvictableCopy? = nil,
    loader: LoaderTime? = nil, seed: UInt64 = 1, terminal: Terminal
  ) throws(BenchError) -> ColdSampling {
    var arguments = [Program.current.name, ColdChild.configuration.commandName ?? "", benchmark.name]
    if options.cases.allRows { arguments.append("--all-rows") }
    if !options.cases.disable.isEmpty { arguments += ["--disable", options.cases.disable] }
    if let input = options.cases.input { arguments += ["--input", input] }
    var sampling = ColdSampling(arguments: arguments, copy: copy, loader: loader, seed: seed)
    let start = Clock.nanoseconds
    try sampling.run(count: count) { done in
      let left = Double(Clock.nanoseconds - start) / Double(done) * Double(count - done)
      terminal.show("start \(done) of \(count): \(benchmark.name)", nanosecondsLeft: left)
    }
    return sampling
  }
}

/// The process that ``Cold`` starts.
struct ColdChild: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cold-child", abstract: "One case in a process that does nothing else.", shouldDisplay: false)

  @OptionGroup var options: FunctionOptions

  func run() throws {
    let selected = try options.selected()
    try options.forEach(Array(selected.prefix(1))) { benchmark in
      var record = try ColdRecord.measure(benchmark, start: Program.start)
      record.last = Clock.nanoseconds
      print(record.line)
    }
  }
}
