import Testing

@testable import Kernels

/// Plans that keep a part of the document give what the same plans give that keep all of it.
@Suite struct JSONPlanReachTests {
  private static let document = #"""
    {"a": {"b": [1, {"c": "x\u0041", "d": [[]]}, "s", [2, [3]]], "\u0062c": 7, "e": {}}, "list": [{"id": 1, "k": "v", "in": {"x": [1, 2]}},
     {"id": 2}, 5, null, {"id": [3], "k": {"z": 1}, "id": 4}], "a\"q": true, "": {"": "empty"}, "a key of more than eight": {"n": -1.50e+3},
     "a key of more than nine": 2, "n": null, "list2": [[{"id": 9}], {"id": 8}], "0": {"1": ["p"]}, "bool": false}
    """#

  /// Each is selective: it keeps a part of the document.
  private static let expressions = [
    "a.b[1].c", "a.b[-1]", "a.b[*].c", "a.b[1:3]", "list[*].id", "list[?id].{i: id, x: in.x[0]}",
    "list[?k == 'v'].in.x | [0]",
    "{p: a.bc, q: \"a\\\"q\", r: \"\".\"\", s: \"a key of more than eight\".n, t: \"a key of more than nine\"}",
    "list2[].id", "list2[][].id",
    "[n, bool, missing.deep[3]]", "length(list)", "sort_by(list2[1:], &id)[*].id", "list[].in.x[]", "n || list[1]",
    "a.e && n", "!a.e",
    "list[*].[id, k] | [1]", "map(&id, list2[1:])", "a.b[3][1][0]", "type(a.b)", "a.*.c", "list[?in.x[1] > `1`].id",
    "bool",
    "not_null(n, missing, list[0].id)", "to_string(list[4])", "a.bc.c.d", "list.id", "a[0]", "list[*].in.x[*]",
    "max_by(list[:2], &id).id",
  ]

  private static let policies: [JSONOptions.DuplicateKeys] = [.last, .first]

  private func results(_ code: PlanCode, _ text: [UInt8], _ options: JSONOptions) -> (part: String, whole: String) {
    var limits = JSONPlan.Limits()
    limits.json = options
    func result(_ body: (inout PlanOutput, inout JSONPlan.Workspace) throws(JSONPlanError) -> Void) -> String {
      var workspace = JSONPlan.Workspace(limits: limits)
      var output = PlanOutput(limit: 1 << 20)
      do throws(JSONPlanError) {
        try body(&output, &workspace)
        return unsafe String(decoding: UnsafeBufferPointer(start: output.start, count: output.count), as: UTF8.self)
      } catch {
        return "!\(error)"
      }
    }
    let part = result { (output, workspace) throws(JSONPlanError) in
      try unsafe text.span.bytes.withUnsafeBytes { (text) throws(JSONPlanError) in
        _ = try unsafe JSONPlan(code: code).run(text, &output, &workspace)
      }
    }
    let whole = result { (output, workspace) throws(JSONPlanError) in
      try unsafe text.span.bytes.withUnsafeBytes { (text) throws(JSONPlanError) in
        do throws(JSONError) { try unsafe workspace.document.parse(borrowing: text, options: options) } catch {
          throw JSONPlanError(.invalidDocument(error), at: 0, "")
        }
        swap(&workspace.machine.out, &output)
        defer { swap(&workspace.machine.out, &output) }
        workspace.machine.begin(code, options.duplicateKeys, outputLimit: 1 << 20)
        _ = try unsafe workspace.machine.run(workspace.document.tape)
      }
    }
    return (part, whole)
  }

  @Test(arguments: expressions)
  func `a part and the whole`(_ expression: String) throws {
    let code = try JSONPlan(jmesPath: expression).code
    #expect(code.isSelective)
    let text = Array(Self.document.utf8)
    for policy in Self.policies {
      var options = JSONOptions()
      options.duplicateKeys = policy
      let (part, whole) = results(code, text, options)
      #expect(part == whole)
    }
    // Every prefix, and every byte changed.
    var random = SystemRandomNumberGenerator()
    #if DEBUG
      let step = 5
    #else
      let step = 1
    #endif
    for at in stride(from: 0, to: text.count, by: step) {
      let (part, whole) = results(code, Array(text[..<at]), JSONOptions())
      #expect(part == whole && part.hasPrefix("!"))
      var changed = text
      changed[at] = Array(#""\{}[]:,1ant .é"#.utf8).randomElement(using: &random)!
      let mutated = results(code, changed, JSONOptions())
      #expect(mutated.part == mutated.whole, "\(String(decoding: changed, as: UTF8.self))")
    }
  }

  private static let elements = [
    #"{"id":1,"k":"v","in":{"x":[1,-2.5],"y":{"z":null}},"u":{"n":"a","m":[{"p":1}],"o":2},"t":true}"#,
    #"{"id":"2","k":"","in":{"x":[10,0],"y":{"z":[]}},"u":{"n":"\u0041 longer","m":[],"o":{}},"t":1e5}"#,
    #"{"id":3.25,"k":null,"in":7,"u":{"n":[1],"m":0,"o":"q"},"t":[[[[]]]]}"#,
    #"{ "id": 4, "k": "w", "in": { "x": [ 1 ] }, "u": { "n": "b" } }"#,
    #"{"id":5,"k":"v","in":{"x":[1,2],"y":{"z":{"id":6}}},"u":{"n":"c","m":[{"p":1}],"o":2},"t":false}"#,
  ]

  private static let ofElements = [
    "l[*].{id: id, n: u.n}", "l[?id > `1`].k", "l[*].u", "l[*].in.x[0] | [0]", "{a: l[1].id, b: l[*].u.m[*].p}",
    "l[].in.y.z[].id", "m[*].l[*].id",
  ]

  @Test(arguments: ofElements)
  func `elements that are alike, with every byte of one changed, taken out and put in`(_ expression: String) throws {
    let code = try JSONPlan(jmesPath: expression).code
    #expect(code.isSelective && code.readsElements)
    var random = SplitMix64(state: 5)
    for (index, element) in Self.elements.enumerated() {
      let element = Array(element.utf8)
      for place in element.indices {
        let value = Array(#""\{}[]:,1ant .é-0"#.utf8).randomElement(using: &random)!
        var changes = [element, element, element]
        changes[0][place] = value
        changes[1].insert(value, at: place)
        changes[2].remove(at: place)
        for change in changes {
          let others = [Self.elements[0], Self.elements[(index + place) % 5], Self.elements[0]].map { Array($0.utf8) }
          let list = ([others[0], others[0], others[1], change] + others).joined(separator: [UInt8(ascii: ",")])
          let text = Array(#"{"m":[{"l":[{"id":0}]}],"l":["#.utf8) + list + Array("]}".utf8)
          let (part, whole) = results(code, text, JSONOptions())
          #expect(part == whole, "\(String(decoding: text, as: UTF8.self))")
        }
      }
    }
  }

  @Test(arguments: ofElements)
  func `elements at random, through many pieces, nested to a limit`(_ expression: String) throws {
    let code = try JSONPlan(jmesPath: expression).code
    var random = SplitMix64(state: 6)
    for count in [1, 2, 5, 40, 4000] {
      let list = (0..<count).map { _ in Self.elements.randomElement(using: &random)! }.joined(separator: ",\n ")
      let text = Array("{\"m\":[{\"l\":[\(list)]}],\"l\":[\(list)]}".utf8)
      for depth in count < 100 ? Array(0...12) : [1024] {
        for policy in Self.policies {
          var options = JSONOptions()
          options.maximumDepth = depth
          options.duplicateKeys = policy
          let (part, whole) = results(code, text, options)
          #expect(part == whole)
        }
      }
    }
  }

  /// A text is indexed by whole blocks and what is left: an element that begins in the blocks may end behind them.
  @Test func `elements across the end of the blocks`() throws {
    let code = try JSONPlan(jmesPath: "l[*].k").code
    let elements = [
      #"{"id":1,"k":"v"}"#, #"{"k":"a longer one","z":[1,{"y":"x"}],"q":{"r":"s"}}"#, #"{"k":12345678,"u":true}"#,
    ]
    for element in elements {
      for count in [2, 3, 4, 9] {
        let list = Array(repeating: element, count: count).joined(separator: ",")
        for blank in 0..<130 {
          let text = Array((String(repeating: " ", count: blank) + "{\"l\":[\(list)]}").utf8)
          let (part, whole) = results(code, text, JSONOptions())
          #expect(part == whole, "\(element), \(count) after \(blank)")
          // As many bytes behind it as would be compared with one more element.
          let (cut, all) = results(code, text.dropLast(2) + Array(",\(list)".utf8) + Array("]}".utf8), JSONOptions())
          #expect(cut == all, "\(element), \(2 * count) after \(blank)")
        }
      }
    }
  }

  private static let objects = [
    #"{"a":{"x":1,"b":{"y":"s\\n","u":[{"y":0}],"c":{"z":true,"d":-1.5e3,"q":{}},"v":null},"w":{"x":{"b":2}},"x":"2"},"e":{"f":null}}"#,
    #"{ "e" : {"f" : false, "g": {"f": 1} } , "a" : {"b" : {"c": {"d" : 12345678, "z":{} } , "y" : 0.5 }, "x":[1]} }"#,
    #"{"a":{"b":{"y":1,"c":{"d":"\u0064","\u0064":4,"z":[]}},"x":{},"b":7},"e":{"f":{"x":1}},"h":{"f":2},"e":{}}"#,
    #"{"a":{"b":{"c":{"d":{"d":{"d":1}},"z":"","y":2},"y":12.25,"z":3},"bb":{"c":{"d":5}},"x":-0},"f":{"e":6},"e":{"f":0.001}}"#,
  ]

  private static let ofObjects = [
    "a.b.c.d", "{x: a.x, y: a.b.y, z: a.b.c.z, e: e.f}", "[a.b.c.d.d.d, e, a.w.x.b]", "a.b.c.q || e.f", "e.g.f",
  ]

  @Test(arguments: ofObjects)
  func `objects in objects, with every byte changed, taken out and put in`(_ expression: String) throws {
    let code = try JSONPlan(jmesPath: expression).code
    #expect(code.isSelective)
    var random = SplitMix64(state: 7)
    for object in Self.objects {
      let object = Array(object.utf8)
      for place in object.indices {
        let value = Array(#""\{}[]:,1ant .é-0"#.utf8).randomElement(using: &random)!
        var changes = [object, object, object]
        changes[0][place] = value
        changes[1].insert(value, at: place)
        changes[2].remove(at: place)
        for text in changes {
          let (part, whole) = results(code, text, JSONOptions())
          #expect(part == whole, "\(String(decoding: text, as: UTF8.self))")
        }
      }
    }
  }

  @Test(arguments: ofObjects)
  func `objects in objects, nested to a limit, across the ends of pieces`(_ expression: String) throws {
    let code = try JSONPlan(jmesPath: expression).code
    for object in Self.objects {
      for policy in Self.policies {
        var options = JSONOptions()
        options.duplicateKeys = policy
        for depth in 0...9 {
          options.maximumDepth = depth
          let (part, whole) = results(code, Array(object.utf8), options)
          #expect(part == whole, "\(depth) \(object)")
        }
      }
      // Where the first piece ends, in the object.
      for blank in 0...object.utf8.count {
        let spaces = unsafe String(repeating: " ", count: JSONFeed.pieceByteCount - blank)
        let (part, whole) = results(code, Array((spaces + object).utf8), JSONOptions())
        #expect(part == whole, "\(blank) \(object)")
      }
    }
  }

  /// Of few keys it is known which are the same; of 65 it is not.
  @Test(arguments: [3, 62, 63, 64, 65, 200])
  func `many keys, each at two places`(_ count: Int) throws {
    let members = (0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let text = Array("{\(members),\"o\":{\(members)},\"k1\":\"twice\"}".utf8)
    let fields = (0..<(count - 1) / 2).map { "a\($0): k\($0), b\($0): o.k\($0)" } + ["l: o.k\(count - 1)"]
    let code = try JSONPlan(jmesPath: "{\(fields.joined(separator: ", "))}").code
    for policy in Self.policies {
      var options = JSONOptions()
      options.duplicateKeys = policy
      let (part, whole) = results(code, text, options)
      #expect(part == whole && part.hasPrefix("{"))
    }
  }

  @Test func `what reads everything`() throws {
    for expression in ["@", "*", "keys(@)", "[@, a]", "@ == a", "to_string(@)", "{a: @}"] {
      #expect(try !JSONPlan(jmesPath: expression).code.isSelective, "\(expression)")
    }
    #expect(try !JSONPlan(patch: #"[{"op":"remove","path":"/a"}]"#).code.isSelective)
    #expect(try JSONPlan(pointer: "/0/1/0").code.isSelective)
  }

  @Test func `pointers and shapes`() throws {
    let text = Array(Self.document.utf8)
    for pointer in ["/0/1/0", "/a/b/1/c", "/list/4/id", "/list/-", "/list/9", "/", "//", "/a/e", "/list/01"] {
      let (part, whole) = results(try JSONPlan(pointer: pointer).code, text, JSONOptions())
      #expect(part == whole, "\(pointer)")
    }
    let shapes: [JSONShape] = [
      .object(.keep("n"), .rename("bool", to: "b"), .nest("both", "0", "list2"), .lift("a")),
      .path("list").map(.path("id").fallback("0")), .path("list").filter(.path("k")).map(.object(.keep("id"), .rest)),
      .path("list2").flattened(), .path("a", "bc").coerced(to: .string),
    ]
    for shape in shapes {
      let code = try JSONPlan(shape).code
      #expect(code.isSelective)
      for policy in Self.policies {
        var options = JSONOptions()
        options.duplicateKeys = policy
        let (part, whole) = results(code, text, options)
        #expect(part == whole)
      }
    }
  }

  /// More places and alternatives than are worth it: all is kept.
  @Test func `large plans`() throws {
    let many = "[" + (0..<600).map { "k\($0).x" }.joined(separator: ",") + "]"
    #expect(try !JSONPlan(jmesPath: many).code.isSelective)
    let or = "[" + (0..<100).map { "k\($0)" }.joined(separator: ",") + "]"
    #expect(try JSONPlan(jmesPath: or).code.isSelective)
  }

  /// A million open brackets in what is not read: a limit, and no memory for more than that.
  @Test func `deep and unread`() throws {
    let plan = try JSONPlan(jmesPath: "a")
    var workspace = JSONPlan.Workspace()
    let text = Array(("{\"b\":" + String(repeating: "[", count: 1_000_000)).utf8)
    let error = #expect(throws: JSONPlanError.self) { try unsafe plan.apply(text.span.bytes, workspace: &workspace) }
    guard case .invalidDocument(let cause)? = error?.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.kind == .depthLimit && cause.offset == 5 + 1023)
    let good = Array(
      ("{\"b\":" + String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000) + ",\"a\":1}").utf8)
    #expect(try unsafe plan.apply(good.span.bytes, workspace: &workspace) == Array("1".utf8))
  }

  /// Keys at the very end of memory: no byte past it is read.
  @Test func `guard pages`() throws {
    let plan = try JSONPlan(jmesPath: "{x: ab, y: c.d, z: list[*].id}")
    var workspace = JSONPlan.Workspace()
    for text in [
      #"{"ab":1}"#, #"{"c":{"d":2}}"#, #"{"c":{"d":2}"#, #"{"list":[{"id":1},{"i":2}]}"#, #"{"a"#, #"{"ab"#, #"{"ab""#,
      #"{"":1,"ab":"x"}"#,
    ] {
      let bytes = Array(text.utf8)
      let input = GuardedBuffer(byteCount: bytes.count)
      unsafe input.bytes.copyBytes(from: bytes)
      let expected = try? unsafe plan.apply(bytes.span.bytes)
      let output = GuardedBuffer(byteCount: expected?.count ?? 64)
      let count = withExtendedLifetime((input, output)) {
        try? unsafe plan.apply(
          UnsafeRawBufferPointer(input.bytes), into: output.bytes.bindMemory(to: UInt8.self), workspace: &workspace)
      }
      #expect(count == expected?.count)
      if let expected { #expect(unsafe Array(output.bytes) == expected) }
    }
  }

  /// Each step may be a key or a place: what they lead to doubles until all is kept.
  @Test func `pointers of many numbers`() throws {
    #expect(throws: Never.self) { try JSONPlan(pointer: String(repeating: "/1", count: 4000)) }
    for count in [5, 9, 10, 12, 40, 900] {
      let plan = try JSONPlan(pointer: String(repeating: "/1", count: count))
      let text = Array((String(repeating: "[0,", count: count) + "7" + String(repeating: "]", count: count)).utf8)
      #expect(try unsafe plan.apply(text.span.bytes) == [UInt8(ascii: "7")])
    }
  }

  private static let ofLittle = ["l[*].{id: id, n: u.n}", "l[1:3].u.n", "{a: x.y, b: l[-1].id}", "x"]

  @Test(arguments: ofLittle)
  func `much that is not read, through pieces, with bytes changed, taken out and put in`(_ expression: String) throws {
    let code = try JSONPlan(jmesPath: expression).code
    var random = SplitMix64(state: 7)
    let keys = ["id", "u", "n", "key", #"a\"b"#, ""]
    func value(_ depth: Int) -> String {
      switch Int.random(in: 0..<(depth > 5 ? 7 : 12), using: &random) {
      case 0: return "\(Int.random(in: -3...12, using: &random))"
      case 1: return "\(Int.random(in: 0...Int.max, using: &random))"
      case 2: return "-0.\(Int.random(in: 0...99999, using: &random))e-3"
      case 3: return ["true", "false", "null"].randomElement(using: &random)!
      case 4: return "\"\(String(repeating: "é", count: Int.random(in: 0...40, using: &random)))\""
      case 5: return #""a\n\u0041\"b""#
      case 6: return ["{}", "[]", "\"\"", "[ ]", "{\n}"].randomElement(using: &random)!
      case 7...9:
        let members = (0..<Int.random(in: 1...6, using: &random)).map { i in
          let key = keys.randomElement(using: &random)!
          return #""\#(key)\#(i)"\#(i == 4 ? " : " : ":")\#(value(depth + 1))"#
        }
        return "{" + members.joined(separator: Bool.random(using: &random) ? "," : " ,\n ") + "}"
      default:
        let elements = (0..<Int.random(in: 1...5, using: &random)).map { _ in value(depth + 1) }
        return "[" + elements.joined(separator: ",") + "]"
      }
    }
    #if DEBUG
      let rounds = 1
    #else
      let rounds = 12
    #endif
    for _ in 0..<rounds {
      let elements = (0..<60).map { i in
        let user = #"{"a":\#(value(0)),"n":"\#(i)","b":\#(value(0))}"#
        return #"{"k":\#(value(0)),"id":\#(i),"j":\#(value(0)),"u":\#(user),"z":\#(value(0))}"#
      }
      let first = #"{"x":{"q":\#(value(0)),"y":1,"r":\#(value(0))},"l":["#
      let text = Array((first + elements.joined(separator: ",") + #"],"m":\#(value(0))}"#).utf8)
      for depth in [3, 5, 8, 1024] {
        var options = JSONOptions()
        options.maximumDepth = depth
        let (part, whole) = results(code, text, options)
        #expect(part == whole)
      }
      for _ in 0..<200 {
        var changed = text
        let place = Int.random(in: 0..<text.count, using: &random)
        let byte = Array(#""\{}[]:,1ant .é-0"#.utf8).randomElement(using: &random)!
        switch Int.random(in: 0..<4, using: &random) {
        case 0: changed[place] = byte
        case 1: changed.insert(byte, at: place)
        case 2: changed.remove(at: place)
        default: changed.removeLast(text.count - place)
        }
        let (part, whole) = results(code, changed, JSONOptions())
        #expect(part == whole, "\(String(decoding: changed, as: UTF8.self))")
      }
    }
  }
}
