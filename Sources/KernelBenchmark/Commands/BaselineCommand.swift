import ArgumentParser
import BenchHarness

struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Keeps runs under a name, to compare later ones with.",
    subcommands: [Save.self, List.self, Show.self])

  struct Save: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measures the cases and keeps the run, with the machine's fingerprint, the commit and the compilers.")

    @Argument(help: "A name of letters, digits, points, - and _; one that is there is replaced.")
    var name: String

    @OptionGroup var options: MeasuringOptions
    @OptionGroup var counting: CountingOptions
    @OptionGroup var place: BaselineOptions

    func run() throws {
      let file = try place.store.file(name)
      let terminal = Terminal.current
      var report = try options.measure(terminal: terminal)
      try counting.count(&report, options.cases, terminal: terminal)
      report.commit = Commit.current()
      // Half a run would judge later ones by what it lacks.
      if report.isPartial {
        Terminal.writeError("interrupted: \(name) is not kept; run it anew\n")
        throw ExitCode(Interruption.exitCode)
      }
      try file.commit(report.json())
      print(
        "\(try place.store.path(name)): \(report.cases.count) case\(report.cases.count == 1 ? "" : "s"), machine \(report.machine.fingerprint)"
      )
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The baselines that are kept.")

    @OptionGroup var place: BaselineOptions

    func run() throws {
      let store = place.store
      if store.names.isEmpty {
        print("no baselines in \(store.directory); \(Program.current.name) baseline save NAME makes one")
      }
      for name in store.names {
        do throws(BenchError) {
          let report = try store.read(name)
          let cases = "\(report.cases.count) case\(report.cases.count == 1 ? "" : "s")"
          print(
            name.padded(24) + CalendarDate(secondsSince1970: report.started).text.padded(22) + cases.padded(12)
              + "machine \(report.machine.fingerprint)"
              + (report.machine.difference(to: .current()) == nil ? ", this one" : "")
              + (report.commit.map { "  \($0)" } ?? ""))
        } catch {
          print(name.padded(24) + error.description)
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What a baseline holds.")

    @Argument(help: "A name from baseline list, or a file.")
    var name: String

    @OptionGroup var place: BaselineOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
      try format.print(place.store.read(name), terminal: .current)
    }
  }
}

/// Where baselines are.
struct BaselineOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where baselines are kept.", valueName: "directory"))
  var directory = BaselineStore.defaultDirectory

  var store: BaselineStore { BaselineStore(directory: directory) }
}

/// Exact counts that take longer than the times.
struct CountingOptions: ParsableArguments {
  @Flag(help: "Count instructions too, under valgrind; takes seconds a case.")
  var instructions = false

  /// Adds what is asked for to the kernels of a report.
  func count(_ report: inout Report, _ options: CaseOptions, terminal: Terminal) throws {
    guard instructions, let executable = SystemFile.executable else { return }
    let request = Simulator.Request(calls: 1, options: try options.arguments)
    defer { terminal.clearProgress() }
    do throws(Simulator.Unavailable) {
      let simulator = try Simulator(executable: SystemFile.absolute(executable), caches: report.machine.caches)
      for index in report.cases.indices where !Interruption.isRequested {
        let name = report.cases[index].name
        terminal.showProgress("simulating \(index + 1) of \(report.cases.count): \(name)")
        report.addToKernel(of: index, SimulatedCounts.metrics(of: name, simulator, request))
      }
    } catch {
      for index in report.cases.indices {
        report.addToKernel(of: index, [NamedMetric(.simulatedInstructions, .unavailable(reason: error.reason))])
      }
    }
    if Interruption.isRequested { report.isPartial = true }
  }
}

extension Report {
  fileprivate mutating func addToKernel(of index: Int, _ metrics: [NamedMetric]) {
    if let kernel = cases[index].contenders.firstIndex(where: { $0.samples.role == .kernel }) {
      cases[index].contenders[kernel].add(metrics)
    }
  }
}
