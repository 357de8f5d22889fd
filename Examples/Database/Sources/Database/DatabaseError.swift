/// Why there are no rows.
public struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// No connection could be made within its time limit, or the server refuses this user for good.
    case unreachable
    /// The connection ended while a statement was under way.
    case connectionLost
    /// The statement took longer than its time limit.
    case timedOut
    /// Every connection of the pool was at work for as long as a caller waits.
    case poolExhausted
    /// The result has not the columns that were asked for, or not of their types.
    case unexpectedColumn
    /// A value that its column cannot hold: a time without an end, a length that its type does not have.
    case unexpectedValue
    /// A value is longer than a batch may be.
    case limitExceeded
    /// The server refuses the statement, with its five letters of SQLSTATE.
    case refused(sqlState: String)
  }

  /// What a caller may decide by.
  public let kind: Kind
  /// One sentence. It may quote what the server says, and with it the statement and its values: for logs, not for clients.
  public let message: String

  init(_ kind: Kind, _ message: String) { (self.kind, self.message) = (kind, message) }

  public var description: String { message }
}
