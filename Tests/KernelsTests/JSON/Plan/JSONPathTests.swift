import Kernels
import Testing

@Suite struct JSONPathTests {
  static let store = """
    {"store": {"book": [{"category": "reference", "title": "A", "price": 8.95}, {"category": "fiction", "title": "B", "price": 12.99},
    {"category": "fiction", "title": "C", "isbn": "0-553", "price": 8.99}], "bicycle": {"color": "red", "price": 399}}}
    """

  static let queries: [JSONPlanCase] = [
    .init("$", "[1]", "[[1]]"),
    .init("$.store.book[*].title", store, #"["A","B","C"]"#),
    .init("$..price", store, "[8.95,12.99,8.99,399]"),
    .init("$..book[2].title", store, #"["C"]"#), .init("$..book[-1].title", store, #"["C"]"#),
    .init("$..book[0,1].title", store, #"["A","B"]"#), .init("$..book[:2].title", store, #"["A","B"]"#),
    .init("$..book[?@.isbn].title", store, #"["C"]"#), .init("$..book[?@.price<10].title", store, #"["A","C"]"#),
    .init("$..book[?@.price < $.store.bicycle.price && @.category == 'fiction' ].title", store, #"["B","C"]"#),
    .init("$.store.bicycle['color', \"price\"]", store, #"["red",399]"#), .init("$.nothing", store, "[]"),
    .init("$[::-2]", "[0,1,2,3,4]", "[4,2,0]"), .init("$[1:4:2]", "[0,1,2,3,4]", "[1,3]"), .init("$[::0]", "[0]", "[]"),
    .init("$..[0]", "[[1,[2]],3]", "[[1,[2]],1,2]"),
    .init("$[?length(@) > 2]", #"["ab","abc",[1,2,3],{"a":1},5]"#, #"["abc",[1,2,3]]"#),
    .init("$[?count(@.*) == 2]", "[[1],[1,2],{\"a\":1,\"b\":2}]", #"[[1,2],{"a":1,"b":2}]"#),
    .init("$[?value(@..x) == 1]", #"[{"x":1},{"a":{"x":1}},{"x":1,"b":{"x":1}}]"#, #"[{"x":1},{"a":{"x":1}}]"#),
    .init("$[?match(@, '[a-z]+\\\\d{2,3}')]", #"["ab12","ab1","Ab12","ab123","ab1234"]"#, "[]"),
    .init("$[?match(@, '[a-z]+[0-9]{2,3}')]", #"["ab12","ab1","Ab12","ab123","ab1234"]"#, #"["ab12","ab123"]"#),
    .init("$[?search(@, 'b(c|d)*e')]", #"["abe","abcdce","xbx"]"#, #"["abe","abcdce"]"#),
    .init("$[?match(@, '\\\\p{Lu}\\\\P{Lu}.')]", #"["Éa1","aa1","Éa\n"]"#, #"["Éa1"]"#),
    .init(
      "$[?match(@.a, @.p)]", #"[{"a":"xx","p":"x*"},{"a":"y","p":"x*"},{"a":"y","p":"("}]"#, #"[{"a":"xx","p":"x*"}]"#),
    .init(
      "$[?@.a == @.b]", #"[{},{"a":1},{"a":1,"b":1.0},{"a":[1],"b":[1]}]"#, #"[{},{"a":1,"b":1.0},{"a":[1],"b":[1]}]"#),
    .init("$[?@ <= null]", "[null, 1]", "[null]"), .init("$[?!@.a]", #"[{"a":0},{}]"#, "[{}]"),
    .init("$['\\u00e9\\'']", #"{"é'": 1}"#, "[1]"),
    .init("$ .a", #"{"a":1}"#, "[1]"),
  ]

  @Test(arguments: queries) func selects(_ example: JSONPlanCase) { example.check(.jsonPath) }

  static let refused = [
    "", "a", "$ ", " $", "$.", "$..", "$[", "$[]", "$['a]", "$[01]", "$[-0]", "$[9007199254740992]", "$. a", "$[?]",
    "$[?1]",
    "$[?@.a=1]", "$[?length(@)]", "$[?count(1)>1]", "$[?@.*==1]", "$[?match(@,'a')==true]", "$[?f(@)]",
    "$[?length(@,@)==1]",
    "$['\\x']", "$['\\ud800']", "$.&", "$[?@.a&&]", "$[?(@.a]", "$[1 2]", "$['a' 'b']", "$[?@.a==TRUE]", "$[?@.a==01]",
    "$[?'a']", "$[\"\\'\"]",
  ]

  @Test(arguments: refused) func refuses(_ query: String) {
    #expect(throws: JSONPlanError.self) { try JSONPlan(jsonPath: query) }
  }

  /// What makes a backtracking matcher take exponential time.
  @Test func regularExpressionsTakeLinearTime() throws {
    let text = String(repeating: "a", count: 20_000)
    for pattern in ["(a*)*b", "(a|a)*b", "(a|aa)+b", "a*a*a*a*a*b", "(.*)(.*)(.*)(.*)b"] {
      let plan = try JSONPlan(jsonPath: "$[?match(@, '\(pattern)')]")
      #expect(try unsafe plan.apply(Array("[\"\(text)\"]".utf8).span.bytes) == Array("[]".utf8))
    }
  }
}
