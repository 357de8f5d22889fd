import Testing

@testable import Kernels

@Suite struct HashGuardTests {
  @Test(arguments: HashSubject.allRows, GuardedBuffer.Alignment.allCases)
  func nothingOutsideTheMessage(row: HashSubject.Row, alignment: GuardedBuffer.Alignment) {
    for count in Array(0...290) + [4095, 4096, 4097] {
      let buffer = GuardedBuffer(byteCount: count, alignment: alignment)
      defer { withExtendedLifetime(buffer) {} }
      unsafe buffer.bytes.copyBytes(from: patternedBytes(count))
      let message = unsafe UnsafeRawBufferPointer(buffer.bytes)
      let expected = unsafe Libcrypto.digest(row.subject, message)
      #expect(unsafe row.hash(message) == expected, "\(count) bytes")
      let parts = unsafe [
        UnsafeRawBufferPointer(rebasing: message[..<(count / 3)]),
        UnsafeRawBufferPointer(rebasing: message[(count / 3)...]),
      ]
      #expect(unsafe row.incremental(parts)[1] == expected, "\(count) bytes in two")
    }
  }
}

@Suite(.serialized, .cpuFeatureMask) struct HashMaskTests {
  static let masks: [CPUFeatures] = [
    [], .sha, .avx512f, .avx512bw, [.sha, .avx512f], .avx2, [.sha, .avx2], .bmi2, [.bmi2, .avx512f], .ssse3, .sha2,
    .sha3, .avx512vl, [.avx512vl, .bmi2],
  ]

  @Test(arguments: masks, HashSubject.all)
  func masked(_ mask: CPUFeatures, subject: HashSubject) {
    CPUFeatures.disable(mask)
    let messages = (0..<40).map { patternedBytes(37 * $0) }
    let expected = messages.map { subject.expected($0) }
    for (message, digest) in zip(messages, expected) {
      #expect(unsafe message.withUnsafeBytes { unsafe subject.hash($0) } == digest, "\(message.count) bytes")
    }
    let batch = unsafe digests(of: messages, size: subject.digestByteCount, by: subject.batch)
    #expect(batch == expected)
  }

  @Test func rowByMask() {
    CPUFeatures.disable([.sha, .sha2, .bmi2, .sha3, .avx2, .avx512vl])
    #expect(SHA256Kernel.select(.current).name.description == "sha256_portable")
    #expect(SHA512Kernel.select(.current).name.description == "sha512_portable")
    #expect(KeccakKernel.select(.current).name.description == "keccak_portable")
  }
}
