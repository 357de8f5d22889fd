import ArgumentParser
import BenchHarness
import Kernels

/// What the verb cache runs inside of the simulator.
struct CountBody: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count-body",
    abstract: "Calls a case's kernel a stated number of times, for a simulator that counts.", shouldDisplay: false)

  @Argument(help: "The name of the case.")
  var name: String

  @OptionGroup var cases: CaseOptions

  @Option(help: "Calls; they are made twice, and then twice as many.")
  var calls: Int?

  func validate() throws {
    if let calls, !(1...1_000_000 ~= calls) { throw ValidationError("--calls must be within 1...1000000.") }
  }

  func run() throws {
    for series in try cases.series(kernelAlone: true) {
      for point in series.points where series.name(point) == name {
        let benchmark = series.benchmark(point)
        CPUFeatures.disable(try cases.masked.union(benchmark.disabled))
        let body = try benchmark.attempt {
          try CountedBody.run(benchmark, calls: calls, features: CPUFeatures.current.description)
        }
        return print(String(decoding: try body.json(), as: UTF8.self))
      }
    }
    throw BenchError("no case is called \(name) with the CPU's features here: \(CPUFeatures.current)")
  }
}
