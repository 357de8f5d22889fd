import Testing

@testable import Kernels

@Suite struct SHA256GuardTests {
  @Test(arguments: SHA256Kernel.supported, GuardedBuffer.Alignment.allCases)
  func nothingOutsideTheMessage(kernel: SHA256Kernel, alignment: GuardedBuffer.Alignment) {
    for count in Array(0...200) + [4095, 4096, 4097] {
      let buffer = GuardedBuffer(byteCount: count, alignment: alignment)
      defer { withExtendedLifetime(buffer) {} }
      unsafe buffer.bytes.copyBytes(from: patternedBytes(count))
      let message = unsafe UnsafeRawBufferPointer(buffer.bytes)
      let expected = unsafe Libcrypto.sha256(message)
      #expect(unsafe SHA256.hash(message, kernel: kernel) == expected, "\(count) bytes")
      var hasher = SHA256()
      unsafe hasher.update(.init(rebasing: message[..<(count / 3)]), kernel: kernel)
      unsafe hasher.update(.init(rebasing: message[(count / 3)...]), kernel: kernel)
      #expect(hasher.finish(kernel: kernel) == expected, "\(count) bytes in two")
    }
  }
}

@Suite(.serialized, .cpuFeatureMask) struct SHA256MaskTests {
  @Test(arguments: [[], .sha, .avx512f, .avx512bw, [.sha, .avx512f], .ssse3, .sha2] as [CPUFeatures])
  func masked(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    let features = CPUFeatures.current
    #expect(features.isSuperset(of: SHA256Kernel.select(features).requires))

    let lengths = (0..<40).map { 37 * $0 }
    let messages = lengths.map { patternedBytes($0) }
    let expected = messages.map { Libcrypto.sha256($0) }
    for (message, digest) in zip(messages, expected) {
      let computed = unsafe SHA256.hash(message.span.bytes)
      #expect(computed == digest, "\(message.count) bytes")
    }

    let offsets = lengths.reduce(into: [0]) { $0.append($0.last! + $1) }
    let bytes = messages.flatMap { $0 }
    var digests = [SHA256.Digest](repeating: expected[0], count: 40)
    var output = digests.mutableSpan
    unsafe SHA256.hash(batch: bytes.span.bytes, offsets: offsets.span, into: &output)
    #expect(digests == expected)
  }

  @Test func rowByMask() {
    CPUFeatures.disable([.sha, .sha2])
    #expect(SHA256Kernel.select(.current).name.description == "sha256_portable")
  }
}
