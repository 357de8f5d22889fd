import RuntimeAPIDouble

/// A runtime that serves a function here.
struct Served: ~Copyable {
  var api: RuntimeAPI
  let process: FunctionProcess
  /// From right before the process was asked for to its first request for an event.
  let nanosecondsToFirstNext: UInt64

  init(_ runtime: Runtime, _ handler: String) throws {
    var api = try RuntimeAPI()
    let variables = ["AWS_LAMBDA_RUNTIME_API": api.address, "_HANDLER": handler, "PATH": "/usr/bin:/bin"]
    let process = try FunctionProcess(
      runtime.words, environment: variables.merging(runtime.environment) { $1 }, quiet: false)
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
