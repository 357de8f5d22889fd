#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the program that builds the functions and takes the samples.
package enum FunctionSampling {
  /// What it says goes to this program's standard error.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - arguments: those behind it; where the samples go is added.
  /// - Throws: ``BenchError`` when it cannot be started or fails.
  package static func run(_ program: String, _ arguments: [String]) throws(BenchError) -> ServedSamples {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/samples.json"
    let process: ChildProcess
    do throws(Errno) {
      process = try ChildProcess(
        program, arguments: [program] + arguments + ["--samples", path], input: .nothing,
        output: .descriptor(STDERR_FILENO), error: .inherited)
    } catch {
      throw BenchError(
        "cannot start \(program): \(error); call this in the folder of the package, or name the program with --sampler")
    }
    let status = process.wait().status
    guard status == .exited(0) else { throw BenchError("\(program) ended with \(status.code); its last lines say why") }
    return try ServedSamples.read(path)
  }
}
