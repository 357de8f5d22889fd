import Testing

@testable import Kernels

/// Sums and counts at the ends of what their types hold.
@Suite struct EdgeTests {
  static let plan = Aggregation { sum("v", as: "s") }

  static func fold(_ aggregator: inout Aggregator, _ values: [Int64]) throws(AggregationError) {
    var batch = ColumnBatch(rowCount: values.count)
    batch.append("v", values.span)
    try aggregator.update(batch)
  }

  /// Exact to 128 bits inside: what passes 64 bits on the way comes back, and what does not is refused with the state as it was.
  @Test func sumsOfInt64() throws {
    for (values, sum) in [
      ([Int64.max], Int64.max), ([.min], .min), ([.max, .max, .min, .min, 2], 0), ([.max, 1, -1], .max),
      ([.min, -1, 1], .min), ([.max, .max, .min], .max - 1),
    ] as [([Int64], Int64)] {
      var aggregator = try Aggregator(Self.plan)
      for value in values { try Self.fold(&aggregator, [value]) }
      #expect(try aggregator.finish().cells == [[.int(sum)]])
    }
    for (values, rest, sum) in [([Int64.max, 1], Int64(-1), Int64.max), ([.min, -1], 1, .min)]
      as [([Int64], Int64, Int64)]
    {
      var aggregator = try Aggregator(Self.plan)
      try Self.fold(&aggregator, values)
      let before = aggregator.snapshot()
      let code: AggregationError.Code?
      do throws(AggregationError) {
        _ = try aggregator.finish()
        code = nil
      } catch {
        code = error.code
      }
      #expect(code == .limitExceeded)
      #expect(aggregator.snapshot() == before)
      try Self.fold(&aggregator, [rest])
      #expect(try aggregator.finish().cells == [[.int(sum)]])
    }
  }

  @Test func sumsOfUInt64() throws {
    for (values, sum) in [([UInt64(Int64.max)], Int64.max), ([1 << 63], nil), ([.max, 1], nil)] as [([UInt64], Int64?)]
    {
      var aggregator = try Aggregator(Self.plan)
      var batch = ColumnBatch(rowCount: values.count)
      batch.append("v", values.span)
      try aggregator.update(batch)
      #expect((try? aggregator.finish())?.cells == sum.map { [[.int($0)]] })
    }
  }

  /// More rows than 31 bits count: a state doubled again and again, and then the batches that take it past them.
  @Test func moreRowsThan31Bits() throws {
    let plan = Aggregation {
      count(as: "n")
      count("v", as: "there")
      sum("v", as: "s")
      max("v", as: "most")
      mean("v", as: "m")
    }
    let size = 1 << 16
    let values = [Int64](repeating: 1 << 30, count: size)
    var validity = [UInt8](repeating: 0xFF, count: size / 8)
    validity[0] = 0xFE
    func fold(into aggregator: inout Aggregator) throws {
      var batch = ColumnBatch(rowCount: size)
      unsafe batch.append("v", values.span, validity: validity.span.bytes)
      try aggregator.update(batch)
    }
    let batches = Int64((1 << 15) + 1)
    var aggregator = try Aggregator(plan)
    var doubled = try Aggregator(plan)
    try fold(into: &doubled)
    for _ in 0..<15 {
      let part = doubled.snapshot()
      try aggregator.merge(part)
      try doubled.merge(part)
    }
    // All but one of 2^15 batches are there.
    for _ in 0..<2 { try fold(into: &aggregator) }
    let there = batches * Int64(size - 1)
    #expect(batches * Int64(size) > 1 << 31)
    let whole = aggregator.snapshot()
    #expect(
      try aggregator.finish().cells == [
        [.int(batches * Int64(size)), .int(there), .int(there << 30), .int(1 << 30), .double(0x1p30)]
      ])
    // Two such states have more rows than 32 bits count.
    for _ in 0..<2 { try aggregator.merge(whole) }
    #expect(try aggregator.finish().cells[0][0] == .int(2 * batches * Int64(size)))
  }
}
