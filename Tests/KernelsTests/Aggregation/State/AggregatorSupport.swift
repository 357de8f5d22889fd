@testable import Kernels

/// Rows made from a seed, for a plan of keys and values of given types.
@safe
struct AggregatorFixture {
  let plan: Aggregation
  let keyTypes: [InputType]
  let valueTypes: [InputType]
  var timeType = InputType.timestampMilliseconds
  var keySpread = 5
  var timeSpread: Int64 = 1000
  var nulls = true

  func rows(_ count: Int, seed: UInt64) -> [AggregationReference.Row] {
    var random = AggregationRandom(seed)
    return (0..<count).map { _ in
      let keys = keyTypes.map { cell($0, &random, spread: keySpread) }
      let time = Int64.random(in: -timeSpread...timeSpread, using: &random)
      // Seconds are all that some types hold.
      let scaled = timeType == .timestampSeconds ? time * 1000 : time
      return AggregationReference.Row(
        keys: keys, time: scaled, values: valueTypes.map { cell($0, &random, spread: 100) })
    }
  }

  private func cell(_ type: InputType, _ random: inout AggregationRandom, spread: Int) -> Cell {
    if nulls && Int.random(in: 0..<8, using: &random) == 0 { return .null }
    let number = Int64.random(in: 0..<Int64(spread), using: &random)
    switch type {
    case .int8, .int16, .int32: return .int(number - 2)
    case .int64: return .int(number &* 0x0123_4567 - 3)
    case .uint8, .uint16, .uint32: return .int(number)
    case .uint64: return .uint(UInt64(number) &* 0x3fff_ffff_ffff_fff1)
    case .float, .double: return .double(Double(number) * 0.25 - 4)
    case .bool: return .bool(number & 1 == 1)
    case .utf8, .largeUTF8, .dictionary:
      return .string(
        number == 0
          ? "" : number % 7 == 3 ? "ä€\(number)" : "key of a length of \(number % 3 == 0 ? "many bytes " : "")\(number)"
      )
    default: fatalError("AggregatorFixture: \(type)")
    }
  }

  /// Folds rows as one batch.
  func update(
    _ aggregator: inout Aggregator, _ rows: [AggregationReference.Row], offset: Int = 0
  ) throws(AggregationError) {
    var columns: [String: TestColumn] = [:]
    if let window = plan.window {
      columns[window.time] = TestColumn(rows.map { .int($0.time) }, timeType, offset: offset)
    }
    for (i, key) in plan.keys.enumerated() {
      columns[key] = TestColumn(rows.map { $0.keys[i] }, keyTypes[i], offset: offset, seed: 3)
    }
    for (i, aggregate) in plan.aggregates.enumerated() {
      if let column = aggregate.column, columns[column] == nil {
        columns[column] = TestColumn(rows.map { $0.values[i] }, valueTypes[i], offset: offset, seed: 5)
      }
    }
    let gathered = aggregator.needed.names.map { columns[$0]!.column }
    defer { withExtendedLifetime(columns) {} }
    try unsafe aggregator.update(gathered, rowCount: rows.count)
  }
}

extension Aggregator {
  static func merged(_ plan: Aggregation, _ snapshots: [[UInt8]]) throws(AggregationError) -> Aggregator {
    var aggregator = try Aggregator(plan)
    for snapshot in snapshots { try aggregator.merge(snapshot) }
    return aggregator
  }

  mutating func merge(_ bytes: [UInt8]) throws(AggregationError) { try unsafe merge(bytes.span.bytes) }
}
