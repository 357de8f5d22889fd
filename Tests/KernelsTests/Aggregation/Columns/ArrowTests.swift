import CKernels
import Testing

@testable import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two structs of the Arrow C data interface, out and in.
@Suite struct ArrowTests {
  static func text(_ string: String) -> [UInt8] { Array(string.utf8) }

  /// A result with a column of every kind, two of them with nulls.
  static func everything(rows: Int = 3) -> AggregationResult {
    func nulls(_ row: Int) -> [UInt8] {
      var validity = ValidityBuilder(count: rows)
      if rows > 0 { validity.setNull(row) }
      return validity.bits ?? []
    }
    let strings = ResultStrings(["ä", "", "key"].prefix(rows))
    func frequent(_ keys: (Range<Int>) -> ResultFrequencies.Keys) -> ResultColumn.Values {
      // One value in the first row, none in the second, two in the third.
      let ends = Array([1, 1, 3].prefix(rows))
      let count = ends.last ?? 0
      var values = ResultFrequencies(keys: keys(0..<count))
      values.counts = (0..<count).map { 10 - Int64($0) }
      values.errors = (0..<count).map { Int64($0) }
      values.ends = ends
      return .frequent(values)
    }
    let all = 0..<rows
    return AggregationResult(
      rowCount: rows,
      columns: [
        ResultColumn(name: "i", values: .int64(all.map { Int64($0) - 1 }), validity: rows > 0 ? nulls(1) : nil),
        ResultColumn(name: "u", values: .uint64(all.map { UInt64.max - UInt64($0) }), validity: nil),
        ResultColumn(name: "d", values: .double(all.map { 0.5 + Double($0) }), validity: nil),
        ResultColumn(name: "b", values: .bool(all.map { $0 % 2 == 0 }), validity: nil),
        ResultColumn(name: "s", values: .strings(strings), validity: rows > 0 ? nulls(1) : nil),
        ResultColumn(name: "h", values: .counts(all.flatMap { [Int64($0), 7] }, perRow: 2), validity: nil),
        ResultColumn(name: "ti", values: frequent { .int64($0.map { Int64($0) - 1 }) }, validity: nil),
        ResultColumn(name: "tu", values: frequent { .uint64($0.map { UInt64.max - UInt64($0) }) }, validity: nil),
        ResultColumn(name: "td", values: frequent { .double($0.map { Double($0) / 4 }) }, validity: nil),
      ])
  }

  @Test func everyKindOfColumnGoesOut() throws {
    var (schema, array) = unsafe (ck_arrow_schema(), ck_arrow_array())
    try unsafe Self.everything().exportArrow(schema: &schema, array: &array)
    let root = unsafe ArrowNode(schema, array)
    #expect(root.format == "+s" && root.length == 3 && root.nullCount == 0)
    #expect(root.children.map(\.name) == ["i", "u", "d", "b", "s", "h", "ti", "tu", "td"])
    #expect(root.children.map(\.format) == ["l", "L", "g", "b", "u", "+l", "+l", "+l", "+l"])
    #expect(root.children.allSatisfy { $0.length == 3 })
    let columns = root.children
    #expect(columns[0].elements(Int64.self) == [-1, nil, 1] && columns[0].nullCount == 1)
    #expect(columns[1].elements(UInt64.self) == [.max, .max - 1, .max - 2])
    #expect(columns[2].elements(Double.self) == [0.5, 1.5, 2.5])
    #expect(columns[3].bits == [true, false, true])
    #expect(columns[4].strings == ["ä", nil, "key"] && columns[4].nullCount == 1)
    #expect(columns[5].ends == [0, 2, 4, 6] && columns[5].children[0].name == "item")
    #expect(columns[5].children[0].elements(Int64.self) == [0, 7, 1, 7, 2, 7])
    for column in columns[6...] {
      #expect(column.ends == [0, 1, 1, 3])
      let item = column.children[0]
      #expect(item.format == "+s" && item.length == 3 && item.children.map(\.name) == ["value", "count", "error"])
      #expect(item.children[1].elements(Int64.self) == [10, 9, 8])
      #expect(item.children[2].elements(Int64.self) == [0, 1, 2])
    }
    #expect(columns[6].children[0].children[0].elements(Int64.self) == [-1, 0, 1])
    #expect(columns[7].children[0].children[0].elements(UInt64.self) == [.max, .max - 1, .max - 2])
    #expect(columns[8].children[0].children[0].elements(Double.self) == [0, 0.25, 0.5])
    unsafe schema.release(&schema)
    unsafe array.release(&array)
    #expect(unsafe schema.release == nil && array.release == nil)
  }

  @Test func noRowsGoOut() throws {
    var (schema, array) = unsafe (ck_arrow_schema(), ck_arrow_array())
    try unsafe Self.everything(rows: 0).exportArrow(schema: &schema, array: &array)
    let root = unsafe ArrowNode(schema, array)
    #expect(root.length == 0 && root.children.count == 9 && root.children.allSatisfy { $0.length == 0 })
    #expect(root.children[5].ends == [0] && root.children[6].children[0].length == 0)
    unsafe schema.release(&schema)
    unsafe array.release(&array)
  }

  /// A child that its receiver has moved away is the receiver's to release.
  @Test func childrenMayBeMoved() throws {
    var (schema, array) = unsafe (ck_arrow_schema(), ck_arrow_array())
    try unsafe Self.everything().exportArrow(schema: &schema, array: &array)
    var moved = unsafe array.children[4]!.pointee
    unsafe array.children[4]!.pointee.release = nil
    unsafe array.release(&array)
    let node = unsafe ArrowNode(schema.children[4]!.pointee, moved)
    #expect(node.strings == ["ä", nil, "key"])
    unsafe moved.release(&moved)
    unsafe schema.release(&schema)
  }

