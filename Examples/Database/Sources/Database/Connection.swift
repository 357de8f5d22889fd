import CLibpq
import Glibc

/// A connection of libpq that never blocks for longer than it is told. One caller at a time, which the pool sees to.
@safe
package final class Connection: @unchecked Sendable {
  private let handle: OpaquePointer
  /// Whether a statement is under way, so that nothing else can be sent.
  private(set) var isBusy = false

  /// Connects; while the server cannot be reached or is starting, again and again until the deadline.
  init(_ settings: DatabaseSettings) throws(DatabaseError) {
    let deadline = Deadline(afterMilliseconds: settings.connectMilliseconds)
    var pause: UInt32 = 5
    while true {
      do throws(Failure) {
        unsafe handle = try Self.connect(settings, before: deadline)
        return
      } catch {
        guard error.mayPass, deadline.millisecondsLeft > 0 else { throw DatabaseError(.unreachable, error.message) }
        usleep(min(pause, UInt32(deadline.millisecondsLeft)) * 1000)
        pause = min(2 * pause, 200)
      }
    }
  }

  deinit { unsafe PQfinish(handle) }

  // MARK: - Connecting

  private struct Failure: Error {
    let message: String
    /// Nobody answered, or who did is starting, stopping, or has no connection left for now.
    let mayPass: Bool
  }

  private static func connect(
    _ settings: DatabaseSettings, before deadline: Deadline
  ) throws(Failure) -> OpaquePointer {
    let words = [
      ("dbname", settings.connection), ("client_encoding", "UTF8"), ("application_name", "kernels"),
      ("options", "-c statement_timeout=\(settings.statementMilliseconds)"),
    ]
    let started = unsafe CStrings(words.map(\.0)).withPointers { keys in
      unsafe CStrings(words.map(\.1)).withPointers { values in unsafe PQconnectStartParams(keys, values, 1) }
    }
    guard let handle = unsafe started else { throw Failure(message: "no memory for a connection", mayPass: false) }
    // With the letters of SQLSTATE, which nothing else of a connection that failed gives away.
    _ = unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    do throws(Failure) {
      try unsafe finish(handle, before: deadline)
    } catch {
      unsafe PQfinish(handle)
      throw error
    }
    _ = unsafe PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    _ = unsafe PQsetnonblocking(handle, 1)
    return unsafe handle
  }

  @unsafe
  private static func finish(_ handle: OpaquePointer, before deadline: Deadline) throws(Failure) {
    var isReading = false
    var isFirst = true
    while unsafe PQstatus(handle) != CONNECTION_BAD {
      if !isFirst, unsafe !wait(PQsocket(handle), isReading ? POLLIN : POLLOUT, before: deadline) {
        throw Failure(message: "the server did not answer in time", mayPass: false)
      }
      isFirst = false
      switch unsafe PQconnectPoll(handle) {
      case PGRES_POLLING_OK: return
      case PGRES_POLLING_READING: isReading = true
      case PGRES_POLLING_WRITING: isReading = false
      default:
        throw unsafe failure(handle)
      }
    }
    throw unsafe failure(handle)
  }

  @unsafe
  private static func failure(_ handle: OpaquePointer) -> Failure {
    let message = unsafe String(cString: PQerrorMessage(handle))
    let state = sqlState(in: message)
    // 57P01 ... 57P03: stopping, crashed, starting; 53300: too many connections.
    return Failure(
      message: "cannot connect: \(oneLine(message))",
      mayPass: state.map { $0.hasPrefix("57P0") || $0 == "53300" } ?? true)
  }

  /// The five letters of "FATAL:  57P03: the database system is starting up".
  package static func sqlState(in message: String) -> String? {
    for part in message.split(separator: ":") {
      let word = part.drop { $0 == " " }
      if word.utf8.count == 5, word.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) }),
        word.utf8.contains(where: { (48...57).contains($0) })
      {
        return String(word)
      }
    }
    return nil
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " || $0 == "\t" } }.joined(separator: "; ")
  }

  /// Whether the socket can be read or written before the deadline.
  private static func wait(_ descriptor: Int32, _ events: Int32, before deadline: Deadline) -> Bool {
    while true {
      var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = unsafe poll(&entry, 1, deadline.millisecondsLeft)
      if count >= 0 || errno != EINTR { return count > 0 }
    }
  }

  // MARK: - Between statements

  /// Whether the server is still there, as far as it has said: a server that went has hung up, and said so before.
  var isAlive: Bool {
    if isBusy { return false }
    if Self.wait(unsafe PQsocket(handle), POLLIN, before: Deadline(afterMilliseconds: 0)) {
      guard unsafe PQconsumeInput(handle) == 1 else { return false }
    }
    return unsafe PQstatus(handle) == CONNECTION_OK
  }

  /// The server's process behind this connection.
  var serverProcess: Int32 { unsafe PQbackendPID(handle) }

  // MARK: - Statements

  /// Sends a statement, whose rows are then to be read with ``nextRow(before:)``, one by one.
  func send(_ statement: Statement, before deadline: Deadline) throws(DatabaseError) {
    let (bytes, ranges, types) = statement.packed
    let lengths = ranges.map { Int32($0?.count ?? 0) }
    let formats = ranges.map { _ in Int32(1) }
    isBusy = true
    let sent = unsafe bytes.withUnsafeBytes { bytes -> Int32 in
      // An empty text has an address too: a null pointer is a null.
      let empty = unsafe UnsafePointer<CChar>(bitPattern: 1)
      let values = unsafe ranges.map { range -> UnsafePointer<CChar>? in
        guard let range else { return nil }
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self).advanced(by: range.lowerBound)
        return unsafe start ?? empty
      }
      return unsafe PQsendQueryParams(handle, statement.sql, Int32(values.count), types, values, lengths, formats, 1)
    }
    guard sent == 1, unsafe PQsetSingleRowMode(handle) == 1 else { throw unsafe failure() }
    while true {
      switch unsafe PQflush(handle) {
      case 0: return
      case 1:
        // What the server has to say meanwhile must be taken from it, or both sides wait for each other.
        guard Self.wait(unsafe PQsocket(handle), POLLOUT | POLLIN, before: deadline) else { throw hanging }
        guard unsafe PQconsumeInput(handle) == 1 else { throw unsafe failure() }
      default: throw unsafe failure()
      }
    }
  }

  /// The next row; nil at the end.
  func nextRow(before deadline: Deadline) throws(DatabaseError) -> Row? {
    while true {
      while unsafe PQisBusy(handle) == 1 {
        guard Self.wait(unsafe PQsocket(handle), POLLIN, before: deadline) else { throw hanging }
        guard unsafe PQconsumeInput(handle) == 1 else { throw unsafe failure() }
      }
      guard let result = unsafe PQgetResult(handle) else {
        isBusy = false
        return nil
      }
      let row = unsafe Row(owning: result)
      let status = row.status
      switch status {
      case PGRES_SINGLE_TUPLE: return row
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK: continue  // all rows have come, or there are none to come
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        throw DatabaseError(.refused(sqlState: "0A000"), "a statement that copies has no rows")
      default: throw finish(row)
      }
    }
  }

  /// Reads what comes behind an error, so that the connection can go on; the error.
  private func finish(_ row: consuming Row) -> DatabaseError {
    let (state, message) = (row.sqlState, row.message)
    if unsafe PQstatus(handle) == CONNECTION_OK {
      // "Ready for query" follows at once; where it does not, this stays busy and is given up.
      let deadline = Deadline(afterMilliseconds: 100)
      var isDone = false
      while !isDone {
        if unsafe PQisBusy(handle) == 1 {
          guard Self.wait(unsafe PQsocket(handle), POLLIN, before: deadline), unsafe PQconsumeInput(handle) == 1 else {
            break
          }
        } else if let next = unsafe PQgetResult(handle) {
          _ = unsafe Row(owning: next)
        } else {
          isDone = true
        }
      }
      isBusy = !isDone
    }
    switch state {
    case "57014": return DatabaseError(.timedOut, "the statement took longer than it may")
    case nil, "57P01", "57P02", "57P03":
      return DatabaseError(.connectionLost, "the connection ended: \(Self.oneLine(message))")
    case let state?: return DatabaseError(.refused(sqlState: state), Self.oneLine(message))
    }
  }

  private var hanging: DatabaseError {
    DatabaseError(.timedOut, "the server said nothing for longer than a statement may take")
  }

  @unsafe
  private func failure() -> DatabaseError {
    let message = Self.oneLine(unsafe String(cString: PQerrorMessage(handle)))
    if unsafe PQstatus(handle) == CONNECTION_OK { return DatabaseError(.refused(sqlState: "XX000"), message) }
    return DatabaseError(.connectionLost, "the connection ended: \(message)")
  }
}

/// Strings as C has them, with a null pointer behind them.
private struct CStrings {
  private let bytes: [CChar]
  private let starts: [Int]

  init(_ strings: [String]) {
    var bytes: [CChar] = []
    starts = strings.map { string in
      defer { bytes.append(contentsOf: string.utf8CString) }
      return bytes.count
    }
    self.bytes = bytes
  }

  @unsafe
  func withPointers<R>(_ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var pointers = unsafe starts.map { start in unsafe bytes.baseAddress?.advanced(by: start) }
      unsafe pointers.append(nil)
      return unsafe pointers.withUnsafeBufferPointer { pointers in
        guard let first = pointers.baseAddress else { preconditionFailure("there is always the null pointer") }
        return unsafe body(first)
      }
    }
  }
}
