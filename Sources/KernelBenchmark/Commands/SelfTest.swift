import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct SelfTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Compares this program with itself, slowed down by nothing, 3 % and 5 %: false alarms and power of ab.",
    discussion: """
      Five processes of this program are measured side by side as ab does it: the old build, its control, and three new ones, \
      of which two spend 3 % and 5 % of every sample's time on top of it.

      Exit codes: 0 the goals may be met, 2 there are more false alarms than there may be, 3 less is found than there should be: the \
      machine is too busy to tell, 1 an error.
      """)

  @OptionGroup var options: SideBySideOptions

  @Option(help: "How often everything is done.")
  var runs = 1

  @Flag(help: "Keep another CPU busy meanwhile.")
  var busy = false

  @Option(help: ArgumentHelp("Write everything as JSON.", valueName: "file"))
  var json: String?

  func validate() throws {
    guard 1...10_000 ~= runs else { throw ValidationError("--runs must be within 1...10000") }
  }

  func run() throws {
    guard let program = SystemFile.executable else {
      throw BenchError("the system does not tell where this program is")
    }
    let file = try json.map { path throws(BenchError) in try AtomicFile(path: path) }
    let terminal = Terminal.current
    // Before this process is held to one of them.
    let count = MachineDescription.current().affinity
    options.pin()
    let cases = try options.commonCases(program, program)
    let neighbour = busy ? try startNeighbour(program, cases[0], among: count) : nil
    Interruption.listen()
    var plan = options.plan
    // Five programs instead of three, with as many samples of each.
    if options.seconds == nil { plan.totalNanoseconds *= Double(SelfTestReport.arms(path: program).count) / 3 }
    var report = SelfTestReport(
      started: Int(time(nil)), machine: .current(), plan: plan, rule: DecisionRule(), seed: options.seed,
      hasBusyNeighbour: busy, cases: cases)
    defer { terminal.clearProgress() }
    for run in 0..<runs where !Interruption.isRequested {
      var sampler = SideBySide(
        arms: SelfTestReport.arms(path: program), plan: plan, arguments: options.workerArguments,
        seed: options.seed &+ UInt64(run))
      let samples = try sampler.run(cases) { progress in
        let left = progress.nanosecondsLeft.map { $0 + Double(runs - run - 1) * plan.totalNanoseconds }
        terminal.show(.init(text: "run \(run + 1) of \(runs): \(progress.text)", nanosecondsLeft: left))
      }
      // What was interrupted is no run.
      if !Interruption.isRequested { report.add(run: samples) }
    }
    withExtendedLifetime(neighbour) {}
    report.isPartial = Interruption.isRequested
    terminal.clearProgress()
    print(report.text(terminal: terminal))
    if let file { try file.commit(report.json()) }
    if report.isPartial { throw ExitCode(Interruption.exitCode) }
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
  }

  /// A process that calls a case on the next CPU until it goes.
  private func startNeighbour(_ program: String, _ name: String, among count: Int) throws -> WorkerProcess {
    guard count > 1 else {
      throw BenchError("there is one CPU only, so that none beside it can be busy; leave out --busy")
    }
    let neighbour = try WorkerProcess(
      path: program, arguments: ["--cpu", "\((WorkerServer.currentCPU + 1) % count)"])
    try neighbour.prepare(name)
    try neighbour.keepBusy()
    return neighbour
  }
}
