import Testing

@testable import Kernels

/// Ways round the plain one give the same bytes: runs of one group, dictionaries alone, rows in the order of the table, plain orders.
@Suite struct ShortcutTests {
  static let alone = Aggregation {
    count(as: "n")
    count("a", as: "m")
    sum("a", as: "s")
    sum("b", as: "t")
    min("a", as: "low")
    max("a", as: "high")
    min("b", as: "least")
    max("b", as: "greatest")
    mean("a", as: "mean")
    mean("b", as: "average")
    variance("a", as: "v")
    stddev("b", as: "w")
    approxDistinct("a", as: "d")
    approxDistinct("b", as: "e")
    quantile("a", 0.5)
    histogram("b", bounds: [0, 100])
  }
  static let all = Aggregation(
    keys: ["k"], aggregates: alone.aggregates, window: nil, memoryLimit: nil, overflow: .fail)

  /// Doubles of which some are special, tiny, huge or zeros of both signs; or like each other.
  static func values(_ count: Int, seed: UInt64, plain: Bool) -> [Double] {
    var random = AggregationRandom(seed)
    return (0..<count).map { _ in
      let value = Double.random(in: -1000...1000, using: &random)
      if plain { return value }
      switch Int.random(in: 0..<400, using: &random) {
      case 0: return 0
      case 1: return -0.0
      case 2: return value * 0x1p-900
      case 3: return value * 0x1p200
      case 4: return .leastNonzeroMagnitude
      case 5: return value * 0x1p1012
      case 6: return seed % 3 == 0 ? .infinity : value
      case 7: return seed % 5 == 0 ? .nan : value
      default: return value
      }
    }
  }

  static func integers(_ count: Int, seed: UInt64, plain: Bool) -> [Int64] {
    var random = AggregationRandom(seed)
    return (0..<count).map { _ in
      plain ? Int64.random(in: -1000...1000, using: &random) : Int64(truncatingIfNeeded: random.next())
    }
  }

  /// Rows in batches of `size`, each of which has nulls where the bits say so.
  static func fold(
    _ plan: Aggregation, _ keys: [Int64], _ a: [Double], _ b: [Int64], nulls: Bool, size: Int
  ) throws -> [UInt8] {
    var aggregator = try Aggregator(plan)
    for first in stride(from: 0, to: a.count, by: size) {
      let end = min(first + size, a.count)
      let (k, x, y) = (Array(keys[first..<end]), Array(a[first..<end]), Array(b[first..<end]))
      let bits = validity(first..<end)
      var batch = ColumnBatch(rowCount: end - first)
      batch.append("k", k.span)
      if nulls {
        unsafe batch.append("a", x.span, validity: bits.span.bytes)
        unsafe batch.append("b", y.span, validity: bits.span.bytes)
      } else {
        batch.append("a", x.span)
        batch.append("b", y.span)
      }
      try aggregator.update(batch)
    }
    return aggregator.snapshot()
  }

  /// A null in each seventh row.
  private static func validity(_ rows: Range<Int>) -> [UInt8] {
    var bits = [UInt8](repeating: 0xFF, count: (rows.count + 7) / 8)
    for row in rows where row % 7 == 3 {
      bits[(row - rows.lowerBound) >> 3] &= ~(1 << UInt8((row - rows.lowerBound) & 7))
    }
    return bits
  }

  @Test(arguments: [false, true], [false, true])
  func runsOfOneGroup(plain: Bool, nulls: Bool) throws {
    for seed in isOptimised ? [UInt64(1), 3, 5] : [15] {
      let count = isOptimised ? 2500 : 1300
      let keys = (0..<count).map { Int64($0 / 600) }
      let (a, b) = (Self.values(count, seed: seed, plain: plain), Self.integers(count, seed: seed, plain: plain))
      for plan in [Self.all, Self.alone] {
        // Batches of one row have no runs; those of 100 are too short for them.
        let expected = try Self.fold(plan, keys, a, b, nulls: nulls, size: 97)
        for size in [1024, 1000, count] {
          #expect(try Self.fold(plan, keys, a, b, nulls: nulls, size: size) == expected, "seed \(seed), size \(size)")
        }
      }
    }
  }

