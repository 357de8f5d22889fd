import Testing

@testable import Kernels

@Suite struct JSONOutputTests {
  @Test(arguments: JSONTestData.kernels.indices)
  func `minify, and a document's text, are the tokens alone`(row: Int) throws {
    let kernel = JSONTestData.kernels[row]
    var texts = JSONValidateTests.samples.filter { JSONReference.fault(Array($0.utf8)) == nil }
    texts.append(
      "[" + (0..<300).map { "\($0) ,\n \t{ \"k \($0)\" : \" \\\" \" }" }.joined(separator: ",\r\n ") + "  ]  ")
    if let folder = JSONTestData.folder {
      for name in ["twitter", "citm_catalog"] {
        texts.append(String(decoding: JSONTestData.read("\(folder)/\(name).json")!, as: UTF8.self))
      }
    }
    for text in texts {
      let bytes = Array(text.utf8)
      let expected = plain(bytes)
      let memory = GuardedBuffer(byteCount: bytes.count)
      let target = GuardedBuffer(byteCount: bytes.count)
      try withExtendedLifetime((memory, target)) {
        unsafe memory.bytes.copyBytes(from: bytes)
        let source = unsafe UnsafeRawBufferPointer(memory.bytes)
        let out = unsafe target.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
        var scratch = Scratch()
        for piece in [64, 16 << 10] {
          let count = try unsafe JSON.minify(
            source, out, options: JSONOptions(), kernel: kernel, piece: piece, scratch: &scratch)
          #expect(unsafe Array(UnsafeBufferPointer(start: out, count: count)) == expected)
        }
        var document = JSONDocument()
        try unsafe document.parse(borrowing: source, options: JSONOptions(), kernel: kernel)
        let count = unsafe document.tape.serializeByTokens(JSONTape.root, out)
        #expect(unsafe Array(UnsafeBufferPointer(start: out, count: count)) == expected)
        for row in JSONCompactKernel.kernels where CPUFeatures.detected.isSuperset(of: row.requires) {
          guard let body = unsafe row.body else { continue }
          let count = unsafe JSONCompactKernel.run(document.tape.raw(JSONTape.root), out, body)
          #expect(unsafe Array(UnsafeBufferPointer(start: out, count: count)) == expected, "\(row.name)")
        }
        let pretty = document.root.prettyPrinted()
        #expect(plain(pretty) == expected)
      }
    }
  }

  /// Without white space outside strings, a byte at a time.
  private func plain(_ bytes: [UInt8]) -> [UInt8] {
    var (out, inString, escaped) = ([UInt8](), false, false)
    for byte in bytes {
      if !inString && [32, 9, 10, 13].contains(byte) { continue }
      out.append(byte)
      if escaped {
        escaped = false
      } else if inString && byte == 0x5c {
        escaped = true
      } else if byte == 0x22 {
        inString.toggle()
      }
    }
    return out
  }

  @Test func `pretty-printed as everybody does`() throws {
    var document = JSONDocument()
    try document.parse(#"{"a":[1,{}, []],"b":{"c":"d"}}"#)
    let text = String(decoding: document.root.prettyPrinted(), as: UTF8.self)
    #expect(
      text == """
        {
          "a": [
            1,
            {},
            []
          ],
          "b": {
            "c": "d"
          }
        }
        """)
  }

  @Test func `a writer's strings read back`() throws {
    var text = ""
    for i in 0..<0x180 { text.unicodeScalars.append(Unicode.Scalar(i)!) }
    text += "plain text without anything 😀 \"quoted\" \\ and so on"
    for drop in 0..<40 {
      var writer = JSONWriter()
      writer.beginArray()
      writer.string(String(text.unicodeScalars.dropFirst(drop)))
      writer.number(-1.5)
      writer.number(Int64.min)
      writer.bool(true)
      writer.null()
      writer.beginObject()
      writer.key("k\n")
      writer.number(UInt64.max)
      writer.endObject()
      writer.endArray()
      var document = JSONDocument()
      try document.parse(String(decoding: writer.bytes, as: UTF8.self))
      #expect(document.root[0]?.string == String(text.unicodeScalars.dropFirst(drop)))
      #expect(document.root[1]?.double == -1.5 && document.root[2]?.int64 == .min)
      #expect(document.root[5]?["k\n"]?.uint64 == .max && document.root.count == 6)
    }
  }

  @Test func `duplicate keys and lone surrogates, as asked for`() {
    var options = JSONOptions()
    options.duplicateKeys = .reject
    options.loneSurrogates = .reject
    func fault(_ text: String) -> JSONError? {
      var document = JSONDocument()
      do throws(JSONError) { try document.parse(text, options: options) } catch { return error }
      return nil
    }
    #expect(fault(#"{"a":1,"b":[{"x":1,"\u0078":2}]}"#) == JSONError(.duplicateKey, offset: 19, path: "/b/0/x"))
    let wide = (0..<100).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    #expect(fault("{\(wide)}") == nil && fault("{\(wide),\"k7\":0}")?.path == "/k7")
    #expect(fault(#"["\ud83d\ude00"]"#) == nil)
    #expect(fault(#"["\ud83d"]"#) == JSONError(.loneSurrogate, offset: 8, path: "/0"))
    #expect(fault(#"["\ud83d\u0041"]"#)?.kind == .loneSurrogate && fault(#"["\udc00"]"#)?.kind == .loneSurrogate)
    options.maximumByteCount = 3
    #expect(fault("[1,2]") == JSONError(.byteLimit, offset: 3))
  }

  @Test func `every row escapes alike, from a guard page to a guard page`() {
    var random = SplitMix64(state: 3)
    let special: [UInt8] = [0, 1, 8, 9, 10, 12, 13, 31, 0x22, 0x5c, 0x7f, 0x80, 0xff]
    for count in 0..<200 {
      let text = (0..<count).map { _ in
        UInt8.random(in: 0..<16, using: &random) == 0 ? special.randomElement(using: &random)! : 0x61
      }
      let (memory, target) = (GuardedBuffer(byteCount: count), GuardedBuffer(byteCount: JSONEscape.room(count)))
      withExtendedLifetime((memory, target)) {
        unsafe memory.bytes.copyBytes(from: text)
        guard let start = unsafe memory.bytes.baseAddress, let room = unsafe target.bytes.baseAddress else { return }
        let out = unsafe room.assumingMemoryBound(to: UInt8.self)
        let expected = unsafe JSONEscape.write(UnsafeRawBufferPointer(memory.bytes), out)
        let bytes = unsafe Array(UnsafeBufferPointer(start: out, count: expected))
        for row in JSONEscapeKernel.kernels where CPUFeatures.detected.isSuperset(of: row.requires) {
          let written = unsafe row.body(start.assumingMemoryBound(to: UInt8.self), count, out)
          #expect(unsafe Array(UnsafeBufferPointer(start: out, count: written)) == bytes, "\(row.name)")
        }
      }
    }
  }
}
