import Testing

@testable import Kernels

/// The check values of the standards, as in the catalogue of parametrised CRC algorithms.
@Suite struct CRCTests {
  @Test(arguments: CRCSubject.all)
  func checkValue(of subject: CRCSubject) {
    let digits = Array("123456789".utf8)
    #expect(subject.reference(digits) == subject.check)
    #expect(unsafe digits.withUnsafeBytes { unsafe subject.checksum($0) } == subject.check)
    for row in subject.rows { #expect(unsafe digits.withUnsafeBytes { unsafe row.checksum($0) } == subject.check) }
  }

  @Test(arguments: CRCSubject.allRows)
  func everyLength(of row: CRCSubject.Row) {
    let bytes = patternedBytes(1100)
    let expected = row.reference.prefixes(bytes)
    unsafe bytes.withUnsafeBytes { bytes in
      for count in 0...1100 {
        let checksum = unsafe row.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        #expect(checksum == expected[count], "\(count) bytes")
      }
    }
  }

  /// Past every row's longest stride, and past the length from which it minds alignment.
  @Test(arguments: CRCSubject.allRows)
  func everyAlignment(of row: CRCSubject.Row) {
    let bytes = patternedBytes(20_000)
    let expected = row.reference.prefixes(bytes)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 + bytes.count, alignment: 64)
    defer { unsafe memory.deallocate() }
    for offset in 0..<64 {
      let start = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset...])
      unsafe start.copyBytes(from: bytes)
      for count in [1, 7, 8, 15, 16, 17, 31, 33, 63, 65, 127, 129, 255, 257, 511, 513, 600, 4095, 4096, 4161, 20_000] {
        let checksum = unsafe row.checksum(UnsafeRawBufferPointer(rebasing: start[..<count]))
        #expect(checksum == expected[count], "\(count) bytes at \(offset)")
      }
    }
  }

  @Test(arguments: CRCSubject.allRows)
  func everySplitInTwo(of row: CRCSubject.Row) {
    for count in [0, 1, 8, 15, 16, 17, 64, 100, 320, 1025] {
      let bytes = patternedBytes(count)
      let expected = row.reference(bytes)
      unsafe bytes.withUnsafeBytes { bytes in
        for split in 0...count {
          let parts = unsafe [
            UnsafeRawBufferPointer(rebasing: bytes[..<split]), UnsafeRawBufferPointer(rebasing: bytes[split...]),
          ]
          #expect(unsafe row.parts(parts) == expected, "\(count) bytes, split at \(split)")
        }
      }
    }
  }

  @Test(arguments: CRCSubject.allRows, GuardedBuffer.Alignment.allCases)
  func nothingOutsideTheBytes(row: CRCSubject.Row, alignment: GuardedBuffer.Alignment) {
    let expected = row.reference.prefixes(patternedBytes(8300))
    for count in Array(0...600) + [1024, 4095, 4096, 4097, 8299] {
      let buffer = GuardedBuffer(byteCount: count, alignment: alignment)
      defer { withExtendedLifetime(buffer) {} }
      unsafe buffer.bytes.copyBytes(from: patternedBytes(count))
      #expect(unsafe row.checksum(UnsafeRawBufferPointer(buffer.bytes)) == expected[count], "\(count) bytes")
    }
  }

  @Test(arguments: CRCSubject.allRows)
  func randomBytes(of row: CRCSubject.Row) {
    var random = SplitMix64(state: 5)
    for _ in 0..<20 {
      let bytes = (0..<Int.random(in: 1000...5000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
      }
      #expect(unsafe bytes.withUnsafeBytes { unsafe row.checksum($0) } == row.reference(bytes))
    }
  }

  @Test(arguments: CRCSubject.all)
  func combineAgainstWhole(of subject: CRCSubject) {
    let bytes = patternedBytes(3000)
    let prefixes = subject.reference.prefixes(bytes)
    for split in [0, 1, 2, 3, 7, 8, 64, 1000, 1999, 2999, 3000] {
      let rest = subject.reference.prefixes(Array(bytes[split...]))
      for count in [0, 1, 2, 3, 4, 5, 255, 256, 257, 1000] where split + count <= 3000 {
        let combined = subject.combine(prefixes[split], rest[count], count)
        #expect(combined == prefixes[split + count], "\(split) and \(count) bytes")
      }
    }
  }

  /// Of lengths that no memory has: three parts put together from the left and from the right.
  @Test(arguments: CRCSubject.all)
  func combineIsAssociative(of subject: CRCSubject) {
    var random = SplitMix64(state: 6)
    func any() -> UInt64 { random.next() >> UInt64(64 - subject.reference.width) }
    for _ in 0..<100 {
      let (a, b, c) = (any(), any(), any())
      let (n, m) = (Int.random(in: 0...1 << 61, using: &random), Int.random(in: 0...1 << 61, using: &random))
      let left = subject.combine(subject.combine(a, b, n), c, m)
      #expect(left == subject.combine(a, subject.combine(b, c, m), n + m))
    }
  }

  @Test func streaming() {
    let (first, second) = (patternedBytes(700), patternedBytes(901, seed: 3))
    var crc = CRC32C()
    unsafe crc.update(first.span.bytes)
    let copy = crc
    unsafe crc.update(second.span.bytes)
    #expect(UInt64(crc.value) == CRCReference.crc32c(first + second))
    #expect(UInt64(copy.value) == CRCReference.crc32c(first))
    var resumed = CRC32C(resuming: copy.value)
    unsafe resumed.update(second.span.bytes)
    #expect(resumed == crc)
    unsafe resumed.update(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(resumed == crc)
  }

  @Test func negativeLengthIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = CRC32.combine(1, 2, byteCount: -1) }
  }
}

