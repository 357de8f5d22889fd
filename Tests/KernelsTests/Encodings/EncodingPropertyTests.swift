import Foundation
import Testing

@testable import Kernels

/// What holds of any text and of any place in memory.
@Suite struct EncodingPropertyTests {
  static let rows = EncodingKernel.kernels.filter(\.isSupported).map(EncodingRow.init)

  /// Texts with a byte changed, put in or taken out: read where they are what some bytes are written as, and nowhere else.
  @Test(arguments: rows, [Base64.Padding.required, .forbidden, .optional])
  func oneTextForSomeBytes(row: EncodingRow, padding: Base64.Padding) {
    var random = SplitMix64(state: 4648)
    let likely = Array("AQgwz059+/=\n -_\0\u{7f}".utf8)
    var (read, refused) = (0, 0)
    for round in 0..<6000 {
      let bytes = (0..<Int(random.next() % 80)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      var text = row.base64(bytes, .standard, round % 2 == 0 ? .required : .forbidden)
      for _ in 0..<round % 3 where !text.isEmpty {
        let place = Int(random.next() % UInt64(text.count))
        let byte = likely[Int(random.next() % UInt64(likely.count))]
        switch random.next() % 3 {
        case 0: text[place] = byte
        case 1: text.insert(byte, at: place)
        default: text.remove(at: place)
        }
      }
      let result = row.bytes(base64: text, .standard, padding)
      if let expected = Self.bytes(text, padding) {
        #expect(result == .success(expected), "\(text)")
        read += 1
      } else {
        #expect(throws: Base64Error.self, "\(text)") { try result.get() }
        refused += 1
      }
    }
    #expect(read > 1000 && refused > 1000)
  }

  /// By Foundation, which is not strict: what it reads and writes again as the same text.
  private static func bytes(_ text: [UInt8], _ padding: Base64.Padding) -> [UInt8]? {
    let padded = text + Array(repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4)
    let hasPadding = text.last == UInt8(ascii: "=")
    if padding == .forbidden && hasPadding { return nil }
    if (padding == .required || hasPadding) && padded.count != text.count { return nil }
    guard let data = Data(base64Encoded: Data(padded)), Array(data.base64EncodedData()) == padded else { return nil }
    return Array(data)
  }

  @Test(arguments: rows)
  func anyAlignment(of row: EncodingRow) {
    let room = 64 + 2 * 200
    var (source, text, back) = (
      [UInt8](repeating: 0, count: room), [UInt8](repeating: 0, count: room), [UInt8](repeating: 0, count: room)
    )
    for skew in 0..<64 {
      for count in [2, 47, 48, 64, 65, 191, 200] {
        let bytes = patternedBytes(count)
        source.replaceSubrange(skew..<skew + count, with: bytes)
        let other = (skew &* 7) % 64
        let result = unsafe source.withUnsafeBytes { source in
          unsafe text.withUnsafeMutableBytes { text in
            unsafe back.withUnsafeMutableBytes { back in
              let plain = unsafe UnsafeRawBufferPointer(rebasing: source[skew..<skew + count])
              let digits = unsafe UnsafeMutableRawBufferPointer(rebasing: text[other..<other + 2 * count])
              let result = unsafe UnsafeMutableRawBufferPointer(rebasing: back[skew..<skew + count])
              _ = unsafe Hex.encode(plain, letters: .lower, into: digits, kernel: row.kernel)
              guard case .success = unsafe Hex.decoded(.init(digits), into: result, kernel: row.kernel),
                unsafe result.elementsEqual(plain)
              else { return false }
              unsafe result.initializeMemory(as: UInt8.self, repeating: 0)
              let length = unsafe Base64.encode(
                plain, alphabet: .url, padding: .forbidden, into: digits, kernel: row.kernel)
              let characters = unsafe UnsafeRawBufferPointer(rebasing: digits[..<length])
              guard
                case .success = unsafe Base64.decoded(
                  characters, alphabet: .url, padding: .forbidden, into: result, kernel: row.kernel)
              else { return false }
              return unsafe result.elementsEqual(plain)
            }
          }
        }
        #expect(result, "\(count) bytes at \(skew)")
      }
    }
  }
}
