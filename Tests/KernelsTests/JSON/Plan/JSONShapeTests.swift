import Kernels
import Testing

@Suite struct JSONShapeTests {
  private func result(_ shape: JSONShape, _ document: String) throws -> String {
    String(decoding: try unsafe JSONPlan(shape).apply(Array(document.utf8).span.bytes), as: UTF8.self)
  }

  @Test func membersOfAnObject() throws {
    let document =
      #"{"id": 1.0, "user_name": "ada", "secret": true, "street": "S", "city": null, "meta": {"v": 3, "id": 9}, "x": [ 1 ], "y": 2}"#
    let shape = JSONShape.object(
      .keep("id"), .rename("user_name", to: "user"), .drop("secret"), .set("k", .constant("[1, 2]")),
      .nest("address", "street", "city", "zip"), .lift("meta"), .keep("absent"), .rest)
    #expect(
      try result(shape, document)
        == #"{"id":9,"user":"ada","k":[1,2],"address":{"street":"S","city":null},"v":3,"x":[1],"y":2}"#)
    #expect(try result(shape, "[1]") == "null")
    #expect(try result(.object(.rest), #"{"a":1,"b":2,"a":3}"#) == #"{"a":3,"b":2}"#)
    #expect(try result(.object(.drop("a"), .rest), #"{"\u0061":1,"b":2}"#) == #"{"b":2}"#)
  }

  @Test func arrays() throws {
    let document = #"{"items": [{"n": "1", "t": ["a"]}, {"n": 2.5, "t": ["b", "c"]}, {}]}"#
    #expect(
      try result(.path("items").map(.object(.set("n", .path("n").coerced(to: .number).fallback("0")))), document)
        == #"[{"n":1},{"n":2.5},{"n":0}]"#)
    #expect(try result(.path("items").filter(.path("t")).map(.path("n")), document) == #"["1",2.5]"#)
    #expect(try result(.jmesPath("items[*].t").flattened(), document) == #"["a","b","c"]"#)
    #expect(try result(.path("items").map(.path("n")), document) == #"["1",2.5,null]"#)
    #expect(try result(.path("items").then(.jmesPath("length(@)")), document) == "3")
    #expect(try result(.path("no", "where").map(.value).fallback("[]"), document) == "[]")
  }

  @Test func coercion() throws {
    let values = #"["1.50", "x", 2.9, true, null, -3, "true", [1], 1e300]"#
    #expect(try result(.value.map(.value.coerced(to: .number)), values) == "[1.50,null,2.9,1,null,-3,null,null,1e300]")
    #expect(try result(.value.map(.value.coerced(to: .integer)), values) == "[1,null,2,1,null,-3,null,null,null]")
    #expect(
      try result(.value.map(.value.coerced(to: .boolean)), values) == "[null,null,true,true,null,true,true,null,true]")
    #expect(
      try result(.value.map(.value.coerced(to: .string)), values)
        == #"["1.50","x","2.9","true",null,"-3","true","[1]","1e+300"]"#)
  }

  @Test func refused() {
    #expect(throws: JSONPlanError.self) { try JSONPlan(.constant("[1")) }
    #expect(throws: JSONPlanError.self) { try JSONPlan(.jmesPath("a.")) }
    let shape = (0..<1000).reduce(JSONShape.value) { shape, _ in shape.map(.value) }
    let error = #expect(throws: JSONPlanError.self) { try JSONPlan(shape) }
    #expect(error?.kind == .limitExceeded)
  }
}
