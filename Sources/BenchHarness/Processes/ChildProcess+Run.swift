#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ChildProcess {
  /// What became of a program that was given a time.
  enum Outcome: Hashable {
    case ended(Status)
    /// It took longer, and was ended.
    case timedOut
    /// The user interrupted this program, and it ended the other one.
    case interrupted
  }

  /// Runs a program to its end, without input.
  ///
  /// - Parameters:
  ///   - arguments: the first is the path of the program.
  ///   - directory: where it runs.
  ///   - environment: "NAME=value".
  ///   - output: the file for its standard output.
  ///   - error: the file for its standard error.
  ///   - seconds: it may take.
  ///   - waiting: called some ten times a second, with the seconds since the start.
  /// - Throws: ``BenchError`` when it cannot be started.
  static func run(
    _ arguments: [String], directory: String, environment: [String], output: String, error: String, seconds: Double,
    waiting: (Double) -> Void = { _ in }
  ) throws(BenchError) -> Outcome {
    let process: ChildProcess
    do throws(Errno) {
      process = try ChildProcess(
        arguments[0], arguments: arguments, environment: environment, directory: directory, input: .nothing,
        output: .file(output), error: .file(error))
    } catch {
      throw BenchError("cannot start \(arguments[0]): \(error); look whether it runs alone")
    }
    while true {
      if let status = process.ended() { return .ended(status) }
      let elapsed = Double(Clock.nanoseconds - process.started) / 1e9
      let isLate = elapsed > seconds
      if isLate || Interruption.isRequested {
        process.end()
        process.wait()
        return isLate ? .timedOut : .interrupted
      }
      waiting(elapsed)
      usleep(elapsed < 1 ? 5_000 : 100_000)
    }
  }
}
