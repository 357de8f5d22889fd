import Testing

@testable import Kernels

/// Snapshots, merges, sequence numbers and the memory limit.
@Suite struct SnapshotTests {
  static let plans: [Aggregation] = {
    let all = Aggregation {
      key("k")
      key("s")
      count(as: "n")
      sum("a")
      min("b")
      max("c")
      mean("d")
      variance("e")
      approxDistinct("f")
      quantile("g", 0.9)
      histogram("h", bounds: [0, 5])
    }
    let timed = Aggregation {
      key("k")
      key("s")
      count(as: "n")
      sum("a")
      first("b")
      last("c")
    }
    return [
      all, timed.tumbling(.milliseconds(100), on: "ts"),
      timed.hopping(.milliseconds(100), every: .milliseconds(30), on: "ts"),
      timed.sliding(.milliseconds(100), on: "ts"), timed.session(gap: .milliseconds(20), on: "ts"),
    ]
  }()

  static func fixture(_ plan: Aggregation) -> AggregatorFixture {
    AggregatorFixture(
      plan: plan, keyTypes: [.int32, .utf8],
      valueTypes: plan.aggregates.enumerated().map { $0.offset % 2 == 0 ? .double : .int64 }, timeSpread: 500)
  }

  static func folded(_ fixture: AggregatorFixture, _ rows: [AggregationReference.Row]) throws -> [UInt8] {
    var aggregator = try Aggregator(fixture.plan)
    try fixture.update(&aggregator, rows)
    return aggregator.snapshot()
  }

  @Test(arguments: plans)
  func orderAndSplitChangeNoByte(_ plan: Aggregation) throws {
    let fixture = Self.fixture(plan)
    var rows = fixture.rows(700, seed: 3)
    let expected = try Self.folded(fixture, rows)
    var random = AggregationRandom(4)
    for parts in [2, 5] {
      rows.shuffle(using: &random)
      var whole = try Aggregator(plan)
      let size = rows.count / parts
      for part in 0..<parts {
        let slice = Array(rows[part * size..<(part == parts - 1 ? rows.count : (part + 1) * size)])
        try whole.merge(Self.folded(fixture, slice))
      }
      #expect(whole.snapshot() == expected)
      var direct = try Aggregator(plan)
      try fixture.update(&direct, rows)
      #expect(direct.snapshot() == expected)
      #expect(try direct.finish() == whole.finish())
    }
    var restored = try unsafe Aggregator(plan, restoring: expected.span.bytes)
    #expect(restored.snapshot() == expected)
    let more = fixture.rows(300, seed: 8)
    try fixture.update(&restored, more)
    #expect(try restored.snapshot() == Self.folded(fixture, rows + more))
  }

  @Test(arguments: plans)
  func damagedBytesAreRefused(_ plan: Aggregation) throws {
    let fixture = Self.fixture(plan)
    let bytes = try Self.folded(fixture, fixture.rows(30, seed: 5))
    var aggregator = try Aggregator(plan)
    try fixture.update(&aggregator, fixture.rows(30, seed: 6))
    let before = aggregator.snapshot()
    func refuses(_ bytes: [UInt8]) -> Bool {
      do throws(AggregationError) {
        try aggregator.merge(bytes)
        return false
      } catch {
        return error.code == .invalidData || error.code == .invalidPlan
      }
    }
    for count in stride(from: 0, to: bytes.count, by: 3) { #expect(refuses(Array(bytes[..<count]))) }
    var random = AggregationRandom(7)
    for _ in 0..<300 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      #expect(refuses(damaged))
    }
    // The same under a checksum that is right: most are refused, the others are the canonical bytes of another state.
    for _ in 0..<300 {
      var damaged = Array(bytes.dropLast(4))
      damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      let count = damaged.count
      if Bool.random(using: &random) { damaged.removeLast(Int.random(in: 0..<count / 2, using: &random)) }
      let sum = unsafe damaged.withUnsafeBytes { unsafe CRC32C.checksum(of: $0) }
      damaged.appendLittleEndian(sum)
      if let restored = try? unsafe Aggregator(plan, restoring: damaged.span.bytes) {
        #expect(restored.snapshot() == damaged)
      }
      var other = try Aggregator(plan)
      try? other.merge(damaged)
      _ = try? other.finish()
      _ = other.snapshot()
    }
    #expect(aggregator.snapshot() == before)
    #expect(refuses(try Self.folded(Self.fixture(Self.plans[plan == Self.plans[0] ? 1 : 0]), [])))
  }

