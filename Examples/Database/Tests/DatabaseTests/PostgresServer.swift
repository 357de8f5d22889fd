import Database
import Foundation
import RuntimeAPIDouble
import Synchronization
import Testing

/// A real server of the test's own: started in a folder that goes with it, reached by a socket in there, and on no port.
final class PostgresServer: Sendable {
  let folder: String
  /// What libpq takes.
  let connection: String

  init() throws {
    let folder = "/tmp/kernels-database.\(UUID().uuidString.prefix(8))"
    self.folder = folder
    connection = "host=\(folder) user=kernels dbname=postgres"
    try start()
  }

  deinit { try? Self.run(["remove", folder]) }

  private static let kept = Mutex<[String]>([])

  /// One that tests share: nobody gives it up before the process ends, and then it is removed.
  static func shared() throws -> PostgresServer {
    let server = try PostgresServer()
    kept.withLock { $0.append(server.folder) }
    atexit { for folder in PostgresServer.kept.withLock({ $0 }) { try? PostgresServer.run(["remove", folder]) } }
    return server
  }

  func start() throws { try Self.run(["start", folder]) }
  func stop() throws { try Self.run(["stop", folder]) }
  /// Ends it without a word to its clients.
  func crash() throws { try Self.run(["crash", folder]) }

  func restart() throws {
    try stop()
    try start()
  }

  /// A pool that waits for nothing longer than a test should.
  func pool(size: Int = 2, _ change: (inout DatabaseSettings) -> Void = { _ in }) -> Pool {
    var settings = DatabaseSettings(connection: connection)
    settings.connectMilliseconds = 5000
    change(&settings)
    return Pool(settings, size: size)
  }

  /// Runs statements that have no rows.
  func execute(_ statements: String...) throws {
    let pool = pool(size: 1)
    for statement in statements { _ = try pool.rows(of: Statement(statement, isRepeatable: false)) }
  }

  /// Without pipes: a server that lives on would hold their ends, and who reads would wait for its end.
  private static func run(_ words: [String]) throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../../Scripts/postgres-server")
    var process = try FunctionProcess(
      ["/bin/bash", script.path(percentEncoded: false)] + words,
      environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
    let code = process.end(within: 120_000)
    try #require(code == 0, "postgres-server \(words.joined(separator: " "))")
  }
}

extension Pool {
  /// The rows of a statement as texts, a row a string: "1|two|null".
  func texts(_ statement: Statement, _ columns: KeyValuePairs<String, ResultColumns.Kind>) throws -> [String] {
    var batch = ResultColumns(columns)
    var rows = try rows(of: statement)
    var texts: [String] = []
    while try rows.next(into: &batch) {
      for row in 0..<batch.rowCount { texts.append(batch.text(ofRow: row)) }
    }
    return texts
  }

  func number(_ sql: String, _ parameters: [Statement.Parameter] = []) throws -> Int {
    let texts = try texts(Statement(sql, parameters), ["n": .int64])
    return try #require(texts.first.flatMap { Int($0) })
  }
}

/// The kind of the error that `body` throws.
func failure(_ body: () throws -> Void) throws -> DatabaseError.Kind {
  let error = #expect(throws: DatabaseError.self) { try body() }
  return try #require(error).kind
}
