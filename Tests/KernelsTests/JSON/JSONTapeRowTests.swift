import Testing

@testable import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The tape of each row, whatever its pieces, is the one that the portable row makes; what one refuses, all refuse.
@Suite struct JSONTapeRowTests {
  /// A text at random, most of them valid: containers to some depth, with what is odd about strings, numbers and white space.
  private struct Maker {
    var random: SplitMix64
    var text = ""

    private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random)! }

    private mutating func blanks() {
      guard Int.random(in: 0..<4, using: &random) == 0 else { return }
      let many = String(repeating: " ", count: Int.random(in: 1...70, using: &random))
      text += pick([" ", "\n", "\t\r", "        ", many])
    }

    private mutating func string() {
      text += "\""
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        text += pick([
          "a", "bc d", "[", "{\\\"", ",", ":", "\\\\", "\\n", "\\u00e9", "\\ud83d\\ude00", "é", "€uro", "😀", "\\/",
          String(repeating: "x", count: Int.random(in: 1...150, using: &random)),
        ])
      }
      text += "\""
    }

    private mutating func scalar() {
      text += pick([
        "0", "-0", "7", "-1", "10", "909", "1234567890123456789012", "0.5", "-12.25", "1e5", "1E+05", "2.5e-3", "0e0",
        "true", "false", "null", "12345678", "1234567.5", "7.25e2",
        "-65.613616999999977", "1." + String(repeating: "5", count: Int.random(in: 1...26, using: &random)),
        String(repeating: "9", count: Int.random(in: 1...140, using: &random)),
      ])
    }

    mutating func value(_ depth: Int) {
      blanks()
      switch Int.random(in: 0..<(depth > 0 ? 6 : 3), using: &random) {
      case 0: string()
      case 1, 2: scalar()
      case 3, 4:
        text += "["
        let count = Int.random(in: 0...5, using: &random)
        for i in 0..<count {
          if i > 0 { text += "," }
          value(depth - 1)
        }
        blanks()
        text += "]"
      default:
        text += "{"
        let count = Int.random(in: 0...5, using: &random)
        for i in 0..<count {
          if i > 0 { text += "," }
          blanks()
          string()
          blanks()
          text += ":"
          value(depth - 1)
        }
        blanks()
        text += "}"
      }
      blanks()
    }
  }

  /// What a row makes of a text that ends at a guard page: its nodes, two words each, or where it is wrong.
  private static func outcome(_ bytes: [UInt8], _ kernel: JSONIndexKernel, piece: Int) -> [UInt64] {
    let memory = GuardedBuffer(byteCount: bytes.count)
    return withExtendedLifetime(memory) {
      unsafe memory.bytes.copyBytes(from: bytes)
      var document = JSONDocument()
      do throws(JSONError) {
        try unsafe document.parse(
          borrowing: UnsafeRawBufferPointer(memory.bytes), options: JSONOptions(), kernel: kernel, piece: piece,
          tapeFrom: 0)
        let tape = unsafe document.tape
        return (0..<document.nodeCount).flatMap { unsafe [tape.node($0).range, tape.node($0).link] }
      } catch {
        return [.max, UInt64(error.offset)]
      }
    }
  }

  private static var portable: JSONIndexKernel { JSONIndexKernel.kernels.last! }

  /// The nodes that the walk which all sinks share writes by the portable row; nil: it refuses the text.
  private static func walked(_ bytes: [UInt8]) -> [UInt64]? {
    let memory = unsafe UnsafeMutableRawPointer.allocate(
      byteCount: JSONFeed.scratchByteCount(bytes.count), alignment: 64)
    var sink = unsafe JSONTapeSink(nodes: nil, capacity: 0, maximumDepth: JSONOptions().maximumDepth)
    defer {
      unsafe memory.deallocate()
      unsafe free(sink.nodes)
    }
    return unsafe bytes.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { return nil }
      var feed = unsafe JSONFeed(start, text.count, memory: memory, kernel: portable)
      guard unsafe JSONWalk.run(&feed, &sink), let nodes = unsafe sink.nodes else { return nil }
      return unsafe (0..<sink.used).flatMap { unsafe [nodes[$0].range, nodes[$0].link] }
    }
  }

  private func expectSame(_ bytes: [UInt8], _ kernel: JSONIndexKernel, pieces: [Int]) {
    let expected = Self.outcome(bytes, Self.portable, piece: 16 << 10)
    if let walked = Self.walked(bytes) {
      #expect(walked == expected, "\(String(decoding: bytes, as: UTF8.self))")
    } else {
      #expect(expected.first == .max, "\(String(decoding: bytes, as: UTF8.self))")
    }
    for piece in pieces {
      #expect(
        Self.outcome(bytes, kernel, piece: piece) == expected,
        "\(kernel.name), pieces of \(piece): \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test(arguments: JSONTestData.kernels.indices)
  func `texts at random, and with a byte changed`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    var maker = Maker(random: SplitMix64(state: 41))
    let odd = Array("[]{},:\"\\ 0-.e1t\u{1}x".utf8) + [0x80, 0xc3, 0xff]
    for round in 0..<1500 {
      maker.text = String(repeating: " ", count: Int.random(in: 0...64, using: &maker.random))
      maker.value(round % 7)
      var bytes = Array(maker.text.utf8)
      expectSame(bytes, kernel, pieces: [64, 192, 8 << 10])
      let at = Int.random(in: bytes.indices, using: &maker.random)
      switch round % 3 {
      case 0: bytes[at] = odd.randomElement(using: &maker.random)!
      case 1: bytes.remove(at: at)
      default: bytes.insert(odd.randomElement(using: &maker.random)!, at: at)
      }
      expectSame(bytes, kernel, pieces: [64, 8 << 10])
    }
  }

  /// Everything ends somewhere: at each place of a block, and the text with it.
  @Test(arguments: JSONTestData.kernels.indices)
  func `values that end at each place of a block`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    let values = [
      "1", "-7", "0", "12.5", "true", "null", "\"\"", "\"a\\\\\"", "[]", "{}", "[1]", "{\"a\":0}", "[[[]]]",
      "1e5", "-", "01", "1-2", "tru", "\"", "[", "]", "{", "}", "1,", "{}{}", "[],[]", "[]]", "{\"a\"}",
      "{\"a\":1,2}", "[\"a\":1]", "{\"a\":\"b\":1}", "{,}", "[1,]", "{\"a\":[1}", "é", "\"é\"", "[1é]", "nulé",
      "00.5", "1.", "-.5", "-01", "1.5x", "1.x", "1234567.5", "12345678", "12345678.5", "0.12345678",
      "0.1234567812345678e1", "-0.12345678123456781234567812", "1.5.5", "12345678x", "-",
    ]
    for value in values {
      for blanks in 0...66 {
        let padding = String(repeating: " ", count: blanks)
        expectSame(Array((padding + value).utf8), kernel, pieces: [64, 128])
        expectSame(Array("[\(padding)\(value)]".utf8), kernel, pieces: [64, 128])
        expectSame(Array("[\(value)\(padding)\(padding)]".utf8), kernel, pieces: [64])
        expectSame(Array("{\"k\":\(padding)\(value),\"l\":[]}".utf8), kernel, pieces: [64])
      }
    }
  }

  /// More values than the counts of a piece, deep and shallow, and strings longer than a piece.
  @Test(arguments: JSONTestData.kernels.indices)
  func `long texts`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    var maker = Maker(random: SplitMix64(state: 42))
    maker.value(14)
    let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
    let long = String(repeating: "s\\n", count: 9000)
    let numbers = (0..<6000).map { "\($0 * 7919 % 10007).\($0)" }.joined(separator: ",")
    let whole = (0..<6000).map { "\($0 * 7919)" }.joined(separator: ", ")
    let texts = [
      maker.text,
      deep,
      "[\(deep),\"\(long)\",\(deep)]",
      "{\"\(long)\":[\(numbers)],\"b\":[\(whole),1e-7,\(whole)]}",
      String(repeating: " ", count: 20_000) + "[\(whole),-1,0,00]",
      "[" + String(repeating: "[],", count: 9000) + "{}]",
    ]
    for text in texts {
      expectSame(Array(text.utf8), kernel, pieces: [64, 4 << 10, 8 << 10, 64 << 10])
    }
    let tooDeep = String(repeating: "[", count: 1025) + String(repeating: "]", count: 1025)
    expectSame(Array(tooDeep.utf8), kernel, pieces: [64, 8 << 10])
  }
}
