import Testing

@testable import Kernels

/// `bytes` cut at the given places, for the length of `body`.
@unsafe
private func withParts<R>(_ bytes: [UInt8], at cuts: [Int], _ body: ([UnsafeRawBufferPointer]) -> R) -> R {
  unsafe bytes.withUnsafeBytes { bytes in
    let parts = unsafe zip([0] + cuts, cuts + [bytes.count]).map {
      unsafe UnsafeRawBufferPointer(rebasing: bytes[$0..<$1])
    }
    return unsafe body(parts)
  }
}

@Suite struct HashIncrementalTests {
  @Test(arguments: HashSubject.allRows)
  func everySplitInTwo(of row: HashSubject.Row) {
    for count in [0, 1, 63, 64, 65, 127, 128, 129, 136, 200, 321] {
      let bytes = patternedBytes(count)
      let expected = Libcrypto.digest(row.subject, bytes)
      for split in 0...count {
        let digests = unsafe withParts(bytes, at: [split]) { unsafe row.incremental($0) }
        #expect(digests[1] == expected, "\(count) bytes, split at \(split)")
      }
    }
  }

  /// After every prefix: the digest so far, and on from there as if nobody had asked.
  @Test(arguments: HashSubject.allRows, [1, 3, 63, 64, 65, 100, 136])
  func finishThenContinue(row: HashSubject.Row, step: Int) {
    let bytes = patternedBytes(700)
    let cuts = Array(stride(from: step, to: 700, by: step))
    let digests = unsafe withParts(bytes, at: cuts) { unsafe row.incremental($0) }
    for (cut, digest) in zip(cuts + [700], digests) {
      #expect(digest == Libcrypto.digest(row.subject, Array(bytes[..<cut])), "\(cut) bytes")
    }
  }

  @Test(arguments: HashSubject.all)
  func randomSplits(of subject: HashSubject) {
    var random = SplitMix64(state: 2)
    for _ in 0..<100 {
      let bytes = patternedBytes(.random(in: 0...2000, using: &random))
      var cuts: [Int] = []
      while let taken = Optional(cuts.last ?? 0), taken < bytes.count {
        cuts.append(min(bytes.count, taken + .random(in: 0...300, using: &random)))
      }
      let digests = unsafe withParts(bytes, at: cuts) { unsafe subject.incremental($0) }
      #expect(digests.last == subject.expected(bytes), "\(bytes.count) bytes")
    }
  }

  @Test func copiesGoTheirOwnWays() {
    let (head, left, right) = (patternedBytes(100), patternedBytes(77, seed: 1), patternedBytes(300, seed: 2))
    var a = SHA256()
    unsafe a.update(head.span.bytes)
    var b = a
    let c = a
    unsafe a.update(left.span.bytes)
    unsafe b.update(right.span.bytes)
    #expect(a.finish().array == Libcrypto.digest("SHA256", head + left))
    #expect(b.finish().array == Libcrypto.digest("SHA256", head + right))
    #expect(c.finish().array == Libcrypto.digest("SHA256", head))
  }

  @Test(arguments: HashSubject.allRows)
  func emptyUpdates(of row: HashSubject.Row) {
    let empty = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    #expect(
      unsafe row.incremental([empty, empty]) == [[UInt8]](repeating: Libcrypto.digest(row.subject, []), count: 2))
  }

  @Test func wipedWhenFinished() {
    func check<Hash: HashFunction>(_: Hash.Type) {
      let bytes = patternedBytes(1234)
      var hasher = Hash()
      unsafe hasher.update(bytes.span.bytes)
      let expected = hasher.finish()
      #expect(hasher.finishAndWipe() == expected)
      #expect(unsafe Hash.hash(bytes.span.bytes) == expected)
      #expect(unsafe withUnsafeBytes(of: hasher) { unsafe $0.allSatisfy { $0 == 0 } })
    }
    check(SHA224.self)
    check(SHA256.self)
    check(SHA384.self)
    check(SHA512.self)
    check(SHA512_256.self)
    check(SHA3_256.self)
    check(SHA3_512.self)
    check(BLAKE3.self)
    check(Insecure.SHA1.self)
    check(Insecure.MD5.self)
  }

  /// Rows may change between calls, as the feature mask may: the state is the standard's, not the row's.
  @Test func rowsMix() {
    func check<Hash: BlockHash>(_: Hash.Type, _ name: String) {
      let bytes = patternedBytes(1000)
      let kernels = Hash.Kernel.all.filter(\.isSupported)
      var hasher = BlockHasher<Hash>()
      for (i, start) in stride(from: 0, to: 1000, by: 100).enumerated() {
        unsafe bytes.withUnsafeBytes {
          unsafe hasher.update(.init(rebasing: $0[start..<start + 100]), kernel: kernels[i % kernels.count])
        }
      }
      let digest = hasher.finish(kernel: kernels[0])
      #expect(unsafe withUnsafeBytes(of: digest) { unsafe Array($0) } == Libcrypto.digest(name, bytes), "\(name)")
    }
    check(SHA256.self, "SHA256")
    check(SHA512.self, "SHA512")
    check(SHA3_256.self, "SHA3-256")
    check(Insecure.SHA1.self, "SHA1")
  }

  /// The length in bits takes 64 or 128 bits: what follows a message of 2^29 bytes and more, without hashing as many.
  @Test(
    arguments: [
      0, 55, 56, 63, 64, 111, 112, 127, 1 << 29 - 1, 1 << 29, 1 << 29 + 60, 1 << 32, 1 << 61 - 1, 0x0123_4567_89ab_cdef,
    ] as [UInt64])
  func paddingOfLongMessages(length: UInt64) {
    func check<Hash: BlockHash>(_: Hash.Type, _ padding: [UInt8]) {
      let rest = patternedBytes(Int(length % UInt64(Hash.blockByteCount)))
      var tail = [UInt8](repeating: 0xee, count: Hash.maximumTail)
      let blocks = unsafe rest.withUnsafeBytes { rest in
        unsafe tail.withUnsafeMutableBytes { unsafe Hash.pad(rest, count: length, into: $0.baseAddress!) }
      }
      #expect(Array(tail[..<(Hash.blockByteCount * blocks)]) == rest + padding)
      #expect(tail[(Hash.blockByteCount * blocks)...].allSatisfy { $0 == 0xee })
    }
    check(SHA256.self, SHA2Reference<UInt32>.padding(byteCount: length))
    check(SHA512.self, SHA2Reference<UInt64>.padding(byteCount: length))
  }

  /// A length in bits that 64 bits do not hold.
  @Test func paddingPastTwoToTheSixtyFour() {
    let length: UInt64 = 1 << 63 + 5
    let rest = patternedBytes(5)
    var tail = [UInt8](repeating: 0, count: SHA512.maximumTail)
    _ = unsafe rest.withUnsafeBytes { rest in
      unsafe tail.withUnsafeMutableBytes { unsafe SHA512.pad(rest, count: length, into: $0.baseAddress!) }
    }
    #expect(Array(tail[..<128]) == rest + SHA2Reference<UInt64>.padding(byteCount: length))
  }

  @Test func countPassesFourGigabits() {
    var hasher = SHA256()
    hasher.hasher.count = 1 << 29 - 64
    let bytes = patternedBytes(164)
    unsafe hasher.update(bytes.span.bytes)
    #expect(hasher.hasher.count == 1 << 29 + 100)
  }
}