  /// Wherever memory ends: the error says so, nothing is written, and what had been allocated is free again.
  @Test func outOfMemory() throws {
    let result = Self.everything()
    var failing = 0
    while true {
      var (schema, array) = unsafe (ck_arrow_schema(), ck_arrow_array())
      unsafe schema.flags = 77
      unsafe array.length = 77
      let books = MemoryBooks(failing: failing)
      do throws(AggregationError) {
        try unsafe ArrowOutput.export(result, &schema, &array) { unsafe books.allocate($0) }
        unsafe schema.release(&schema)
        unsafe array.release(&array)
        break
      } catch {
        #expect(error.code == .outOfMemory)
        #expect(unsafe schema.flags == 77 && array.length == 77)
      }
      failing += 1
    }
    #expect(failing > 60, "every allocation has failed once")
  }

  @Test(arguments: [
    InputType.dictionary(codes: .int8, large: false), .dictionary(codes: .uint32, large: true), .uint64, .bool, .utf8,
  ])
  func everyKindOfKeyComesIn(_ type: InputType) throws {
    let plan = Aggregation {
      key("k")
      sum("v")
    }
    var fixture = AggregatorFixture(plan: plan, keyTypes: [type], valueTypes: [.uint64])
    fixture.keySpread = 3
    let rows = fixture.rows(200, seed: 4).map { row in
      AggregationReference.Row(keys: row.keys, values: [row.values[0] == .null ? .null : .int(5)])
    }
    fixture = AggregatorFixture(plan: plan, keyTypes: [type], valueTypes: [.int64])
    var direct = try Aggregator(plan)
    try fixture.update(&direct, rows)
    for offset in [0, 3] {
      let columns = [
        TestColumn(rows.map { $0.keys[0] }, type, offset: offset),
        TestColumn(rows.map { $0.values[0] }, .int64, offset: offset),
      ]
      let input = ArrowInputStructs(["k", "v"], columns, rows: rows.count)
      var aggregator = try Aggregator(plan)
      try unsafe aggregator.update(arrowSchema: input.schema, array: input.array)
      #expect(input.releases == [1, 1])
      #expect(aggregator.snapshot() == direct.snapshot())
    }
    var out = try Aggregator(plan)
    try fixture.update(&out, rows)
    var (schema, array) = unsafe (ck_arrow_schema(), ck_arrow_array())
    try unsafe out.finish(arrowSchema: &schema, array: &array)
    let root = unsafe ArrowNode(schema, array)
    #expect(root.children[0].cells == (try direct.finish().cells.map { $0[0] }))
    unsafe schema.release(&schema)
    unsafe array.release(&array)
  }

  /// What is refused is neither consumed nor folded.
  @Test func refusedStructsStay() throws {
    let plan = Aggregation {
      key("k")
      sum("v")
    }
    var aggregator = try Aggregator(plan)
    let before = aggregator.snapshot()
    let rows = 4
    func input() -> ArrowInputStructs {
      ArrowInputStructs(
        ["k", "v"],
        [
          TestColumn(["a", "b", "a", "c"].map { .string($0) }, .dictionary(codes: .int8, large: false)),
          TestColumn((0..<4).map { .int($0) }, .int64),
        ], rows: rows)
    }
    for change in 0..<16 {
      let input = input()
      unsafe damage(
        change, &input.schema.assumingMemoryBound(to: ck_arrow_schema.self).pointee,
        &input.array.assumingMemoryBound(to: ck_arrow_array.self).pointee)
      #expect(throws: AggregationError.self, "change \(change)") {
        try unsafe aggregator.update(arrowSchema: input.schema, array: input.array)
      }
      #expect(input.releases == [0, 0])
    }
    #expect(aggregator.snapshot() == before)
  }
  @unsafe
  private func damage(_ change: Int, _ schema: inout ck_arrow_schema, _ array: inout ck_arrow_array) {
    switch change {
    case 0: unsafe array.length = 5
    case 1: unsafe array.length = -1
    case 2: unsafe array.offset = .max
    case 3: unsafe array.n_children = 1
    case 4: unsafe schema.n_children = -1
    case 5: unsafe array.null_count = 1
    case 6: unsafe array.children[1]!.pointee.n_buffers = 3
    case 7: unsafe array.children[1]!.pointee.length = 3
    case 8: unsafe array.children[1]!.pointee.buffers[1] = nil
    case 9: unsafe array.children[1]!.pointee.null_count = 2
    case 10: unsafe array.children[0]!.pointee.dictionary = nil
    case 11: unsafe schema.children[0]!.pointee.dictionary = nil
    case 12: unsafe array.children[0]!.pointee.dictionary.pointee.length = 1
    case 13: unsafe array.children[0]!.pointee.dictionary.pointee.n_buffers = 2
    case 14: unsafe array.children[0] = nil
    default: unsafe schema.children[1] = nil
    }
  }
}

/// Answers as malloc does, but for one call.
@safe
final class MemoryBooks {
  private var calls = 0
  private let failing: Int

  init(failing: Int) { self.failing = failing }

  @unsafe
  func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    defer { calls += 1 }
    return unsafe calls == failing ? nil : malloc(byteCount)
  }
}
