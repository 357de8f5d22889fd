import KernelBenchmark

/// The instrument: what the kernels do on this machine, beside the machine's limits and the libraries that people use today.
@main
enum KernelBench {
  static func main() {
    Program(
      name: "kernel-bench", version: "0.1.0",
      abstract: "Measures the kernels of this package beside the machine's limits and other libraries.",
      cases: KernelCases(), tools: [AggregateTool.self, ResizeTool.self]
    ).run()
  }
}