  @Test func runsInEveryRow() {
    var cases = [Self.values(1024, seed: 1, plain: true), Self.values(777, seed: 4, plain: false)]
    cases += [
      [-0.0], [0, -0.0], [1e300, -1e300, 1], [.leastNonzeroMagnitude], Array(repeating: 0x1p1000, count: 1024),
    ]
    let group = [UInt32](repeating: 0, count: 1024)
    let scratch = UnsafeMutablePointer<Double>.allocate(capacity: 2 * GroupRun.limit)
    defer { unsafe scratch.deallocate() }
    for values in cases {
      var (sum, variance) = (ExactSumAccumulator<Double>(), VarianceAccumulator<Double>())
      sum.grow(to: 1)
      variance.grow(to: 1)
      for value in values { sum.add(value, toGroup: 0) }
      unsafe variance.update(groups: group, values: values, valid: nil, validOffset: 0, count: values.count)
      var (sumBytes, varianceBytes) = ([UInt8](), [UInt8]())
      sum.write(group: 0, into: &sumBytes)
      variance.write(group: 0, into: &varianceBytes)
      for kernel in ReductionKernel.all.rows where CPUFeatures.current.isSuperset(of: kernel.requires) {
        var (fast, moments) = (ExactSumAccumulator<Double>(), VarianceAccumulator<Double>())
        fast.grow(to: 1)
        moments.grow(to: 1)
        unsafe values.withUnsafeBufferPointer { values in
          let run = unsafe GroupRun(values.baseAddress!, values.count, scratch: scratch, kernel: kernel)
          unsafe fast.add(run, toGroup: 0)
          unsafe moments.add(run, toGroup: 0)
        }
        var (fastBytes, momentBytes) = ([UInt8](), [UInt8]())
        fast.write(group: 0, into: &fastBytes)
        moments.write(group: 0, into: &momentBytes)
        #expect(fastBytes == sumBytes, "\(kernel.name)")
        #expect(momentBytes == varianceBytes, "\(kernel.name)")
      }
    }
  }

  /// More rows than a batch needs to be taken in another order, against few at a time.
  @Test(.enabled(if: isOptimised), arguments: [0, 1, 2])
  func manyGroups(_ kind: Int) throws {
    let rowCount = RowOrder.least + 5000
    var random = AggregationRandom(7)
    let keys = (0..<rowCount).map { _ -> Int64 in
      let key = random.next() % 2_000_000
      switch kind {
      case 0: return Int64(key) - 1000
      case 1: return Int64(bitPattern: key &* 0x9e37_79b9_7f4a_7c15)
      default: return key == 5 ? .max : key == 6 ? .min : Int64(key) &* 0x1_0000_0001
      }
    }
    let (a, b) = (Self.values(rowCount, seed: 3, plain: true), Self.integers(rowCount, seed: 4, plain: true))
    let plan = Aggregation {
      key("k")
      count("a", as: "n")
      sum("a", as: "s")
      max("b", as: "m")
      mean("a", as: "q")
    }
    for nulls in [false, true] {
      let expected = try Self.fold(plan, keys, a, b, nulls: nulls, size: 10_000)
      #expect(try Self.fold(plan, keys, a, b, nulls: nulls, size: rowCount) == expected)
    }
  }

  /// The order itself, and the table that it is of, at any size.
  @Test(arguments: [1, 700, 5000]) func orderOfRows(_ count: Int) {
    var random = AggregationRandom(UInt64(count))
    for isWide in [false, true] {
      let codes = (0..<count).map { _ in Int64(bitPattern: random.next() % (isWide ? .max : 4096)) }
      var table = GroupTable(columnCount: 1)
      var order = RowOrder()
      table.expect(rows: count, low: codes.min()!, high: codes.max()!)
      let hasMemory = order.begin(count)
      #expect(hasMemory)
      unsafe codes.withUnsafeBufferPointer { codes in
        unsafe table.parts(codes.baseAddress!, order.parts(0), count)
      }
      order.count(0, count)
      order.end()
      var rows: [Int] = []
      for i in 0..<count { unsafe rows.append(Int(order.rows[i])) }
      #expect(rows.sorted() == Array(0..<count))
      for i in rows.indices.dropFirst() {
        let (before, after) = unsafe (order.parts(0)[rows[i - 1]], order.parts(0)[rows[i]])
        #expect(before < after || before == after && rows[i - 1] < rows[i])
      }
    }
  }