  /// A snapshot whose groups are in another order is not canonical.
  @Test func groupsOutOfOrderAreRefused() throws {
    let plan = Aggregation {
      key("k")
      count(as: "n")
    }
    func snapshot(_ type: InputType, _ cells: [Cell]) throws -> [UInt8] {
      var aggregator = try Aggregator(plan)
      let fixture = AggregatorFixture(plan: plan, keyTypes: [type], valueTypes: [.double])
      try fixture.update(&aggregator, cells.map { AggregationReference.Row(keys: [$0], values: [.null]) })
      return aggregator.snapshot()
    }
    // Keys stand before the aggregate: its length (8), a count a group (8 each) and the checksum (4).
    func exchanged(_ bytes: [UInt8], _ size: Int, groups: Int) -> [UInt8] {
      var bytes = bytes
      let keys = bytes.count - 12 - 8 * groups - size * groups
      for i in 0..<size { bytes.swapAt(keys + i, keys + size * (groups - 1) + i) }
      bytes.removeLast(4)
      let sum = unsafe bytes.withUnsafeBytes { unsafe CRC32C.checksum(of: $0) }
      bytes.appendLittleEndian(sum)
      return bytes
    }
    // Where the difference of two keys fits 64 bits, and one beside it.
    let edges: [Int64] = [.min, -1 << 62, 0, 1 << 62, .max].flatMap { [$0 &- 1, $0, $0 &+ 1] }
    let (signed, unsigned) = (Set(edges).sorted(), Set(edges.map { UInt64(bitPattern: $0) }).sorted())
    let pairs = signed.indices.flatMap { last in signed.indices[..<last].map { ($0, last) } }
    let ofEdges = pairs.flatMap { first, last in
      [
        (InputType.int64, [Cell.int(signed[first]), .int(signed[last])], 8),
        (.uint64, [.uint(unsigned[first]), .uint(unsigned[last])], 8),
      ]
    }
    for (type, cells, size) in ofEdges + [
      (InputType.int64, [Cell.int(-5), .int(1), .int(7)], 8), (.uint64, [.uint(1), .uint(7), .uint(1 << 63)], 8),
      (.utf8, [.string("a"), .string("b"), .string("c")], 1),
    ] {
      let good = try snapshot(type, cells)
      #expect(try unsafe Aggregator(plan, restoring: good.span.bytes).snapshot() == good)
      let bad = exchanged(good, size, groups: cells.count)
      #expect(bad != good)
      #expect(throws: AggregationError.self) { _ = try unsafe Aggregator(plan, restoring: bad.span.bytes) }
    }
  }

  /// Of windows that overlap a merge leaves out what the later watermark makes late, and says how many rows that is.
  @Test(arguments: [Aggregation.Window.Kind.hopping(size: 100, hop: 30), .sliding(size: 100)], [false, true])
  func mergeCountsLateRows(_ kind: Aggregation.Window.Kind, laterIsHere: Bool) throws {
    let plan = Aggregation(
      keys: ["k"], aggregates: [.init(.count, nil, "n")], window: .init(kind: kind, time: "ts", lateness: 10),
      memoryLimit: nil, overflow: .fail)
    let fixture = AggregatorFixture(plan: plan, keyTypes: [.int32], valueTypes: [.double], timeSpread: 500)
    let (first, second) = (fixture.rows(400, seed: 1), fixture.rows(400, seed: 2))
    let mark: Int64 = 150
    var early = try Aggregator(plan)
    try fixture.update(&early, first)
    var late = try Aggregator(plan)
    try fixture.update(&late, second)
    _ = try late.advance(to: mark)
    // As if the rows of the early one had come to the late one.
    var expected = try Aggregator(plan)
    try fixture.update(&expected, second)
    _ = try expected.advance(to: mark)
    try fixture.update(&expected, first)
    #expect(expected.lateRowCount > 100)
    let snapshots = [early.snapshot(), late.snapshot()]
    var merged = try Aggregator.merged(plan, laterIsHere ? snapshots.reversed() : snapshots)
    #expect(merged.lateRowCount == expected.lateRowCount)
    #expect(merged.snapshot() == expected.snapshot())
    #expect(try merged.advance(to: mark + 60) == expected.advance(to: mark + 60))
    #expect(try merged.finish() == expected.finish())
  }

