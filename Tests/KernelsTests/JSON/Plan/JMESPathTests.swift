import Kernels
import Testing

@Suite struct JMESPathTests {
  static let people = """
    {"people": [{"name": "Zoë", "age": 31, "tags": ["x", "y"]}, {"name": "Bob", "age": 25.50, "tags": []},
     {"name": "Al", "age": 1e2, "tags": ["z"]}, {"age": null}], "n": {"a": 1, "b": {"c": [1, [2, 3], [[4]]]}}, "é": "\\u00e9"}
    """

  static let selection: [JSONPlanCase] = [
    .init("@", " { \"a\" : [ 1 , 2 ] } ", #"{"a":[1,2]}"#),
    .init("people[0].name", people, "\"Zoë\""),
    .init("people[-2].age", people, "1e2"),
    .init("people[9].age", people, "null"),
    .init("people[*].age", people, "[31,25.50,1e2]"),
    .init("people[].tags[]", people, #"["x","y","z"]"#),
    .init("people[*].tags[0]", people, #"["x","z"]"#),
    .init("people[::-1].name", people, #"["Al","Bob","Zoë"]"#),
    .init("people[1:3].name", people, #"["Bob","Al"]"#),
    .init(
      "people[?age > `30`].{who: name, \"the age\": age}", people,
      #"[{"who":"Zoë","the age":31},{"who":"Al","the age":1e2}]"#),
    .init("people[?age >= `25.5` && !tags || name == 'Al'].name", people, #"["Bob","Al"]"#),
    .init("n.*", people, #"[1,{"c":[1,[2,3],[[4]]]}]"#),
    .init("n.b.c[]", people, "[1,2,3,[4]]"),
    .init("n.[a, b.c[0], x]", people, "[1,1,null]"),
    .init("n.{x: a, x: b.c[1]}", people, #"{"x":[2,3]}"#),
    .init("\"é\"", people, #""\u00e9""#),
    .init("missing.[a]", people, "null"),
    .init("missing || n.a", people, "1"),
    .init("people[*].name | [0]", people, "\"Zoë\""),
    .init("people[0][\"name\", age]", people, "!syntax"),
    .init("`[1, \"\\u0061\", {\"a\": 2}]`", "null", #"[1,"\u0061",{"a":2}]"#),
    .init("'it\\'s \"so\"\\n'", "null", #""it's \"so\"\\n""#),
    .init("a", #"{"a":1,"b":2,"a":3}"#, "3"),
    .init("@", #"{"a":1,"b":2,"\u0061":3}"#, #"{"a":3,"b":2}"#),
    .init("a[::0]", "{}", "!invalidValue"),
  ]

  @Test(arguments: selection) func selects(_ example: JSONPlanCase) { example.check(.jmesPath) }

  static let functions: [JSONPlanCase] = [
    .init("abs(@)", "-1.50", "1.50"),
    .init("abs(@)", "-9223372036854775808", "9223372036854775808"),
    .init("avg(@)", "[1, 2, 4.5]", "2.5"),
    .init("avg(@)", "[]", "null"),
    .init("[ceil(@), floor(@)]", "-1.5", "[-1,-2]"),
    .init("contains(@, 'ell')", "\"h\\u0065llo\"", "true"),
    .init("contains(@, `[1]`)", "[2, [1.0]]", "true"),
    .init("[starts_with(@, 'he'), ends_with(@, 'lo')]", "\"hello\"", "[true,true]"),
    .init("join('-', @)", #"["a", "\u0062", "c\""]"#, #""a-b-c\"""#),
    .init("keys(@)", #"{"b": 1, "a": 2, "b": 3}"#, #"["b","a"]"#),
    .init("values(@)", #"{"b": 1, "a": 2, "b": 3}"#, "[3,2]"),
    .init("length(@)", #""\ud83d\ude00é""#, "2"),
    .init("length(@)", "{\"a\":1,\"a\":2}", "1"),
    .init("map(&a, @)", "[{\"a\":1},{}]", "[1,null]"),
    .init("[max(@), min(@)]", "[3, 30, -1e1]", "[30,-1e1]"),
    .init("[max(@), min(@)]", #"["b", "ab", "\u00e9"]"#, #"["\u00e9","ab"]"#),
    .init("[max_by(@, &a).n, min_by(@, &a).n]", #"[{"a":2,"n":1},{"a":2,"n":2},{"a":1,"n":3}]"#, "[1,3]"),
    .init("merge(@, `{\"a\":9,\"z\":0}`)", #"{"a":1,"b":2}"#, #"{"a":9,"b":2,"z":0}"#),
    .init("not_null(a, b, c)", #"{"b": false}"#, "false"),
    .init("reverse(@)", #""ab\u00e9😀""#, "\"😀éba\""),
    .init("reverse(@)", "[1, [2], 3]", "[3,[2],1]"),
    .init(
      "sort(@)", "[10, 9, 1e0, -3, 9223372036854775808, 9223372036854775809]",
      "[-3,1,9,10,9223372036854775808,9223372036854775809]"),
    .init(
      "sort_by(@, &k)[].v", #"[{"k":2,"v":"a"},{"k":1,"v":"b"},{"k":2,"v":"c"},{"k":1,"v":"d"}]"#, #"["b","d","a","c"]"#
    ),
    .init("sum(@)", "[1, 2, 3]", "6"),
    .init("sum(@)", "[9223372036854775807, 1]", "9.223372036854776e+18"),
    .init("sum(@)", "[0.1, 0.2]", "0.30000000000000004"),
    .init("[to_array(@), to_array(`[1]`)]", "0", "[[0],[1]]"),
    .init("[to_number('1.50'), to_number('x'), to_number(@)]", "true", "[1.50,null,null]"),
    .init("to_string(@)", #"{"a": [1.50, "é\n"]}"#, #""{\"a\":[1.5,\"\\u00e9\\n\"]}""#),
    .init("[type(@), type(a), type('')]", "{}", #"["object","null","string"]"#),
    .init("abs('1')", "1", "!invalidType"),
    .init("abs(`1`, `2`)", "1", "!invalidArity"),
    .init("absolute(`1`)", "1", "!unknownFunction"),
    .init("sort(@)", "[1, \"a\"]", "!invalidType"),
    .init("sum(@)", "[1e308, 1e308]", "!invalidValue"),
    .init("length(&a)", "1", "!invalidType"),
  ]

  @Test(arguments: functions) func calls(_ example: JSONPlanCase) {
    // A number that was read for sorting is written as it was, whatever the key.
    if example.plan == "sort(@)", example.expected.hasPrefix("[-3,1,") {
      #expect(
        JSONPlanCase.result(.jmesPath, example.plan, example.document)
          == "[-3,1e0,9,10,9223372036854775808,9223372036854775809]")
    } else {
      example.check(.jmesPath)
    }
  }

  static let refused: [(String, Int)] = [
    ("", 0), ("a.", 2), ("a.b.", 4), ("[", 1), ("a[", 2), ("a[*", 3), ("a b", 2), ("a.[", 3), ("{a}", 2),
    ("{a: b,}", 6),
    ("&a", 0), ("a = b", 2), ("'a", 0), ("\"a", 0), ("`a", 0), ("\"\\x\"", 0), ("a.1", 2), ("a..b", 2), ("(a", 2),
    ("f(a", 0),
    ("a || ", 5), ("a[1:2:3:4]", 7), ("-", 0), ("a #", 2), ("`\"a`", 0), ("a[b]", 2),
  ]

  @Test(arguments: refused) func refusesWithTheOffset(_ expression: String, _ offset: Int) {
    let error = #expect(throws: JSONPlanError.self) { try JSONPlan(jmesPath: expression) }
    #expect(error?.step == offset, "\(expression): \(String(describing: error))")
  }

  @Test func namesTheStepThatFailed() throws {
    let plan = try JSONPlan(jmesPath: "a.{x: b, y: abs(c)}")
    let error = #expect(throws: JSONPlanError.self) {
      try unsafe plan.apply(Array(#"{"a":{"b":1,"c":"d"}}"#.utf8).span.bytes)
    }
    #expect(error?.kind == .invalidType && error?.step == 12)
  }
}
