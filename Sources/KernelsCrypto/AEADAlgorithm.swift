import CipherContexts

extension AEAD {
  /// An algorithm of authenticated encryption with associated data.
  public enum Algorithm: CaseIterable, Hashable, Sendable {
    /// AES with a key of 16 bytes in Galois/Counter Mode (NIST SP 800-38D).
    case aes128GCM
    /// AES with a key of 32 bytes in Galois/Counter Mode (NIST SP 800-38D).
    case aes256GCM
    /// RFC 8439 section 2.8, with a key of 32 bytes.
    case chaCha20Poly1305

    /// Bytes of a key.
    public var keyByteCount: Int { cipher.keyByteCount }

    /// The longest plaintext that one call seals: the standards' limit.
    public var maximumByteCount: Int { cipher.maximumByteCount }

    var cipher: AEADCipher {
      switch self {
      case .aes128GCM: .aes128GCM
      case .aes256GCM: .aes256GCM
      case .chaCha20Poly1305: .chaCha20Poly1305
      }
    }
  }
}