  @Test func replayedBatchesAreRecognised() throws {
    let plan = Aggregation { sum("v") }
    var aggregator = try Aggregator(plan)
    let values: [Int64] = [1, 2, 3]
    func batch() -> [Int64] { values }
    func update(_ aggregator: inout Aggregator, _ shard: String, _ range: ClosedRange<UInt64>) -> Bool? {
      var batch = ColumnBatch(rowCount: 3)
      batch.append("v", values.span)
      return try? aggregator.update(batch, shard: shard, sequence: range)
    }
    #expect(update(&aggregator, "a", 10...12) == true)
    #expect(update(&aggregator, "a", 10...12) == false)
    #expect(update(&aggregator, "a", 11...11) == false)
    #expect(update(&aggregator, "a", 12...14) == nil)
    #expect(update(&aggregator, "b", 10...12) == true)
    #expect(update(&aggregator, "a", 13...20) == true)
    #expect(update(&aggregator, "a", 10...20) == false)
    #expect(update(&aggregator, "a", 0...5) == true)
    #expect(update(&aggregator, "a", 6...9) == true)
    #expect(update(&aggregator, "a", 0...20) == false)
    #expect(update(&aggregator, "c", 0...UInt64.max) == true)
    let snapshot = aggregator.snapshot()
    var restored = try unsafe Aggregator(plan, restoring: snapshot.span.bytes)
    #expect(update(&restored, "a", 3...4) == false)
    var other = try Aggregator(plan)
    #expect(update(&other, "a", 21...22) == true)
    try restored.merge(other.snapshot())
    #expect(update(&restored, "a", 0...22) == false)
    #expect(throws: AggregationError.self) { try unsafe restored.merge(snapshot.span.bytes) }
    #expect(try restored.finish().cells == [[.int(7 * 6)]])
  }

  @Test func memoryLimitFails() throws {
    let plan = Aggregation {
      key("k")
      count(as: "n")
    }.memoryLimit(200_000)
    var fixture = AggregatorFixture(plan: plan, keyTypes: [.utf8], valueTypes: [.double])
    fixture.keySpread = 100_000
    var aggregator = try Aggregator(plan)
    var accepted: [AggregationReference.Row] = []
    var refused = 0
    for batch in 0..<20 {
      let rows = fixture.rows(500, seed: UInt64(batch))
      let before = aggregator.snapshot()
      do throws(AggregationError) {
        try fixture.update(&aggregator, rows)
        accepted += rows
      } catch {
        #expect(error.code == .limitExceeded)
        #expect(aggregator.snapshot() == before)
        refused += 1
      }
      #expect(aggregator.byteCount <= 200_000)
    }
    #expect(refused > 0 && accepted.count > 500)
    // What is there already goes on.
    try fixture.update(&aggregator, Array(accepted[..<500]))
    var reference = AggregationReference(plan)
    for row in accepted + accepted[..<500] { reference.add(row) }
    #expect(try aggregator.finish().cells == reference.advance(nil))
  }

  @Test func memoryLimitTakesOthersTogether() throws {
    let plan = Aggregation {
      key("k")
      count(as: "n")
    }.tumbling(.milliseconds(500), on: "ts").memoryLimit(200_000, overflow: .sketch)
    var fixture = AggregatorFixture(plan: plan, keyTypes: [.utf8], valueTypes: [.double], nulls: false)
    fixture.keySpread = 100_000
    var aggregator = try Aggregator(plan)
    for batch in 0..<20 { try fixture.update(&aggregator, fixture.rows(500, seed: UInt64(batch))) }
    #expect(aggregator.overflowRowCount > 0 && aggregator.groupCount > 500)
    #expect(aggregator.byteCount <= 220_000)
    let overflow = aggregator.overflowRowCount
    let cells = try aggregator.finish().cells
    let counts = cells.map { if case .int(let n) = $0[3] { n } else { Int64(0) } }
    #expect(counts.reduce(0, +) == 10_000)
    let others = zip(cells, counts).reduce(0) { $1.0[0] == .null ? $0 + $1.1 : $0 }
    #expect(others == Int64(overflow))
  }
}
