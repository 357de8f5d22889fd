/// HKDF (RFC 5869): keys derived from a secret that is not itself fit to be one.
///
/// ```swift
/// var key = [UInt8](repeating: 0, count: 32)
/// var output = key.mutableSpan.mutableBytes
/// HKDF<SHA256>.deriveKey(from: sharedSecret, salt: salt, info: context, into: &output)
/// ```
///
/// Whatever a call holds of secrets is wiped before it returns. No call allocates.
public enum HKDF<Hash: HashFunction> {
  /// The most bytes that can be derived: 255 digests.
  @inlinable
  public static var maximumByteCount: Int { 255 * Hash.digestByteCount }

  /// Extracts and expands: `output` is filled with key material from `inputKey`.
  ///
  /// - Parameters:
  ///   - inputKey: the secret.
  ///   - salt: random and not secret, or empty.
  ///   - info: what the key is for, or empty.
  ///   - output: at most ``maximumByteCount`` bytes.
  /// - Complexity: O(input + output).
  @inlinable
  public static func deriveKey(
    from inputKey: RawSpan, salt: RawSpan, info: RawSpan, into output: inout MutableRawSpan
  ) {
    unsafe inputKey.withUnsafeBytes { inputKey in
      unsafe salt.withUnsafeBytes { salt in
        unsafe info.withUnsafeBytes { info in
          unsafe output.withUnsafeMutableBytes { output in
            unsafe deriveKey(from: inputKey, salt: salt, info: info, into: output)
          }
        }
      }
    }
  }

  /// Extracts and expands: `output` is filled with key material from `inputKey`.
  ///
  /// - Each buffer must be readable, and `output` writable, for its whole count; `output` overlaps none.
  /// - Complexity: O(input + output).
  @unsafe @inlinable
  public static func deriveKey(
    from inputKey: UnsafeRawBufferPointer, salt: UnsafeRawBufferPointer, info: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) {
    var states = HMACStates<Hash>()
    unsafe states.begin(key: salt)
    unsafe states.inner.update(inputKey)
    var key = states.finishAndWipe()
    defer { wipe(&key) }
    unsafe withUnsafeBytes(of: &key) { unsafe expand($0, info: info, into: output) }
  }

  /// Section 2.2: a pseudorandom key of `inputKey`, for ``expand(_:info:into:)``. The caller wipes it.
  ///
  /// - Parameters:
  ///   - inputKey: key material of any length.
  ///   - salt: random and not secret, or empty.
  @inlinable
  public static func extract(from inputKey: RawSpan, salt: RawSpan) -> Hash.Digest {
    HMAC<Hash>.authenticate(inputKey, key: salt)
  }

  /// Section 2.3: `output` is filled with key material of a pseudorandom key.
  ///
  /// - Parameters:
  ///   - key: what ``extract(from:salt:)`` gave, or another uniformly random key of a digest's length or more.
  ///   - info: what the key is for, or empty.
  ///   - output: at most ``maximumByteCount`` bytes.
  @inlinable
  public static func expand(_ key: RawSpan, info: RawSpan, into output: inout MutableRawSpan) {
    unsafe key.withUnsafeBytes { key in
      unsafe info.withUnsafeBytes { info in
        unsafe output.withUnsafeMutableBytes { output in unsafe expand(key, info: info, into: output) }
      }
    }
  }

  /// T(i) = HMAC(key, T(i - 1) || info || i), where T(0) is empty: `output` is T(1) || T(2) || …
  @inlinable @unsafe
  static func expand(
    _ key: UnsafeRawBufferPointer, info: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) {
    precondition(output.count <= maximumByteCount, "HKDF: output must be at most 255 digests")
    var (states, hashing, digest) = (HMACStates<Hash>(), HMACStates<Hash>(), Hash().finish())
    unsafe states.begin(key: key)
    defer {
      wipe(&states)
      wipe(&digest)
    }
    var counter: UInt8 = 1
    for start in stride(from: 0, to: output.count, by: Hash.digestByteCount) {
      unsafe withUnsafePointer(to: &states) { unsafe hashing.copy($0) }
      if start > 0 { unsafe withUnsafeBytes(of: &digest) { unsafe hashing.inner.update($0) } }
      unsafe hashing.inner.update(info)
      unsafe withUnsafeBytes(of: counter) { unsafe hashing.inner.update($0) }
      digest = hashing.finishAndWipe()
      unsafe withUnsafeBytes(of: &digest) { digest in
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: output[start...])
        unsafe rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: digest.prefix(rest.count)))
      }
      counter &+= 1
    }
  }
}
