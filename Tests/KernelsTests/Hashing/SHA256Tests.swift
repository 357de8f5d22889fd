import Testing

@testable import Kernels

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples (NIST, "SHA-256", csrc.nist.gov): one block, two blocks; and the empty message.
  @Test(arguments: SHA256Kernel.supported)
  func examples(of kernel: SHA256Kernel) {
    let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let examples: [([UInt8], String)] = [
      ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]
    for (message, digest) in examples {
      let computed = unsafe message.withUnsafeBytes { unsafe SHA256.hash($0, kernel: kernel) }
      #expect(computed.description == digest)
    }
  }

  @Test func constants() {
    #expect(SHA256.constants == SHA256Reference.constants)
    #expect((0..<8).map { SHA256.initialState[$0] } == SHA256Reference.initialState)
  }

  @Test(arguments: SHA256Kernel.supported)
  func everyLength(of kernel: SHA256Kernel) {
    let bytes = patternedBytes(1100)
    for count in 0...1100 {
      let computed = unsafe bytes.withUnsafeBytes { unsafe SHA256.hash(.init(rebasing: $0[..<count]), kernel: kernel) }
      #expect(computed == Libcrypto.sha256(Array(bytes[..<count])), "\(count) bytes")
    }
  }

  /// The oracle's oracle: what shares no code with anybody agrees, around every boundary of padding.
  @Test func reference() {
    for count in Array(0...130) + [1000, 4096] {
      let bytes = patternedBytes(count)
      let expected = SHA256.Digest(SHA256Reference.hash(bytes))
      #expect(unsafe SHA256.hash(bytes.span.bytes) == expected, "\(count) bytes")
      #expect(Libcrypto.sha256(bytes) == expected, "\(count) bytes")
    }
  }

  @Test(arguments: SHA256Kernel.supported)
  func everyAlignment(of kernel: SHA256Kernel) {
    let bytes = patternedBytes(64 + 64 + 300)
    for offset in 0..<64 {
      for count in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 300] {
        unsafe bytes.withUnsafeBytes { bytes in
          let start = -Int(bitPattern: bytes.baseAddress) & 63
          let message = unsafe UnsafeRawBufferPointer(rebasing: bytes[(start + offset)...].prefix(count))
          let computed = unsafe SHA256.hash(message, kernel: kernel)
          #expect(unsafe computed == Libcrypto.sha256(message), "\(count) bytes at \(offset)")
        }
      }
    }
  }
}
