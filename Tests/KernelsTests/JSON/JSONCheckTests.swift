import Testing

@testable import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct JSONCheckTests {
  /// What the check by kinds says, which the slow path is not asked about.
  private func isGood(_ bytes: [UInt8], _ kernel: JSONIndexKernel, piece: Int = 8 << 10) -> Bool {
    let memory = GuardedBuffer(byteCount: bytes.count)
    let scratch = Scratch(capacity: unsafe JSONCheck.scratchByteCount(bytes.count, depth: 1024, piece: piece))
    return withExtendedLifetime(memory) {
      unsafe memory.bytes.copyBytes(from: bytes)
      guard let start = unsafe memory.bytes.baseAddress, let working = unsafe scratch.start else { return false }
      var check = unsafe JSONCheck(
        start.assumingMemoryBound(to: UInt8.self), bytes.count, out: nil, maximumDepth: 1024, memory: working,
        kernel: kernel, piece: piece)
      return unsafe check.run()
    }
  }

  private func expectSame(_ text: String, _ kernel: JSONIndexKernel, piece: Int = 8 << 10) {
    let bytes = Array(text.utf8)
    #expect(isGood(bytes, kernel, piece: piece) == (JSONReference.fault(bytes) == nil), "\(kernel.name) \(text)")
  }

  @Test(arguments: JSONTestData.kernels.indices)
  func `tokens at random, alone and in an array that is longer than a word of kinds`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    let tokens = ["[", "]", "{", "}", ",", ":", "\"a\"", "1", "true", " ", "{\"a\":", "[1,", "{}", "[ ]"]
    var random = SplitMix64(state: 7)
    for _ in 0..<4000 {
      let soup = (0..<Int.random(in: 1...9, using: &random)).map { _ in tokens.randomElement(using: &random)! }.joined()
      expectSame(soup, kernel)
      let before = String(repeating: "1,", count: Int.random(in: 20...34, using: &random))
      expectSame("[\(before)\(soup)]", kernel, piece: 64)
      expectSame("{\"k\":[\(before)2],\"l\":\(soup)}", kernel)
    }
  }

  /// The first piece has so many that all after it are checked by masks.
  @Test(arguments: JSONTestData.kernels.indices)
  func `many numbers, good and bad, on each border of blocks and pieces`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    let numbers = [
      "0", "-0", "10", "-1", "0.5", "-0.25", "1e5", "1E+5", "2.5e-3", "123456789012345678901", "-65.613616999999977",
      "00", "01", "-", "-a", "1.", ".5", "1.e5", "1e", "1e+", "1.2.3", "1-2", "--1", "+1", "1e5.5", "0x1", "1true",
      "-true", "e5", "1e5e5", "tru", "truee", "falsee", "nul", "1_", "\u{661}",
    ]
    let before = String(repeating: "7,8,-9.5,", count: 7)
    for blanks in 0...64 {
      let padding = String(repeating: " ", count: blanks)
      for number in numbers {
        expectSame("[\(before)\(padding)\(number),1,2]", kernel, piece: 64)
      }
    }
    // A number that is the whole text has no byte after it.
    for digits in [62, 63, 64, 65, 127, 128, 129] {
      for end in ["", ".", ".5", "e", "e5", "-"] {
        expectSame(String(repeating: "1", count: digits) + end, kernel, piece: 64)
        expectSame(String(repeating: " ", count: digits) + "-" + end, kernel, piece: 64)
      }
    }
  }

  @Test(arguments: JSONTestData.kernels.indices)
  func `files of the real world`(row: Int) throws {
    guard let folder = JSONTestData.folder else {
      print("no files of JSON: set KERNELS_DATA")
      return
    }
    for name in JSONTestData.files(folder) {
      let bytes = try #require(JSONTestData.read("\(folder)/\(name)"))
      #expect(isGood(bytes, JSONTestData.kernels[row]), "\(name)")
    }
  }

  @Test func `a key that comes twice is refused where that is asked for`() {
    var options = JSONOptions()
    options.duplicateKeys = .reject
    let text = #"{"a":1,"b":{"c":1,"\u0063":2}}"#
    let error = #expect(throws: JSONError.self) { try JSON.validate(text, options: options) }
    #expect(error?.kind == .duplicateKey && error?.offset == 18 && error?.path == "/b/c")
    let other = #expect(throws: JSONError.self) {
      try unsafe JSON.minified(Array(text.utf8).span.bytes, options: options)
    }
    #expect(other == error)
    #expect(throws: Never.self) { try JSON.validate(#"{"a":1,"b":{"a":1}}"#, options: options) }
  }

  /// Memory that nothing may be read from or written to: the length alone decides.
  @Test func `a document of 4 GiB is refused before a byte of it is read`() {
    let count = JSONDocument.maximumByteCount + 1
    let memory = unsafe mmap(nil, count, PROT_NONE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      Issue.record("no 4 GiB of addresses")
      return
    }
    defer { unsafe munmap(memory, count) }
    let text = unsafe UnsafeRawBufferPointer(start: memory, count: count)
    var document = JSONDocument()
    let expected = JSONError(.byteLimit, offset: JSONDocument.maximumByteCount)
    #expect(throws: expected) { try unsafe document.parse(borrowing: text) }
    #expect(throws: expected) { try unsafe document.parse(copying: text) }
    var options = JSONOptions()
    options.duplicateKeys = .reject
    var scratch = Scratch()
    #expect(throws: expected) { try unsafe JSON.validate(text, options: options, scratch: &scratch) }
    options = JSONOptions()
    options.maximumByteCount = count - 1
    #expect(throws: JSONError(.byteLimit, offset: count - 1)) {
      try unsafe JSON.validate(text, options: options, scratch: &scratch)
    }
  }
}
