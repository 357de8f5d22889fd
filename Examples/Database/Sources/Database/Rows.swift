/// The rows of a statement, read in batches of columns, so that memory is a batch's however many they are.
///
/// It holds a connection of the pool. Where it goes before the last row was read, that connection is closed, and the pool makes another.
public struct Rows: ~Copyable {
  private let connection: Connection
  private let pool: Pool
  private let deadline: Deadline
  /// Read, and not yet given out.
  private var first: Row?
  private var isFinished = false

  /// Sends the statement and waits for its first row.
  init(_ statement: Statement, on connection: Connection, of pool: Pool) throws(DatabaseError) {
    let settings = pool.settings
    let deadline = Deadline(afterMilliseconds: settings.statementMilliseconds + settings.graceMilliseconds)
    try connection.send(statement, before: deadline)
    first = try connection.nextRow(before: deadline)
    (self.connection, self.pool, self.deadline) = (connection, pool, deadline)
    isFinished = !connection.isBusy
  }

  deinit { pool.giveBack(connection) }

  /// Reads a batch into `columns`, whose former rows go.
  ///
  /// - Returns: whether there was a row.
  /// - Throws: ``DatabaseError``. Nothing more can be read then.
  public mutating func next(into columns: inout ResultColumns) throws(DatabaseError) -> Bool {
    columns.removeAll()
    while !isFinished && !columns.isFull {
      guard let row = try nextRow() else {
        isFinished = true
        break
      }
      try columns.append(row)
    }
    return columns.rowCount > 0
  }

  private mutating func nextRow() throws(DatabaseError) -> Row? {
    if let row = first.take() { return row }
    return try connection.nextRow(before: deadline)
  }
}
