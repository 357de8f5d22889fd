import CKernels
import Testing

@testable import Kernels

/// What each row says of blocks, however many go into a call, is what the portable row says.
@Suite struct JSONIndexRowTests {
  private static var portable: JSONIndexKernel { JSONIndexKernel.kernels.last! }

  /// What calls with so many blocks make of whole blocks, all numbers in a row, beside a page that faults; nil: an error.
  private static func outcome(
    _ bytes: [UInt8], _ kernel: JSONIndexKernel, _ blocks: Int, _ alignment: GuardedBuffer.Alignment
  ) -> [UInt64]? {
    let memory = GuardedBuffer(byteCount: bytes.count, alignment: alignment)
    var words: [UInt64] = []
    var index = [UInt32](repeating: 0, count: 64 * blocks + 64)
    var perBlock = [UInt64](repeating: 0, count: blocks)
    var kinds = [ck_json_kinds](repeating: ck_json_kinds(), count: blocks + 1)
    return withExtendedLifetime(memory) {
      unsafe memory.bytes.copyBytes(from: bytes)
      let start = unsafe UnsafePointer(memory.bytes.bindMemory(to: UInt8.self).baseAddress!)
      var state = ck_json_state()
      for at in stride(from: 0, to: bytes.count, by: 64 * blocks) {
        let count = min(blocks, (bytes.count - at) / 64)
        let found = unsafe kernel.body(start + at, count, &state, &index, &perBlock)
        words += index[..<found].map { UInt64($0) + UInt64(at) }
        words += perBlock[..<count]
      }
      words += [state.separators, state.seen, state.in_string]
      if state.errors != 0 { return nil }
      for isDense in [0, 1] as [UInt64] {
        state = ck_json_state()
        for at in stride(from: 0, to: bytes.count, by: 64 * blocks) {
          state.dense = isDense
          let count = min(blocks, (bytes.count - at) / 64)
          let made = unsafe kernel.kinds(start + at, count, &state, &kinds, &perBlock, &index)
          for kind in kinds[..<made] { words += [kind.bracket, kind.second, kind.third] }
          words += perBlock[..<count]
          words += index[..<Int(state.visits)].map { UInt64($0) + UInt64(at) }
          words.append(state.starts)
        }
        if state.errors != 0 { return nil }
        words += [state.kind_count, state.kinds.bracket, state.kinds.second, state.kinds.third, state.number]
      }
      return words
    }
  }

  /// Of such a text, which cannot be valid, rows say different things.
  private static func hasBackslashOutside(_ bytes: [UInt8]) -> Bool {
    var (isInside, isEscaped) = (false, false)
    for byte in bytes {
      if isEscaped {
        if !isInside { return true }
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInside.toggle()
      }
    }
    return false
  }

  /// A block of spaces follows: what is left open shows there.
  private func expectSame(_ text: [UInt8], _ kernel: JSONIndexKernel, _ blocks: [Int]) {
    guard !Self.hasBackslashOutside(text) else { return }
    let bytes = text + [UInt8](repeating: UInt8(ascii: " "), count: 128 - text.count % 64)
    for count in blocks {
      let expected = Self.outcome(bytes, Self.portable, count, .end)
      for alignment in GuardedBuffer.Alignment.allCases {
        #expect(Self.outcome(bytes, kernel, count, alignment) == expected, "\(kernel.name) \(count) \(text)")
      }
    }
  }

  @Test(arguments: JSONTestData.kernels.indices)
  func `characters, good and bad, at borders of blocks and strips`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    let good = ["é", "メ", "😀", "メé", "\\n", "\\\\", "\\u00e9"].map { Array($0.utf8) }
    let bad: [[UInt8]] = [
      [0xc3], [0xe3, 0x83], [0xf0, 0x9f, 0x98], [0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
      [0xff], [0x1f], [0x0a], Array("\\x".utf8), Array("\\u00g0".utf8),
    ]
    for border in [1, 2, 31, 32, 33, 64] {
      for offset in -4...1 {
        for piece in good + bad {
          var text = [UInt8](repeating: 0x61, count: 64 * 66 - 1)
          (text[0], text[text.count - 1]) = (0x22, 0x22)
          let at = 64 * border + offset
          text.replaceSubrange(at..<at + piece.count, with: piece)
          expectSame(text, kernel, border == 32 ? [67, 32, 1] : [67])
        }
      }
    }
  }

  @Test(arguments: JSONTestData.kernels.indices)
  func `texts at random, and with a byte changed`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    var random = SplitMix64(state: 23)
    let parts = [
      "{\"a\": ", "}", "[", "]", ",", "\n        ", "\"\"", "\"meß\"", "\"メッセージ\"", "\"\\\"x\\\\\"",
      "\"\\u00e9\"", "1", "-1.5", "0", "123456789", "2e5", "true", "null", ":", "\r\n", "\t", "\"😀\"",
      "\"\(String(repeating: "words and ", count: 30))\"",
      "\"\\n\(String(repeating: "x", count: 200))é\"", String(repeating: " ", count: 90),
    ]
    let odd = Array("[]{},:\" 0-.e1t\u{1}\u{c}\u{1a}x\u{7f}".utf8) + [0x80, 0xc3, 0xf0, 0xff]
    for _ in 0..<60 {
      var text: [UInt8] = []
      while text.count < 4000 { text += Array(parts.randomElement(using: &random)!.utf8) }
      let blocks = Int.random(in: 1...70, using: &random)
      expectSame(text, kernel, [blocks])
      text[Int.random(in: text.indices, using: &random)] = odd.randomElement(using: &random)!
      expectSame(text, kernel, [blocks])
    }
  }

  @Test(arguments: JSONTestData.kernels.indices)
  func `bytes without blanks, of every pattern in a word, and no byte more`(row: Int) {
    let kernel = JSONTestData.kernels[row]
    let blocks = 40
    let memory = GuardedBuffer(byteCount: 64 * blocks)
    let out = GuardedBuffer(byteCount: 64 * blocks)
    withExtendedLifetime((memory, out)) {
      for i in 0..<64 * blocks { unsafe memory.bytes[i] = UInt8(truncatingIfNeeded: i % 251) }
      // Each byte of a mask once, and blocks with none and with all.
      var blanks: [UInt64] = []
      for block in 0..<32 {
        var mask: UInt64 = 0
        for word in 0..<8 { mask = mask << 8 | UInt64(8 * block + word) }
        blanks.append(mask)
      }
      blanks += [0, .max, 0, 0, .max, 1, 1 << 63, 0]
      for last in [0, UInt64.max, 1, 1 << 63] {
        blanks[blocks - 1] = last
        let kept = (0..<64 * blocks).filter { blanks[$0 / 64] >> UInt64($0 % 64) & 1 == 0 }
        let expected = kept.map { UInt8($0 % 251) }
        let start = unsafe out.bytes.bindMemory(to: UInt8.self).baseAddress!
        let source = unsafe UnsafePointer(memory.bytes.bindMemory(to: UInt8.self).baseAddress!)
        let count = unsafe kernel.squeeze(source, blocks, blanks, start)
        #expect(unsafe Array(UnsafeRawBufferPointer(out.bytes)[..<count]) == expected, "\(kernel.name)")
      }
    }
  }
}
