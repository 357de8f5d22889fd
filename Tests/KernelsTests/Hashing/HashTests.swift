import Testing

@testable import Kernels

@Suite struct HashTests {
  /// NIST's examples for FIPS 180-4 (csrc.nist.gov, "Examples with Intermediate Values"): the empty message, "abc", two
  /// blocks, and a million times "a".
  @Test(arguments: HashSubject.allRows)
  func examples(of row: HashSubject.Row) throws {
    let example = try #require(HashExample.all[row.subject])
    // The last, a million bytes, takes seconds where portable rows are not optimised.
    for (message, digest) in zip(HashExample.messages(row.subject), example).prefix(isOptimised ? .max : 3) {
      #expect(unsafe message.withUnsafeBytes { unsafe hexadecimal(row.hash($0)) } == digest, "\(message.count) bytes")
    }
  }

  @Test func constants() {
    #expect(SHA256Words.constants == SHA2Reference.sha256.constants)
    #expect((0..<8).map { SHA256.initialState[$0] } == SHA2Reference.sha256.initialState)
    #expect(SHA512Words.constants == SHA2Reference.sha512.constants)
    #expect((0..<8).map { SHA512.initialState[$0] } == SHA2Reference.sha512.initialState)
  }

  @Test(arguments: HashSubject.allRows)
  func everyLength(of row: HashSubject.Row) {
    let bytes = patternedBytes(1100)
    unsafe bytes.withUnsafeBytes { bytes in
      for count in 0...1100 {
        let message = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<count])
        #expect(unsafe row.hash(message) == Libcrypto.digest(row.subject, message), "\(count) bytes")
      }
    }
  }

  /// The oracle's oracle: what shares no code with anybody agrees, around every boundary of padding.
  @Test func reference() {
    for count in Array(0...130) + Array(220...260) + [1000, 4096] {
      let bytes = patternedBytes(count)
      for (name, expected) in [
        ("SHA256", SHA2Reference.sha256.hash(bytes)), ("SHA512", SHA2Reference.sha512.hash(bytes)),
      ] {
        #expect(unsafe bytes.withUnsafeBytes { unsafe HashSubject[name].hash($0) } == expected, "\(count) bytes")
        #expect(Libcrypto.digest(name, bytes) == expected, "\(count) bytes")
      }
    }
  }

  @Test(arguments: HashSubject.allRows)
  func everyAlignment(of row: HashSubject.Row) {
    let bytes = patternedBytes(64 + 64 + 300)
    for offset in 0..<64 {
      for count in [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 128, 135, 136, 300] {
        unsafe bytes.withUnsafeBytes { bytes in
          let start = -Int(bitPattern: bytes.baseAddress) & 63
          let message = unsafe UnsafeRawBufferPointer(rebasing: bytes[(start + offset)...].prefix(count))
          #expect(unsafe row.hash(message) == Libcrypto.digest(row.subject, message), "\(count) bytes at \(offset)")
        }
      }
    }
  }

  /// By the public door, which takes the table's best.
  @Test(arguments: HashSubject.all)
  func publicDoor(of subject: HashSubject) {
    for count in 0...300 {
      let message = patternedBytes(count)
      #expect(unsafe message.withUnsafeBytes { unsafe subject.hash($0) } == subject.expected(message), "\(count) bytes")
    }
  }
}
