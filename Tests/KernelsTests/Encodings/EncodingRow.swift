import Testing

@testable import Kernels

/// A row under test, over arrays.
struct EncodingRow: CustomTestStringConvertible, Sendable {
  let kernel: EncodingKernel

  var testDescription: String { kernel.name.description }

  func base64(_ bytes: [UInt8], _ alphabet: Base64.Alphabet, _ padding: Base64.Padding) -> [UInt8] {
    let count = Base64.encodedCount(of: bytes.count, padding: padding)
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { text, written in
      written = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Base64.encode(
          bytes, alphabet: alphabet, padding: padding, into: UnsafeMutableRawBufferPointer(text), kernel: kernel)
      }
    }
  }

  func bytes(
    base64 text: [UInt8], _ alphabet: Base64.Alphabet, _ padding: Base64.Padding
  ) -> Result<[UInt8], Base64Error> {
    var bytes = [UInt8](repeating: 0, count: Base64.mostDecoded(of: text.count))
    let result = unsafe text.withUnsafeBytes { text in
      unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe Base64.decoded(text, alphabet: alphabet, padding: padding, into: bytes, kernel: kernel)
      }
    }
    return result.map { Array(bytes[..<$0]) }
  }

  func hex(_ bytes: [UInt8], _ letters: Hex.Letters) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 2 * bytes.count) { text, written in
      written = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Hex.encode(bytes, letters: letters, into: UnsafeMutableRawBufferPointer(text), kernel: kernel)
      }
    }
  }

  func bytes(hex text: [UInt8]) -> Result<[UInt8], HexError> {
    var bytes = [UInt8](repeating: 0, count: text.count / 2)
    let result = unsafe text.withUnsafeBytes { text in
      unsafe bytes.withUnsafeMutableBytes { bytes in unsafe Hex.decoded(text, into: bytes, kernel: kernel) }
    }
    return result.map { Array(bytes[..<$0]) }
  }
}
