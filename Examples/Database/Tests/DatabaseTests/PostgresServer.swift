import Database
import Foundation
import Testing

/// A real server of the test's own: started in a folder that goes with it, reached by a socket in there, and on no port.
final class PostgresServer: Sendable {
  let folder: String
  /// What libpq takes.
  let connection: String

  init() throws {
    let folder = "/tmp/kernels-database.\(UUID().uuidString.prefix(8))"
    self.folder = folder
    connection = try Self.run(["start", folder]).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit { _ = try? Self.run(["remove", folder]) }

  func start() throws { _ = try Self.run(["start", folder]) }
  func stop() throws { _ = try Self.run(["stop", folder]) }
  /// Ends it without a word to its clients.
  func crash() throws { _ = try Self.run(["crash", folder]) }

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

  private static func run(_ words: [String]) throws -> String {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../../Scripts/postgres-server")
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [script.path(percentEncoded: false)] + words
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "postgres-server \(words.joined(separator: " "))")
    return String(decoding: text, as: UTF8.self)
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
