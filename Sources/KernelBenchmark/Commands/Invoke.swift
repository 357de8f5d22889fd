import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct Invoke: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times every invocation by itself: tails, drift, the first against the hundredth.",
    discussion: """
      Raw figures are of all invocations that did not fail. Filtered ones are without those that something else made slow: \
      \(InvocationFilter.rule). Intervals are of 95 %.

      Exit code 1 when an invocation failed; the figures of the others are printed and written all the same.
      """)

  @OptionGroup var options: FunctionOptions

  @Option(help: "Invocations, 1 to 1000000. Default: 10000; with --quick 1000.")
  var count: Int?

  @Option(help: ArgumentHelp("Write everything, every invocation included, as JSON.", valueName: "file"))
  var json: String?

  func run() throws {
    let file = try json.map { path throws(BenchError) in try AtomicFile(path: path) }
    let terminal = Terminal.current
    let report = try Self.measure(options, count: count ?? (options.quick ? 1_000 : 10_000), terminal: terminal)
    print(InvokeText(terminal: terminal).text(report))
    if let file { try file.commit(report.json()) }
    if report.partial { throw ExitCode(Interruption.exitCode) }
    if let failure = report.failure { throw failure }
  }

  private static func measure(_ options: FunctionOptions, count: Int, terminal: Terminal) throws -> InvokeReport {
    let count = try checked(count, "--count", within: 1...1_000_000)
    let selected = try options.selected()
    MeasuringOptions.warnOfDebug()
    Interruption.listen()
    let started = Int(time(nil))
    let clock = Clock.readingCost()
    var results: [InvokeResult] = []
    defer { terminal.clearProgress() }
    try options.forEach(selected) { benchmark in
      results.append(try invoke(benchmark, count: count, terminal: terminal))
    }
    return InvokeReport(
      started: started, machine: .current(), build: .current(version: Program.current.version), count: count,
      clockNanoseconds: clock, cases: results, partial: Interruption.isRequested)
  }

  /// Invokes a case, with progress.
  static func invoke(_ benchmark: BenchmarkCase, count: Int, terminal: Terminal) throws(BenchError) -> InvokeResult {
    terminal.showProgress("preparing \(benchmark.name)".cut(80))
    let start = Clock.nanoseconds
    return try InvokeResult.measure(benchmark, count: count) { done in
      let left = Double(Clock.nanoseconds - start) / Double(done) * Double(count - done)
      terminal.show("invocation \(done) of \(count): \(benchmark.name)", nanosecondsLeft: left)
    }
  }
}
