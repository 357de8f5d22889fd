import Database
import FunctionRuntime
import Kernels

/// Windows of what stands in a table: `{"from": milliseconds, "to": milliseconds}` gives each device's readings of that time, a minute each.
///
/// The rows come in binary and go into columns, batch by batch, and those into the aggregation: no row is an object, and no number a text.
/// The table is `readings (device text, ts bigint, v double precision)`; `DATABASE_URL` says where, in libpq's words.
struct ReadingsHandler: Handler, ~Copyable {
  private static let sql = "SELECT device, ts, v FROM readings WHERE ts >= $1 AND ts < $2"

  private let plan: Aggregation
  private let pool: Pool
  private var columns = ResultColumns(["device": .text, "ts": .int64, "v": .double])
  private var document = JSONDocument()

  init() throws(HandlerError) {
    plan = Aggregation {
      key("device")
      count(as: "n")
      sum("v", as: "sum")
      mean("v", as: "mean")
      min("v", as: "min")
      max("v", as: "max")
    }.tumbling(.seconds(60), on: "ts").memoryLimit(8 << 20)
    guard let connection = Runtime.environment("DATABASE_URL") else {
      throw HandlerError("Init.NoDatabase", "DATABASE_URL does not say where the database is")
    }
    var settings = DatabaseSettings(connection: connection)
    if let limit = Runtime.environment("DATABASE_TIMEOUT_MS").flatMap({ Int($0) }), limit > 0 {
      settings.statementMilliseconds = limit
    }
    // A function has one event at a time. No connection is made yet: a start waits for nobody.
    pool = Pool(settings, size: 1)
  }

  mutating func handle(_ event: RawSpan, response: inout JSONWriter) throws(HandlerError) {
    try document.parse(event: event)
    let statement = Statement(
      Self.sql, [.int64(try Self.time("from", document)), .int64(try Self.time("to", document))])
    let windows = try Self.windows(of: statement, pool, plan, &columns)
    response.beginObject()
    response.key("windows")
    response.rows(of: windows)
    response.endObject()
  }

  private static func time(_ name: StaticString, _ document: borrowing JSONDocument) throws(HandlerError) -> Int64 {
    guard let value = document.root["\(name)"]?.int64 else {
      throw HandlerError("Event.InvalidTime", "\(name) must be a whole number of milliseconds")
    }
    return value
  }

  private static func windows(
    of statement: Statement, _ pool: Pool, _ plan: Aggregation, _ columns: inout ResultColumns
  ) throws(HandlerError) -> AggregationResult {
    do {
      var aggregator = try Aggregator(plan)
      var rows = try pool.rows(of: statement)
      while try rows.next(into: &columns) { try aggregator.update(columns.batch) }
      return try aggregator.finish()
    } catch let error as DatabaseError {
      // What the server says is for the logs: it may quote what no client is to see.
      report("database: \(error)")
      throw HandlerError("Database.\(error.kind.name)", error.kind.sentence)
    } catch let error as AggregationError {
      let type = error.code == .limitExceeded ? "Readings.LimitExceeded" : "Readings.InvalidData"
      throw HandlerError(type, "row \(error.offset): \(error)")
    } catch {
      preconditionFailure("nothing else throws here")
    }
  }
}

extension DatabaseError.Kind {
  fileprivate var name: String {
    switch self {
    case .unreachable: "Unreachable"
    case .connectionLost: "ConnectionLost"
    case .timedOut: "TimedOut"
    case .poolExhausted: "PoolExhausted"
    case .unexpectedColumn: "UnexpectedColumn"
    case .unexpectedValue: "UnexpectedValue"
    case .limitExceeded: "LimitExceeded"
    case .refused: "Refused"
    }
  }

  fileprivate var sentence: String {
    switch self {
    case .unreachable: "the database cannot be reached"
    case .connectionLost: "the connection to the database ended"
    case .timedOut: "the database took longer than it may"
    case .poolExhausted: "no connection to the database came free"
    case .unexpectedColumn, .unexpectedValue: "the table has another form than this function reads"
    case .limitExceeded: "a value is longer than this function takes"
    case .refused(let sqlState): "the database refused the statement: \(sqlState)"
    }
  }
}
