import Testing

@testable import Kernels

/// Lines indexed together give what they give one by one.
@Suite struct JSONPlanBatchTests {
  private struct Outcome: Equatable {
    var output: [UInt8] = []
    var badLineCount = 0
    var failure: JSONPlanLineError?
  }

  /// Both ways, of a text that ends at a guard page. Where a line may not be as long as a batch, there are no batches.
  private func expectSame(
    _ text: [UInt8], _ plan: JSONPlan, _ limits: JSONPlan.Limits = JSONPlan.Limits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let memory = GuardedBuffer(byteCount: text.count)
    withExtendedLifetime(memory) {
      unsafe memory.bytes.copyBytes(from: text)
      let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(memory.bytes))
      for (bad, skipsNull) in [(JSONBadLine.fail, false), (.skip, false), (.skip, true)] {
        func run(_ limits: JSONPlan.Limits) -> Outcome {
          do throws(JSONPlanLineError) {
            let lines = try plan.applyLines(span, badLines: bad, skipsNull: skipsNull, limits: limits)
            return Outcome(output: lines.output, badLineCount: lines.badLineCount)
          } catch {
            return Outcome(failure: error)
          }
        }
        var single = limits
        single.json.maximumByteCount = JSONLineBatch.byteCount - 1
        #expect(
          run(limits) == run(single), "\(String(decoding: text.prefix(400), as: UTF8.self))",
          sourceLocation: sourceLocation)
      }
    }
  }

  private static let lines = [
    #"{"id":1,"s":"a\n\u00e9","v":[1,2.5,{"x":null}],"t":true}"#, #"{"id":-2.5e3,"v":[],"s":"é😀"}"#, "[]", "{}", "1",
    "\"x\"", "null", " ", "", "\t\r", #"  {"id" : [ 1 , 2 ] , "s" : "" }  \#r"#,
    #"{"id":{"id":{"id":[[[]]]}},"s":"\\\""}"#, "false", "-0", "\"\\\\\"",
    #"{"s":"\#(String(repeating: "long ", count: 30))","id":7}"#, #"{"s":"\ud800","id":3}"#, #"{"id":1,"id":2}"#,
  ]

  private static let wrong = [
    "[", "]", "[1,,2]", ",", ":", "{\"a\":1,}", "\"", "\"a", "\\", "{\"id\" 1}", "{\"id\":1}}", "[1 2]", "1 2", "tru",
    "01",
    "1.", "{]", "\"\\x\"", "\"\u{1}\"", "[[[[[[[[[[", "]]]]]]]]]]", "{\"id\":[}", "nul", "\"\\u12\"", "-",
    "{\"id\":1,\"s\"}", "[\"a\":1]",
  ]

  private static let plans = [
    "id", "{id: id, s: s, n: length(v || `[]`)}", "v[*].x", "abs(id)", "[id, s]", "@", "keys(@)",
  ]

  @Test func `lines at random, good, blank and bad`() throws {
    var random = SplitMix64(state: 11)
    var plans = try Self.plans.map { try JSONPlan(jmesPath: $0) }
    plans.append(try JSONPlan(mergePatch: Array(#"{"s":null,"n":1}"#.utf8)))
    for round in 0..<400 {
      let wrongs = round % 3 == 0 ? 0 : Int.random(in: 0...3, using: &random)
      var lines = (0..<Int.random(in: 1...60, using: &random)).map { _ in Self.lines.randomElement(using: &random)! }
      for _ in 0..<wrongs {
        lines.insert(Self.wrong.randomElement(using: &random)!, at: Int.random(in: 0...lines.count, using: &random))
      }
      let text = Array(lines.joined(separator: "\n").utf8) + (Bool.random(using: &random) ? [10] : [])
      for plan in plans { expectSame(text, plan) }
    }
  }

  @Test func `every prefix and every changed byte of some lines`() throws {
    let text = Array("{\"id\":[1,\"a\\n\"],\"s\":true}\n[ 1 , 2 ]\n\r\n{\"s\":\"é\"}\n-1.5e3\n\"\\u00e9\"".utf8)
    let plan = try JSONPlan(jmesPath: "[id[0], s, @]")
    for count in 0...text.count { expectSame(Array(text[..<count]), plan) }
    let values: [UInt8] = Array("{}[]:,\"\\/0e.-u tn\n\r".utf8) + [0, 31, 0x80, 0xc3, 0xe2, 0xf0, 0xff]
    for place in text.indices {
      for value in values {
        var changed = text
        changed[place] = value
        expectSame(changed, plan)
      }
    }
  }

  @Test func `more than a batch, lines longer than one, and a border at every place`() throws {
    let plan = try JSONPlan(jmesPath: "{id: id, n: length(s)}")
    let long = #"{"id":5,"s":"\#(String(repeating: "abc", count: 6000))"}"#
    let line = #"{"id":1,"s":"xyz"}"#
    for padding in stride(from: 0, to: 40, by: 3) {
      var lines = [String(repeating: " ", count: padding) + line] + Array(repeating: line, count: 1800)
      expectSame(Array(lines.joined(separator: "\n").utf8), plan)
      lines.insert("[1,", at: 1300)
      expectSame(Array(lines.joined(separator: "\n").utf8), plan)
      lines.insert(long, at: 700)
      let text = Array(lines.joined(separator: "\n").utf8)
      let expected = lines.reduce(into: [UInt8]()) { all, line in
        let one = try? unsafe plan.apply(Array(line.utf8).span.bytes)
        all += one.map { $0 + [10] } ?? []
      }
      let result = try unsafe plan.applyLines(text.span.bytes, badLines: .skip)
      #expect(result.output == expected && result.badLineCount == 1)
    }
  }

  @Test func `limits and policies`() throws {
    let plan = try JSONPlan(jmesPath: "[id, s]")
    let text = Array(Self.lines.joined(separator: "\n").utf8)
    for policy in [JSONOptions.LoneSurrogates.reject, .replace, .pass] {
      for keys in [JSONOptions.DuplicateKeys.first, .last, .reject] {
        var limits = JSONPlan.Limits()
        limits.json.loneSurrogates = policy
        limits.json.duplicateKeys = keys
        expectSame(text, plan, limits)
      }
    }
    for depth in 0...6 {
      var limits = JSONPlan.Limits()
      limits.json.maximumDepth = depth
      expectSame(text, plan, limits)
    }
    for count in [0, 1, 5, 20, 50, 100] {
      var limits = JSONPlan.Limits()
      limits.outputByteCount = count
      expectSame(text, plan, limits)
    }
  }
}
