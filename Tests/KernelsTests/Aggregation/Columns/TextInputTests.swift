import Testing

@testable import Kernels

/// Lines of JSON, comma-separated values and plans of JSON.
@Suite struct TextInputTests {
  static let plan = Aggregation {
    key("k")
    sum("v")
    count(as: "n")
  }.tumbling(.milliseconds(10), on: "ts")

  static func update(_ aggregator: inout Aggregator, ndjson text: String) throws(AggregationError) {
    let bytes = Array(text.utf8)
    try unsafe aggregator.update(ndjson: bytes.span.bytes)
  }

  @Test func linesOfJSON() throws {
    var aggregator = try Aggregator(Self.plan)
    try Self.update(
      &aggregator,
      ndjson:
        "{\"k\":null,\"ts\":1}\n \r\n{\"ts\":2,\"v\":1.5,\"k\":\"a\\u00e4\",\"x\":[1]}\r\n{\"k\":\"aä\",\"ts\":3e0,\"v\":2}"
    )
    let before = aggregator.snapshot()
    for bad in [
      "{\"k\":\"a\",\"ts\":1,\"v\":2}\n{\"k\":\"a\"}", "{\"k\":\"a\",\"ts\":1,\"v\":\"2\"}",
      "{\"k\":1,\"ts\":1,\"v\":2}", "[1]",
      "{\"k\":\"a\",\"ts\":1.5,\"v\":2}", "{\"k\":{},\"ts\":1,\"v\":2}", "{",
    ] {
      #expect(throws: AggregationError.self) { try Self.update(&aggregator, ndjson: bad) }
      #expect(aggregator.snapshot() == before)
    }
    #expect(
      try aggregator.finish().cells == [
        [.string("aä"), .int(0), .int(10), .double(3.5), .int(2)], [.null, .int(0), .int(10), .null, .int(1)],
      ])
  }

  @Test func commaSeparatedValues() throws {
    let text = "ts,other,k,v\r\n1,x,a,1.5\n2,\"y,\"\"\n\",\"a\"\"b\",\r\n3,,,2e1\n4,z,\"\",1"
    let bytes = Array(text.utf8)
    // In two pieces, cut anywhere.
    for cut in 0...bytes.count {
      var aggregator = try Aggregator(Self.plan)
      var reader = CSVReader()
      let first = Array(bytes[..<cut])
      let used = try unsafe reader.update(&aggregator, csv: first.span.bytes, isLast: false)
      let rest = Array(bytes[used...])
      let all = try unsafe reader.update(&aggregator, csv: rest.span.bytes, isLast: true)
      #expect(used + all == bytes.count)
      #expect(
        try aggregator.finish().cells == [
          [.string(""), .int(0), .int(10), .double(1), .int(1)],
          [.string("a"), .int(0), .int(10), .double(1.5), .int(1)],
          [.string("a\"b"), .int(0), .int(10), .null, .int(1)], [.null, .int(0), .int(10), .double(20), .int(1)],
        ])
    }
    for bad in [
      "", "ts,k\n", "ts,k,v\n1,a\n", "ts,k,v\n1,a,x\n", "ts,k,v\n,a,1\n", "ts,k,v\n1,a\"b,1\n", "ts,k,v\n1,\"a\"b,1\n",
      "ts,k,v\n1,\"a", "ts,k,v,v\n",
    ] {
      var aggregator = try Aggregator(Self.plan)
      var reader = CSVReader()
      let bytes = Array(bad.utf8)
      #expect(throws: AggregationError.self) {
        try unsafe reader.update(&aggregator, csv: bytes.span.bytes, isLast: true)
      }
    }
  }

  @Test func plansOfJSON() throws {
    let text = """
      {"keys": ["k"], "aggregates": [{"op": "sum", "column": "v", "as": "sum_v"}, {"op": "count", "as": "n"}],
       "window": {"kind": "tumbling", "time": "ts", "size_ms": 10, "lateness_ms": 0}}
      """
    let bytes = Array(text.utf8)
    #expect(try unsafe Aggregation(parsing: bytes.span.bytes) == Self.plan)
  }

  /// Ranges that grow in both directions, so that the table is laid out anew again and again.
  @Test func rangesOfKeysGrow() throws {
    let plan = Aggregation {
      key("k")
      count(as: "n")
    }
    let fixture = AggregatorFixture(plan: plan, keyTypes: [.int64], valueTypes: [.double])
    var aggregator = try Aggregator(plan)
    var reference = AggregationReference(plan)
    var random = AggregationRandom(11)
    for step in 0..<60 {
      let spread = Int64(1) << Int64(step)
      let rows = (0..<40).map { row in
        AggregationReference.Row(
          keys: [.int(Int64.random(in: step % 3 == 0 ? -spread...0 : 0...spread, using: &random))], values: [.null])
      }
      try fixture.update(&aggregator, rows)
      for row in rows { reference.add(row) }
    }
    #expect(try aggregator.finish().cells == reference.advance(nil))
  }
}
