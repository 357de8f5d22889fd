import Testing

@testable import Kernels

@Suite struct HashDigestTests {
  private let digest = unsafe SHA256.hash(Array("abc".utf8).span.bytes)

  @Test func layout() {
    func check<Digest>(_: Digest.Type, _ size: Int) {
      #expect(MemoryLayout<Digest>.size == size)
      #expect(MemoryLayout<Digest>.stride == size)
      #expect(MemoryLayout<Digest>.alignment == 1)
    }
    check(SHA224.Digest.self, 28)
    check(SHA256.Digest.self, 32)
    check(SHA384.Digest.self, 48)
    check(SHA512.Digest.self, 64)
    check(SHA512_256.Digest.self, 32)
    check(SHA3_256.Digest.self, 32)
    check(SHA3_512.Digest.self, 64)
    check(Insecure.SHA1.Digest.self, 20)
    check(Insecure.MD5.Digest.self, 16)
  }

  @Test func bytes() {
    let expected = SHA2Reference.sha256.hash(Array("abc".utf8))
    #expect(digest.array == expected)
    #expect(digest.description == hexadecimal(expected))
    let copy = SHA256.Digest(digest.rawSpan)
    #expect(copy == digest)

    var appended: [UInt8] = []
    appended.append(addingCapacity: 40) { output in
      output.append(1)
      digest.write(to: &output)
    }
    #expect(appended == [1] + expected)

    var written = [UInt8](repeating: 0, count: 32)
    do {
      var span = written.mutableSpan
      var raw = unsafe span.mutableBytes
      digest.write(to: &raw)
    }
    #expect(written == expected)
  }

  /// A difference in any bit of any byte counts.
  @Test func equality() {
    let bytes = digest.array
    for bit in 0..<256 {
      var other = bytes
      other[bit / 8] ^= 1 << (bit % 8)
      #expect(SHA256.Digest(other) != digest)
    }
    #expect(SHA256.Digest(bytes) == digest)
    #expect(Set([digest, SHA256.Digest(bytes)]).count == 1)
  }

  @Test func wrongSizes() async {
    await #expect(processExitsWith: .failure) { _ = SHA256.Digest([UInt8](repeating: 0, count: 31)) }
    await #expect(processExitsWith: .failure) { _ = SHA256.Digest([UInt8](repeating: 0, count: 33)) }
  }
}
