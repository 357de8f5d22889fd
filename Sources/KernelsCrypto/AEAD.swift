import CLibcrypto
import CipherContexts
import Kernels

/// Authenticated encryption by libcrypto, with the key in a context that is kept: no fetch and no allocation a message.
///
/// A sealed message is its ciphertext, as long as the plaintext, and a tag of 16 bytes.
///
/// ```swift
/// var aead = try AEAD(.aes256GCM, key: key)
/// try aead.seal(plaintext, nonce: nonce, authenticating: header, into: &sealed)
/// try aead.open(sealed, nonce: nonce, authenticating: header, into: &plaintext)
/// ```
///
/// A nonce must never seal twice with a key: who repeats one gives away plaintexts and the means to forge. Count nonces, or take a
/// new key before 2^32 random ones (NIST SP 800-38D section 8.3).
///
/// The key is wiped when the value goes. Sizes are public; time depends on contents as little as libcrypto's does.
@safe
public struct AEAD: ~Copyable, Sendable {
  /// Bytes of a nonce.
  public static let nonceByteCount = AEADCipher.nonceByteCount
  /// Bytes of a tag: what a sealed message has more than its plaintext.
  public static let tagByteCount = AEADCipher.tagByteCount

  public let algorithm: Algorithm
  private var context: CipherContext

  /// Fetches the algorithm and expands the key, once.
  ///
  /// - Parameter key: exactly ``Algorithm/keyByteCount`` bytes.
  /// - Throws: ``AEADError/keyByteCount(_:expected:)``, ``AEADError/unavailable(_:)``.
  public init(_ algorithm: Algorithm, key: RawSpan) throws(AEADError) {
    let expected = algorithm.keyByteCount
    guard key.byteCount == expected else { throw .keyByteCount(key.byteCount, expected: expected) }
    let context = try unsafe key.withUnsafeBytes { key throws(AEADError) in
      do throws(CipherContext.Failure) {
        return try unsafe CipherContext(algorithm.cipher, key: key.baseAddress.unsafelyUnwrapped, library: .linked)
      } catch { throw AEADError(error, algorithm) }
    }
    self.algorithm = algorithm
    self.context = context
  }
}

// MARK: - Into another buffer

extension AEAD {
  /// Encrypts `plaintext`, and writes its ciphertext followed by the tag to `sealed`.
  ///
  /// - Parameters:
  ///   - nonce: 12 bytes, never used before with this key.
  ///   - header: bytes that the tag covers and that are not encrypted; may be empty.
  ///   - sealed: exactly as long as `plaintext` and a tag.
  /// - Throws: ``AEADError/nonceByteCount(_:)``, ``AEADError/tooLong(_:)``; `sealed` is then untouched.
  /// - Complexity: O(n). Allocates nothing.
  public mutating func seal(
    _ plaintext: RawSpan, nonce: RawSpan, authenticating header: RawSpan, into sealed: inout MutableRawSpan
  ) throws(AEADError) {
    precondition(
      sealed.byteCount == plaintext.byteCount + Self.tagByteCount, "seal: sealed must be a tag longer than plaintext")
    try unsafe plaintext.withUnsafeBytes { plaintext throws(AEADError) in
      try unsafe sealed.withUnsafeMutableBytes { sealed throws(AEADError) in
        try unsafe seal(plaintext, nonce: nonce, header: header, into: sealed)
      }
    }
  }

  /// Decrypts `sealed` to `plaintext`, of which no byte is written before the tag is known to be right.
  ///
  /// - Parameters:
  ///   - sealed: ciphertext and tag, as ``seal(_:nonce:authenticating:into:)`` wrote them.
  ///   - nonce: the 12 bytes that it was sealed with.
  ///   - header: the bytes that the tag covers beside the plaintext.
  ///   - plaintext: exactly a tag shorter than `sealed`.
  /// - Throws: ``AEADError/nonceByteCount(_:)``, ``AEADError/tooShort(_:)``, ``AEADError/tooLong(_:)``,
  ///   ``AEADError/authenticationFailed``, ``AEADError/outOfMemory``; `plaintext` is then untouched.
  /// - Complexity: O(n). Decrypts into memory of the value, which grows to the longest message, is kept, and is wiped with the value:
  ///   a copy dearer than ``open(inPlace:nonce:authenticating:)``, which needs none.
  public mutating func open(
    _ sealed: RawSpan, nonce: RawSpan, authenticating header: RawSpan, into plaintext: inout MutableRawSpan
  ) throws(AEADError) {
    let count = sealed.byteCount - Self.tagByteCount
    try check(nonce: nonce, sealed: sealed.byteCount)
    precondition(plaintext.byteCount == count, "open: plaintext must be a tag shorter than sealed")
    do throws(CipherContext.Failure) {
      try unsafe sealed.withUnsafeBytes { sealed throws(CipherContext.Failure) in
        let ciphertext = unsafe UnsafeRawBufferPointer(rebasing: sealed[..<count])
        let tag = unsafe sealed.baseAddress.unsafelyUnwrapped + count
        try unsafe plaintext.withUnsafeMutableBytes { plaintext throws(CipherContext.Failure) in
          try unsafe nonce.withUnsafeBytes { nonce throws(CipherContext.Failure) in
            try unsafe header.withUnsafeBytes { header throws(CipherContext.Failure) in
              try unsafe context.open(
                ciphertext, tag: tag, nonce: nonce.baseAddress.unsafelyUnwrapped, associated: header,
                into: plaintext.baseAddress)
            }
          }
        }
      }
    } catch { throw AEADError(error, algorithm) }
  }
}

