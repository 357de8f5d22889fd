import Testing

@testable import Kernels

@Suite struct HexTests {
  static let rows = EncodingKernel.kernels.filter(\.isSupported).map(EncodingRow.init)

  @Test(arguments: rows)
  func everyLength(of row: EncodingRow) {
    let digits = Array("0123456789abcdef".utf8)
    for count in 0...1100 {
      let bytes = patternedBytes(count)
      let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
      let upper = text.map { $0 > UInt8(ascii: "9") ? $0 - 32 : $0 }
      #expect(row.hex(bytes, .lower) == text && row.hex(bytes, .upper) == upper, "\(count) bytes")
      #expect(row.bytes(hex: text) == .success(bytes) && row.bytes(hex: upper) == .success(bytes), "\(count) bytes")
    }
  }

  @Test(arguments: rows)
  func everyByteAtEveryPlace(of row: EncodingRow) {
    let right = row.hex(patternedBytes(40), .lower)
    let digits = Set("0123456789abcdefABCDEF".utf8)
    for place in right.indices {
      for byte in UInt8.min...UInt8.max {
        var text = right
        text[place] = byte
        let result = row.bytes(hex: text)
        if digits.contains(byte) {
          #expect((try? result.get())?.count == 40, "\(byte) at \(place)")
        } else {
          #expect(result == .failure(.notADigit(offset: place)), "\(byte) at \(place)")
        }
      }
    }
  }

  @Test(arguments: rows, GuardedBuffer.Alignment.allCases)
  func nothingOutside(row: EncodingRow, alignment: GuardedBuffer.Alignment) {
    for count in 0...200 {
      let plain = GuardedBuffer(byteCount: count, alignment: alignment)
      let text = GuardedBuffer(byteCount: 2 * count, alignment: alignment)
      let back = GuardedBuffer(byteCount: count, alignment: alignment)
      defer { withExtendedLifetime((plain, text, back)) {} }
      unsafe plain.bytes.copyBytes(from: patternedBytes(count))
      _ = unsafe Hex.encode(
        UnsafeRawBufferPointer(plain.bytes), letters: .upper, into: text.bytes, kernel: row.kernel)
      let result = unsafe Hex.decoded(UnsafeRawBufferPointer(text.bytes), into: back.bytes, kernel: row.kernel)
      #expect(result == .success(count))
      #expect(unsafe Array(back.bytes) == patternedBytes(count))
    }
  }

  @Test func oddDigits() throws {
    #expect(throws: HexError.oddDigit(offset: 2)) { try Hex.decode("00a") }
    #expect(throws: HexError.notADigit(offset: 2)) { try Hex.decode("00g") }
    #expect(throws: HexError.notADigit(offset: 1)) { try Hex.decode("0x1") }
    #expect(try Hex.decode("") == [])
  }
}
