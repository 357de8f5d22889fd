import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct CompareBuilds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ab",
    abstract: "Compares two builds of a program of this instrument, side by side, in processes of their own.",
    discussion: """
      Blocks sample the old build, the old build once more as a control, and the new one, on one CPU, in random order and back \
      again. The processes are started anew several times, since where memory lies changes speed. A regression is a \
      change whose interval excludes none, that passes the floor, that is significant after Holm's correction over all \
      cases, and that the control does not show.

      Exit codes: 0 no regression, 2 a regression, 3 none but a case could not be judged, 1 an error.
      """)

  @Argument(help: "The old build.") var old: String
  @Argument(help: "The new build.") var new: String

  @OptionGroup var options: SideBySideOptions

  @Option(help: "The least change, in percent, that counts.")
  var floor = 1.5

  @Option(help: "The change, in percent, that must have been visible for \"no change\" to be said.")
  var effect = 5.0

  @Option(help: ArgumentHelp("Write everything as JSON.", valueName: "file"))
  var json: String?

  func validate() throws {
    guard 0 < floor && floor <= effect else {
      throw ValidationError("--floor must be above 0 and no larger than --effect")
    }
  }

  func run() throws {
    let file = try json.map { path throws(BenchError) in try AtomicFile(path: path) }
    let terminal = Terminal.current
    let rule = DecisionRule(floor: floor / 100, effect: effect / 100)
    options.pin()
    let names = try options.commonCases(old, new)
    Interruption.listen()
    let started = Int(time(nil))
    var sampler = SideBySide(
      arms: [Arm(name: "old", path: old), Arm(name: "control", path: old), Arm(name: "new", path: new)],
      plan: options.plan, arguments: options.workerArguments, seed: options.seed)
    defer { terminal.clearProgress() }
    let samples = try sampler.run(names) { terminal.show($0) }
    let comparison = BuildComparison(
      started: started, machine: .current(), old: old, new: new, plan: options.plan, rule: rule, seed: options.seed,
      cases: BuildComparison.judge(samples, candidate: 2, reference: (0, 1), rule: rule),
      isPartial: Interruption.isRequested)
    terminal.clearProgress()
    print(BuildComparisonTable(terminal: terminal).text(comparison))
    if let file { try file.commit(comparison.json()) }
    if comparison.isPartial { throw ExitCode(Interruption.exitCode) }
    if comparison.exitCode != 0 { throw ExitCode(comparison.exitCode) }
  }
}

/// How to measure programs side by side, and which of their cases.
struct SideBySideOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only cases whose name the regular expression matches somewhere.", valueName: "regex"))
  var filter: String?

  @Option(help: ArgumentHelp("Mask CPU features, comma-separated.", valueName: "features"))
  var disable = ""

  @Flag(help: "Every row of the dispatch tables that runs here.")
  var allRows = false

  @Flag(help: "A minute at most instead of four.")
  var quick = false

  @Option(help: "Seconds for all cases together, instead of what --quick chooses.")
  var seconds: Int?

  @Option(help: "Seed of the order of samples.")
  var seed: UInt64 = 1

  func validate() throws {
    if let seconds, !(1...86_400 ~= seconds) { throw ValidationError("--seconds must be within 1...86400") }
  }

  var plan: SideBySidePlan {
    var plan: SideBySidePlan = quick ? .quick : .full
    if let seconds { plan.totalNanoseconds = Double(seconds) * 1e9 }
    return plan
  }

  /// Holds this process to the CPU of the workers: each of them then goes on the moment that this one waits, and no CPU falls asleep.
  func pin() { _ = WorkerServer.pin(to: WorkerServer.currentCPU) }

  /// What a worker is started with: the same CPU for all of them.
  var workerArguments: [String] {
    var arguments = ["--cpu", "\(WorkerServer.currentCPU)"]
    if !disable.isEmpty { arguments += ["--disable", disable] }
    if allRows { arguments.append("--all-rows") }
    return arguments
  }

  /// The cases that both programs have and `--filter` selects; without it, those that do not take seconds.
  ///
  /// - Throws: ``BenchError`` when there is none, or one of them is no program of this instrument.
  func commonCases(_ old: String, _ new: String) throws -> [String] {
    let selection = try Selection(pattern: filter)
    let common = Set(try WorkerProcess(path: new, arguments: workerArguments).cases())
    let names = try WorkerProcess(path: old, arguments: workerArguments)
      .cases(long: selection.isFiltering).filter { common.contains($0) }
    let selected = names.filter { selection.contains($0) }
    if selected.isEmpty { throw selection.noneSelected }
    return selected
  }
}
