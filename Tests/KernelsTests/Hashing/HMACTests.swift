import CLibcrypto
import Testing

@testable import Kernels

extension Libcrypto {
  static func hmac(_ name: String, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var tag = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let key = key.isEmpty ? [0] : key  // A key of zeros is what an empty one is padded to; libcrypto reads no nil.
    let done = unsafe HMAC(
      EVP_get_digestbyname(name), key, Int32(key.count), message, message.count, &tag, &count)
    precondition(unsafe done != nil, "libcrypto failed, or has no \(name)")
    return Array(tag.prefix(Int(count)))
  }
}

private func array<T: BitwiseCopyable>(_ value: T) -> [UInt8] { unsafe withUnsafeBytes(of: value) { unsafe Array($0) } }

/// A test of every hash function, by libcrypto's name of it.
protocol HashTest {
  func callAsFunction<Hash: HashFunction>(_: Hash.Type, _ name: String) throws
}

func withEveryHash(_ test: some HashTest) throws {
  try test(Insecure.MD5.self, "MD5")
  try test(Insecure.SHA1.self, "SHA1")
  try test(SHA224.self, "SHA224")
  try test(SHA256.self, "SHA256")
  try test(SHA384.self, "SHA384")
  try test(SHA512.self, "SHA512")
  try test(SHA512_256.self, "SHA512-256")
  try test(SHA3_256.self, "SHA3-256")
  try test(SHA3_512.self, "SHA3-512")
}

@Suite struct HMACTests {
  @Test func examplesOfRFC4231() throws {
    struct Examples: HashTest {
      func callAsFunction<Hash: HashFunction>(_: Hash.Type, _ name: String) throws {
        guard let tags = HMACExample.tags[name] else { return }
        for ((keyBytes, message), tag) in zip(HMACExample.inputs, tags) {
          let key = unsafe HMAC<Hash>.Key(keyBytes.span.bytes)
          #expect(unsafe hexadecimal(array(key.authenticate(message.span.bytes))) == tag, "\(name)")
        }
      }
    }
    try withEveryHash(Examples())
  }

  /// Keys shorter than a block, of one, and longer; messages around every boundary; by a kept key, at once, and in parts.
  @Test func everyKeyLength() throws {
    struct Lengths: HashTest {
      func callAsFunction<Hash: HashFunction>(_: Hash.Type, _ name: String) throws {
        let block = Hash.blockByteCount
        for keyCount in [0, 1, 20, 32, 55, 56, 63, 64, 65, block - 1, block, block + 1, 200, 300] {
          let keyBytes = patternedBytes(keyCount, seed: 11)
          let key = unsafe HMAC<Hash>.Key(keyBytes.span.bytes)
          for count in [0, 1, 32, 55, 56, 64, block - 1, block, block + 1, 300] {
            let message = patternedBytes(count)
            let expected = Libcrypto.hmac(name, key: keyBytes, message)
            #expect(unsafe array(key.authenticate(message.span.bytes)) == expected, "\(name), \(keyCount), \(count)")
            let once = unsafe HMAC<Hash>.authenticate(message.span.bytes, key: keyBytes.span.bytes)
            #expect(array(once) == expected, "\(name), \(keyCount), \(count), at once")

            var hmac = HMAC(key: key)
            unsafe hmac.update(message.span.bytes.extracting(..<(count / 3)))
            let before = hmac.finish()
            #expect(array(before) == Libcrypto.hmac(name, key: keyBytes, Array(message[..<(count / 3)])))
            unsafe hmac.update(message.span.bytes.extracting((count / 3)...))
            #expect(array(hmac.finish()) == expected, "\(name), \(keyCount), \(count), in parts")
          }
        }
      }
    }
    try withEveryHash(Lengths())
  }

  @Test func batches() throws {
    struct Batches: HashTest {
      func callAsFunction<Hash: HashFunction>(_: Hash.Type, _ name: String) throws {
        let keyBytes = patternedBytes(40)
        let key = unsafe HMAC<Hash>.Key(keyBytes.span.bytes)
        var random = SplitMix64(state: 4)
        for count in Array(0...20) + [33, 40] {
          let messages = (0..<count).map { patternedBytes(.random(in: 0...300, using: &random), seed: $0) }
          let bytes = messages.flatMap { $0 }
          let offsets = messages.reduce(into: [0]) { $0.append($0.last! + $1.count) }
          var tags = [Hash.Digest](repeating: Hash().finish(), count: count)
          var output = tags.mutableSpan
          unsafe key.authenticate(batch: bytes.span.bytes, offsets: offsets.span, into: &output)
          #expect(
            tags.map { array($0) } == messages.map { Libcrypto.hmac(name, key: keyBytes, $0) }, "\(name), \(count)")
        }
      }
    }
    try withEveryHash(Batches())
  }

  @Test func validity() {
    let key = unsafe HMAC<SHA256>.Key(patternedBytes(32).span.bytes)
    let message = patternedBytes(100)
    var tag = unsafe key.authenticate(message.span.bytes).array
    func isValid(_ tag: [UInt8]) -> Bool { unsafe key.isValid(tag.span.bytes, for: message.span.bytes) }
    #expect(isValid(tag))
    #expect(!isValid([]) && !isValid(Array(tag.dropLast())) && !isValid(tag + [0]))
    for bit in 0..<256 {
      tag[bit / 8] ^= 1 << (bit % 8)
      #expect(!isValid(tag))
      tag[bit / 8] ^= 1 << (bit % 8)
    }
  }

  /// The memory of a key that is gone holds nothing of it, and neither does a batch's working memory.
  @Test func wiping() {
    var digest = SHA512.hash(RawSpan())
    wipe(&digest)
    #expect(digest.array == [UInt8](repeating: 0, count: 64))
    var bytes = patternedBytes(100)
    unsafe bytes.withUnsafeMutableBytes { unsafe wipe($0.baseAddress! + 10, byteCount: 80) }
    #expect(bytes == patternedBytes(10) + [UInt8](repeating: 0, count: 80) + patternedBytes(10, seed: 90))
  }
}

