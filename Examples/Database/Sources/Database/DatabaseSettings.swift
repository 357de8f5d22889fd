/// Where the database is, and how long to wait for what.
public struct DatabaseSettings: Sendable {
  /// As libpq takes it: "host=/run/postgresql dbname=orders", or a URI. What it leaves out comes from PGHOST, PGUSER and so on.
  public var connection: String
  /// For a connection, from the first attempt on: a server that restarts is tried again until then.
  public var connectMilliseconds = 3000
  /// For a statement, until its last row: the server ends it then.
  public var statementMilliseconds = 5000
  /// For what the server should have said and did not, because it or the way to it hangs. The connection is given up then.
  public var graceMilliseconds = 500
  /// For a free connection of the pool.
  public var waitMilliseconds = 1000

  public init(connection: String) { self.connection = connection }
}
