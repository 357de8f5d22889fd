import Foundation
import Testing

@testable import Kernels

/// RFC 4648, against Foundation's.
@Suite struct Base64Tests {
  static let rows = EncodingKernel.kernels.filter(\.isSupported).map(EncodingRow.init)

  @Test func examplesOfTheStandard() throws {
    let examples = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ]
    for (plain, text) in examples {
      let bytes = Array(plain.utf8)
      #expect(unsafe Base64.encode(bytes.span.bytes) == text)
      #expect(try Base64.decode(text) == bytes)
    }
  }

  @Test(arguments: rows)
  func everyLength(of row: EncodingRow) throws {
    for count in 0...1100 {
      let bytes = patternedBytes(count)
      let expected = Data(bytes).base64EncodedString()
      for alphabet in [Base64.Alphabet.standard, .url] {
        for padding in [Base64.Padding.required, .forbidden, .optional] {
          var text = expected
          if alphabet == .url {
            text = text.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
          }
          if padding == .forbidden { text = text.replacingOccurrences(of: "=", with: "") }
          #expect(row.base64(bytes, alphabet, padding) == Array(text.utf8), "\(count) bytes")
          #expect(row.bytes(base64: Array(text.utf8), alphabet, padding) == .success(bytes), "\(count) bytes")
        }
      }
    }
  }

  /// Every wrong byte at every place of two of the longest steps.
  @Test(arguments: rows, [Base64.Alphabet.standard, .url])
  func everyWrongByte(row: EncodingRow, alphabet: Base64.Alphabet) {
    let right = row.base64(patternedBytes(120), alphabet, .required)
    for place in right.indices {
      for byte in UInt8.min...UInt8.max {
        var text = right
        text[place] = byte
        let isCharacter =
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (alphabet == .standard ? Array("+/".utf8) : Array("-_".utf8)).contains(byte)
        let result = row.bytes(base64: text, alphabet, .required)
        if isCharacter {
          #expect((try? result.get())?.count == 120, "\(byte) at \(place)")
        } else if byte == UInt8(ascii: "=") {
          // At the end of a group of four it is padding, after a character whose last bits may be wrong.
          if place < right.count - 2 { #expect(result == .failure(.unexpectedPadding(offset: place))) }
        } else {
          #expect(result == .failure(.notInAlphabet(offset: place)), "\(byte) at \(place)")
        }
      }
    }
  }

  @Test func whatIsRefused() {
    func error(_ text: String, _ padding: Base64.Padding = .required) -> Base64Error? {
      do {
        _ = try Base64.decode(text, padding: padding)
        return nil
      } catch { return error }
    }
    #expect(error("Zg") == .missingPadding(offset: 2))
    #expect(error("Zg=") == .missingPadding(offset: 3))
    #expect(error("Zg=", .optional) == .missingPadding(offset: 3))
    #expect(error("Zg", .optional) == nil && error("Zg==", .optional) == nil)
    #expect(error("Zg==", .forbidden) == .unexpectedPadding(offset: 2))
    #expect(error("Zm9v=") == .unexpectedPadding(offset: 4))
    #expect(error("Zm8==") == .unexpectedPadding(offset: 4))
    #expect(error("Zg===") == .unexpectedPadding(offset: 2))
    #expect(error("Zh==") == .trailingBits(offset: 1))
    #expect(error("Zm9=") == .trailingBits(offset: 2))
    #expect(error("Z") == .incomplete(offset: 0))
    #expect(error("Zm9vZ", .forbidden) == .incomplete(offset: 4))
    #expect(error("Zm9v\n") == .notInAlphabet(offset: 4))
    #expect(error("=") == .unexpectedPadding(offset: 0))
  }

  @Test(arguments: rows, GuardedBuffer.Alignment.allCases)
  func nothingOutside(row: EncodingRow, alignment: GuardedBuffer.Alignment) {
    for count in 0...400 {
      let plain = GuardedBuffer(byteCount: count, alignment: alignment)
      let text = GuardedBuffer(byteCount: Base64.encodedCount(of: count), alignment: alignment)
      let back = GuardedBuffer(
        byteCount: Base64.mostDecoded(of: Base64.encodedCount(of: count, padding: .forbidden)), alignment: alignment)
      defer { withExtendedLifetime((plain, text, back)) {} }
      unsafe plain.bytes.copyBytes(from: patternedBytes(count))
      _ = unsafe Base64.encode(
        UnsafeRawBufferPointer(plain.bytes), alphabet: .standard, padding: .required, into: text.bytes,
        kernel: row.kernel)
      let result = unsafe Base64.decoded(
        UnsafeRawBufferPointer(text.bytes), alphabet: .standard, padding: .required, into: back.bytes,
        kernel: row.kernel)
      #expect(result == .success(count))
      #expect(unsafe Array(back.bytes) == patternedBytes(count))
    }
  }
}
