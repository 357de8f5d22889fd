import ArgumentParser
import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct RooflineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roofline",
    abstract: "The cases under the measured limits of memory and execution units, and which one binds each.",
    discussion: """
      Arithmetic intensity is a call's work over the bytes that it must touch, and the memory's limit that of the first level \
      as large as these. Peers are not measured.
      """)

  @OptionGroup var options: MeasuringOptions

  @Option(help: ArgumentHelp("Write the plot, or one for each unit below the other, as SVG.", valueName: "file"))
  var svg: String?

  @Option(help: ArgumentHelp("Write every figure as JSON.", valueName: "file"))
  var json: String?

  func run() throws {
    let (svgFile, jsonFile) = (try svg.map(AtomicFile.init), try json.map(AtomicFile.init))
    let terminal = Terminal.current
    let report = try options.roofline(terminal: terminal)
    print(report.text(terminal: terminal))
    if let svgFile { try svgFile.commit(report.plots.file.utf8) }
    if let jsonFile { try jsonFile.commit(report.json()) }
    if report.isPartial { throw ExitCode(Interruption.exitCode) }
  }
}

extension MeasuringOptions {
  /// The memory's levels, and what the options select without peers.
  func roofline(terminal: Terminal) throws -> RooflineReport {
    // What reading sets as a limit is the plot's own slopes.
    let selected = try cases.selected().map(\.withoutPeers).map { item in
      switch item.ceiling {
      case .reading, .copying: return item.compared(ceiling: .none(reason: "memory binds it"))
      case .loop, .none: return item
      }
    }
    Self.warnOfDebug()
    Interruption.listen()
    let started = Int(time(nil))
    let machine = MachineDescription.current()
    defer { terminal.clearProgress() }
    var levels: [MemoryLevel] = []
    for level in MemoryCeilings.workingSets(machine.caches) {
      terminal.showProgress("measuring \(level.name)")
      levels.append(try MemoryCeilings.measure(level, line: machine.caches.line, plan: plan, seed: seed))
    }
    var runner = Runner(plan: plan, overhead: .measure(), masked: try cases.masked, seed: seed)
    let results = try runner.run(selected) { terminal.show($0) }
    return RooflineReport(
      started: started, machine: machine, build: .current(version: Program.current.version), levels: levels,
      results: results, isPartial: Interruption.isRequested)
  }
}
