import KernelBenchmark

@main
enum MyBenchmarks: BenchmarkProgram {
  static let benchmarks = [100, 1_000, 10_000, 100_000].map { count in
    Benchmark("sum", size: count, work: .elements(count)) {
      let values = (0..<count).map { Double($0) }
      return { blackHole(values.reduce(0, +)) }
    }
  }
}
