import Testing

@testable import Kernels

@Suite struct JSONDocumentTests {
  @Test func `values, members and elements`() throws {
    var document = JSONDocument()
    let text =
      #" {"a":[1,-2.5e+3,18446744073709551615,true,false,null],"b\n":{},"c":"x\u00e9\ud83d\ude00","a":-7, "":[[]]} "#
    try document.parse(text)
    let root = document.root
    #expect(root.kind == .object && root.count == 5)
    #expect(root["a"]?.int64 == -7)
    #expect(root["b\n"]?.kind == .object)
    let absent = root["b\\n"]
    #expect(absent?.kind == nil)
    #expect(root["c"]?.string == "xé😀")
    #expect(root[""]?[0]?.count == 0)
    var members = root.members
    var keys: [String] = []
    while let member = members.next() { keys.append(member.key.string!) }
    #expect(keys == ["a", "b\n", "c", "a", ""])
    var options = JSONOptions()
    options.duplicateKeys = .first
    var other = JSONDocument()
    try other.parse(text, options: options)
    let first = other.root["a"]!
    #expect(first.count == 6)
    #expect(first[0]?.int64 == 1 && first[1]?.double == -2500 && first[1]?.int64 == nil)
    #expect(first[2]?.uint64 == .max && first[2]?.int64 == nil)
    #expect(first[3]?.bool == true && first[4]?.bool == false && first[5]?.isNull == true && first[6]?.kind == nil)
    var elements = first.elements
    var raw: [String] = []
    while let element = elements.next() {
      raw.append(unsafe element.raw.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) })
    }
    #expect(raw == ["1", "-2.5e+3", "18446744073709551615", "true", "false", "null"])
  }

  @Test func `a path to what is wrong`() {
    let error = #expect(throws: JSONError.self) {
      try JSON.validate(#"{"x":[0,{"a/b~":[1,2,x]}]}"#)
    }
    #expect(error?.path == "/x/1/a~1b~0/2" && error?.offset == 21)
  }
}
