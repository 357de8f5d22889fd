import CKernels
import Testing

@testable import Kernels

/// A row that refuses what is valid, as no row should: the portable one has the last word.
@Suite struct JSONRowFaultTests {
  /// Refuses blocks that begin with a `!`, which in a valid text is in a string.
  private static func row(withTape: Bool) -> JSONIndexKernel {
    let tape: JSONIndexKernel.Tape = { _, _, _, state, _, _, _, _, _ in
      unsafe state.pointee.errors = 1
      return 0
    }
    return unsafe JSONIndexKernel(
      name: "json_index_faulty", requires: .fma,
      body: { data, blocks, state, offsets, escapes in
        let tokens = unsafe JSONIndexPortable.index(data, blocks, state, offsets, escapes)
        for block in 0..<blocks where unsafe data[64 * block] == UInt8(ascii: "!") { unsafe state.pointee.errors = 1 }
        return tokens
      },
      kinds: { data, blocks, state, kinds, blanks, visits in
        let tokens = unsafe JSONIndexPortable.kinds(data, blocks, state, kinds, blanks, visits)
        for block in 0..<blocks where unsafe data[64 * block] == UInt8(ascii: "!") { unsafe state.pointee.errors = 1 }
        return tokens
      },
      squeeze: { unsafe JSONIndexPortable.squeeze($0, $1, $2, $3) },
      tape: withTape ? tape : nil)
  }

  private static let texts: [String] = [
    #"["\#(String(repeating: "!", count: 400))", 1, {"a" : [true, null]}]"#,
    #"[1, "\#(String(repeating: "x", count: 700))\#(String(repeating: "!", count: 70))", 2.5 ]"#,
    "[" + String(repeating: "[1, 2], ", count: 3000) + #""\#(String(repeating: "!", count: 128))"]"#,
  ]

  @Test(arguments: texts.indices, [false, true]) func validTextsStayValid(text: Int, withTape: Bool) throws {
    let bytes = Array(Self.texts[text].utf8)
    let row = Self.row(withTape: withTape)
    var scratch = Scratch()
    let minified = try unsafe bytes.withUnsafeBytes { text in
      try unsafe JSON.validate(text, options: JSONOptions(), kernel: row, scratch: &scratch)
      return try unsafe [UInt8](unsafeUninitializedCapacity: text.count) { out, count in
        count = try unsafe JSON.minify(
          text, out.baseAddress!, options: JSONOptions(), kernel: row, scratch: &scratch)
      }
    }
    #expect(try unsafe minified == JSON.minified(bytes.span.bytes))

    var document = JSONDocument()
    var expected = JSONDocument()
    try unsafe expected.parse(bytes.span.bytes)
    try unsafe bytes.withUnsafeBytes { text in
      try unsafe document.parse(borrowing: text, options: JSONOptions(), kernel: row)
      #expect(document.nodeCount == expected.nodeCount)
      #expect(document.root.serialized() == expected.root.serialized())
    }
  }

  @Test(arguments: texts.indices, ["[*].a", "[1]", "[2].a"]) func plansReadThem(text: Int, expression: String) throws {
    let plan = try JSONPlan(jmesPath: expression)
    try #require(plan.code.isSelective)
    let bytes = Array(Self.texts[text].utf8)
    let row = Self.row(withTape: false)
    var reader = PlanReader()
    var expected = PlanReader()
    try unsafe bytes.withUnsafeBytes { text in
      let tape = try unsafe reader.read(text, plan.code, JSONOptions(), kernel: row)
      let right = try unsafe expected.read(text, plan.code, JSONOptions(), kernel: .portable)
      #expect(unsafe tape.count == right.count)
      let end = unsafe right.node(JSONTape.root).next
      for i in 0..<end {
        let (node, other) = unsafe (tape.node(i), right.node(i))
        #expect(node.begin == other.begin && node.end == other.end)
      }
      let bad = unsafe Array((String(decoding: text, as: UTF8.self) + "]").utf8)
      let error = #expect(throws: JSONError.self) {
        try unsafe bad.withUnsafeBytes { _ = try unsafe reader.read($0, plan.code, JSONOptions(), kernel: row) }
      }
      #expect(error?.kind == .unexpectedByte && error?.offset == text.count)
    }
  }

  @Test(arguments: texts.indices, [false, true]) func badTextsHaveTheSameFault(text: Int, withTape: Bool) {
    let bytes = Array((Self.texts[text] + " ,").utf8)
    let row = Self.row(withTape: withTape)
    let expected = #expect(throws: JSONError.self) { try unsafe JSON.validate(bytes.span.bytes) }
    var scratch = Scratch()
    let validated = #expect(throws: JSONError.self) {
      try unsafe bytes.withUnsafeBytes { text in
        try unsafe JSON.validate(text, options: JSONOptions(), kernel: row, scratch: &scratch)
      }
    }
    #expect(validated == expected)
    let parsed = #expect(throws: JSONError.self) {
      var document = JSONDocument()
      try unsafe bytes.withUnsafeBytes { text in
        try unsafe document.parse(borrowing: text, options: JSONOptions(), kernel: row)
      }
    }
    #expect(parsed == expected)
  }
}
