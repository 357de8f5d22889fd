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
    var key = extract(from: inputKey, salt: salt)
    defer { wipe(&key) }
    unsafe withUnsafeBytes(of: key) { unsafe expand($0, info: info, into: &output) }
  }

  /// Section 2.2: a pseudorandom key of `inputKey`, for ``expand(_:info:into:)-(RawSpan,_,_)``. The caller wipes it.
  ///
  /// - Parameter salt: random and not secret, or empty.
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
    unsafe key.withUnsafeBytes { unsafe expand($0, info: info, into: &output) }
  }

  @inlinable @unsafe
  static func expand(_ key: UnsafeRawBufferPointer, info: RawSpan, into output: inout MutableRawSpan) {
    precondition(output.byteCount <= maximumByteCount, "HKDF: output must be at most 255 digests")
    var states = unsafe HMACStates<Hash>(key: key)
    defer { wipe(&states) }
    unsafe info.withUnsafeBytes { info in
      unsafe output.withUnsafeMutableBytes { output in
        // T(i) = HMAC(key, T(i - 1) || info || i), and T(0) is empty.
        var start = 0
        var counter: UInt8 = 1
        while start < output.count {
          var hashing = states
          if start > 0 {
            unsafe hashing.inner.update(
              UnsafeRawBufferPointer(rebasing: output[(start - Hash.digestByteCount)..<start]))
          }
          unsafe hashing.inner.update(info)
          unsafe withUnsafeBytes(of: counter) { unsafe hashing.inner.update($0) }
          var digest = hashing.finish()
          let taken = min(Hash.digestByteCount, output.count - start)
          unsafe withUnsafeBytes(of: &digest) {
            unsafe UnsafeMutableRawBufferPointer(rebasing: output[start...]).copyMemory(
              from: UnsafeRawBufferPointer(rebasing: $0[..<taken]))
          }
          wipe(&digest)
          wipe(&hashing)
          start += taken
          counter &+= 1
        }
      }
    }
  }
}
