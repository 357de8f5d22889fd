import Kernels
import Testing

/// Hostile plans and documents: an error, and neither a crash nor minutes.
@Suite struct JSONPlanLimitTests {
  @Test func deepExpressions() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{a:", "}"), ("!", ""), ("a[?", "]"), ("abs(", ")"), ("a.[", "]")] {
      for depth in [1000, 50_000] {
        let text = String(repeating: open, count: depth) + "a" + String(repeating: close, count: depth)
        let error = #expect(throws: JSONPlanError.self) { try JSONPlan(jmesPath: text) }
        #expect(error?.kind == .limitExceeded || error?.kind == .syntax, "\(open)")
      }
    }
    for suffix in ["[]", "[*].a", "==a"] {
      _ = #expect(throws: JSONPlanError.self) {
        try JSONPlan(jmesPath: "a" + String(repeating: suffix, count: 20_000))
      }
    }
    for (open, close) in [
      ("$[?(", ")]"), ("$[?!(", ")]"), ("$[?@[?", "]]"), ("$[?length(", ")]"), ("$[?match(", ",'')]"),
    ] {
      let text = String(repeating: open, count: 5000) + String(repeating: close, count: 5000)
      _ = #expect(throws: JSONPlanError.self) { try JSONPlan(jsonPath: text) }
    }
    _ = #expect(throws: JSONPlanError.self) { try JSONPlan(jsonPath: "$[?match(@,'((((a{99}){99}){99}){99})')]") }
    _ = #expect(throws: JSONPlanError.self) { try JSONPlan(mergePatch: String(repeating: "[", count: 1_000_000)) }
  }

  /// Long chains nest nothing.
  @Test func longChains() throws {
    for part in [".a", "|a", "||a", "&&a", "[0]"] {
      let plan = try JSONPlan(jmesPath: "a" + String(repeating: part, count: 20_000))
      #expect(try unsafe plan.apply(Array("{}".utf8).span.bytes) == Array("null".utf8))
    }
  }

  @Test func explosions() throws {
    var limits = JSONPlan.Limits()
    limits.outputByteCount = 1 << 20
    limits.valueCount = 1 << 16
    var workspace = JSONPlan.Workspace(limits: limits)
    for expression in [
      String(repeating: "[@,@]|", count: 60) + "@", String(repeating: "[@,@][]|", count: 60) + "@",
      String(repeating: "[@]|", count: 2000) + "@", String(repeating: "to_string([@,@])|", count: 60) + "@",
      String(repeating: "join('',[@,@])|", count: 60) + "@",
    ] {
      let plan = try JSONPlan(jmesPath: expression)
      let error = #expect(throws: JSONPlanError.self) {
        try unsafe plan.apply(Array("\"abcdefgh\"".utf8).span.bytes, workspace: &workspace)
      }
      #expect(error?.kind == .limitExceeded, "\(expression.prefix(20))")
    }
  }

  @Test func manyKeys() throws {
    let count = 50_000
    let object = "{" + (0..<count).map { "\"key number \($0 % (count / 2))\":\($0)" }.joined(separator: ",") + "}"
    let document = Array("{\"a\":\(object),\"b\":\(object)}".utf8)
    for (expression, expected) in [
      ("length(a)", "25000"), ("a == b", "true"), ("length(merge(a, b))", "25000"), ("length(keys(a))", "25000"),
      ("a.\"key number 7\"", "25007"),
    ] {
      let result = try unsafe JSONPlan(jmesPath: expression).apply(document.span.bytes)
      #expect(String(decoding: result, as: UTF8.self) == expected, "\(expression)")
    }
    #expect(try unsafe JSONPlan(jmesPath: "a").apply(document.span.bytes).count < object.utf8.count * 6 / 10)
  }

  @Test func shortOutputs() throws {
    let plan = try JSONPlan(jmesPath: "{a: a, b: b[*].c, n: sum(b[*].c), s: to_string(a)}")
    let document = Array(#"{"a": "text", "b": [{"c": 1}, {"c": 22}]}"#.utf8)
    var workspace = JSONPlan.Workspace()
    let whole = try unsafe plan.apply(document.span.bytes)
    for capacity in 0...whole.count {
      var output = [UInt8](repeating: 0xAA, count: capacity)
      var span = output.mutableSpan
      do throws(JSONPlanError) {
        let count = try unsafe plan.apply(document.span.bytes, into: &span, workspace: &workspace)
        #expect(count == whole.count && capacity == count)
      } catch {
        #expect(error.kind == .outputTooSmall && capacity < whole.count)
      }
    }
  }

  @Test func everyPrefixOfADocumentIsRefused() throws {
    let document = Array(#"{"a":["b",1.5,true,null,{"c":"\u00e9"}]}"#.utf8)
    let plan = try JSONPlan(jmesPath: "a[4].c")
    var workspace = JSONPlan.Workspace()
    for count in 0..<document.count {
      let error = #expect(throws: JSONPlanError.self) {
        try unsafe plan.apply(Array(document[..<count]).span.bytes, workspace: &workspace)
      }
      guard case .invalidDocument? = error?.kind else {
        Issue.record("\(count)")
        continue
      }
    }
    #expect(try unsafe plan.apply(document.span.bytes, workspace: &workspace) == Array(#""\u00e9""#.utf8))
  }

  /// Bytes changed, left out and doubled in plans of each language: they compile, or are refused with a place in the text.
  @Test func mutatedPlans() throws {
    var random = SystemRandomNumberGenerator()
    let seeds: [(JSONPlan.Language, String)] = [
      (.jmesPath, "a[?b > `1` && contains(c, 'x')].{x: sort_by(@, &y)[::-1], \"z\": [a, *] | [0]} || !d.e[]"),
      (.jsonPath, #"$..a['b',"c\n",1:-1:2,?@.x>1&&!(match(@.y,'[a-c]+\\p{Lu}{2,3}|x?')||count(@..*)==2)].d"#),
      (.pointer, "/a/b~0~1/0"),
      (.patch, #"[{"op":"add","path":"/a","value":{"b":1}},{"op":"move","from":"/a/b","path":"/c"}]"#),
      (.mergePatch, #"{"a":null,"b":{"c":[1,2]}}"#),
    ]
    let document = Array(#"{"a":[{"b":2,"c":"xy","x":1,"y":"abAB"},[1,{"d":null}]],"d":{"e":[[1]]}}"#.utf8)
    var workspace = JSONPlan.Workspace()
    #if DEBUG
      let rounds = 1000
    #else
      let rounds = 10_000
    #endif
    for (language, seed) in seeds {
      for _ in 0..<rounds {
        var text = Array(seed.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &random) where !text.isEmpty {
          let at = Int.random(in: 0..<text.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: text.remove(at: at)
          case 1: text.insert(text[Int.random(in: 0..<text.count, using: &random)], at: at)
          case 2: text[at] = UInt8.random(in: 0...255, using: &random)
          default: text.insert(contentsOf: text[at...].prefix(8), at: Int.random(in: 0...text.count, using: &random))
          }
        }
        do {
          let plan = try JSONPlan(language, text)
          _ = try unsafe plan.apply(document.span.bytes, workspace: &workspace)
        } catch {
          #expect(error.step >= 0 && error.step <= text.count)
        }
      }
    }
  }
}
