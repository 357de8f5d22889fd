/// An algorithm of authenticated encryption, as libcrypto and its standard know it.
package struct AEADCipher: Sendable {
  /// What libcrypto fetches it by.
  let name: StaticString
  package let keyByteCount: Int
  /// The longest message that one nonce may seal.
  package let maximumByteCount: Int

  /// Bytes of a nonce and of a tag, of every one.
  package static let nonceByteCount = 12
  package static let tagByteCount = 16

  /// NIST SP 800-38D section 5.2.1.1: 2^39 - 256 bits.
  private static let gcmByteCount = (1 << 36) - 32

  package static let aes128GCM = AEADCipher(
    name: "AES-128-GCM", keyByteCount: 16, maximumByteCount: gcmByteCount)
  package static let aes256GCM = AEADCipher(
    name: "AES-256-GCM", keyByteCount: 32, maximumByteCount: gcmByteCount)
  /// RFC 8439 section 2.8: 2^32 - 1 blocks of 64 bytes.
  package static let chaCha20Poly1305 = AEADCipher(
    name: "ChaCha20-Poly1305", keyByteCount: 32, maximumByteCount: (1 << 38) - 64)
}
