import BenchHarness
import CLibcrypto

extension Libcrypto {
  /// AES-256-GCM with a context that keeps its key, and as most programs call it, with a new context a message.
  enum AEADWay: String, CaseIterable {
    case reused = "EVP ctx reused"
    case fresh = "EVP ctx fresh"
  }

  static var aeadPeers: [Peer] { AEADWay.allCases.map { peer($0.rawValue) } }

  @safe
  final class AES256GCM {
    private let key: [UInt8]
    private let context: OpaquePointer

    init(key: [UInt8]) throws(BenchError) {
      self.key = key
      let cipher = unsafe EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
      guard let context = unsafe EVP_CIPHER_CTX_new(), unsafe EVP_EncryptInit_ex2(context, cipher, key, nil, nil) == 1
      else { throw BenchError("libcrypto has no AES-256-GCM; look at its configuration, openssl.cnf") }
      unsafe EVP_CIPHER_free(cipher)
      unsafe self.context = context
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// - `plaintext` is readable for its count, `nonce` for 12 bytes; `sealed` is writable for 16 bytes more than the plaintext has.
    @unsafe @inline(__always)
    func seal(
      _ way: AEADWay, _ plaintext: UnsafeRawBufferPointer, nonce: UnsafePointer<UInt8>,
      into sealed: UnsafeMutablePointer<UInt8>
    ) {
      switch way {
      case .reused:
        _ = unsafe EVP_EncryptInit_ex2(context, nil, nil, nonce, nil)
        unsafe finish(context, plaintext, into: sealed)
      case .fresh:
        let context = unsafe EVP_CIPHER_CTX_new()
        _ = unsafe EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce)
        unsafe finish(context, plaintext, into: sealed)
        unsafe EVP_CIPHER_CTX_free(context)
      }
    }

    @unsafe @inline(__always)
    private func finish(
      _ context: OpaquePointer?, _ plaintext: UnsafeRawBufferPointer, into sealed: UnsafeMutablePointer<UInt8>
    ) {
      let bytes = unsafe plaintext.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var count: CInt = 0
      _ = unsafe EVP_EncryptUpdate(context, sealed, &count, bytes, CInt(plaintext.count))
      _ = unsafe EVP_EncryptFinal_ex(context, sealed + plaintext.count, &count)
      _ = unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, sealed + plaintext.count)
    }

    /// Opens where libcrypto's own way does: plaintext comes out before the tag is known to be right.
    ///
    /// - `sealed` is readable for its count, of 16 at least, `nonce` for 12; `plaintext` is writable for 16 bytes less, and may be
    ///   where `sealed` is.
    @unsafe @inline(__always)
    func open(
      _ way: AEADWay, _ sealed: UnsafeRawBufferPointer, nonce: UnsafePointer<UInt8>,
      into plaintext: UnsafeMutablePointer<UInt8>
    ) {
      switch way {
      case .reused:
        _ = unsafe EVP_DecryptInit_ex2(context, nil, nil, nonce, nil)
        unsafe finishOpening(context, sealed, into: plaintext)
      case .fresh:
        let context = unsafe EVP_CIPHER_CTX_new()
        _ = unsafe EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce)
        unsafe finishOpening(context, sealed, into: plaintext)
        unsafe EVP_CIPHER_CTX_free(context)
      }
    }

    @unsafe @inline(__always)
    private func finishOpening(
      _ context: OpaquePointer?, _ sealed: UnsafeRawBufferPointer, into plaintext: UnsafeMutablePointer<UInt8>
    ) {
      let bytes = unsafe sealed.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
      let length = sealed.count - 16
      var (nothing, count): (UInt8, CInt) = (0, 0)
      _ = unsafe EVP_CIPHER_CTX_ctrl(
        context, EVP_CTRL_AEAD_SET_TAG, 16, UnsafeMutableRawPointer(mutating: bytes + length))
      _ = unsafe EVP_DecryptUpdate(context, plaintext, &count, bytes, CInt(length))
      _ = unsafe EVP_DecryptFinal_ex(context, &nothing, &count)
    }
  }
}
