package import ArgumentParser
package import BenchHarness
import Synchronization

/// A program that measures: its name, its cases, and every verb of the instrument over them.
package struct Program: Sendable {
  package let name: String
  package let version: String
  package let abstract: String
  package let cases: any CaseSource
  /// Verbs of the program's own, which do a job and not a measurement.
  package let tools: [any ParsableCommand.Type]

  package init(
    name: String, version: String, abstract: String, cases: any CaseSource, tools: [any ParsableCommand.Type] = []
  ) {
    (self.name, self.version, self.abstract, self.cases, self.tools) = (name, version, abstract, cases, tools)
  }

  /// Parses the command line and runs the verb that it names. Ends the process.
  ///
  /// - Parameter start: when the process came to its main, which a caller with work before this call knows better.
  package func run(start: ProcessStart = .now()) {
    Self.shared.withLock { $0 = (self, start) }
    RootCommand.main()
  }

  /// The parser makes commands by their types alone, so that they find here what they are about.
  private static let shared = Mutex<(program: Program, start: ProcessStart)?>(nil)

  static var current: Program {
    guard let shared = shared.withLock({ $0 }) else { preconditionFailure("Program: run() comes first") }
    return shared.program
  }

  /// When this process came to its main.
  static var start: ProcessStart {
    guard let shared = shared.withLock({ $0 }) else { preconditionFailure("Program: run() comes first") }
    return shared.start
  }
}

struct RootCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    let program = Program.current
    return CommandConfiguration(
      commandName: program.name, abstract: program.abstract,
      discussion: """
        Figures mean something in a release build alone: swift run -c release \(program.name) run --quick

        Exit codes: 0 success, 1 error, 2 regression, 3 inconclusive, 64 wrong usage, 130 interrupted: what was measured \
        by then is kept and marked partial.
        """,
      version: program.version,
      subcommands: [
        ColdChild.self, CountBody.self, SelfTestAllocations.self, SelfTestReferences.self, Worker.self,
      ],
      groupedSubcommands: [
        CommandGroup(name: "Measure", subcommands: [List.self, Machine.self, Run.self]),
        CommandGroup(
          name: "Memory and caches", subcommands: [Sweep.self, CacheCommand.self, RooflineCommand.self]),
        CommandGroup(
          name: "As a function", subcommands: [Cold.self, Invoke.self, SoakCommand.self, Cost.self, Functions.self]),
        CommandGroup(
          name: "Regressions",
          subcommands: [CompareBuilds.self, BaselineCommand.self, CompareRuns.self, Check.self, SelfTest.self]),
        CommandGroup(name: "Files", subcommands: [Convert.self, WritePage.self]),
      ] + (program.tools.isEmpty ? [] : [CommandGroup(name: "Tools", subcommands: program.tools)]))
  }
}
