import Testing

@testable import Kernels

/// Group-by and windows against the plain reference.
@Suite struct AggregatorTests {
  static let keyTypes: [InputType] = [
    .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .bool, .utf8, .largeUTF8,
    .dictionary(codes: .int8, large: false), .dictionary(codes: .uint8, large: true),
    .dictionary(codes: .int16, large: false),
    .dictionary(codes: .uint16, large: false), .dictionary(codes: .int32, large: true),
    .dictionary(codes: .uint32, large: false),
    .dictionary(codes: .int64, large: false), .dictionary(codes: .uint64, large: false),
  ]
  static let valueTypes: [InputType] = [
    .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .float, .double,
  ]

  static func check(_ fixture: AggregatorFixture, rows: Int, batches: Int, seed: UInt64, watermarks: Bool = true) throws
  {
    var aggregator = try Aggregator(fixture.plan)
    var reference = AggregationReference(fixture.plan)
    var now = -fixture.timeSpread
    for batch in 0..<batches {
      let rows = fixture.rows(rows, seed: seed + UInt64(batch))
      try fixture.update(&aggregator, rows, offset: batch % 3 * 5)
      for row in rows { reference.add(row) }
      #expect(aggregator.lateRowCount == UInt64(reference.lateRows))
      if watermarks, fixture.plan.window != nil {
        let emitted = try aggregator.advance(to: now).cells
        #expect(emitted == reference.advance(now))
        now += 2 * fixture.timeSpread / Int64(batches)
      }
    }
    let result = try aggregator.finish()
    let expected = reference.advance(nil)
    #expect(result.cells == expected)
    #expect(try aggregator.finish().rowCount == (fixture.plan.keys.isEmpty && fixture.plan.window == nil ? 1 : 0))
  }

  @Test(arguments: keyTypes)
  func everyKeyType(_ type: InputType) throws {
    let plan = Aggregation {
      key("k")
      count(as: "n")
      sum("v")
    }
    try Self.check(
      .init(plan: plan, keyTypes: [type], valueTypes: [.double, .double]), rows: 1500, batches: 3, seed: 7)
    try Self.check(
      .init(plan: plan, keyTypes: [type], valueTypes: [.double, .double], keySpread: 100, nulls: false), rows: 1025,
      batches: 2,
      seed: 9)
  }

  @Test(arguments: valueTypes)
  func everyValueType(_ type: InputType) throws {
    let plan = Aggregation {
      key("k")
      sum("v")
      min("v")
      max("v")
      count("v")
    }
    let types = Array(repeating: type, count: 4)
    var fixture = AggregatorFixture(plan: plan, keyTypes: [.int32], valueTypes: types)
    fixture.keySpread = 10
    // Only the first aggregate's cells are the column's.
    var aggregator = try Aggregator(plan)
    var reference = AggregationReference(plan)
    for batch in 0..<3 {
      let rows = fixture.rows(1100, seed: UInt64(batch)).map { row in
        AggregationReference.Row(keys: row.keys, time: row.time, values: Array(repeating: row.values[0], count: 4))
      }
      try fixture.update(&aggregator, rows, offset: batch)
      for row in rows { reference.add(row) }
    }
    #expect(try aggregator.finish().cells == reference.advance(nil))
  }

  @Test func severalKeys() throws {
    let plan = Aggregation {
      key("a")
      key("b")
      key("c")
      count(as: "n")
    }
    for types: [InputType] in [
      [.int8, .bool, .utf8], [.int64, .uint64, .int64], [.utf8, .dictionary(codes: .int8, large: false), .int32],
      [.uint64, .uint64, .uint64],
    ] {
      for spread in [2, 40] {
        try Self.check(
          .init(plan: plan, keyTypes: types, valueTypes: [.double], keySpread: spread), rows: 2100, batches: 3, seed: 11
        )
      }
    }
  }

  @Test func noKeys() throws {
    let plan = Aggregation {
      count(as: "n")
      sum("v")
    }
    try Self.check(.init(plan: plan, keyTypes: [], valueTypes: [.double, .double]), rows: 100, batches: 2, seed: 1)
    var empty = try Aggregator(plan)
    #expect(try empty.finish().cells == [[.int(0), .null]])
  }

  static let windows: [Aggregation.Window.Kind] = [
    .tumbling(size: 100), .tumbling(size: 1), .tumbling(size: 100_000), .hopping(size: 100, hop: 50),
    .hopping(size: 100, hop: 30),
    .hopping(size: 30, hop: 100), .hopping(size: 100, hop: 100), .hopping(size: 7, hop: 3), .hopping(size: 200, hop: 1),
    .sliding(size: 1), .sliding(size: 30), .sliding(size: 500), .sliding(size: 100_000), .session(gap: 3),
    .session(gap: 50),
    .session(gap: 100_000),
  ]