/// The constants of folding, by plain division.
@Suite struct CRCConstantsTests {
  @Test(arguments: CRCSubject.all)
  func folding(of subject: CRCSubject) {
    // Q without x^64, the highest coefficient first.
    let q = subject.reference.polynomial << UInt64(64 - subject.reference.width)
    func reflected(_ value: UInt64) -> UInt64 { (0..<64).reduce(0) { $0 << 1 | value >> UInt64($1) & 1 } }
    func power(_ n: Int) -> UInt64 {
      (0..<n).reduce(1) { power, _ in power << 1 ^ (power >> 63 == 1 ? q : 0) }
    }
    var (quotient, rest) = (UInt64(0), q)
    // x^128 = Q (x^64 + quotient) + rest: the terms below x^64, one by one.
    for _ in 0..<64 {
      quotient = quotient << 1 | rest >> 63
      rest = rest << 1 ^ (rest >> 63 == 1 ? q : 0)
    }
    let expected = [quotient >> 1 | 1 << 63, q >> 1 | 1 << 63, q & 1 == 1 ? ~0 : 0, q].map(reflected)
    #expect(Array(subject.constants[..<4]) == expected)
    for i in 0..<6 {
      #expect(subject.constants[4 + 2 * i] == reflected(power(128 << i + 63)), "x^(128 * 2^\(i) + 63)")
      #expect(subject.constants[5 + 2 * i] == reflected(power(128 << i - 1)), "x^(128 * 2^\(i) - 1)")
    }
  }
}

@Suite(.serialized, .cpuFeatureMask) struct CRCMaskTests {
  @Test(
    arguments: [[], .avx512f, .vpclmulqdq, [.vpclmulqdq, .avx2], .pclmulqdq, .aes, [.aes, .crc32]] as [CPUFeatures])
  func masked(_ mask: CPUFeatures) {
    CPUFeatures.disable(mask)
    let bytes = patternedBytes(1000)
    for subject in CRCSubject.all {
      let expected = subject.reference(bytes)
      #expect(unsafe bytes.withUnsafeBytes { unsafe subject.checksum($0) } == expected, "\(subject.name)")
    }
  }

  @Test func rowByMask() {
    CPUFeatures.disable([.pclmulqdq, .aes, .crc32])
    #expect(CRC32.kernel(.current).name.description == "crc_portable")
  }
}
