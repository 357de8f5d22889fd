import Testing

@testable import Kernels

/// Lines in pieces give what the same lines give in one.
@Suite struct JSONPlanFeedTests {
  private static let text = Array(
    "{\"a\":1}\n\n {\"a\": [2, 3]} \r\n \t\r\n{}\nnot json\n{\"a\":\"x\"}\n{\"a\":\(String(repeating: "7", count: 60))}\n{\"a\":5}"
      .utf8)

  private func fed(
    _ pieces: [ArraySlice<UInt8>], _ feed: consuming JSONPlanFeed
  ) throws(JSONPlanLineError) -> JSONPlanLines {
    var output: [UInt8] = []
    for piece in pieces { try unsafe feed.take(Array(piece).span.bytes, into: &output) }
    try feed.finish(into: &output)
    return JSONPlanLines(output: output, badLineCount: feed.badLineCount)
  }

  @Test(arguments: ["a", "abs(a)", "{b: a}"], [false, true])
  func `every cut`(_ expression: String, _ skipsNull: Bool) throws {
    let plan = try JSONPlan(jmesPath: expression)
    let text = Self.text
    let whole = try unsafe plan.applyLines(text.span.bytes, badLines: .skip, skipsNull: skipsNull)
    for first in 0...text.count {
      let result = try fed([text[..<first], text[first...]], JSONPlanFeed(plan, badLines: .skip, skipsNull: skipsNull))
      #expect(result == whole)
    }
    for size in 1...20 {
      let pieces = stride(from: 0, to: text.count, by: size).map { text[$0..<min($0 + size, text.count)] }
      #expect(try fed(pieces, JSONPlanFeed(plan, badLines: .skip, skipsNull: skipsNull)) == whole)
      #expect(try fed(pieces, JSONPlanFeed(plan, badLines: .skip, skipsNull: skipsNull, threads: 2)) == whole)
    }
  }

  @Test func `the first bad line`() throws {
    let plan = try JSONPlan(jmesPath: "a")
    let text = Self.text
    let expected = #expect(throws: JSONPlanLineError.self) { try unsafe plan.applyLines(text.span.bytes) }
    #expect(expected?.line == 6)
    for first in 0...text.count {
      let error = #expect(throws: JSONPlanLineError.self) {
        try fed([text[..<first], text[first...]], JSONPlanFeed(plan))
      }
      #expect(error == expected)
    }
  }

  /// However long a line is, no more than the limit is kept.
  @Test func `lines that are too long`() throws {
    let plan = try JSONPlan(jmesPath: "a")
    let text = Self.text
    for size in 1...80 {
      let pieces = stride(from: 0, to: text.count, by: size).map { text[$0..<min($0 + size, text.count)] }
      let result = try fed(pieces, JSONPlanFeed(plan, badLines: .skip, maximumLineByteCount: 60))
      #expect(
        String(decoding: result.output, as: UTF8.self) == "1\n[2,3]\nnull\n\"x\"\n5\n" && result.badLineCount == 2)
      let error = #expect(throws: JSONPlanLineError.self) {
        try fed(pieces.filter { !$0.isEmpty }, JSONPlanFeed(plan, maximumLineByteCount: 7))
      }
      #expect(error?.line == 3 && error?.error.kind == .limitExceeded && error?.byteOffset == 9)
    }
    let endless = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 16)
    var feed = JSONPlanFeed(plan, badLines: .skip, maximumLineByteCount: 100)
    var output: [UInt8] = []
    for _ in 0..<100 { try unsafe feed.take(endless.span.bytes, into: &output) }
    try unsafe feed.take(Array("]\n{\"a\":1}".utf8).span.bytes, into: &output)
    try feed.finish(into: &output)
    #expect(output == Array("1\n".utf8) && feed.badLineCount == 1)
  }

  /// Slices of large pieces, in order.
  @Test func threads() throws {
    var text: [UInt8] = []
    for i in 0..<30_000 { text += Array("{\"id\":\(i),\"s\":\"\(String(repeating: "x", count: i % 40))\"}\n".utf8) }
    let plan = try JSONPlan(jmesPath: "{id: id, n: length(s)}")
    let whole = try unsafe plan.applyLines(text.span.bytes)
    for threads in [1, 2, 5] {
      let pieces = stride(from: 0, to: text.count, by: 300_001).map { text[$0..<min($0 + 300_001, text.count)] }
      #expect(try fed(pieces, JSONPlanFeed(plan, threads: threads)) == whole)
    }
  }

  /// What a plan makes of lines, as columns.
  @Test func `to columns`() throws {
    let plan = try JSONPlan(jmesPath: "on && {id: id, name: tags.name} || `null`")
    var feed = JSONPlanFeed(plan, skipsNull: true)
    var reader = JSONColumnReader([("id", .int64), ("name", .string)])
    let text = Array(
      (0..<100).map { "{\"id\":\($0),\"on\":\($0 % 2 == 0),\"tags\":{\"name\":\"n\($0)\"}}\n" }.joined().utf8)
    var lines: [UInt8] = []
    for at in stride(from: 0, to: text.count, by: 333) {
      try unsafe feed.take(Array(text[at..<min(at + 333, text.count)]).span.bytes, into: &lines)
      try unsafe reader.read(lines.span.bytes)
      lines.removeAll(keepingCapacity: true)
    }
    #expect(reader.columns[0].int64s == (0..<50).map { $0 * 2 })
    #expect(reader.columns[1].string(49) == "n98")
  }
}
