import RuntimeAPIDouble

/// A runtime that serves a function here.
struct Served: ~Copyable {
  // The process goes before the API that it waits for, and has nothing to complain of.
  var process: FunctionProcess
  var api: RuntimeAPI
  /// From right before the process was asked for to its first request for an event.
  let nanosecondsToFirstNext: UInt64

  /// - Parameters:
  ///   - group: whose share of a CPU it has.
  ///   - output: the file for its standard output; this program's standard error otherwise.
  init(
    _ runtime: Runtime, _ workload: Workload, _ options: Options, group: borrowing CPUGroup? = nil,
    output: String? = nil
  ) throws {
    var api = try RuntimeAPI()
    let variables = [
      "AWS_LAMBDA_RUNTIME_API": api.address, "_HANDLER": workload.handler, "PATH": "/usr/bin:/bin",
      "DATABASE_URL": options.databaseURL,
    ]
    // In the group from before it is the program: every thread of it, and its start.
    let words = group.entrance.map { ["/bin/sh", "-c", #"echo $$ >"$0" && exec "$@""#, $0] } ?? []
    let process = try FunctionProcess(
      words + runtime.words, environment: variables.merging(runtime.environment) { $1 }, quiet: false, output: output)
    try api.awaitNext()
    nanosecondsToFirstNext = monotonicNanoseconds() - process.started
    self.api = api
    self.process = process
  }

  /// The answer to an event, and the time from before it is sent until the answer has come whole.
  mutating func call(_ event: [UInt8]) throws -> (answer: [UInt8], nanoseconds: UInt64) {
    try api.awaitNext()
    let start = monotonicNanoseconds()
    let answer = unsafe try api.invoke(event.span.bytes)
    let nanoseconds = monotonicNanoseconds() - start
    switch answer {
    case .response(let bytes): return (bytes, nanoseconds)
    case .error(let type, let bytes):
      throw Mistake("answered with \(type): \(String(decoding: bytes.prefix(500), as: UTF8.self))")
    }
  }
}