  @Test(arguments: windows, [Int64(0), 40])
  func everyWindow(_ kind: Aggregation.Window.Kind, lateness: Int64) throws {
    let keyed = Aggregation {
      key("k")
      count(as: "n")
      sum("v")
      first("w")
      last("x")
    }
    let plan = Aggregation(
      keys: keyed.keys, aggregates: keyed.aggregates, window: .init(kind: kind, time: "ts", lateness: lateness),
      memoryLimit: nil, overflow: .fail)
    let valueTypes: [InputType] = [.double, .double, .int32, .double]
    try Self.check(
      .init(plan: plan, keyTypes: [.utf8], valueTypes: valueTypes, timeType: .timestampMilliseconds, timeSpread: 500),
      rows: 150, batches: 4, seed: 21)
    try Self.check(
      .init(plan: plan, keyTypes: [.int32], valueTypes: valueTypes, timeType: .timestampNanoseconds, timeSpread: 5_000),
      rows: isOptimised ? 1_100 : 300, batches: 2, seed: 23)
    try Self.check(
      .init(plan: plan, keyTypes: [.bool], valueTypes: valueTypes, timeType: .timestampMicroseconds, timeSpread: 800),
      rows: 100, batches: 3, seed: 25)
    let unkeyed = Aggregation(
      keys: [], aggregates: keyed.aggregates, window: plan.window, memoryLimit: nil, overflow: .fail)
    try Self.check(
      .init(plan: unkeyed, keyTypes: [], valueTypes: valueTypes, timeType: .int64, timeSpread: 300), rows: 100,
      batches: 3,
      seed: 27)
  }

  @Test func lateRowsAreNamed() throws {
    let plan = Aggregation { count(as: "n") }.tumbling(.milliseconds(10), on: "ts")
    var aggregator = try Aggregator(plan)
    let fixture = AggregatorFixture(plan: plan, keyTypes: [], valueTypes: [.double])
    func row(_ time: Int64) -> AggregationReference.Row { .init(keys: [], time: time, values: [.null]) }
    try fixture.update(&aggregator, [row(5), row(15)])
    #expect(try aggregator.advance(to: 10).cells == [[.int(0), .int(10), .int(1)]])
    try fixture.update(&aggregator, [row(9), row(10), row(3), row(25)])
    #expect(aggregator.lateRowsOfLastUpdate == [0, 2])
    #expect(aggregator.lateRowCount == 2)
    #expect(try aggregator.advance(to: 5).rowCount == 0)
    #expect(try aggregator.finish().cells == [[.int(10), .int(20), .int(2)], [.int(20), .int(30), .int(1)]])
  }

  @Test func refusesWhatDoesNotFit() throws {
    let plan = Aggregation {
      key("k")
      sum("v")
    }.tumbling(.seconds(1), on: "ts")
    var aggregator = try Aggregator(plan)
    let good = [
      TestColumn([.int(1), .int(2)], .int64), TestColumn([.int(1), .int(2)], .int32),
      TestColumn([.double(1), .null], .double),
    ]
    func update(_ i: Int, _ column: TestColumn) -> AggregationError? {
      var columns = good.map(\.column)
      columns[i] = column.column
      defer { withExtendedLifetime((good, column)) {} }
      do throws(AggregationError) {
        try unsafe aggregator.update(columns, rowCount: 2)
        return nil
      } catch {
        return error
      }
    }
    let empty = aggregator.snapshot()
    let nullTime = update(0, TestColumn([.int(1), .null], .int64))
    #expect(nullTime?.code == .invalidData && nullTime?.field == "ts" && nullTime?.offset == 1)
    #expect(update(0, TestColumn([.double(1), .double(2)], .double))?.field == "ts")
    #expect(update(0, TestColumn([.int(1), .int(.max)], .int64))?.code == .limitExceeded)
    #expect(update(1, TestColumn([.double(1), .double(2)], .double))?.field == "k")
    #expect(update(2, TestColumn([.bool(true), .bool(false)], .bool))?.field == "v")
    #expect(aggregator.snapshot() == empty)
    #expect(update(2, good[2]) == nil)
    #expect(update(2, TestColumn([.int(1), .int(2)], .int64))?.field == "v")
    #expect(update(1, TestColumn([.bool(true), .bool(false)], .bool))?.field == "k")
  }

  @Test func batchesOfSpans() throws {
    let plan = Aggregation {
      key("device")
      key("code")
      sum("v")
      count("flag", as: "flags")
    }
    var aggregator = try Aggregator(plan)
    let values: [Float] = [1, 2, 3, 4]
    let text = Array("abb".utf8)
    let offsets: [Int32] = [0, 1, 2, 3, 3]
    let codes: [Int32] = [0, 0, 1, 1]
    let bits: [UInt8] = [0b1010]
    let validity: [UInt8] = [0b0111]
    var batch = ColumnBatch(rowCount: 4)
    batch.append("v", values.span)
    unsafe batch.append("device", utf8: text.span, offsets: offsets.span, validity: validity.span.bytes)
    batch.append("code", codes: codes.span, utf8: text.span, offsets: offsets.span)
    unsafe batch.append("flag", bits: bits.span.bytes)
    batch.append("other", values.span)
    try aggregator.update(batch)
    #expect(
      try aggregator.finish().cells == [
        [.string("a"), .string("a"), .double(1), .int(1)], [.string("b"), .string("a"), .double(2), .int(1)],
        [.string("b"), .string("b"), .double(3), .int(1)], [.null, .string("b"), .double(4), .int(1)],
      ])
    var missing = ColumnBatch(rowCount: 4)
    missing.append("v", values.span)
    let field: String?
    do throws(AggregationError) {
      try aggregator.update(missing)
      field = nil
    } catch {
      field = error.field
    }
    #expect(field == "device")
  }
}
