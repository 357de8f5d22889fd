import CLibcrypto
import Testing

@testable import Kernels

/// Bytes in which no two blocks are alike, so that swapped blocks show.
func patternedBytes(_ count: Int, seed: Int = 0) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: ($0 &+ seed) % 251) }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
}

extension SHA256.Digest {
  var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

  init(_ bytes: [UInt8]) { unsafe self.init(bytes.span.bytes) }
}

extension SHA256Kernel: CustomTestStringConvertible {
  public var testDescription: String { name.description }
  /// The rows that this machine can run.
  static var supported: [SHA256Kernel] { all.filter { CPUFeatures.detected.isSuperset(of: $0.requires) } }
}

extension SHA256LanesKernel: CustomTestStringConvertible {
  public var testDescription: String { name.description }
  /// The rows that this machine can run.
  static var supported: [SHA256LanesKernel] { all.filter { CPUFeatures.detected.isSuperset(of: $0.requires) } }
}

/// libcrypto's SHA-256, the oracle that is fast enough for every length.
enum Libcrypto {
  static func sha256(_ message: UnsafeRawBufferPointer) -> SHA256.Digest {
    var digest = [UInt8](repeating: 0, count: 32)
    let done = unsafe EVP_Digest(message.baseAddress, message.count, &digest, nil, EVP_sha256(), nil)
    precondition(done == 1, "libcrypto failed")
    return SHA256.Digest(digest)
  }

  static func sha256(_ message: [UInt8]) -> SHA256.Digest {
    unsafe message.withUnsafeBytes { unsafe sha256($0) }
  }
}

/// A small generator with a seed, so that a failure can be run again (Steele, Lea, Flood: SplitMix64, 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
