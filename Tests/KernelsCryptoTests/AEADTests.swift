import Testing

@testable import KernelsCrypto

@Suite struct AEADTests {
  @Test(arguments: AEADExample.all)
  func examples(_ example: AEADExample) throws {
    var sealer = try Sealer(example.algorithm, key: bytes(example.key))
    let (nonce, header) = (bytes(example.nonce), bytes(example.header))
    let sealed = try sealer.seal(bytes(example.plaintext), nonce: nonce, header: header)
    #expect(sealed == bytes(example.ciphertext + example.tag))
    var opened = [UInt8](repeating: 0, count: sealed.count - 16)
    try sealer.open(sealed, nonce: nonce, header: header, into: &opened)
    #expect(opened == bytes(example.plaintext))
  }

  /// Every length, with one context, in place and not, sealing and opening in turns.
  @Test(arguments: AEAD.Algorithm.allCases)
  func everyLength(of algorithm: AEAD.Algorithm) throws {
    let key = patternedBytes(algorithm.keyByteCount, seed: 3)
    var sealer = try Sealer(algorithm, key: key)
    for count in Array(0...300) + [1000, 4096, 65_537] {
      let (plaintext, header) = (patternedBytes(count), patternedBytes(count % 50, seed: 7))
      let nonce = patternedBytes(12, seed: count)
      let expected = sealedByLibcrypto(algorithm, key: key, nonce: nonce, header: header, plaintext)
      #expect(try sealer.seal(plaintext, nonce: nonce, header: header) == expected, "\(count) bytes")
      var opened = [UInt8](repeating: 0, count: count)
      try sealer.open(expected, nonce: nonce, header: header, into: &opened)
      #expect(opened == plaintext, "\(count) bytes")
      #expect(try sealer.sealInPlace(plaintext, nonce: nonce, header: header) == expected, "\(count) bytes in place")
      var message = expected
      try sealer.openInPlace(&message, nonce: nonce, header: header)
      #expect(message == plaintext + expected.suffix(16), "\(count) bytes in place")
    }
  }

  /// A changed bit of ciphertext, tag, nonce, header or key: nothing is released, and all is as it was.
  @Test(arguments: AEAD.Algorithm.allCases, [0, 1, 15, 16, 17, 100, 4096])
  func changedBits(of algorithm: AEAD.Algorithm, count: Int) throws {
    let key = patternedBytes(algorithm.keyByteCount)
    let (nonce, header) = (patternedBytes(12), patternedBytes(20))
    var sealer = try Sealer(algorithm, key: key)
    let plaintext = patternedBytes(count, seed: 9)
    let sealed = try sealer.seal(plaintext, nonce: nonce, header: header)
    let before = patternedBytes(count, seed: 77)

    func refused(
      _ sealer: inout Sealer, _ sealed: [UInt8], _ nonce: [UInt8], _ header: [UInt8], _ what: Comment
    ) {
      var output = before
      #expect(throws: AEADError.authenticationFailed, what) {
        try sealer.open(sealed, nonce: nonce, header: header, into: &output)
      }
      #expect(output == before, what)
      var message = sealed
      #expect(throws: AEADError.authenticationFailed, what) {
        try sealer.openInPlace(&message, nonce: nonce, header: header)
      }
      #expect(message == sealed, what)
    }
    func flipped(_ bytes: [UInt8], _ i: Int) -> [UInt8] {
      var bytes = bytes
      bytes[i] ^= 1 << (i % 8)
      return bytes
    }
    for i in Array(0..<16) + (0..<count).filter({ $0 < 20 || $0 % 500 == 0 }).map({ $0 + 16 }) {
      let place = i < 16 ? count + i : i - 16
      refused(&sealer, flipped(sealed, place), nonce, header, "byte \(place)")
    }
    for i in 0..<12 { refused(&sealer, sealed, flipped(nonce, i), header, "byte \(i) of the nonce") }
    for i in 0..<20 { refused(&sealer, sealed, nonce, flipped(header, i), "byte \(i) of the header") }
    refused(&sealer, sealed, nonce, [], "no header")
    for i in key.indices {
      var other = try Sealer(algorithm, key: flipped(key, i))
      refused(&other, sealed, nonce, header, "byte \(i) of the key")
    }
    // The context is none the worse for it.
    var output = before
    try sealer.open(sealed, nonce: nonce, header: header, into: &output)
    #expect(output == plaintext)
  }

  @Test(arguments: AEAD.Algorithm.allCases)
  func wrongSizes(_ algorithm: AEAD.Algorithm) throws {
    let expected = algorithm.keyByteCount
    for count in Array(0...40) + [64] where count != expected {
      let error = #expect(throws: AEADError.self) { _ = try Sealer(algorithm, key: patternedBytes(count)) }
      #expect(error == .keyByteCount(count, expected: expected))
    }
    var sealer = try Sealer(algorithm, key: patternedBytes(expected))
    let plaintext = patternedBytes(50)
    for count in Array(0...20) where count != 12 {
      let nonce = patternedBytes(count)
      #expect(throws: AEADError.nonceByteCount(count)) { try sealer.seal(plaintext, nonce: nonce, header: []) }
      #expect(throws: AEADError.nonceByteCount(count)) { try sealer.sealInPlace(plaintext, nonce: nonce, header: []) }
      var output = plaintext
      #expect(throws: AEADError.nonceByteCount(count)) {
        try sealer.open(patternedBytes(66), nonce: nonce, header: [], into: &output)
      }
      #expect(throws: AEADError.nonceByteCount(count)) {
        try sealer.openInPlace(&output, nonce: nonce, header: [])
      }
      #expect(output == plaintext)
    }
    for count in 0..<16 {
      let before = patternedBytes(count)
      var (output, message) = (before, before)
      #expect(throws: AEADError.tooShort(count)) {
        try sealer.open(before, nonce: patternedBytes(12), header: [], into: &output)
      }
      #expect(throws: AEADError.tooShort(count)) {
        try sealer.openInPlace(&message, nonce: patternedBytes(12), header: [])
      }
      #expect(output == before && message == before)
    }
  }

  @Test func limits() {
    #expect(AEAD.Algorithm.aes128GCM.maximumByteCount == 68_719_476_704)
    #expect(AEAD.Algorithm.aes256GCM.maximumByteCount == 68_719_476_704)
    #expect(AEAD.Algorithm.chaCha20Poly1305.maximumByteCount == 274_877_906_880)
    #expect(AEAD.nonceByteCount == 12 && AEAD.tagByteCount == 16)
  }

  @Test func outputOfAnotherSize() async {
    await #expect(processExitsWith: .failure) {
      var aead = try unsafe AEAD(.aes128GCM, key: patternedBytes(16).span.bytes)
      var output = patternedBytes(10)
      try output.write { output throws(AEADError) in
        try unsafe aead.seal(
          patternedBytes(10).span.bytes, nonce: patternedBytes(12).span.bytes, authenticating: RawSpan(), into: &output)
      }
    }
  }
}