  /// Keys that fill the slots part by part, far more of them than there are slots: no part may fill up before the table grows.
  @Test func partsKeepRoom() {
    var random = AggregationRandom(17)
    let keys = (0..<(isOptimised ? 200_000 : 30_000)).map { _ in Int64(bitPattern: random.next()) }
    var table = GroupTable(columnCount: 1)
    var order = RowOrder()
    let hasMemory = order.begin(keys.count)
    #expect(hasMemory)
    table.expect(rows: keys.count, low: keys.min()!, high: keys.max()!)
    unsafe keys.withUnsafeBufferPointer { keys in unsafe table.parts(keys.baseAddress!, order.parts(0), keys.count) }
    order.count(0, keys.count)
    order.end()
    let size = 1000
    var (packed, groups) = ([UInt64](repeating: 0, count: size), [UInt32](repeating: 0, count: size))
    for first in stride(from: 0, to: keys.count, by: size) {
      let block = (0..<size).map { unsafe keys[Int(order.rows[first + $0])] }
      unsafe packed.withUnsafeMutableBufferPointer { packed in
        unsafe groups.withUnsafeMutableBufferPointer { groups in
          unsafe table.resolve(
            block, stride: size, count: size, masks: nil, keys: packed.baseAddress!, groups: groups.baseAddress!)
        }
      }
      unsafe table.keepRoom(opened: table.count, parts: Int(order.parts(0)[Int(order.rows[first + size - 1])]) + 1)
    }
    #expect(table.count == keys.count && table.mode == .packed)
    #expect(table.slots.count < 8 * keys.count)
    // A row looks at no more slots than stand side by side, and that is what was there before the table grew, at most.
    var (run, longest) = (0, 0)
    for slot in table.slots {
      run = slot.group == GroupTable.refused ? 0 : run + 1
      longest = max(longest, run)
    }
    #expect(longest < 200, "\(longest)")
    // Right after each block of the first part the table had been crowded, if it had not grown.
    #expect(table.slots.count >= keys.count * 3 / 2)
  }

  /// A dictionary alone against strings; a null in it is the null key.
  @Test(arguments: AggregatorTests.keyTypes.filter { if case .dictionary = $0 { true } else { false } })
  func dictionaryAlone(_ type: InputType) throws {
    let plan = Aggregation {
      key("k")
      count(as: "n")
    }
    var random = AggregationRandom(9)
    let cells = (0..<3000).map { _ in Cell.string("key \(Int.random(in: 0..<90, using: &random))") }
    var snapshots: [[UInt8]] = []
    for (type, size) in [(type, 3000), (type, 500), (.utf8, 3000)] {
      var aggregator = try Aggregator(plan)
      for first in stride(from: 0, to: cells.count, by: size) {
        let column = TestColumn(Array(cells[first..<first + size]), type, offset: 3)
        try unsafe aggregator.update([column.column], rowCount: size)
        withExtendedLifetime(column) {}
      }
      snapshots.append(aggregator.snapshot())
    }
    #expect(snapshots[0] == snapshots[2])
    #expect(snapshots[1] == snapshots[2])
  }

  /// Codes that rise, that stand in an array, and that need sorting.
  @Test(arguments: [InputType.int64, .uint64, .uint32]) func plainOrders(_ type: InputType) throws {
    let plan = Aggregation {
      key("k")
      count(as: "n")
    }
    var random = AggregationRandom(11)
    for spread in [UInt64(500), 1 << 20, .max] {
      if type == .uint32 && spread == .max { continue }
      var keys = Set((0..<600).map { _ in random.next() % spread }).sorted()
      if type == .int64 { keys.sort { Int64(bitPattern: $0) < Int64(bitPattern: $1) } }
      let sorted = keys
      for shuffle in [false, true] {
        if shuffle { keys.shuffle(using: &random) }
        let column = TestColumn(
          keys.map { type == .uint64 ? .uint($0) : .int(Int64(bitPattern: $0)) }, type, offset: 0)
        var aggregator = try Aggregator(plan)
        try unsafe aggregator.update([column.column], rowCount: keys.count)
        withExtendedLifetime(column) {}
        let restored = try unsafe Aggregator(plan, restoring: aggregator.snapshot().span.bytes)
        #expect(restored.snapshot() == aggregator.snapshot())
        let cells = try aggregator.finish().cells
        #expect(
          cells.map { $0[0] } == sorted.map { type == .uint64 ? .uint($0) : .int(Int64(bitPattern: $0)) })
      }
    }
  }
}
