import Foundation
import RuntimeAPIDouble
import Testing

/// The function as a process, served by the double of the runtime API, over a real server.
@Suite struct FunctionTests {
  private static let day = #"{"from":0,"to":86400000}"#

  private static func fill(_ server: PostgresServer) throws {
    try server.execute(
      "CREATE TABLE readings (device text, ts bigint, v double precision)",
      "INSERT INTO readings VALUES ('a', 60000, 1.5), ('b', 61000, -2), ('a', 119999, 0.25), ('a', 120000, 7), ('c', 99000000, 1)"
    )
  }

  private static let windows =
    #"{"windows":[{"device":"a","window_start":60000,"window_end":120000,"n":2,"sum":1.75,"mean":0.875,"min":0.25,"max":1.5},"#
    + #"{"device":"b","window_start":60000,"window_end":120000,"n":1,"sum":-2,"mean":-2,"min":-2,"max":-2},"#
    + #"{"device":"a","window_start":120000,"window_end":180000,"n":1,"sum":7,"mean":7,"min":7,"max":7}]}"#

  @Test func rowsBecomeWindows() throws {
    let server = try PostgresServer()
    try Self.fill(server)
    var function = try Served(server)
    for _ in 0..<3 { #expect(try function.answer(Self.day) == Self.windows) }
    #expect(try function.answer(#"{"from":1,"to":1}"#) == #"{"windows":[]}"#)
  }

  @Test(arguments: ["", "avx512f", "avx2,pclmulqdq,sha", "ssse3,avx,pclmulqdq,bmi2,sha,aes"])
  func everyCPUAnswersTheSame(disabled: String) throws {
    let server = try PostgresServer()
    try Self.fill(server)
    var function = try Served(server, ["KERNELS_DISABLE": disabled])
    #expect(try function.answer(Self.day) == Self.windows)
  }

  /// An error with a type for each event, none of which says what the server said, and the process lives on.
  @Test func whatGoesWrong() throws {
    let server = try PostgresServer()
    var function = try Served(server, ["DATABASE_TIMEOUT_MS": "300"])
    #expect(try function.answer(Self.day) == "Database.Refused", "there is no table yet")
    try Self.fill(server)
    for event in ["", "{", "{}{}", String(repeating: "[", count: 100_000)] {
      #expect(try function.answer(event).hasPrefix("Event."))
    }
    for event in [
      "{}", "[]", #"{"from":"0","to":1}"#, #"{"from":0.5,"to":1}"#, #"{"from":0}"#, #"{"from":0,"to":1e300}"#,
    ] {
      #expect(try function.answer(event) == "Event.InvalidTime")
    }
    #expect(try function.answer(Self.day) == Self.windows)
    try server.execute(
      "ALTER TABLE readings RENAME TO kept",
      "CREATE VIEW readings AS SELECT device, ts, v::text AS v FROM kept")
    #expect(try function.answer(Self.day) == "Database.UnexpectedColumn")
    try server.execute(
      "DROP VIEW readings", "CREATE VIEW readings AS SELECT device, ts, v + length(pg_sleep(9)::text) AS v FROM kept")
    #expect(try function.answer(Self.day) == "Database.TimedOut")
    try server.execute(
      "DROP VIEW readings", "CREATE VIEW readings AS SELECT device, NULL::bigint AS ts, v FROM kept WHERE false")
    #expect(try function.answer(Self.day) == #"{"windows":[]}"#)
    try server.execute("DROP VIEW readings", "ALTER TABLE kept RENAME TO readings")
    #expect(try function.answer(Self.day) == Self.windows)
    let isRunning = function.isRunning
    #expect(isRunning)
  }

  @Test func serverGoesAndComes() throws {
    let server = try PostgresServer()
    try Self.fill(server)
    var function = try Served(server)
    #expect(try function.answer(Self.day) == Self.windows)
    try server.restart()
    #expect(try function.answer(Self.day) == Self.windows)
    try server.stop()
    #expect(try function.answer(Self.day) == "Database.Unreachable")
    try server.start()
    #expect(try function.answer(Self.day) == Self.windows)
  }

  @Test func noDatabaseIsNamed() throws {
    var api = try RuntimeAPI()
    let process = try FunctionProcess([try Served.executable], environment: ["AWS_LAMBDA_RUNTIME_API": api.address])
    guard case .error(let type, _) = try api.awaitInitError() else { throw DatabaseTestError() }
    #expect(type == "Init.NoDatabase")
    _ = consume process
  }
}

struct DatabaseTestError: Error {}

/// The built function, and the runtime API that it serves.
private struct Served: ~Copyable {
  private var api: RuntimeAPI
  private var process: FunctionProcess

  init(_ server: PostgresServer, _ environment: [String: String] = [:]) throws {
    let api = try RuntimeAPI()
    let variables = ["AWS_LAMBDA_RUNTIME_API": api.address, "DATABASE_URL": server.connection]
    let process = try FunctionProcess([try Self.executable], environment: variables.merging(environment) { $1 })
    self.api = api
    self.process = process
  }

  /// The answer, or the error's type.
  mutating func answer(_ event: String) throws -> String {
    switch try api.invoke(Array(event.utf8).span.bytes) {
    case .response(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .error(let type, let body):
      let text = String(decoding: body, as: UTF8.self)
      #expect(!text.contains("readings") && !text.contains("kernels-database"), "\(text)")
      return type
    }
  }

  var isRunning: Bool { mutating get { process.ended() == nil } }

  /// Beside the tests, where the build puts it.
  static var executable: String {
    get throws {
      let folder = Bundle.main.bundleURL.deletingLastPathComponent()
      let here = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      for place in [folder, here, Bundle.main.bundleURL] {
        let path = place.appending(path: "database-function").path(percentEncoded: false)
        if access(path, X_OK) == 0 { return path }
      }
      return try #require(ProcessInfo.processInfo.environment["DATABASE_FUNCTION"], "the built function is not found")
    }
  }
}
