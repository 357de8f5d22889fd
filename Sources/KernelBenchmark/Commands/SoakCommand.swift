import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct SoakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soak",
    abstract: "Calls a case for a long time: drift of throughput, growth of memory, allocations.",
    discussion: """
      The time is cut into \(Soak.mostIntervals) intervals at most. Of each figure the trend over them is told with how \
      small a trend would have been seen. Exit code 1 when a call failed; the figures are printed and written all the same.
      """)

  @OptionGroup var options: FunctionOptions

  @Option(help: "Of each case, 0.1 to 86400. Default: 60; with --quick 5.")
  var seconds: Double?

  @Option(help: ArgumentHelp("Write everything as JSON.", valueName: "file"))
  var json: String?

  func run() throws {
    let seconds = seconds ?? (options.quick ? 5 : 60)
    guard 0.1...86_400 ~= seconds else {
      throw BenchError("--seconds \(seconds) is not within 0.1...86400; give one that is")
    }
    let file = try json.map { path throws(BenchError) in try AtomicFile(path: path) }
    let terminal = Terminal.current
    let selected = try options.selected()
    MeasuringOptions.warnOfDebug()
    Interruption.listen()
    let started = Int(time(nil))
    let soak = Soak(seconds: seconds, allocations: AllocationCounter.meter())
    var results: [SoakResult] = []
    defer { terminal.clearProgress() }
    try options.forEach(selected) { benchmark in
      terminal.show("soaking \(benchmark.name)", nanosecondsLeft: seconds * 1e9)
      results.append(
        try soak.run(benchmark) { passed in
          terminal.show("soaking \(benchmark.name)", nanosecondsLeft: max(0, seconds - passed) * 1e9)
        })
    }
    terminal.clearProgress()
    let report = SoakReport(
      started: started, machine: .current(), build: .current(version: Program.current.version), seconds: seconds,
      cases: results, partial: Interruption.isRequested)
    print(SoakText(terminal: terminal).text(report))
    if let file { try file.commit(report.json()) }
    if report.partial { throw ExitCode(Interruption.exitCode) }
    if let failure = report.failure { throw failure }
  }
}