// MARK: - In place

extension AEAD {
  /// Encrypts all of `message` but its last 16 bytes, where they are, and writes the tag to those.
  ///
  /// - Parameters:
  ///   - message: plaintext and room for a tag; ciphertext and tag afterwards.
  ///   - nonce: 12 bytes, never used before with this key.
  ///   - header: bytes that the tag covers and that are not encrypted; may be empty.
  /// - Throws: ``AEADError/nonceByteCount(_:)``, ``AEADError/tooLong(_:)``; `message` is then untouched.
  /// - Complexity: O(n). Allocates nothing.
  public mutating func seal(
    inPlace message: inout MutableRawSpan, nonce: RawSpan, authenticating header: RawSpan
  ) throws(AEADError) {
    precondition(message.byteCount >= Self.tagByteCount, "seal: message must have room for a tag")
    try unsafe message.withUnsafeMutableBytes { message throws(AEADError) in
      let plaintext = unsafe UnsafeRawBufferPointer(rebasing: message[..<(message.count - Self.tagByteCount)])
      try unsafe seal(plaintext, nonce: nonce, header: header, into: message)
    }
  }

  /// Decrypts all of `message` but its last 16 bytes, the tag, where they are.
  ///
  /// - Parameters:
  ///   - message: ciphertext and tag; plaintext and the same tag afterwards.
  ///   - nonce: the 12 bytes that it was sealed with.
  ///   - header: the bytes that the tag covers beside the plaintext.
  /// - Throws: ``AEADError/nonceByteCount(_:)``, ``AEADError/tooShort(_:)``, ``AEADError/tooLong(_:)``,
  ///   ``AEADError/authenticationFailed``; `message` then holds what it held before.
  /// - Complexity: O(n), twice where the tag is wrong, for then the ciphertext is put back. Allocates nothing.
  public mutating func open(
    inPlace message: inout MutableRawSpan, nonce: RawSpan, authenticating header: RawSpan
  ) throws(AEADError) {
    let count = message.byteCount - Self.tagByteCount
    try check(nonce: nonce, sealed: message.byteCount)
    do throws(CipherContext.Failure) {
      try unsafe message.withUnsafeMutableBytes { message throws(CipherContext.Failure) in
        let ciphertext = unsafe UnsafeMutableRawBufferPointer(rebasing: message[..<count])
        let tag = unsafe UnsafeRawPointer(message.baseAddress.unsafelyUnwrapped + count)
        try unsafe nonce.withUnsafeBytes { nonce throws(CipherContext.Failure) in
          try unsafe header.withUnsafeBytes { header throws(CipherContext.Failure) in
            try unsafe context.open(
              inPlace: ciphertext, tag: tag, nonce: nonce.baseAddress.unsafelyUnwrapped, associated: header)
          }
        }
      }
    } catch { throw AEADError(error, algorithm) }
  }
}

// MARK: - Shared

extension AEAD {
  /// - `sealed` is a tag longer than `plaintext`, and starts where it does or overlaps it nowhere.
  private mutating func seal(
    _ plaintext: UnsafeRawBufferPointer, nonce: RawSpan, header: RawSpan, into sealed: UnsafeMutableRawBufferPointer
  ) throws(AEADError) {
    guard nonce.byteCount == Self.nonceByteCount else { throw .nonceByteCount(nonce.byteCount) }
    guard plaintext.count <= algorithm.maximumByteCount else { throw .tooLong(plaintext.count) }
    let output = unsafe sealed.baseAddress.unsafelyUnwrapped
    do throws(CipherContext.Failure) {
      try unsafe nonce.withUnsafeBytes { nonce throws(CipherContext.Failure) in
        try unsafe header.withUnsafeBytes { header throws(CipherContext.Failure) in
          try unsafe context.seal(
            plaintext, nonce: nonce.baseAddress.unsafelyUnwrapped, associated: header, into: output,
            tag: output + plaintext.count)
        }
      }
    } catch {
      unsafe wipe(output, byteCount: sealed.count)
      throw AEADError(error, algorithm)
    }
  }

  private borrowing func check(nonce: RawSpan, sealed byteCount: Int) throws(AEADError) {
    guard nonce.byteCount == Self.nonceByteCount else { throw .nonceByteCount(nonce.byteCount) }
    guard byteCount >= Self.tagByteCount else { throw .tooShort(byteCount) }
    guard byteCount - Self.tagByteCount <= algorithm.maximumByteCount else { throw .tooLong(byteCount) }
  }
}

extension LibcryptoCiphers {
  /// The libcrypto that this library is linked with.
  fileprivate static let linked = unsafe LibcryptoCiphers(
    fetch: EVP_CIPHER_fetch, free: EVP_CIPHER_free, newContext: EVP_CIPHER_CTX_new, freeContext: EVP_CIPHER_CTX_free,
    begin: EVP_CipherInit_ex, update: EVP_CipherUpdate, finish: EVP_CipherFinal_ex, control: EVP_CIPHER_CTX_ctrl)
}
