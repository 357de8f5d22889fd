import KernelBenchmark

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rivals that need more than a C function to be called: libraries in C++, behind shims. Those in C are peers of `kernel-bench` itself.
@main
enum Rivals {
  static func main() {
    let arguments = CommandLine.arguments
    // One verb of its own: the texts and pictures that the scripts in Python are given, so that all measure on the same bytes.
    guard arguments.count > 1, arguments[1] == "inputs" else { return RivalBenchmarks.main() }
    guard arguments.count == 3 else {
      complain("usage: rivals inputs FOLDER\n")
      exit(64)
    }
    do {
      try InputFiles.write(to: arguments[2])
    } catch {
      complain("rivals: \(error)\n")
      exit(1)
    }
  }

  /// On standard error: this program has nothing to print else.
  private static func complain(_ text: String) {
    var text = text
    text.withUTF8 { bytes in _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }
}

enum RivalBenchmarks: BenchmarkProgram {
  static let name = "rivals"
  static let version = "0.1.0"
  static var benchmarks: [Benchmark] { JSONJob.allCases.flatMap(\.benchmarks) }
}
