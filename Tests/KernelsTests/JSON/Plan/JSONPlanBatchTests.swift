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
    for round in 0..<(isOptimised ? 400 : 100) {
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

  private static let shaped = [
    #"{"id":1,"s":"x","v":[1,-2.5,true],"o":{"x":{"y":"z"},"n":null},"t":0.5}"#,
    #"{"id":-20,"s":"","v":[0,1e5,null],"o":{"x":{"y":"\"z"},"n":12345678901},"t":true}"#,
    #"{"id":"7","s":"abcdefgh\u00e9","v":["a",false,10],"o":{"x":{"y":2},"n":"long enough"},"t":12.25}"#,
    #"{"id":1234567,"s":null,"v":[],"o":{"n":[1,2,{"a":[]}]},"t":100}"#,
    #"{"id":0,"s":[1],"v":{"v":1},"o":3,"t":false}"#,
    #"{"id":5,"s":"a longer text than others have, of more than a word","v":[[1],[2]],"o":{},"t":1e-3}"#,
  ]

  @Test func `lines of one shape, with every byte changed, taken out and put in`() throws {
    let plans = try ["{id: id, s: s}", "t > `0.4` && {i: id, t: t} || `null`", "o.x.y", "[v, o]", "v[0]", "@"].map {
      try JSONPlan(jmesPath: $0)
    }
    let values: [UInt8] = Array("{}[]:,\"\\0.-u tx\n\r1e".utf8) + [0, 0xc3]
    for (index, line) in Self.shaped.enumerated() {
      let line = Array(line.utf8)
      let before = Array((Self.shaped[0] + "\n").utf8)
      let after = Array((Self.shaped[(index + 1) % Self.shaped.count] + "\n").utf8)
      for place in line.indices {
        for (i, value) in (values + [line[place]]).enumerated() where isOptimised || (place + i) % 3 == 0 {
          var (changed, longer, shorter) = (line, line, line)
          changed[place] = value
          longer.insert(value, at: place)
          shorter.remove(at: place)
          let plan = plans[(place + i / 3) % plans.count]
          for line in i < 3 ? [changed, longer, shorter] : [changed, longer] {
            expectSame(before + before + line + [10] + before + after + before, plan)
          }
        }
      }
    }
  }

  @Test func `lines of some shapes at random`() throws {
    var random = SplitMix64(state: 12)
    let expressions = ["{id: id, s: s}", "t > `0.4` && {i: id, t: t} || `null`", "o.x.y", "[v, o]", "o.n", "keys(@)"]
    let plans = try expressions.map { try JSONPlan(jmesPath: $0) }
    let keys = ["id", "s", "v", "o", "t", "a key that is longer than a word", "i\\u0064"]
    func value(_ depth: Int) -> String {
      switch Int.random(in: 0..<(depth > 2 ? 6 : 8), using: &random) {
      case 0: "\(Int.random(in: -3...12, using: &random))"
      case 1: "\(Int.random(in: -10000...10000, using: &random)).\(Int.random(in: 0...99, using: &random))"
      case 2: ["true", "false", "null"].randomElement(using: &random)!
      case 3: "\"\(String(repeating: "é", count: Int.random(in: 0...20, using: &random)))\""
      case 4: "\"\\n\""
      case 5: "123456789012345678901234567890.5e-3"
      case 6:
        "["
          + (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) }.joined(separator: ",") + "]"
      default: object(depth + 1, keys.shuffled(using: &random).prefix(2))
      }
    }
    func object(_ depth: Int, _ keys: ArraySlice<String>) -> String {
      "{" + keys.map { "\"\($0)\":\(value(depth))" }.joined(separator: ",") + "}"
    }
    for round in 0..<(isOptimised ? 300 : 60) {
      let orders = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        keys.shuffled(using: &random).prefix(Int.random(in: 1...7, using: &random))
      }
      let end = round % 7 == 0 ? " \r\n" : "\n"
      let text = (0..<80).map { _ in object(0, orders.randomElement(using: &random)!) + end }.joined()
      for plan in plans { expectSame(Array(text.utf8), plan) }
      var limits = JSONPlan.Limits()
      limits.json.duplicateKeys = .first
      limits.json.maximumDepth = round % 5
      for plan in plans { expectSame(Array(text.utf8), plan, limits) }
    }
  }

  /// What is done with lines of one shape without a tape, each in some way.
  private static let programs = [
    "id == `1` && s || t", "s == 'a' && {a: id, b: 'q', c: [id, t, missing, `null`]} || id", "t", "missing",
    "s && {s: s}", "s != 'a' && id > `-5` && t < `1e3` && {k: `true`, \"é\\n\": {n: s, o: [t]}} || `\"none\"`",
    "[id, s, `-1.50`]", "{i: id.x, d: id}", "t >= `12.25` && s || id <= `0` && [t] || `null`",
    "t != `0.5` && s || {t: t}", "t == `true` && id || t == `null` && s",
    "id >= `9007199254740993` && {id: id} || id == `7.0` && {n: id} || 'neither'", "s == `\"\"` && id || s",
    "{id: id, id2: id} || id", "id > `12345678901234567890123` && s || `1`",
    "s > `1` && s || s == `1` && id || t",
  ]

  @Test func `programs of lines, within every limit`() throws {
    var random = SplitMix64(state: 13)
    let strings = [
      "a", "\\u0061", "", "\\\"", "é", "a text that is longer than a window has bytes", "\\ud800", "b\\n",
    ]
    let numbers = [
      "0", "-0", "1", "7", "7.0", "70e-1", "12.25", "0.5", "0.50", "-5", "9007199254740993",
      "12345678901234567890123", "1e3",
    ]
    let words = ["true", "false", "null"]
    for expression in Self.programs {
      let plan = try JSONPlan(jmesPath: expression)
      for round in 0..<6 {
        let space = round == 3 ? " " : ""
        let text = (0..<60).map { i in
          let isOther = round > 3 && i % 9 == 4
          let s = isOther ? words.randomElement(using: &random)! : "\"\(strings.randomElement(using: &random)!)\""
          let t = (round % 2 == 0 ? numbers : words).randomElement(using: &random)!
          let id = numbers.randomElement(using: &random)!
          let rest = #""s":\#(s)\#(space),"v":[1,"x",{"w":null}],"t":\#(t)}\#(space)"#
          return #"\#(space){"id":\#(space)\#(id),"# + rest
        }.joined(separator: "\n")
        expectSame(Array(text.utf8), plan)
        for count in stride(from: 7 &* round, to: 500, by: 61) {
          var limits = JSONPlan.Limits()
          limits.outputByteCount = count
          expectSame(Array(text.utf8), plan, limits)
        }
        var limits = JSONPlan.Limits()
        limits.json.duplicateKeys = .first
        expectSame(Array(text.replacing("\"v\"", with: "\"id\"").utf8), plan, limits)
        expectSame(Array(text.replacing("\"v\"", with: "\"t\"").utf8), plan)
      }
    }
  }

  /// Short numbers are compared as integers, scaled, and others by value: what is kept is what is kept line by line.
  @Test(arguments: ["19.95", "0", "-0.5", "-0", "1e1", "99999999", "-9999999", "0.123456", "1.000000", "123456789.5"])
  func `numbers in order with a literal`(_ literal: String) throws {
    let numbers = [
      "19.95", "19.950", "19.9500", "19.949999", "19.95001", "1995e-2", "2e1", "0", "-0", "0.0", "-0.0", "-0.5",
      "-0.50001", "-1", "10",
      "9.999999", "99999999", "100000000", "99999998", "-9999999", "-99999999", "0.123456", "0.12345600000", "0.123457",
      "1", "1.0",
      "1.000001", "12345678901234567890", "123456789.5", "-1e400", "1e400", "5e-324", "123456.7", "1234567.8",
    ]
    let text = Array(numbers.map { "{\"k\":[\"\($0)\"],\"n\":\($0),\"t\":\"\($0)\"}\n" }.joined().utf8)
    for comparison in ["<", "<=", ">", ">=", "==", "!="] {
      expectSame(text, try JSONPlan(jmesPath: "n \(comparison) `\(literal)` && {n: n, t: t} || `null`"))
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
