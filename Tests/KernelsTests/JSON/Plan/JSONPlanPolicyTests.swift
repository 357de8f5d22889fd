import Testing

@testable import Kernels

/// What plans do where RFC 8259 leaves the choice, and what their errors say.
@Suite struct JSONPlanPolicyTests {
  private func apply(
    _ plan: JSONPlan, _ text: String, _ change: (inout JSONPlan.Limits) -> Void = { _ in }
  ) throws -> String {
    var limits = JSONPlan.Limits()
    change(&limits)
    var workspace = JSONPlan.Workspace(limits: limits)
    return String(decoding: try unsafe plan.apply(Array(text.utf8).span.bytes, workspace: &workspace), as: UTF8.self)
  }

  @Test(arguments: [
    ("a", "3", "1"), ("@", #"{"a":3,"b":{"c":[2],"d":4}}"#, #"{"a":1,"b":{"c":1,"d":4}}"#), ("b.c", "[2]", "1"),
    ("length(@)", "2", "2"), ("values(@)[0]", "3", "1"), ("b == `{\"c\":1,\"d\":4}`", "false", "true"),
    ("merge(b, {d: `0`})", #"{"c":[2],"d":0}"#, #"{"c":1,"d":0}"#), ("*.c", "[[2]]", "[1]"),
    ("to_string(b)", #""{\"c\":[2],\"d\":4}""#, #""{\"c\":1,\"d\":4}""#), ("keys(b)", #"["c","d"]"#, #"["c","d"]"#),
    ("merge({c: `9`}, b).c", "[2]", "1"), ("merge({a: `9`}, @).a", "3", "1"),
  ])
  func `keys that come twice`(_ expression: String, _ last: String, _ first: String) throws {
    let text = #"{"a": 1, "b": {"c": 1, "d": 4, "\u0063": [2]}, "a": 3}"#
    let plan = try JSONPlan(jmesPath: expression)
    #expect(try apply(plan, text) == last)
    #expect(try apply(plan, text) { $0.json.duplicateKeys = .first } == first)
    let error = #expect(throws: JSONPlanError.self) { try apply(plan, text) { $0.json.duplicateKeys = .reject } }
    guard case .invalidDocument(let cause)? = error?.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.kind == .duplicateKey)
  }

  @Test func `keys that come twice, in the other languages`() throws {
    let text = #"{"a":1,"b":{"c":1,"c":2},"a":3}"#
    let plans: [(JSONPlan, String, String)] = [
      (try JSONPlan(pointer: "/b/c"), "2", "1"),
      (
        try JSONPlan(patch: #"[{"op":"copy","from":"/b/c","path":"/d"}]"#), #"{"a":3,"b":{"c":2},"d":2}"#,
        #"{"a":1,"b":{"c":1},"d":1}"#
      ),
      (try JSONPlan(mergePatch: #"{"b":{"e":0}}"#), #"{"a":3,"b":{"c":2,"e":0}}"#, #"{"a":1,"b":{"c":1,"e":0}}"#),
      (try JSONPlan(jsonPath: "$..c"), "[2]", "[1]"),
      (try JSONPlan(.object(.lift("b"), .keep("a"))), #"{"c":2,"a":3}"#, #"{"c":1,"a":1}"#),
      (try JSONPlan(.object(.rest, .drop("b"))), #"{"a":3}"#, #"{"a":1}"#),
    ]
    for (plan, last, first) in plans {
      #expect(try apply(plan, text) == last)
      #expect(try apply(plan, text) { $0.json.duplicateKeys = .first } == first)
      #expect(throws: JSONPlanError.self) { try apply(plan, text) { $0.json.duplicateKeys = .reject } }
    }
  }

  /// Also in what the plan does not read.
  @Test func `lone surrogates`() throws {
    let text = #"{"a":"\ud800x\uDC00\\ud800\ud83d\ude00","b":"\udbff\ud83d\ude00","\ud800":1}"#
    let plan = try JSONPlan(jmesPath: "[a, keys(@)[2]]")
    for expression in ["a", "b", "@"] {
      let plan = try JSONPlan(jmesPath: expression)
      let error = #expect(throws: JSONPlanError.self) { try apply(plan, text) { $0.json.loneSurrogates = .reject } }
      guard case .invalidDocument(let cause)? = error?.kind else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(cause.kind == .loneSurrogate && cause.path == "/a" && error?.input?.path == "/a")
    }
    #expect(try apply(JSONPlan(jmesPath: "a"), text) == #""\ud800x\uDC00\\ud800\ud83d\ude00""#)
    #expect(
      try apply(plan, text) { $0.json.loneSurrogates = .replace } == #"["\ufffdx\ufffd\\ud800\ud83d\ude00","\ufffd"]"#)
    #expect(try apply(JSONPlan(jmesPath: "b"), text) { $0.json.loneSurrogates = .replace } == #""\ufffd\ud83d\ude00""#)
    #expect(
      try apply(JSONPlan(jmesPath: "a"), #"{"a":"\ud83d\ude00"}"#) { $0.json.loneSurrogates = .replace }
        == #""\ud83d\ude00""#)
    for bad in [#"{"a":"\ud800"#, #"{"a":"\ud8"#, #"{"a":"\"#, #"["\ud800",\ud800]"#] {
      let plain = #expect(throws: JSONPlanError.self) { try apply(plan, bad) }
      let replaced = #expect(throws: JSONPlanError.self) { try apply(plan, bad) { $0.json.loneSurrogates = .replace } }
      #expect(plain == replaced)
    }
  }

  @Test func `sizes of what comes out and goes in`() throws {
    let plan = try JSONPlan(jmesPath: "[a, a, a]")
    let text = #"{"a":"0123456789"}"#
    let whole = try apply(plan, text)
    for limit in 0...whole.utf8.count {
      do {
        let result = try apply(plan, text) { $0.outputByteCount = limit }
        #expect(result == whole && limit == whole.utf8.count)
      } catch let error as JSONPlanError {
        #expect(error.kind == .limitExceeded && limit < whole.utf8.count)
      }
    }
    for change in [
      { (limits: inout JSONPlan.Limits) in limits.json.maximumByteCount = 17 },
      { (limits: inout JSONPlan.Limits) in limits.json.maximumDepth = 0 },
    ] {
      let error = #expect(throws: JSONPlanError.self) { try apply(plan, text, change) }
      guard case .invalidDocument(let cause)? = error?.kind else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(cause.isLimit)
    }
  }

  /// Offset, line, column and pointer in the input; the step in the plan.
  @Test func `where it went wrong`() throws {
    let text = "{\"items\":[\n {\"n\":1},\n {\"n\":\"two\"}\n]}"
    let plan = try JSONPlan(jmesPath: "items[*].abs(n)")
    let error = #expect(throws: JSONPlanError.self) { try apply(plan, text) }
    #expect(error?.kind == .invalidType && error?.step == 9)
    #expect(error?.input == JSONPlanError.Input(offset: 22, path: "/items/1"))
    let position = try unsafe #require(error?.position(in: Array(text.utf8).span.bytes))
    #expect(position.line == 3 && position.column == 2)
    #expect(error?.description.contains("/items/1") == true)

    let bad = "{\"items\":[\n {\"n\":1},\n {\"n\":tru}\n]}"
    let malformed = #expect(throws: JSONPlanError.self) { try apply(plan, bad) }
    #expect(malformed?.input == JSONPlanError.Input(offset: 30, path: "/items/1/n"))
    let place = try unsafe #require(malformed?.position(in: Array(bad.utf8).span.bytes))
    #expect(place.line == 3 && place.column == 10)

    let test = try JSONPlan(patch: #"[{"op":"add","path":"/x","value":1},{"op":"test","path":"/x","value":2}]"#)
    let failed = #expect(throws: JSONPlanError.self) { try apply(test, text) }
    #expect(failed?.kind == .testFailed && failed?.step == 36 && failed?.input?.path == "")
    let computed = #expect(throws: JSONPlanError.self) { try apply(JSONPlan(jmesPath: "[items] | abs(@)"), text) }
    #expect(computed?.input == nil)
    let wrong = #expect(throws: JSONPlanError.self) { try JSONPlan(jmesPath: "a.b[") }
    #expect(wrong?.input == nil && wrong?.step == 4)
  }

  /// As Python writes them, which is as Swift does, but for an exponent that Swift has from 2^53 on and Python from 1e16.
  @Test func doubles() throws {
    let plan = try JSONPlan(jmesPath: "[avg(@), to_string(avg(@))]")
    var random = SystemRandomNumberGenerator()
    var values: [Double] = [
      0, 0.1, 1, 1e15, 1e16, 0x1.2345678p66, 1e21, 1e22, 1.5e300, 0.0001, 0.00012,
      0.00001,
      1.234e-5, 1e-6, 1.5e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 100, 1024.5, 3 * .leastNonzeroMagnitude,
      1e100,
    ]
    #if DEBUG
      let count = 300
    #else
      let count = 30_000
    #endif
    for _ in 0..<count {
      values.append(Double(bitPattern: random.next()))
      values.append(Double(Int.random(in: 0..<1_000_000, using: &random)) / 1000)
    }
    #expect(try apply(plan, "[9.999999999999998e15]") == "[9999999999999998.0,\"9999999999999998.0\"]")
    for value in values where value.isFinite && !(0x1p53..<1e16).contains(value.magnitude) {
      for value in [value, -value] where value != 0 {
        #expect(try apply(plan, "[\(value)]") == "[\(value),\"\(value)\"]", "\(value)")
      }
    }
  }
}
