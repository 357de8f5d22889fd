import Testing

@testable import Kernels

/// Aggregates of one column that share a state say what each says by itself, and write the same bytes.
@Suite struct SharedStateTests {
  static let aggregates: [Aggregation.Aggregate] = {
    let operations: [Aggregation.Operation] = [
      .sum, .mean, .min, .max, .variance, .stddev, .quantile(0.5), .quantile(0.99), .count, .approxDistinct,
    ]
    var all = operations.map { Aggregation.Aggregate($0, "v", nil) }
    all[7] = Aggregation.Aggregate(.quantile(0.99), "v", "p99")
    // The same once more, behind what shares it, and another column in between.
    all.append(Aggregation.Aggregate(.sum, "w", nil))
    all.append(Aggregation.Aggregate(.min, "v", "again"))
    all.append(Aggregation.Aggregate(.sum, "v", "sum again"))
    return all
  }()

  static func plan(_ aggregates: [Aggregation.Aggregate], keyed: Bool) -> Aggregation {
    Aggregation(keys: keyed ? ["k"] : [], aggregates: aggregates, window: nil, memoryLimit: nil, overflow: .fail)
  }

  static func hopping(_ plan: Aggregation) -> Aggregation {
    plan.hopping(.milliseconds(100), every: .milliseconds(30), on: "ts")
  }

  struct Rows {
    let keys: TestColumn
    let times: TestColumn
    let v: TestColumn
    let w: TestColumn
    let count: Int

    init(_ count: Int, _ type: InputType, runs: Bool, seed: UInt64) {
      var random = AggregationRandom(seed)
      func cell() -> Cell {
        if Int.random(in: 0..<9, using: &random) == 0 { return .null }
        switch type.valueClass {
        case .int64: return .int(Int64.random(in: -100...100, using: &random))
        case .uint64: return .uint(random.next())
        default: return .double(Double.random(in: -100...100, using: &random))
        }
      }
      keys = TestColumn((0..<count).map { .int(Int64(runs ? $0 / 300 : $0 % 7)) }, .int64, offset: 0)
      times = TestColumn((0..<count).map { .int(Int64($0)) }, .timestampMilliseconds, offset: 0)
      v = TestColumn((0..<count).map { _ in cell() }, type, offset: 3)
      w = TestColumn((0..<count).map { _ in cell() }, type, offset: 0)
      self.count = count
    }

    func fold(into aggregator: inout Aggregator) throws {
      let columns = aggregator.needed.names.map { name in
        switch name {
        case "k": keys.column
        case "ts": times.column
        case "v": v.column
        default: w.column
        }
      }
      try unsafe aggregator.update(columns, rowCount: count)
    }
  }

  @Test(arguments: [InputType.double, .float, .int64, .uint64, .int32], [false, true])
  func eachSaysTheSameAlone(_ type: InputType, _ runs: Bool) throws {
    let rows = Rows(isOptimised ? 2100 : 700, type, runs: runs, seed: 5)
    for keyed in [false, true] {
      for isHopping in isOptimised || type == .double ? [false, true] : [false] {
        func made(_ aggregates: [Aggregation.Aggregate]) throws -> AggregationResult {
          let plan = Self.plan(aggregates, keyed: keyed)
          // A sum of such large numbers does not fit.
          var aggregator = try Aggregator(isHopping ? Self.hopping(plan) : plan)
          try rows.fold(into: &aggregator)
          return try aggregator.finish()
        }
        let aggregates = Self.aggregates.filter { type != .uint64 || $0.operation != .sum }
        let together = try made(aggregates)
        for aggregate in aggregates {
          #expect(try made([aggregate])[aggregate.name] == together[aggregate.name], "\(aggregate.name)")
        }
      }
    }
  }

  /// The bytes of an aggregate without keys: behind what stands before all of them.
  static func parts(_ snapshot: [UInt8], _ plan: Aggregation) -> ArraySlice<UInt8> {
    snapshot[(12 + plan.canonicalBytes.count + 9 + 16 + plan.aggregates.count + 4 + 8)..<(snapshot.count - 4)]
  }

  @Test(arguments: [InputType.double, .int64, .uint64])
  func eachWritesTheSameAlone(_ type: InputType) throws {
    let rows = Rows(1500, type, runs: false, seed: 6)
    func written(_ aggregates: [Aggregation.Aggregate]) throws -> [UInt8] {
      let plan = Self.plan(aggregates, keyed: false)
      var aggregator = try Aggregator(plan)
      try rows.fold(into: &aggregator)
      let bytes = aggregator.snapshot()
      let restored = try unsafe Aggregator(plan, restoring: bytes.span.bytes)
      #expect(restored.snapshot() == bytes)
      return Array(Self.parts(bytes, plan))
    }
    #expect(try written(Self.aggregates) == Self.aggregates.flatMap { try written([$0]) })
  }

  /// Bytes with a checksum that is right, in which two that share a state contradict each other.
  @Test(arguments: [InputType.double, .int64]) func contradictionsAreRefused(_ type: InputType) throws {
    let plans = [
      [Aggregation.Aggregate(.sum, "v", nil), .init(.mean, "v", nil)],
      [.init(.mean, "v", nil), .init(.sum, "v", nil)], [.init(.stddev, "v", nil), .init(.variance, "v", nil)],
    ]
    for aggregates in plans {
      let plan = Self.plan(aggregates, keyed: false)
      func snapshot(_ seed: UInt64) throws -> [UInt8] {
        var aggregator = try Aggregator(plan)
        try Rows(300, type, runs: false, seed: seed).fold(into: &aggregator)
        return aggregator.snapshot()
      }
      let (first, second) = (try snapshot(1), try snapshot(2))
      // The last part of the one behind the first part of the other; lengths are their own.
      let start = first.count - Self.parts(first, plan).count - 4
      func split(_ bytes: [UInt8]) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        let length = (0..<8).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
        return (bytes[start..<start + 8 + length], bytes[(start + 8 + length)..<(bytes.count - 4)])
      }
      var mixed = Array(first[..<start] + split(first).0 + split(second).1)
      let sum = unsafe mixed.withUnsafeBytes { unsafe CRC32C.checksum(of: $0) }
      mixed.appendLittleEndian(sum)
      var aggregator = try Aggregator(plan)
      try aggregator.merge(first)
      let error = #expect(throws: AggregationError.self) { try aggregator.merge(mixed) }
      #expect(error?.code == .invalidData)
      #expect(aggregator.snapshot() == first)
    }
  }

  @Test func whatIsShared() {
    let plan = Self.plan(Self.aggregates, keyed: true)
    let shared = SharedStates(plan, PlanColumns(plan))
    #expect(shared.stateOf == [0, 0, 1, 2, 3, 3, 4, 4, 5, 6, 7, 1, 0])
    #expect(shared.states.map(\.aggregates).flatMap(\.self).sorted() == Array(Self.aggregates.indices))
    #expect(shared.states[0].operation == .mean)
    // Values of v, doubles of v, presence of v, values of w.
    #expect(shared.inputs.count == 4)
    #expect(shared.inputs.map(\.wantsRuns) == [true, false, false, true])
  }
}
