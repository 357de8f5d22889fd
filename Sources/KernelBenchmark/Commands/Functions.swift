import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct Functions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Whole functions through their runtime API, beside the same ones in Python and Node.",
    discussion: """
      A program builds the functions and takes the samples: \(Self.sampler), in the folder of the package. The report is \
      printed as Markdown. Exit code 1 when an invocation failed, or answers differ; the report is written all the same.
      """)

  private static let sampler = "Scripts/sample-functions"

  @Option(help: "Invocations of each workload by each runtime, 1 to 1000000. Default: 10000; with --quick 300.")
  var count: Int?

  @Option(help: "Starts of each, 1 to 10000. Default: 200; with --quick 20.")
  var starts: Int?

  @Option(help: "Invocations at each share of a CPU, 0 for none. Default: 100; with --quick 20.")
  var sweep: Int?

  @Option(help: "One workload instead of all.")
  var workload: String?

  @Flag(help: "Fewer repetitions.")
  var quick = false

  @OptionGroup var pricing: PriceOptions

  @Option(help: ArgumentHelp("The program that takes the samples.", valueName: "program"))
  var sampler = Self.sampler

  @Option(help: ArgumentHelp("Write everything, every sample included, as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write the report as Markdown.", valueName: "file"))
  var markdown: String?

  @Option(help: ArgumentHelp("Write the report as one HTML page.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Put its summary between the marks of a Markdown file.", valueName: "file"))
  var update: String?

  @Option(help: ArgumentHelp("Measure nothing; report what --json wrote before.", valueName: "file"))
  var from: String?

  func run() throws {
    let files = try [json, markdown, html, update].map { path throws(BenchError) in
      try path.map { path throws(BenchError) in try AtomicFile(path: path) }
    }
    let report = try from.map { path throws(BenchError) in try FunctionsReport.read(path) } ?? measure()
    print(FunctionsMarkdown.text(report))
    try files[0]?.commit(report.json())
    try files[1]?.commit(FunctionsMarkdown.text(report).utf8)
    try files[2]?.commit(
      Page(title: "\(Program.current.name) functions", sections: [.functions(report)]).html.text.utf8)
    if let update, let file = files[3] {
      guard let text = SystemFile.text(update) else {
        throw BenchError("cannot read \(update); name a file that can be read")
      }
      try file.commit((try FunctionsMarkdown.replacingSummary(in: text, by: report) + "\n").utf8)
    }
    if let failure = report.failure { throw failure }
  }

  private func measure() throws -> FunctionsReport {
    let count = try checked(count ?? (quick ? 300 : 10_000), "--count", within: 1...1_000_000)
    let starts = try checked(starts ?? (quick ? 20 : 200), "--starts", within: 1...10_000)
    let sweep = try checked(sweep ?? (quick ? 20 : 100), "--sweep", within: 0...100_000)
    let machine = MachineDescription.current()
    let (prices, coldRate) = (try pricing.prices(machine), try pricing.checkedColdRate)
    let started = Int(time(nil))
    var arguments = ["--count", "\(count)", "--cold", "\(starts)", "--sweep", "\(sweep)"]
    if let workload { arguments += ["--workload", workload] }
    return FunctionsReport(
      started: started, machine: machine, build: .current(version: Program.current.version), prices: prices,
      coldRate: coldRate, samples: try FunctionSampling.run(sampler, arguments))
  }
}
