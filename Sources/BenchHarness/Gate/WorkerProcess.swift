#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program that this one started to measure with, as ``WorkerServer`` answers. Ends when it goes.
@safe
package final class WorkerProcess {
  private let path: String
  private let process: ChildProcess
  private let input: OwnedDescriptor
  private let output: OwnedDescriptor
  /// What was read and not yet taken.
  private var buffer: [UInt8] = []
  /// Seconds that an answer may take.
  private let patience: Int

  /// Starts `path` with the verb `worker` and `arguments`, and sees that it is one.
  ///
  /// - Throws: ``BenchError`` when it cannot be started, or does not answer as a worker of a version that is known.
  package init(path: String, arguments: [String] = [], patience: Int = 120) throws(BenchError) {
    self.path = path
    self.patience = patience
    // A worker that died must be an error of write, not the end of this process.
    signal(SIGPIPE, SIG_IGN)
    do throws(Errno) {
      let toWorker = try Pipe()
      let fromWorker = try Pipe()
      process = try ChildProcess(
        path, arguments: [path, "worker"] + arguments, input: .descriptor(toWorker.read.number),
        output: .descriptor(fromWorker.write.number), error: .nothing)
      input = toWorker.write
      output = fromWorker.read
    } catch {
      throw BenchError("cannot start \(path): \(error); name a program that can be run")
    }
    let words = try ask("hello").split(separator: " ")
    guard words.count >= 3, words[0] == WorkerProtocol.name, let version = Int(words[1]) else {
      throw BenchError("\(path) is no program of this instrument; name one that was built with KernelBenchmark")
    }
    guard version == WorkerProtocol.version else {
      throw BenchError("\(path) speaks version \(version) of the workers' protocol, not \(WorkerProtocol.version)")
    }
    configuration = String(words[2])
  }

  /// "release" or "debug".
  package private(set) var configuration = ""

  deinit {
    process.end()
    process.wait()
  }

  /// The names of its cases.
  ///
  /// - Parameter long: with those that take seconds.
  package func cases(long: Bool = true) throws(BenchError) -> [String] {
    try ask(long ? "cases" : "short-cases").split(separator: "\t").map(String.init)
  }

  package func prepare(_ name: String) throws(BenchError) { _ = try ask("prepare \(name)") }

  /// Nanoseconds of `iterations` calls, and involuntary context switches meanwhile.
  package func sample(iterations: Int, warmUps: Int) throws(BenchError) -> (nanoseconds: Double, switches: Int) {
    let numbers = try ask("sample \(iterations) \(warmUps)").split(separator: " ").compactMap { Double($0) }
    guard numbers.count == 2, numbers[0] > 0 else { throw BenchError("\(path) gave no time") }
    return (numbers[0], Int(numbers[1]))
  }

  /// Exact figures per call, by metric.
  package func count(calls: Int) throws(BenchError) -> [MetricName: Double] {
    var result: [MetricName: Double] = [:]
    for item in try ask("count \(calls)").split(separator: "\t") {
      let parts = item.split(separator: "=")
      if parts.count == 2, let value = Double(parts[1]) { result[MetricName(String(parts[0]))] = value }
    }
    return result
  }

  /// Calls the prepared case until this goes: a busy neighbour.
  package func keepBusy() throws(BenchError) { try send("sample \(1 << 60) 0") }

  private func send(_ request: String) throws(BenchError) {
    var line = request + "\n"
    let sent = line.withUTF8 { bytes in unsafe write(input.number, bytes.baseAddress, bytes.count) == bytes.count }
    guard sent else { throw ended }
  }

  /// Sends a request and waits for its answer, without the `ok`.
  private func ask(_ request: String) throws(BenchError) -> String {
    try send(request)
    let answer = try readLine()
    if answer.hasPrefix("error ") { throw BenchError("\(path): \(answer.dropFirst(6))") }
    guard answer.hasPrefix("ok") else {
      throw BenchError("\(path) is no program of this instrument; name one that was built with KernelBenchmark")
    }
    return String(answer.dropFirst(3))
  }

  private var ended: BenchError {
    BenchError("\(path) ended while it was measured; run it by itself to see why: \(path) list")
  }

  private func readLine() throws(BenchError) -> String {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeSubrange(...end)
        return line
      }
      var request = pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&request, 1, Int32(patience) * 1000)
      if ready < 0 && errno == EINTR { continue }
      if ready == 0 { throw BenchError("\(path) did not answer within \(patience) s; look whether it hangs") }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = unsafe read(output.number, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw ended }
      buffer += chunk[..<count]
      if buffer.count > 1 << 20 { throw BenchError("\(path) answers without an end") }
    }
  }
}
