import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Exact instructions, and cache misses on a model of this machine's caches, under valgrind.",
    discussion: """
      Runs the case in this program again, under valgrind's callgrind, and counts inside of the kernel alone. The figures \
      are the same at every run. valgrind knows fewer instruction sets than CPUs have: the row that ran is named.
      """)

  @Argument(help: "The name of a case; else what --filter selects.")
  var name: String?

  @OptionGroup var options: MeasuringOptions

  @Option(help: "Calls that are counted, instead of a number that follows from the work of a call.")
  var calls: Int?

  @Option(help: "Seconds that a case may take.")
  var timeout = 300.0

  @Option(help: ArgumentHelp("Write every figure as JSON.", valueName: "file"))
  var json: String?

  func validate() throws {
    if (name == nil) == (options.cases.filter == nil) {
      throw ValidationError("Name a case, or select some with --filter.")
    }
    if timeout <= 0 { throw ValidationError("--timeout must be positive.") }
    if let calls, !(1...1_000_000 ~= calls) { throw ValidationError("--calls must be within 1...1000000.") }
  }

  func run() throws {
    let file = try json.map(AtomicFile.init)
    let terminal = Terminal.current
    let selected = try selected()
    MeasuringOptions.warnOfDebug()
    Interruption.listen()
    let machine = MachineDescription.current()
    let simulator: Simulator
    do throws(Simulator.Unavailable) {
      guard let executable = SystemFile.executable else {
        throw Simulator.Unavailable("the system hides the program's path")
      }
      simulator = try Simulator(executable: SystemFile.absolute(executable), caches: machine.caches)
    } catch {
      throw BenchError("cache misses and instructions are unavailable: \(error.reason)")
    }
    var report = CacheReport(
      started: Int(time(nil)), machine: machine, build: .current(version: Program.current.version),
      simulator: simulator.version, model: simulator.model)
    let request = Simulator.Request(
      calls: options.quick ? calls ?? 1 : calls, options: try options.cases.arguments, seconds: timeout)
    for (index, benchmark) in selected.enumerated() where !Interruption.isRequested {
      let result = Result { () throws(Simulator.Unavailable) in
        try simulator.count(benchmark.name, request) { seconds in
          terminal.showProgress("simulating \(index + 1) of \(selected.count): \(benchmark.name), \(Int(seconds)) s")
        }
      }
      if !Interruption.isRequested { report.cases.append(.init(benchmark, result)) }
    }
    terminal.clearProgress()
    report.isPartial = Interruption.isRequested
    print(report.text(terminal: terminal))
    if let file { try file.commit(report.json()) }
    if report.isPartial { throw ExitCode(Interruption.exitCode) }
    if report.cases.allSatisfy({ $0.simulatedRow == nil }) { throw ExitCode(1) }
  }

  private func selected() throws -> [BenchmarkCase] {
    guard let name else { return try options.cases.selected() }
    for series in try options.cases.series() {
      for point in series.points where series.name(point) == name { return [series.benchmark(point)] }
    }
    throw BenchError("no case is called \(name); \(Program.current.name) list shows the names")
  }
}

extension CaseOptions {
  /// These options for another run of this program in another directory; without the filter.
  var arguments: [String] {
    get throws {
      var result: [String] = []
      if allRows { result.append("--all-rows") }
      if !disable.isEmpty { result += ["--disable", disable] }
      if let input { result += ["--input", SystemFile.absolute(input)] }
      return result
    }
  }
}
