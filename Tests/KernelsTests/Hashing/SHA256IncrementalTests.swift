import Testing

@testable import Kernels

@Suite struct SHA256IncrementalTests {
  @Test(arguments: SHA256Kernel.supported)
  func everySplitInTwo(of kernel: SHA256Kernel) {
    for count in [0, 1, 63, 64, 65, 127, 128, 129, 200, 321] {
      let bytes = patternedBytes(count)
      let expected = Libcrypto.sha256(bytes)
      for split in 0...count {
        var hasher = SHA256()
        unsafe bytes.withUnsafeBytes { bytes in
          unsafe hasher.update(.init(rebasing: bytes[..<split]), kernel: kernel)
          unsafe hasher.update(.init(rebasing: bytes[split...]), kernel: kernel)
        }
        #expect(hasher.finish(kernel: kernel) == expected, "\(count) bytes, split at \(split)")
      }
    }
  }

  /// After every prefix: the digest so far, and on from there as if nobody had asked.
  @Test(arguments: SHA256Kernel.supported, [1, 3, 63, 64, 65, 100])
  func finishThenContinue(kernel: SHA256Kernel, step: Int) {
    let bytes = patternedBytes(700)
    var hasher = SHA256()
    var taken = 0
    while taken < bytes.count {
      let next = min(taken + step, bytes.count)
      unsafe bytes.withUnsafeBytes { unsafe hasher.update(.init(rebasing: $0[taken..<next]), kernel: kernel) }
      taken = next
      #expect(hasher.finish(kernel: kernel) == Libcrypto.sha256(Array(bytes[..<taken])), "\(taken) bytes")
    }
  }

  @Test func randomSplits() {
    var random = SplitMix64(state: 2)
    for _ in 0..<200 {
      let bytes = patternedBytes(.random(in: 0...2000, using: &random))
      var hasher = SHA256()
      var taken = 0
      while taken < bytes.count {
        let next = min(bytes.count, taken + .random(in: 0...200, using: &random))
        unsafe hasher.update(bytes.span.bytes.extracting(taken..<next))
        taken = next
      }
      #expect(hasher.finish() == Libcrypto.sha256(bytes), "\(bytes.count) bytes")
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
    #expect(a.finish() == Libcrypto.sha256(head + left))
    #expect(b.finish() == Libcrypto.sha256(head + right))
    #expect(c.finish() == Libcrypto.sha256(head))
  }

  @Test func emptyUpdates() {
    var hasher = SHA256()
    unsafe hasher.update(UnsafeRawBufferPointer(start: nil, count: 0))
    hasher.update(RawSpan())
    #expect(hasher.finish() == Libcrypto.sha256([]))
  }

  /// Rows may change between calls, as the feature mask may: the state is the standard's, not the row's.
  @Test func rowsMix() {
    let bytes = patternedBytes(1000)
    var hasher = SHA256()
    for (i, start) in stride(from: 0, to: 1000, by: 100).enumerated() {
      let kernel = SHA256Kernel.supported[i % SHA256Kernel.supported.count]
      unsafe bytes.withUnsafeBytes { unsafe hasher.update(.init(rebasing: $0[start..<start + 100]), kernel: kernel) }
    }
    #expect(hasher.finish() == Libcrypto.sha256(bytes))
  }

  /// The length in bits takes 64 bits: what follows a message of 2^29 bytes and more, without hashing as many.
  @Test func paddingOfLongMessages() {
    let lengths: [UInt64] = [
      0, 55, 56, 63, 64, 1 << 29 - 1, 1 << 29, 1 << 29 + 60, 1 << 32, 1 << 61 - 1, 0x0123_4567_89ab_cdef,
    ]
    for length in lengths {
      let rest = patternedBytes(Int(length % 64))
      var tail = [UInt8](repeating: 0xee, count: SHA256.maximumTail)
      let blocks = unsafe rest.withUnsafeBytes { rest in
        unsafe tail.withUnsafeMutableBytes { unsafe SHA256.pad(rest, count: length, into: $0.baseAddress!) }
      }
      #expect(Array(tail[..<(64 * blocks)]) == rest + SHA256Reference.padding(byteCount: length), "\(length) bytes")
      #expect(tail[(64 * blocks)...].allSatisfy { $0 == 0xee })
    }
  }

  @Test func countPassesFourGigabits() {
    var hasher = SHA256()
    hasher.count = 1 << 29 - 64
    let bytes = patternedBytes(164)
    unsafe hasher.update(bytes.span.bytes)
    #expect(hasher.count == 1 << 29 + 100)
    #expect(Int(hasher.count % 64) == 36)
  }
}
