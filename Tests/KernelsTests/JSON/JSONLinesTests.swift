import Testing

@testable import Kernels

@Suite struct JSONLinesTests {
  private let text =
    "{\"a\":1,\"s\":\"x\\ny\"}\r\n  \n{\"a\":null,\"d\":2}\n\r\n{\"s\":\"z\",\"a\":-3,\"d\":0.5,\"b\":true,\"a\":7}"

  @Test func `lines in one piece and in pieces of any size`() throws {
    let bytes = Array(text.utf8)
    for size in 1...bytes.count {
      var feed = JSONLineFeed()
      var lines: [(String, Int)] = []
      func take(_ line: RawSpan, _ number: Int) {
        lines.append((unsafe line.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }, number))
      }
      for start in stride(from: 0, to: bytes.count, by: size) {
        let piece = Array(bytes[start..<min(start + size, bytes.count)])
        try unsafe feed.feed(piece.span.bytes) { (line, number) throws(JSONError) in take(line, number) }
      }
      try feed.finish { (line, number) throws(JSONError) in take(line, number) }
      #expect(lines.map(\.1) == [1, 3, 5])
      #expect(lines.map(\.0.count) == [18, 16, 39])
    }
  }

  @Test func `columns with nulls, of one thread and of several`() throws {
    let layout: [(name: String, kind: JSONColumn.Kind)] = [("a", .int64), ("d", .double), ("b", .bool), ("s", .string)]
    var many = ""
    for _ in 0..<100 { many += text + "\n" }
    for threads in [1, 2, 3] {
      var reader = JSONColumnReader(layout)
      try unsafe reader.read(many.utf8.span.bytes, threads: threads)
      let columns = reader.columns
      #expect(columns.allSatisfy { $0.count == 300 })
      #expect(columns.map(\.nullCount) == [100, 100, 200, 100])
      #expect(columns[0].int64s[297...299] == [1, 0, 7] && !columns[0].isValid(298) && columns[0].isValid(299))
      #expect(columns[1].doubles[297...299] == [0, 2, 0.5] && columns[2].int64s[299] == 1)
      #expect(columns[3].string(297) == "x\ny" && columns[3].string(298) == nil && columns[3].string(299) == "z")
    }
  }

  @Test func `bad lines fail at their place, or are skipped and counted`() throws {
    let text = "{\"a\":1}\n{\"a\":1.5}\n[1]\n{\"a\":2,\n{\"a\":3}\n"
    var reader = JSONColumnReader([("a", .int64), ("x", .string)])
    let error = #expect(throws: JSONError.self) { try unsafe reader.read(text.utf8.span.bytes) }
    #expect(error == JSONError(.typeMismatch, offset: 13, path: "/a") && reader.columns[0].int64s == [1])
    var skipping = JSONColumnReader([("a", .int64), ("x", .string)], badLines: .skip)
    try unsafe skipping.read(text.utf8.span.bytes)
    #expect(skipping.columns[0].int64s == [1, 3] && skipping.columns[1].count == 2 && skipping.badLineCount == 3)
  }

  /// What a reader makes of a text that ends at a guard page: its rows as text, bad lines, and the error.
  private func rows(
    _ text: [UInt8], _ layout: [(name: String, kind: JSONColumn.Kind)], _ bad: JSONColumnReader.BadLines,
    _ options: JSONOptions
  ) -> String {
    let memory = GuardedBuffer(byteCount: text.count)
    return withExtendedLifetime(memory) {
      unsafe memory.bytes.copyBytes(from: text)
      var reader = JSONColumnReader(layout, badLines: bad, options: options)
      var failure: JSONError?
      do throws(JSONError) { try unsafe reader.read(UnsafeRawBufferPointer(memory.bytes)) } catch { failure = error }
      let columns = reader.columns.map {
        "\($0.int64s) \($0.doubles) \($0.offsets) \($0.bytes) \($0.validity) \($0.nullCount) \($0.count)"
      }
      return "\(columns) \(reader.badLineCount) \(failure.map { "\($0)" } ?? "")"
    }
  }

  /// Where a line may not be as long as what is indexed at once, each is on its own.
  @Test func `lines indexed together give the same columns as one by one`() {
    let layout: [(name: String, kind: JSONColumn.Kind)] = [("a", .int64), ("d", .double), ("b", .bool), ("s", .string)]
    let lines = [
      #"{"a":1,"s":"x\ny","z":[1,{"a":2}]}"#, #"{"d":-2.5e3,"\u0061":7,"b":null}"#, "{}", " ", "\r",
      #" { "a" : 1 , "a" : 2, "b" : false } "#, #"{"s":"é😀","s":"\ud800"}"#, #"{"z":{"a":1.5}}"#,
      #"{"s":"\#(String(repeating: "long ", count: 40))"}"#, #"{"a":5,"d":0.5,"b":true,"s":"t"}"#,
      #"{"a":-60,"d":7,"b":false,"s":null}"#, #"{"s":"q\t","z":[],"a":12,"d":1e2,"b":null}"#,
    ]
    let wrong = [
      #"{"a":5.5,"d":0.5,"b":true,"s":"t"}"#, #"{"a":5,"d":"x","b":true,"s":"t"}"#, #"{"a":5,"d":1,"b":true,"s":[]}"#,
      "[1]", "{\"a\":1.5}", "{\"a\"}", "{", "}", ",", "\"", "{\"s\":1}", "{\"b\":\"\"}", "x", "{\"a\":1,,}",
    ]
    var random = SplitMix64(state: 5)
    for round in 0..<(isOptimised ? 300 : 80) {
      let count = round % 50 == 0 ? 2000 : Int.random(in: 1...30, using: &random)
      var text = (0..<count).flatMap { _ in
        let times = round % 4 == 0 ? Int.random(in: 1...5, using: &random) : 1
        return repeatElement(lines.randomElement(using: &random)!, count: times)
      }
      for _ in 0..<(round % 3) {
        text.insert(wrong.randomElement(using: &random)!, at: Int.random(in: 0...text.count, using: &random))
      }
      let bytes = Array(text.joined(separator: "\n").utf8)
      for keys in [JSONOptions.DuplicateKeys.last, .first] {
        for surrogates in [JSONOptions.LoneSurrogates.pass, .reject] {
          for bad in [JSONColumnReader.BadLines.fail, .skip] {
            var options = JSONOptions()
            options.duplicateKeys = keys
            options.loneSurrogates = surrogates
            let together = rows(bytes, layout, bad, options)
            options.maximumByteCount = JSONLineBatch.byteCount - 1
            #expect(together == rows(bytes, layout, bad, options))
          }
        }
      }
    }
  }
}
