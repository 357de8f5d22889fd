import BenchHarness

/// A program that measures its benchmarks with every verb of the instrument: `list`, `run`, `compare`, `ab` and the others.
///
/// Mark the conforming type with `@main`. The program counts its calls of malloc, which the library replaces in it for that
/// (only with glibc; elsewhere counts are unavailable): link ``KernelBenchmark`` to programs that measure, and to nothing else.
public protocol BenchmarkProgram {
  /// What is measured. Names, which are series and size, must differ.
  static var benchmarks: [Benchmark] { get }
  /// What the program calls itself in its help; the name of the type where this is not given.
  static var name: String { get }
  /// The version of what is measured, for reports.
  static var version: String { get }
}

extension BenchmarkProgram {
  public static var name: String { "\(Self.self)" }
  public static var version: String { "0" }

  public static func main() {
    let start = ProcessStart.now()
    let benchmarks = benchmarks
    let names = Set(benchmarks.map { "\($0.series)/\($0.size)" })
    precondition(names.count == benchmarks.count, "BenchmarkProgram: two benchmarks have the same series and size")
    Program(
      name: name, version: version, abstract: "Measures \(benchmarks.count) benchmarks.",
      cases: OwnCases(benchmarks: benchmarks)
    ).run(start: start)
  }
}

/// The benchmarks of a program, those of a series together.
private struct OwnCases: CaseSource {
  let benchmarks: [Benchmark]

  func series(_ context: CaseContext) -> [CaseSeries] {
    var order: [String] = []
    for benchmark in benchmarks where !order.contains(benchmark.series) { order.append(benchmark.series) }
    return order.map { name in
      let members = benchmarks.filter { $0.series == name }.sorted { $0.size < $1.size }
      return CaseSeries(name: name, points: members.map(\.point)) { point, name in
        guard let member = members.first(where: { $0.size == point.size }) else {
          preconditionFailure("OwnCases: \(name) is not among the benchmarks")
        }
        return member.benchmarkCase(name, alone: context.kernelAlone)
      }
    }
  }
}
