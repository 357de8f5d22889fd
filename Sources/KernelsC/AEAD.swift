// The C ABI of authenticated encryption. Contract and names: `include/kernels.h`.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CipherContexts
public import KernelsABI

/// - Returns: `KN_INVALID_ARGUMENT` for an unknown algorithm, a key or nonce of another length than it takes, or more than one nonce
///   may seal; `KN_UNSUPPORTED` where the system has no libcrypto 3, or that has no such algorithm.
/// - `sealed` has room for `length` and 16 bytes; it may start where `plaintext` does, and overlaps nothing else.
@c @implementation
public func kn_aead_seal(
  _ algorithm: Int32, _ key: UnsafePointer<UInt8>?, _ key_length: Int,
  _ nonce: UnsafePointer<UInt8>?, _ nonce_length: Int, _ aad: UnsafePointer<UInt8>?, _ aad_length: Int,
  _ plaintext: UnsafePointer<UInt8>?, _ length: Int, _ sealed: UnsafeMutablePointer<UInt8>?
) -> kn_status {
  guard let cipher = AEADCipher(algorithm), let sealed = unsafe sealed,
    let arguments = unsafe AEADArguments(cipher, key, key_length, nonce, nonce_length, aad, aad_length),
    let plaintext = unsafe message(plaintext, length), length <= cipher.maximumByteCount
  else { return invalidArgument }
  return arguments.withContext { context throws(CipherContext.Failure) in
    try unsafe context.seal(
      plaintext, nonce: arguments.nonce, associated: arguments.associated, into: sealed, tag: sealed + length)
  }
}

/// - Returns: `KN_AUTHENTICATION_FAILED` for a wrong tag, `KN_INVALID_DATA` for fewer bytes than a tag has, `KN_OUT_OF_MEMORY` where there
///   is none to hold the plaintext back; else as ``kn_aead_seal``. Then no byte of `plaintext` has been written.
/// - `plaintext` has room for `length` less 16 bytes, and may overlap `sealed`.
@c @implementation
public func kn_aead_open(
  _ algorithm: Int32, _ key: UnsafePointer<UInt8>?, _ key_length: Int,
  _ nonce: UnsafePointer<UInt8>?, _ nonce_length: Int, _ aad: UnsafePointer<UInt8>?, _ aad_length: Int,
  _ sealed: UnsafePointer<UInt8>?, _ length: Int, _ plaintext: UnsafeMutablePointer<UInt8>?
) -> kn_status {
  let count = length &- AEADCipher.tagByteCount
  guard let cipher = AEADCipher(algorithm),
    let arguments = unsafe AEADArguments(cipher, key, key_length, nonce, nonce_length, aad, aad_length),
    let sealed = unsafe message(sealed, length), count <= cipher.maximumByteCount
  else { return invalidArgument }
  guard count >= 0 else { return kn_status(KN_INVALID_DATA) }
  guard unsafe count == 0 || plaintext != nil else { return invalidArgument }
  return arguments.withContext { context throws(CipherContext.Failure) in
    try unsafe context.open(
      UnsafeRawBufferPointer(rebasing: sealed[..<count]), tag: sealed.baseAddress.unsafelyUnwrapped + count,
      nonce: arguments.nonce, associated: arguments.associated, into: plaintext)
  }
}

// MARK: - Shared

extension AEADCipher {
  fileprivate init?(_ algorithm: Int32) {
    switch Int(algorithm) {
    case Int(KN_AES_128_GCM): self = .aes128GCM
    case Int(KN_AES_256_GCM): self = .aes256GCM
    case Int(KN_CHACHA20_POLY1305): self = .chaCha20Poly1305
    default: return nil
    }
  }
}

/// What sealing and opening share, checked.
@safe
private struct AEADArguments {
  let cipher: AEADCipher
  let key: UnsafeRawPointer
  let nonce: UnsafeRawPointer
  let associated: UnsafeRawBufferPointer

  init?(
    _ cipher: AEADCipher, _ key: UnsafePointer<UInt8>?, _ keyLength: Int, _ nonce: UnsafePointer<UInt8>?,
    _ nonceLength: Int, _ associated: UnsafePointer<UInt8>?, _ associatedLength: Int
  ) {
    guard keyLength == cipher.keyByteCount, nonceLength == AEADCipher.nonceByteCount, let key = unsafe key,
      let nonce = unsafe nonce, let associated = unsafe message(associated, associatedLength)
    else { return nil }
    self.cipher = cipher
    unsafe self.key = UnsafeRawPointer(key)
    unsafe self.nonce = UnsafeRawPointer(nonce)
    unsafe self.associated = associated
  }

  /// What `body` comes to with a context of the key that lives as long as the call.
  func withContext(_ body: (inout CipherContext) throws(CipherContext.Failure) -> Void) -> kn_status {
    guard let library = LibcryptoCiphers.loaded else { return kn_status(KN_UNSUPPORTED) }
    do throws(CipherContext.Failure) {
      var context = try unsafe CipherContext(cipher, key: key, library: library)
      try body(&context)
      return ok
    } catch {
      switch error {
      case .unavailable, .library: return kn_status(KN_UNSUPPORTED)
      case .outOfMemory: return kn_status(KN_OUT_OF_MEMORY)
      case .authentication: return kn_status(KN_AUTHENTICATION_FAILED)
      }
    }
  }
}
