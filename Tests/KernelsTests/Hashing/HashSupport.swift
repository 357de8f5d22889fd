import CLibcrypto
import Testing

@testable import Kernels

/// Bytes in which no two blocks are alike, so that swapped blocks show.
func patternedBytes(_ count: Int, seed: Int = 0) -> [UInt8] {
  // A period after the other: unoptimised, byte by byte takes seconds.
  let period = (0..<min(count, 251)).map { UInt8(truncatingIfNeeded: ($0 &+ seed) % 251) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count)
  while bytes.count < count { bytes += period.prefix(count - bytes.count) }
  return bytes
}

func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
}

/// The bytes of pairs of hexadecimal digits; anything else is a mistake of the test.
func bytes(_ hexadecimal: some StringProtocol) -> [UInt8] {
  let digits = hexadecimal.utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16)! }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

extension HashDigest {
  var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

  init(_ bytes: [UInt8]) { unsafe self.init(bytes.span.bytes) }
}

extension KernelRow {
  var isSupported: Bool { CPUFeatures.detected.isSuperset(of: requires) }
}

/// libcrypto, the oracle that is fast enough for every length.
enum Libcrypto {
  static func digest(_ name: String, _ message: UnsafeRawBufferPointer) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let done = unsafe EVP_Digest(
      message.baseAddress, message.count, &digest, &count, EVP_get_digestbyname(name), nil)
    precondition(done == 1, "libcrypto failed, or has no \(name)")
    return Array(digest.prefix(Int(count)))
  }

  static func digest(_ name: String, _ message: [UInt8]) -> [UInt8] {
    unsafe message.withUnsafeBytes { unsafe digest(name, $0) }
  }
}
