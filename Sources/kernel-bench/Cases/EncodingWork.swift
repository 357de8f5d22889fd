import BenchHarness
import CLibcrypto
import KernelBenchmark
import Kernels

/// Bytes and their texts in memory, written and read by the kernel or by libcrypto.
@safe
final class EncodingWork {
  enum Way: String, CaseIterable {
    case base64Encode = "base64-encode"
    case base64Decode = "base64-decode"
    case hexEncode = "hex-encode"
    case hexDecode = "hex-decode"

    var isBase64: Bool { self == .base64Encode || self == .base64Decode }
    var libcryptoName: String { self == .base64Encode ? "EVP_EncodeBlock" : "EVP_DecodeBlock" }
  }

  private let bytes: UnsafeMutableRawBufferPointer
  /// Of the bytes; what is written goes to `output`.
  private let base64: UnsafeMutableRawBufferPointer
  private let hex: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer
  /// Of the output, what was written last.
  private var written = 0

  init(byteCount: Int) {
    var random = SplitMix64(seed: UInt64(byteCount))
    unsafe bytes = .allocate(byteCount: byteCount, alignment: 64)
    for i in unsafe bytes.indices { unsafe bytes[i] = UInt8(truncatingIfNeeded: random.next()) }
    unsafe base64 = .allocate(byteCount: Base64.encodedCount(of: byteCount), alignment: 64)
    unsafe hex = .allocate(byteCount: Hex.encodedCount(of: byteCount), alignment: 64)
    // EVP_EncodeBlock ends its text with a zero, EVP_DecodeBlock writes zeros for padding.
    unsafe output = .allocate(byteCount: Hex.encodedCount(of: byteCount) + 64, alignment: 64)
    unsafe Base64.encode(UnsafeRawBufferPointer(bytes), into: base64)
    unsafe Hex.encode(UnsafeRawBufferPointer(bytes), into: hex)
  }

  deinit {
    unsafe bytes.deallocate()
    unsafe base64.deallocate()
    unsafe hex.deallocate()
    unsafe output.deallocate()
  }

  /// The kernel and its peer, after both have written the same.
  func contenders(row: String, _ way: Way, withPeer: Bool) throws -> [Contender] {
    let work = unsafe Double(bytes.count)
    var contenders = [Contender(row, role: .kernel, work: work) { try self.run(way, $0) }]
    if withPeer {
      contenders.append(
        Contender(Libcrypto.peer(way.libcryptoName).name, role: .peer, work: work) { self.runLibcrypto(way, $0) })
    }
    let count = unsafe bytes.count
    return try contenders.inAgreement {
      let shown = way == .base64Decode || way == .hexDecode ? count : self.written
      return unsafe Array(self.output[..<shown])
    }
  }

  private func run(_ way: Way, _ iterations: Int) throws {
    let (bytes, base64, hex, output) = unsafe (
      UnsafeRawBufferPointer(bytes), UnsafeRawBufferPointer(base64), UnsafeRawBufferPointer(hex), output
    )
    switch way {
    case .base64Encode: repeating(iterations) { unsafe written = Base64.encode(bytes, into: output) }
    case .base64Decode: try repeating(iterations) { unsafe written = try Base64.decode(base64, into: output) }
    case .hexEncode: repeating(iterations) { unsafe written = Hex.encode(bytes, into: output) }
    case .hexDecode: try repeating(iterations) { unsafe written = try Hex.decode(hex, into: output) }
    }
  }

  private func runLibcrypto(_ way: Way, _ iterations: Int) {
    let output = unsafe output.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    let input = unsafe (way == .base64Encode ? bytes : base64)
    let start = unsafe input.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    let count = Int32(input.count)
    if way == .base64Encode {
      repeating(iterations) { written = unsafe Int(EVP_EncodeBlock(output, start, count)) }
    } else {
      repeating(iterations) { written = unsafe Int(EVP_DecodeBlock(output, start, count)) }
    }
  }
}
