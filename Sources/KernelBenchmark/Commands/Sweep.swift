import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Speed over the working set, from 4 KiB to beyond the last cache, with the knees.",
    discussion: """
      The kernel runs at sizes between those of the verb run, the samples of all sizes in random order. A knee is where speed \
      steps down, and has the name of the cache that is about as large. The subject memory is the machine itself: how fast \
      one core reads, and how long a load takes.
      """)

  @Argument(
    help: ArgumentHelp("A series such as sgemm, one of its cases, or memory; else what --filter selects."))
  var subject: String?

  @OptionGroup var options: MeasuringOptions

  @Option(help: "Sizes in each octave, 1 to 16.")
  var steps = 2

  @Option(
    help: ArgumentHelp(
      "The largest working set, as 256K or 64M, instead of twice the last cache.", valueName: "bytes"))
  var to: String?

  @Flag(help: "Peers too.")
  var peers = false

  @Option(help: ArgumentHelp("Write the plot, or one below the other, as SVG.", valueName: "file"))
  var svg: String?

  @Option(help: ArgumentHelp("Write sizes, speeds and knees as JSON.", valueName: "file"))
  var json: String?

  func validate() throws {
    if subject == nil && options.cases.filter == nil {
      throw ValidationError("Name a series, a case or memory, or select some with --filter.")
    }
    if subject != nil && options.cases.filter != nil {
      throw ValidationError("Give a subject or --filter, not both.")
    }
  }

  func run() throws {
    let (svgFile, jsonFile) = (try svg.map(AtomicFile.init), try json.map(AtomicFile.init))
    let terminal = Terminal.current
    let most = try to.map(SweepSizes.bytes)
    let machine = MachineDescription.current()
    let workingSets = try SweepSizes.workingSets(caches: machine.caches, steps: steps, most: most)
    let all = try options.cases.series()
    let series = try subject == "memory" ? [] : selected(all)
    MeasuringOptions.warnOfDebug()
    Interruption.listen()
    let started = Int(time(nil))
    let curves: [SweepReport.Curve]
    do {
      defer { terminal.clearProgress() }
      if subject == "memory" {
        curves = try options.memoryCurves(workingSets, machine.caches, terminal: terminal)
      } else {
        let cases = series.flatMap { CaseSweep.cases($0, workingSets: workingSets, peers: peers) }
        var runner = Runner(
          plan: options.plan, overhead: .measure(), masked: try options.cases.masked, seed: options.seed)
        curves = CaseSweep.curves(try runner.run(cases) { terminal.show($0) }, caches: machine.caches)
      }
    }
    let report = SweepReport(
      started: started, machine: machine, build: .current(version: Program.current.version),
      subject: subject ?? series.map(\.title).joined(separator: ", "), curves: curves,
      isPartial: Interruption.isRequested)
    print(report.text())
    if let svgFile { try svgFile.commit(report.plots.file.utf8) }
    if let jsonFile { try jsonFile.commit(report.json()) }
    if report.isPartial { throw ExitCode(Interruption.exitCode) }
  }

  private func selected(_ all: [CaseSeries]) throws -> [CaseSeries] {
    if let subject { return try CaseSweep.series(subject, in: all) }
    return try CaseSweep.series(Selection(pattern: options.cases.filter), in: all)
  }
}

extension MeasuringOptions {
  /// What the machine's memory gives at every working set.
  fileprivate func memoryCurves(
    _ workingSets: [Int], _ caches: CacheTopology, terminal: Terminal
  ) throws -> [SweepReport.Curve] {
    try MemorySweep.curves(workingSets: workingSets, caches: caches, line: caches.line, plan: plan, seed: seed) {
      terminal.showProgress("round \($0 + 1) of \($1) over \(workingSets.count) working sets")
    }
  }

  /// A sweep of the memory up to twice the last cache.
  func memorySweep(terminal: Terminal) throws -> SweepReport {
    Interruption.listen()
    let (started, machine) = (Int(time(nil)), MachineDescription.current())
    defer { terminal.clearProgress() }
    let workingSets = try SweepSizes.workingSets(caches: machine.caches, steps: 2, most: nil)
    return SweepReport(
      started: started, machine: machine, build: .current(version: Program.current.version), subject: "memory",
      curves: try memoryCurves(workingSets, machine.caches, terminal: terminal), isPartial: Interruption.isRequested)
  }
}