@Suite struct HKDFTests {
  /// RFC 5869 appendix A, test cases 1 and 3 (SHA-256) and 4 (SHA-1).
  @Test func examplesOfRFC5869() {
    func derive<Hash: HashFunction>(_: Hash.Type, _ key: String, _ salt: String, _ info: String, _ count: Int) -> String
    {
      var output = [UInt8](repeating: 0, count: count)
      let (key, salt, info) = (bytes(key), bytes(salt), bytes(info))
      do {
        var span = output.mutableSpan
        var raw = unsafe span.mutableBytes
        unsafe HKDF<Hash>.deriveKey(from: key.span.bytes, salt: salt.span.bytes, info: info.span.bytes, into: &raw)
      }
      return hexadecimal(output)
    }
    let (key, salt) = (String(repeating: "0b", count: 22), "000102030405060708090a0b0c")
    #expect(
      derive(SHA256.self, key, salt, "f0f1f2f3f4f5f6f7f8f9", 42)
        == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    #expect(
      derive(SHA256.self, key, "", "", 42)
        == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
    #expect(
      derive(Insecure.SHA1.self, String(key.prefix(22)), salt, "f0f1f2f3f4f5f6f7f8f9", 42)
        == "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896")
  }

  /// Section 2 by libcrypto's HMAC, for every length about a digest's and the longest.
  @Test func lengths() throws {
    struct Lengths: HashTest {
      func callAsFunction<Hash: HashFunction>(_: Hash.Type, _ name: String) throws {
        let (secret, salt, info) = (patternedBytes(50), patternedBytes(20, seed: 5), patternedBytes(70, seed: 9))
        let key = Libcrypto.hmac(name, key: salt, secret)
        let size = Hash.digestByteCount
        #expect(unsafe array(HKDF<Hash>.extract(from: secret.span.bytes, salt: salt.span.bytes)) == key)
        var (expected, last) = ([UInt8](), [UInt8]())
        for counter in 1...255 {
          last = Libcrypto.hmac(name, key: key, last + info + [UInt8(counter)])
          expected += last
        }
        #expect(HKDF<Hash>.maximumByteCount == expected.count)
        for count in [0, 1, size - 1, size, size + 1, 2 * size, 2 * size + 1, 1000, 255 * size - 1, 255 * size] {
          var output = [UInt8](repeating: 0, count: count)
          do {
            var span = output.mutableSpan
            var raw = unsafe span.mutableBytes
            unsafe HKDF<Hash>.deriveKey(
              from: secret.span.bytes, salt: salt.span.bytes, info: info.span.bytes, into: &raw)
          }
          #expect(output == Array(expected[..<count]), "\(name), \(count) bytes")
        }
        var output = [UInt8](repeating: 0, count: 100)
        do {
          var span = output.mutableSpan
          var raw = unsafe span.mutableBytes
          unsafe HKDF<Hash>.expand(key.span.bytes, info: info.span.bytes, into: &raw)
        }
        #expect(output == Array(expected[..<100]), "\(name), expanded")
      }
    }
    try withEveryHash(Lengths())
  }

  @Test func tooLong() async {
    await #expect(processExitsWith: .failure) {
      var output = [UInt8](repeating: 0, count: 255 * 32 + 1)
      var span = output.mutableSpan
      var raw = unsafe span.mutableBytes
      HKDF<SHA256>.deriveKey(from: RawSpan(), salt: RawSpan(), info: RawSpan(), into: &raw)
    }
  }
}

@Suite struct ConstantTimeTests {
  @Test func everyLengthAndPlace() {
    for count in 0...70 {
      let a = patternedBytes(count)
      #expect(unsafe equalInConstantTime(a.span.bytes, patternedBytes(count).span.bytes))
      #expect(unsafe !equalInConstantTime(a.span.bytes, patternedBytes(count + 1).span.bytes))
      for i in 0..<count {
        var b = a
        b[i] ^= 0x80
        #expect(unsafe !equalInConstantTime(a.span.bytes, b.span.bytes), "\(i) of \(count)")
      }
    }
  }
}
