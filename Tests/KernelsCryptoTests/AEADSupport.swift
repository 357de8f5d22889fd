import CLibcrypto
import KernelsCrypto

func patternedBytes(_ count: Int, seed: Int = 0) -> [UInt8] {
  // A period after the other: unoptimised, byte by byte takes seconds.
  let period = (0..<min(count, 251)).map { UInt8(truncatingIfNeeded: ($0 &+ seed) % 251) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count)
  while bytes.count < count { bytes += period.prefix(count - bytes.count) }
  return bytes
}

/// The bytes of pairs of hexadecimal digits; anything else is a mistake of the test.
func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16)! }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// What tests call: arrays in and out, by each of the two ways, which must agree.
struct Sealer: ~Copyable {
  var aead: AEAD

  init(_ algorithm: AEAD.Algorithm, key: [UInt8]) throws(AEADError) {
    aead = try unsafe AEAD(algorithm, key: key.span.bytes)
  }

  mutating func seal(_ plaintext: [UInt8], nonce: [UInt8], header: [UInt8]) throws(AEADError) -> [UInt8] {
    var sealed = [UInt8](repeating: 0xa5, count: plaintext.count + AEAD.tagByteCount)
    try sealed.write { output throws(AEADError) in
      try unsafe aead.seal(
        plaintext.span.bytes, nonce: nonce.span.bytes, authenticating: header.span.bytes, into: &output)
    }
    return sealed
  }

  mutating func sealInPlace(_ plaintext: [UInt8], nonce: [UInt8], header: [UInt8]) throws(AEADError) -> [UInt8] {
    var message = plaintext + [UInt8](repeating: 0xa5, count: AEAD.tagByteCount)
    try message.write { message throws(AEADError) in
      try unsafe aead.seal(inPlace: &message, nonce: nonce.span.bytes, authenticating: header.span.bytes)
    }
    return message
  }

  /// - `output` is left as the call leaves it.
  mutating func open(
    _ sealed: [UInt8], nonce: [UInt8], header: [UInt8], into output: inout [UInt8]
  ) throws(AEADError) {
    try output.write { output throws(AEADError) in
      try unsafe aead.open(
        sealed.span.bytes, nonce: nonce.span.bytes, authenticating: header.span.bytes, into: &output)
    }
  }

  mutating func openInPlace(_ message: inout [UInt8], nonce: [UInt8], header: [UInt8]) throws(AEADError) {
    try message.write { message throws(AEADError) in
      try unsafe aead.open(inPlace: &message, nonce: nonce.span.bytes, authenticating: header.span.bytes)
    }
  }
}

extension [UInt8] {
  mutating func write<E: Error>(_ body: (inout MutableRawSpan) throws(E) -> Void) throws(E) {
    var span = mutableSpan
    var bytes = unsafe span.mutableBytes
    try body(&bytes)
  }
}

/// The oracle: libcrypto with a context of the message's own and no fetched algorithm.
func sealedByLibcrypto(
  _ algorithm: AEAD.Algorithm, key: [UInt8], nonce: [UInt8], header: [UInt8], _ plaintext: [UInt8]
) -> [UInt8] {
  let cipher =
    switch algorithm {
    case .aes128GCM: unsafe EVP_aes_128_gcm()
    case .aes256GCM: unsafe EVP_aes_256_gcm()
    case .chaCha20Poly1305: unsafe EVP_chacha20_poly1305()
    }
  let context = unsafe EVP_CIPHER_CTX_new()
  defer { unsafe EVP_CIPHER_CTX_free(context) }
  var sealed = [UInt8](repeating: 0, count: plaintext.count)
  var tag = [UInt8](repeating: 0, count: 16)
  var count: CInt = 0
  var done = unsafe EVP_EncryptInit_ex(context, cipher, nil, key, nonce) == 1
  if !header.isEmpty {
    done = unsafe EVP_EncryptUpdate(context, nil, &count, header, CInt(header.count)) == 1 && done
  }
  if !plaintext.isEmpty {
    done = unsafe EVP_EncryptUpdate(context, &sealed, &count, plaintext, CInt(plaintext.count)) == 1 && done
  }
  var nothing: UInt8 = 0
  done = unsafe EVP_EncryptFinal_ex(context, &nothing, &count) == 1 && done
  done = unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag) == 1 && done
  precondition(done, "libcrypto failed")
  return sealed + tag
}
