import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct Cost: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Dollars of a million invocations over sizes of memory, and from when on a host is cheaper.",
    discussion: """
      Measures calls as invoke does, and starts and memory as cold does; the rest is a model, which --explain prints: a \
      function has memory / \(CostModel.megabytesPerCPU) MB of a vCPU, and is billed for whole milliseconds times memory, \
      and for each request. Prices change; those that are built in say where they are from and when.
      """)

  @OptionGroup var options: FunctionOptions

  @Option(help: "Invocations to measure, 1 to 1000000. Default: 1000; with --quick 200.")
  var count: Int?

  @Option(help: "Starts to measure, 1 to 100000. Default: 50; with --quick 10.")
  var starts: Int?

  @OptionGroup var pricing: PriceOptions

  @Option(help: "Calls of the case in an invocation.")
  var calls = 1

  @Flag(help: "Print the formulas with the numbers filled in.")
  var explain = false

  @Option(help: ArgumentHelp("Write everything as JSON.", valueName: "file"))
  var json: String?

  func run() throws {
    let count = try checked(count ?? (options.quick ? 200 : 1000), "--count", within: 1...1_000_000)
    let starts = try checked(starts ?? (options.quick ? 10 : 50), "--starts", within: 1...100_000)
    let calls = try checked(calls, "--calls", within: 1...1_000_000_000)
    let machine = MachineDescription.current()
    let (prices, coldRate) = (try pricing.prices(machine), try pricing.checkedColdRate)
    let file = try json.map { path throws(BenchError) in try AtomicFile(path: path) }
    let terminal = Terminal.current
    let selected = try options.selected()
    MeasuringOptions.warnOfDebug()
    Interruption.listen()
    let started = Int(time(nil))
    var results: [CostResult] = []
    do {
      defer { terminal.clearProgress() }
      try options.forEach(selected) { benchmark in
        let sampling = try Cold.sample(benchmark, options: options, count: starts, terminal: terminal)
        guard let cold = ColdResult(name: benchmark.name, row: benchmark.row, starts: sampling.starts) else { return }
        let invoked = try Invoke.invoke(benchmark, count: count, terminal: terminal)
        if let failure = invoked.failure { throw failure }
        let times = invoked.invocations.nanoseconds
        guard !times.isEmpty else { return }
        results.append(
          CostResult(
            name: benchmark.name, row: benchmark.row, nanoseconds: times, highWaterMark: cold.highWaterMark,
            initialisation: cold.initialisation, starts: sampling.starts.count, prices: prices, coldRate: coldRate,
            calls: calls))
      }
    }
    let report = CostReport(
      started: started, machine: machine, build: .current(version: Program.current.version), prices: prices,
      coldRate: coldRate, calls: calls, cases: results, partial: Interruption.isRequested)
    print(CostText(terminal: terminal).text(report, explained: explain))
    if let file { try file.commit(report.json()) }
    if report.partial { throw ExitCode(Interruption.exitCode) }
  }
}
