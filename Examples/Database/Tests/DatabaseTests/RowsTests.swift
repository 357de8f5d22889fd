import Database
import Foundation
import Kernels
import Testing

/// Values and their types, from the server to columns and on to the aggregation.
@Suite struct RowsTests {
  static let server = Result { try PostgresServer.shared() }

  @Test func everyType() throws {
    let pool = try Self.server.get().pool()
    let texts = try pool.texts(
      Statement(
        """
        SELECT a::int2, b::int4, c::int8, d::float4, e::float8, f::text, g::varchar, h::bool, i::timestamptz, j::timestamp FROM (VALUES
          (-32768, -2147483648, -9223372036854775808, 1.5, 0.1, 'é', 'x', true, '1970-01-01 00:00:00.000001Z', '1999-12-31 23:59:59'),
          (32767, 2147483647, 9223372036854775807, 'NaN', '-Infinity', '', 'yy', false, '4713-01-01 BC', '2026-11-29 12:00:00.5'),
          (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS t (a, b, c, d, e, f, g, h, i, j)
        """),
      [
        "a": .int64, "b": .int64, "c": .int64, "d": .double, "e": .double, "f": .text, "g": .text, "h": .bool,
        "i": .timestamp, "j": .timestamp,
      ])
    #expect(
      texts == [
        "-32768|-2147483648|-9223372036854775808|1.5|0.1|é|x|true|1|946684799000000",
        "32767|2147483647|9223372036854775807|nan|-inf||yy|false|-210863520000000000|1795953600500000",
        "null|null|null|null|null|null|null|null|null|null",
      ])
  }

  @Test func parametersTravelInBinary() throws {
    let pool = try Self.server.get().pool()
    let text = "'; DROP TABLE x; --"
    let statement = Statement(
      "SELECT $1::int8 AS a, $2::float8 AS b, $3::text AS c, $4::text AS d, $5::int8 AS e",
      [.int64(.min), .double(-0.1), .text(text), .text(""), .null])
    let columns: KeyValuePairs<String, ResultColumns.Kind> = [
      "a": .int64, "b": .double, "c": .text, "d": .text, "e": .int64,
    ]
    #expect(try pool.texts(statement, columns) == ["\(Int64.min)|-0.1|\(text)||null"])
    // A single empty text has no bytes at all, and is not null.
    #expect(try pool.texts(Statement("SELECT $1::text AS a", [.text("")]), ["a": .text]) == [""])
    #expect(try pool.texts(Statement("SELECT $1::text AS a", [.null]), ["a": .text]) == ["null"])
  }

  /// Batches of a fixed size, whatever the number of rows; nothing is lost where they meet.
  @Test(arguments: [0, 1, 4095, 4096, 4097, 20_000]) func rowsComeInBatches(count: Int) throws {
    let pool = try Self.server.get().pool()
    var columns = ResultColumns(["n": .int64])
    var rows = try pool.rows(of: Statement("SELECT generate_series(1, \(count)) AS n"))
    var sizes: [Int] = []
    while try rows.next(into: &columns) { sizes.append(columns.rowCount) }
    #expect(sizes.reduce(0, +) == count)
    #expect(sizes.dropLast().allSatisfy { $0 == ResultColumns.batchRows })
    #expect(try !rows.next(into: &columns), "the end stays the end")
  }

  /// Texts end a batch before they take more memory than it may.
  @Test func longTexts() throws {
    let pool = try Self.server.get().pool()
    var columns = ResultColumns(["t": .text])
    var rows = try pool.rows(of: Statement("SELECT repeat('x', 300000) AS t FROM generate_series(1, 20)"))
    var sizes: [Int] = []
    while try rows.next(into: &columns) { sizes.append(columns.rowCount) }
    #expect(sizes == [4, 4, 4, 4, 4])
    let kind = try failure {
      _ = try pool.texts(Statement("SELECT repeat('x', 1048577) AS t"), ["t": .text])
    }
    #expect(kind == .limitExceeded)
    #expect(try pool.number("SELECT 1 AS n") == 1)
  }

  static let unexpected: [(String, KeyValuePairs<String, ResultColumns.Kind>)] = [
    ("SELECT 1::text AS n", ["n": .int64]), ("SELECT 1::int8 AS n", ["n": .text]),
    ("SELECT 1::int8 AS n", ["n": .double]), ("SELECT 1::float8 AS n", ["n": .int64]),
    ("SELECT 1.5::numeric AS n", ["n": .double]), ("SELECT now()::date AS n", ["n": .timestamp]),
    ("SELECT 1 AS m", ["n": .int64]), ("SELECT 1 AS n, 2 AS m", ["n": .int64]),
    ("SELECT 1 AS n", ["n": .int64, "m": .int64]), ("SELECT '{}'::jsonb AS n", ["n": .text]),
    ("SELECT ARRAY[1] AS n", ["n": .int64]),
  ]

  @Test(arguments: unexpected.indices) func unexpectedColumns(index: Int) throws {
    let pool = try Self.server.get().pool(size: 1)
    let (sql, columns) = Self.unexpected[index]
    #expect(try failure { _ = try pool.texts(Statement(sql), columns) } == .unexpectedColumn)
    #expect(try pool.number("SELECT 1 AS n") == 1, "the pool goes on")
  }

  @Test(arguments: ["infinity", "-infinity"]) func timesWithoutEnd(text: String) throws {
    let pool = try Self.server.get().pool()
    let statement = Statement("SELECT '\(text)'::timestamptz AS t")
    #expect(try failure { _ = try pool.texts(statement, ["t": .timestamp]) } == .unexpectedValue)
  }

  /// What SQL's own GROUP BY says, to the last bit of every number.
  @Test func windowsEqualGroupBy() throws {
    let server = try Self.server.get()
    try server.execute(
      "CREATE TABLE measured (device text, ts bigint, v double precision)",
      // Quarters, whose sums no double rounds in whatever order; and nulls in each column that may have them.
      """
      INSERT INTO measured SELECT CASE WHEN i % 31 = 0 THEN NULL ELSE 'device-' || i % 20 END, 60000000 + 37 * i,
        CASE WHEN i % 11 = 0 THEN NULL ELSE (i % 97) / 4.0 - 7 END FROM generate_series(0, 29999) AS i
      """)
    let pool = server.pool()
    let plan = Aggregation {
      key("device")
      count(as: "n")
      count("v", as: "values")
      sum("v", as: "sum")
      mean("v", as: "mean")
      min("v", as: "min")
      max("v", as: "max")
    }.tumbling(.seconds(60), on: "ts")
    var aggregator = try Aggregator(plan)
    var columns = ResultColumns(["device": .text, "ts": .int64, "v": .double])
    do {
      var rows = try pool.rows(of: Statement("SELECT device, ts, v FROM measured"))
      while try rows.next(into: &columns) { try aggregator.update(columns.batch) }
    }
    let result = try aggregator.finish()
    let own = (0..<result.rowCount).map { row in
      ["device", "window_start", "n", "values", "sum", "mean", "min", "max"].map { name in
        result[name].map { $0.text(ofRow: row) } ?? "missing"
      }.joined(separator: "|")
    }
    let expected = try pool.texts(
      Statement(
        """
        SELECT device, ts / 60000 * 60000 AS start, count(*) AS n, count(v) AS values, sum(v) AS sum, avg(v) AS mean, min(v) AS min,
          max(v) AS max FROM measured GROUP BY 1, 2
        """),
      [
        "device": .text, "start": .int64, "n": .int64, "values": .int64, "sum": .double, "mean": .double,
        "min": .double, "max": .double,
      ])
    #expect(own.count > 300)
    #expect(own.sorted() == expected.sorted())
  }
}
