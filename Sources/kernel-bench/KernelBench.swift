import ArgumentParser
import Kernels

/// The instrument: what the kernels do on this machine, beside the machine's limits and the libraries that people use today.
@main
struct KernelBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel-bench",
    abstract: "Measures the kernels of this package beside the machine's limits and other libraries.",
    discussion: """
      Figures mean something in a release build alone: swift run -c release kernel-bench run --quick
      """,
    version: version,
    subcommands: [List.self, Machine.self, Run.self, SelfTestAllocations.self])

  static let version = "0.1.0"
}
