import CipherContexts

/// Why a message was neither sealed nor opened. Whatever was to be written is then as it was before.
public enum AEADError: Error, Hashable, Sendable {
  /// A key of so many bytes, where the algorithm takes `expected`.
  case keyByteCount(Int, expected: Int)
  /// A nonce of so many bytes: it has ``AEAD/nonceByteCount``.
  case nonceByteCount(Int)
  /// A sealed message of so many bytes, which is less than a tag has.
  case tooShort(Int)
  /// A message of so many bytes, more than one nonce may seal.
  case tooLong(Int)
  /// The tag is not that of this ciphertext, nonce and associated data by this key.
  case authenticationFailed
  /// No memory to hold the plaintext back until its tag is known to be right.
  case outOfMemory
  /// The process's libcrypto has no such algorithm, as its configuration may say, or no memory for a context.
  case unavailable(AEAD.Algorithm)
  /// libcrypto refused what its documentation allows. The output has been wiped.
  case libcryptoFailed
}

extension AEADError {
  init(_ failure: CipherContext.Failure, _ algorithm: AEAD.Algorithm) {
    self =
      switch failure {
      case .unavailable: .unavailable(algorithm)
      case .outOfMemory: .outOfMemory
      case .authentication: .authenticationFailed
      case .library: .libcryptoFailed
      }
  }
}

extension AEADError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .keyByteCount(let count, let expected): "a key of \(count) bytes, where the algorithm takes \(expected)"
    case .nonceByteCount(let count): "a nonce of \(count) bytes, where it has \(AEAD.nonceByteCount)"
    case .tooShort(let count): "a sealed message of \(count) bytes, fewer than its tag of \(AEAD.tagByteCount) has"
    case .tooLong(let count): "a message of \(count) bytes, more than one nonce may seal"
    case .authenticationFailed: "the tag does not match: another key, nonce or associated data, or changed bytes"
    case .outOfMemory: "no memory to hold the plaintext until its tag is verified"
    case .unavailable(let algorithm): "libcrypto offers no \(algorithm); look at its configuration, openssl.cnf"
    case .libcryptoFailed: "libcrypto failed"
    }
  }
}
