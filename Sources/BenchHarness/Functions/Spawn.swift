/// A program that ran to its end, with the moments that its parent saw.
package struct SpawnedProcess: Sendable {
  /// Nanoseconds of the monotonic clock: right before the system was asked for the process, and right after it was gone.
  package let started: UInt64
  package let ended: UInt64
  /// 128 and the signal's number where a signal ended it, as shells have it.
  package let status: Int32
  /// Standard output and standard error, as they came.
  package let output: String
  /// Of its whole life.
  package let usage: ProcessUsage

  package var nanoseconds: Double { Double(ended - started) }

  /// Starts a program and waits for its end.
  ///
  /// - Parameters:
  ///   - path: of the executable.
  ///   - arguments: the first is what the program is called.
  ///   - environment: "NAME=value".
  /// - Throws: ``BenchError`` when it cannot be started.
  package static func run(
    path: String, arguments: [String], environment: [String]
  ) throws(BenchError) -> SpawnedProcess {
    do throws(Errno) {
      let pipe = try Pipe()
      let process = try ChildProcess(
        path, arguments: arguments, environment: environment, output: .descriptor(pipe.write.number),
        error: .descriptor(pipe.write.number))
      // While this end is open, there is no end to read to.
      pipe.write.end()
      let output = SystemFile.bytes(reading: pipe.read.number)
      let (status, usage) = process.wait()
      let ended = Clock.nanoseconds
      return SpawnedProcess(
        started: process.started, ended: ended, status: status.code,
        output: String(decoding: try output.get(), as: UTF8.self), usage: usage)
    } catch {
      throw BenchError("cannot start \(path): \(error); look at the limits of processes and files")
    }
  }
}
