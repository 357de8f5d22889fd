import ArgumentParser
import BenchHarness
import Kernels

/// What `ab` and `selftest` start to measure with; speaks ``WorkerProtocol`` and not to people.
struct Worker: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures what standard input asks for.", shouldDisplay: false)

  @OptionGroup var cases: CaseOptions

  @Option(help: "Run on this CPU alone.")
  var cpu: Int?

  @Option(help: "Spend so many percent of every sample's time on top of it.")
  var injectSlowdown = 0.0

  func run() throws {
    guard 0...1000 ~= injectSlowdown else { throw BenchError("--inject-slowdown must be within 0...1000") }
    // Where it may not be held to a CPU, it is measured wherever it runs.
    if let cpu { _ = WorkerServer.pin(to: cpu) }
    var server = WorkerServer(
      series: try cases.series(kernelAlone: true), meters: [AllocationCounter.meter(), AllocationCounter.liveMeter()],
      masked: try cases.masked,
      slowdown: injectSlowdown)
    server.run()
  }
}
