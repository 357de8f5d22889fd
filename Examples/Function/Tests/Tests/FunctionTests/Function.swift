import Foundation
import RuntimeAPIDouble
import Testing
import Wire

/// A function under test: the built `bootstrap`, and the runtime API that it serves.
final class Function {
  private var api: RuntimeAPI
  private var process: FunctionProcess

  init(_ handler: String, environment: [String: String] = [:]) throws {
    api = try RuntimeAPI()
    // Scripts/test-function runs all tests once for each CPU that it names.
    let disabled = ProcessInfo.processInfo.environment["FUNCTION_DISABLE"] ?? ""
    let variables = ["AWS_LAMBDA_RUNTIME_API": api.address, "_HANDLER": handler, "KERNELS_DISABLE": disabled]
    process = try FunctionProcess(
      [try Self.executable], environment: variables.merging(environment) { $1 })
  }

  var connectionCount: Int { api.connectionCount }
  var answerCount: Int { api.answerCount }
  var isRunning: Bool { process.ended() == nil }

  func exitCode() -> Int32? { process.end(within: 10_000) }

  /// A line of /proc/PID/status, in KiB.
  func memory(_ name: String) throws -> Int {
    let value = process.memory(name)
    return try #require(value)
  }

  func initError() throws -> String { try Self.error(try api.awaitInitError()) }

  /// The answer to an event, which must be none of an error.
  func call(_ event: String, delivery: RuntimeAPI.Delivery = .whole) throws -> [String: Any] {
    try Self.response(try answer(event, delivery: delivery))
  }

  func answer(
    _ event: String, delivery: RuntimeAPI.Delivery = .whole, reply: RuntimeAPI.Reply = .accepted
  ) throws -> RuntimeAPI.Answer {
    try api.invoke(Array(event.utf8).span.bytes, delivery: delivery, reply: reply)
  }

  /// The type of the error that an event is answered with.
  func error(_ event: String, delivery: RuntimeAPI.Delivery = .whole) throws -> String {
    try Self.error(try answer(event, delivery: delivery))
  }

  static func response(_ answer: RuntimeAPI.Answer) throws -> [String: Any] {
    guard case .response(let bytes) = answer else {
      Issue.record("not a response: \(text(answer))")
      return [:]
    }
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  /// Its type, after a look at what must be there: the same type in header and body, a message, and an empty trace.
  static func error(_ answer: RuntimeAPI.Answer) throws -> String {
    guard case .error(let type, let bytes) = answer else {
      Issue.record("not an error: \(text(answer))")
      return ""
    }
    let body = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect(body["errorType"] as? String == type)
    #expect((body["errorMessage"] as? String)?.isEmpty == false)
    #expect((body["stackTrace"] as? [String]) == [])
    return type
  }

  static func text(_ answer: RuntimeAPI.Answer) -> String {
    switch answer {
    case .response(let bytes): String(decoding: bytes.prefix(200), as: UTF8.self)
    case .error(let type, let bytes): "\(type) \(String(decoding: bytes.prefix(200), as: UTF8.self))"
    }
  }

  /// All of it.
  static func whole(_ answer: RuntimeAPI.Answer) -> String {
    switch answer {
    case .response(let bytes): String(decoding: bytes, as: UTF8.self)
    case .error(let type, let bytes): type + String(decoding: bytes, as: UTF8.self)
    }
  }

  /// The built function, which FUNCTION_BOOTSTRAP names.
  static var executable: String {
    get throws {
      try #require(
        ProcessInfo.processInfo.environment["FUNCTION_BOOTSTRAP"], "FUNCTION_BOOTSTRAP must be the path of bootstrap")
    }
  }
}
