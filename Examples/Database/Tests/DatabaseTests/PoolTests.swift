import Database
import Foundation
import Synchronization
import Testing

/// Connections: how many, and what becomes of them when the server goes, hangs or refuses.
@Suite struct PoolTests {
  @Test func connectionsAreKept() throws {
    let server = try PostgresServer()
    let pool = server.pool(size: 3)
    #expect(pool.connectionCount == 0, "none before one is needed")
    for i in 1...20 { #expect(try pool.number("SELECT \(i) AS n") == i) }
    #expect(pool.connectionCount == 1)
  }

  @Test func everyConnectionIsUsedAndNoMore() throws {
    let server = try PostgresServer()
    let pool = server.pool(size: 2) { $0.waitMilliseconds = 150 }
    let first = try pool.rows(of: Statement("SELECT generate_series(1, 100000) AS n"))
    var second = try pool.rows(of: Statement("SELECT 1 AS n"))
    let start = ContinuousClock.now
    #expect(try failure { _ = try pool.number("SELECT 1 AS n") } == .poolExhausted)
    #expect(start.duration(to: .now) >= .milliseconds(150))
    var columns = ResultColumns(["n": .int64])
    #expect(try second.next(into: &columns))
    _ = consume second
    #expect(try pool.number("SELECT 7 AS n") == 7, "what came back is given out again")
    #expect(pool.connectionCount == 2)
    // Rows that nobody reads on: their connection is closed, and its place is free.
    _ = consume first
    for i in 1...4 { #expect(try pool.number("SELECT \(i) AS n") == i) }
    #expect(
      try server.pool().number("SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'kernels'") <= 2)
  }

  @Test func whoWaitsIsServed() async throws {
    let server = try PostgresServer()
    let pool = server.pool(size: 2) { $0.waitMilliseconds = 20_000 }
    let total = try await withThrowingTaskGroup(of: Int.self) { group in
      for i in 0..<16 {
        group.addTask { try pool.number("SELECT $1::int8 + 0 * length(pg_sleep(0.01)::text) AS n", [.int64(Int64(i))]) }
      }
      return try await group.reduce(0, +)
    }
    #expect(total == 120)
    #expect(pool.connectionCount <= 2)
  }

  @Test(arguments: [false, true]) func serverRestarts(crashes: Bool) throws {
    let server = try PostgresServer()
    let pool = server.pool(size: 1)
    #expect(try pool.number("SELECT 1 AS n") == 1)
    for _ in 0..<2 {
      if crashes {
        try server.crash()
        try server.start()
      } else {
        try server.restart()
      }
      #expect(try pool.number("SELECT 2 AS n") == 2)
    }
    #expect(pool.connectionCount == 3)
  }

  /// While it is down there is an error, and soon; once it is back there are rows.
  @Test func serverIsDown() throws {
    let server = try PostgresServer()
    let pool = server.pool(size: 1) { $0.connectMilliseconds = 200 }
    #expect(try pool.number("SELECT 1 AS n") == 1)
    try server.stop()
    for _ in 0..<3 { #expect(try failure { _ = try pool.number("SELECT 1 AS n") } == .unreachable) }
    try server.start()
    #expect(try pool.number("SELECT 2 AS n") == 2)
  }

  /// Who comes while the server is on its way is served, and not turned away.
  @Test func serverComesBackMeanwhile() async throws {
    let server = try PostgresServer()
    let pool = server.pool(size: 1) { $0.connectMilliseconds = 30_000 }
    #expect(try pool.number("SELECT 1 AS n") == 1)
    try server.crash()
    async let number = try pool.number("SELECT 2 AS n")
    try await Task.sleep(for: .milliseconds(100))
    try server.start()
    #expect(try await number == 2)
  }

  @Test func connectionEndsUnderStatement() throws {
    let server = try PostgresServer()
    let (pool, other) = (server.pool(size: 1), server.pool(size: 1))
    // Behind the first row there is no going back: who reads has seen it.
    var rows = try pool.rows(of: Statement("SELECT i AS n FROM generate_series(1, 3000000) AS i"))
    var columns = ResultColumns(["n": .int64])
    #expect(try rows.next(into: &columns))
    _ = try other.number(
      "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'kernels'"
    )
    let kind = try failure { while try rows.next(into: &columns) {} }
    #expect(kind == .connectionLost)
    _ = consume rows
    #expect(try pool.number("SELECT 3 AS n") == 3)
  }

  @Test func statementTimesOut() throws {
    let server = try PostgresServer()
    let pool = server.pool(size: 1) { $0.statementMilliseconds = 100 }
    let start = ContinuousClock.now
    #expect(try failure { _ = try pool.texts(Statement("SELECT pg_sleep(30)::text AS t"), ["t": .text]) } == .timedOut)
    #expect(start.duration(to: .now) < .seconds(5))
    #expect(try pool.number("SELECT 1 AS n") == 1)
    #expect(pool.connectionCount == 1, "the server ended the statement, and the connection goes on")
  }

  /// A server that hangs ends nothing by itself: the connection is given up.
  @Test func serverHangs() throws {
    let server = try PostgresServer()
    let pool = server.pool(size: 1) {
      $0.statementMilliseconds = 100
      $0.graceMilliseconds = 100
    }
    let process = Int32(try pool.number("SELECT pg_backend_pid() AS n"))
    #expect(kill(process, SIGSTOP) == 0)
    defer { kill(process, SIGCONT) }
    #expect(try failure { _ = try pool.number("SELECT 1 AS n") } == .timedOut)
    #expect(try pool.number("SELECT 2 AS n") == 2)
    #expect(pool.connectionCount == 2)
  }

  static let refused = [
    ("SELEKT 1", "42601"), ("SELECT n FROM missing", "42P01"), ("SELECT 1 / 0 AS n", "22012"),
    ("SELECT 1 / (i - 5000) AS n FROM generate_series(1, 9000) AS i", "22012"), ("COPY (SELECT 1) TO STDOUT", "0A000"),
    ("SELECT $1::int8 AS n", "08P01"),
  ]

  @Test func statementsAreRefused() throws {
    let server = try PostgresServer()
    let pool = server.pool(size: 1)
    for (sql, state) in Self.refused {
      let kind = try failure { _ = try pool.texts(Statement(sql), ["n": .int64]) }
      #expect(kind == .refused(sqlState: state), "\(sql)")
      #expect(try pool.number("SELECT 1 AS n") == 1, "after \(sql)")
    }
  }

  @Test(arguments: ["user=nobody", "dbname=missing", "nonsense", "host=/nonexistent", "host=127.0.0.1 port=1"])
  func unusableConnections(words: String) throws {
    let server = try PostgresServer()
    var settings = DatabaseSettings(connection: "\(server.connection) \(words)")
    settings.connectMilliseconds = 100
    let pool = Pool(settings, size: 1)
    for _ in 0..<2 { #expect(try failure { _ = try pool.number("SELECT 1 AS n") } == .unreachable) }
  }

  @Test func sqlStates() {
    #expect(Connection.sqlState(in: "FATAL:  57P03: the database system is starting up") == "57P03")
    #expect(Connection.sqlState(in: "connection to server on socket \"/tmp/x\" failed: FATAL:  28000: role") == "28000")
    #expect(Connection.sqlState(in: "could not connect to server: No such file") == nil)
    #expect(Connection.sqlState(in: "ERROR: WORDS: more") == nil)
  }
}
