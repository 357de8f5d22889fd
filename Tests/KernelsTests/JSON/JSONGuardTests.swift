import Testing

@testable import Kernels

/// Every way in, over a text that begins behind a page that faults and over one that ends before one: all give what they give of an array.
@Suite struct JSONGuardTests {
  /// A text where it lies.
  @safe
  private struct Text {
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    var count: Int { unsafe bytes.count }
  }

  private typealias Entry = (name: String, run: (Text) -> String)

  private static func outcome(_ body: () throws -> [UInt8]) -> String {
    do { return String(decoding: try body(), as: UTF8.self) } catch { return "\(error)" }
  }

  /// What `write` puts into memory of so many bytes that ends before a page that faults.
  private static func guarded(_ count: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) throws -> Int) throws
    -> [UInt8]
  {
    let memory = GuardedBuffer(byteCount: count)
    return try withExtendedLifetime(memory) {
      let out = unsafe memory.bytes.bindMemory(to: UInt8.self)
      let written = try unsafe write(out)
      return unsafe Array(out[..<written])
    }
  }

  private static func text(_ document: borrowing JSONDocument) -> [UInt8] {
    var numbers: [UInt8] = []
    for value in 0..<document.nodeCount {
      let tape = unsafe document.tape
      if unsafe tape.kind(value) == .number { numbers += Array("\(unsafe tape.double(value)) ".utf8) }
      if unsafe tape.kind(value) == .string { numbers += unsafe JSONUnescape.bytes(tape.contents(value)) }
    }
    return document.root.serialized() + numbers
  }

  private static func entries() throws -> [Entry] {
    let plans = try [
      JSONPlan(jmesPath: "a[*].b | [@, length(@)]"), JSONPlan(jmesPath: "@"), JSONPlan(pointer: "/a/0"),
      JSONPlan(jsonPath: "$..[?@ > 1]"), JSONPlan(mergePatch: Array(#"{"a":1}"#.utf8)),
    ]
    var entries: [Entry] = [
      (
        "validate",
        { text in
          outcome {
            try JSON.validate(unsafe RawSpan(_unsafeBytes: text.bytes))
            return []
          }
        }
      ),
      (
        "minify",
        { text in
          outcome {
            try unsafe guarded(text.count) {
              var scratch = Scratch()
              guard let out = $0.baseAddress else { return 0 }
              return try unsafe JSON.minify(text.bytes, out, scratch: &scratch)
            }
          }
        }
      ),
      (
        "borrowing",
        { text in
          outcome {
            var document = JSONDocument()
            try unsafe document.parse(borrowing: text.bytes)
            return Self.text(document)
          }
        }
      ),
      (
        "copying",
        { text in
          outcome {
            var document = JSONDocument()
            try unsafe document.parse(copying: text.bytes)
            return Self.text(document)
          }
        }
      ),
      (
        "decoder",
        { text in
          outcome {
            let values = try JSON.Decoder().decode(
              [String: [Double]].self, from: unsafe RawSpan(_unsafeBytes: text.bytes))
            return Array("\(values.sorted { $0.key < $1.key })".utf8)
          }
        }
      ),
      (
        "line feed",
        { text in
          outcome {
            var (feed, lines) = (JSONLineFeed(), [UInt8]())
            try feed.feed(unsafe RawSpan(_unsafeBytes: text.bytes)) { line, number in
              unsafe line.withUnsafeBytes { unsafe lines += Array($0) }
            }
            try feed.finish { line, number in unsafe line.withUnsafeBytes { unsafe lines += Array($0) } }
            return lines
          }
        }
      ),
      (
        "columns",
        { text in
          outcome {
            var reader = JSONColumnReader([("a", .double), ("b", .string)], badLines: .skip)
            try unsafe reader.read(text.bytes)
            return Array("\(reader.columns[0].doubles) \(reader.columns[1].bytes) \(reader.badLineCount)".utf8)
          }
        }
      ),
    ]
    for (i, plan) in plans.enumerated() {
      entries.append(
        (
          "plan \(i)",
          { text in
            outcome {
              try unsafe guarded(4 * text.count + 16) { out in
                var workspace = JSONPlan.Workspace()
                return try unsafe plan.apply(text.bytes, into: out, workspace: &workspace)
              }
            }
          }
        ))
      entries.append(
        (
          "lines of plan \(i)",
          { text in
            outcome { try plan.applyLines(unsafe RawSpan(_unsafeBytes: text.bytes), badLines: .skip).output }
          }
        ))
      entries.append(
        (
          "feed of plan \(i)",
          { text in
            outcome {
              var feed = JSONPlanFeed(plan, badLines: .skip)
              var out: [UInt8] = []
              try feed.take(unsafe RawSpan(_unsafeBytes: text.bytes), into: &out)
              try feed.finish(into: &out)
              return out
            }
          }
        ))
    }
    return entries
  }

  @Test func `no byte before or after the text is touched`() throws {
    var texts = JSONValidateTests.samples.map { Array($0.utf8) }
    let long =
      #"{"a":[{"b":1.25},{"b":"\u00e9 \n"},{"b":[-123456789.123456789, 1e300]}],"c":"\#(String(repeating: "é", count: 50))"}"#
    for count in 0...long.utf8.count { texts.append(Array(long.utf8.prefix(count))) }
    for blanks in 0..<64 { texts.append([UInt8](repeating: 32, count: blanks) + Array(#"{"a":[1, 2.5],"b":[]}"#.utf8)) }
    texts.append(Array(#"{"a":1,"b":"x"}\#n{"a":2.5}\#n\#n[1,\#n{"b":null}"#.utf8))
    let entries = try Self.entries()
    for text in texts {
      for entry in entries {
        let expected = unsafe text.withUnsafeBytes { unsafe entry.run(Text($0)) }
        for alignment in GuardedBuffer.Alignment.allCases {
          let memory = GuardedBuffer(byteCount: text.count, alignment: alignment)
          let got = withExtendedLifetime(memory) {
            unsafe memory.bytes.copyBytes(from: text)
            return entry.run(unsafe Text(UnsafeRawBufferPointer(memory.bytes)))
          }
          #expect(got == expected, "\(entry.name) \(String(decoding: text, as: UTF8.self))")
        }
      }
    }
  }
}
