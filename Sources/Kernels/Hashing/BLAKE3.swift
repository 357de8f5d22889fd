/// BLAKE3 (J. O'Connor, J.-P. Aumasson, S. Neves, Z. Wilcox-O'Hearn, "BLAKE3: one function, fast everywhere", 2020): digests,
/// tags, keys, and output of any length.
///
/// A message is a tree of chunks of 1,024 bytes, so that a single long one is hashed several chunks side by side. A message may be
/// as long as memory. A hasher holds the roots of subtrees that wait for a sibling and is 2 KB, of which a copy copies all.
///
/// ```swift
/// let digest = BLAKE3.hash(message)
/// let tag = BLAKE3.authenticate(message, key: key)          // in HMAC's place
/// BLAKE3.deriveKey(from: secret, context: "example.com 2026-11-23 session tokens", into: &key)
/// ```
///
/// With a key, what a call worked with is wiped.
public struct BLAKE3: HashFunction {
  public typealias Digest = HashDigest<BLAKE3, 32>
  public static let blockByteCount = 64
  /// Bytes of the key of a keyed hash.
  public static let keyByteCount = 32

  package var hasher: BLAKE3Hasher

  public init() { hasher = BLAKE3Hasher() }

  /// A hasher whose digest is a tag, which only who has the key can compute: in the place of ``HMAC``.
  ///
  /// - Parameter key: exactly ``keyByteCount`` bytes, as good as random.
  public init(key: RawSpan) {
    precondition(key.byteCount == Self.keyByteCount, "BLAKE3: a key must be 32 bytes")
    hasher = unsafe key.withUnsafeBytes { key in
      unsafe BLAKE3Hasher(key: key.baseAddress.unsafelyUnwrapped, flags: .keyedHash)
    }
  }

  /// A hasher whose digest, or ``finish(into:at:)-(MutableRawSpan,_)``, is a key that is derived from the message, a secret of any
  /// length that is as good as random; no password.
  ///
  /// - Parameter context: what the key is for: hard-coded, unique in all the world, and no secret.
  public init(derivingKeysFor context: String) {
    var context = context
    self = context.withUTF8 { unsafe BLAKE3(derivingKeysFor: UnsafeRawBufferPointer($0)) }
  }

  /// A hasher whose digest is a derived key; `context` is the bytes of what it is for.
  ///
  /// - `context` must be readable for its whole count; no alignment is required.
  @unsafe
  public init(derivingKeysFor context: UnsafeRawBufferPointer) {
    let kernel = BLAKE3Kernel.select(.current)
    var key = unsafe BLAKE3Portable.initialValue.withUnsafeBytes {
      unsafe BLAKE3Hasher(key: $0.baseAddress.unsafelyUnwrapped, flags: .deriveKeyContext)
    }
    unsafe key.update(context, kernel: kernel)
    let digest = key.finish(kernel: kernel)
    hasher = unsafe digest.withUnsafeBytes { key in
      unsafe BLAKE3Hasher(key: key.baseAddress.unsafelyUnwrapped, flags: .deriveKeyMaterial)
    }
  }

  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe hasher.update(bytes, kernel: .select(.current))
  }

  /// The digest of all bytes so far. The hasher can go on being updated.
  ///
  /// - Complexity: O(log n), one block for each subtree that waits, at most 56.
  public func finish() -> Digest { hasher.finish(kernel: .select(.current)) }

  public mutating func finishAndWipe() -> Digest {
    defer { wipe(&self) }
    return hasher.finish(kernel: .select(.current), wiping: true)
  }

  @unsafe
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
    unsafe hash(bytes, kernel: .select(.current))
  }

  @unsafe
  public static func hash(
    batch messages: HashMessages, after prefix: BLAKE3?, into digests: UnsafeMutablePointer<Digest>?
  ) {
    unsafe hash(batch: messages, after: prefix, into: digests, kernel: .select(.current))
  }
}

// MARK: - Output of any length

extension BLAKE3 {
  /// Fills `output` with the extendable output from byte `position` on. Its first 32 bytes are the digest.
  ///
  /// The output's bytes are as good as random up to 2^64 of them, and no part tells of another without the message or the key.
  ///
  /// - Complexity: O(output), a block for each 64 bytes, and what ``finish()`` takes.
  public func finish(into output: inout MutableRawSpan, at position: UInt64 = 0) {
    unsafe output.withUnsafeMutableBytes { unsafe finish(into: $0, at: position) }
  }

  /// Fills `output` with the extendable output from byte `position` on. Its first 32 bytes are the digest.
  ///
  /// - `output` must be writable for its whole count; no alignment is required.
  /// - Complexity: O(output), a block for each 64 bytes, and what ``finish()`` takes.
  @unsafe
  public func finish(into output: UnsafeMutableRawBufferPointer, at position: UInt64 = 0) {
    unsafe finish(into: output, at: position, kernel: .select(.current))
  }

  /// The same by the given row.
  @unsafe
  package func finish(into output: UnsafeMutableRawBufferPointer, at position: UInt64, kernel: BLAKE3Kernel) {
    var root = hasher.root(kernel: kernel)
    unsafe root.write(to: output, at: position, kernel: kernel)
    if !hasher.flags.isDisjoint(with: .keyed) { wipe(&root) }
  }
}

// MARK: - In one call

extension BLAKE3 {
  /// The tag of `bytes`, which only who has the key can compute.
  ///
  /// - Parameters:
  ///   - bytes: any number.
  ///   - key: exactly ``keyByteCount`` bytes, as good as random.
  public static func authenticate(_ bytes: RawSpan, key: RawSpan) -> Digest {
    var hasher = BLAKE3(key: key)
    hasher.update(bytes)
    return hasher.finishAndWipe()
  }

  /// Fills `output` with a key that is derived from `secret`, which is as good as random; no password.
  ///
  /// - Parameters:
  ///   - secret: key material of any length.
  ///   - context: what the key is for: hard-coded, unique in all the world, and no secret.
  ///   - output: of the length that the key is to have.
  public static func deriveKey(from secret: RawSpan, context: String, into output: inout MutableRawSpan) {
    var hasher = BLAKE3(derivingKeysFor: context)
    defer { wipe(&hasher) }
    hasher.update(secret)
    hasher.finish(into: &output)
  }

  /// The digest of `bytes` by the given row. A message of one chunk needs no hasher.
  @inline(__always)
  @unsafe
  package static func hash(_ bytes: UnsafeRawBufferPointer, kernel: BLAKE3Kernel) -> Digest {
    if bytes.count > BLAKE3Hasher.chunkByteCount { return unsafe hashTree(bytes, kernel: kernel) }
    return unsafe BLAKE3Portable.initialValue.withUnsafeBufferPointer { key in
      var node = unsafe BLAKE3Node(
        chunk: bytes, key: key.baseAddress.unsafelyUnwrapped, flags: [], kernel: kernel)
      return node.digest(kernel)
    }
  }

  /// Out of line, so that a short message does not pay for the frame.
  @inline(never)
  @unsafe
  private static func hashTree(_ bytes: UnsafeRawBufferPointer, kernel: BLAKE3Kernel) -> Digest {
    var hasher = BLAKE3Hasher()
    unsafe hasher.update(bytes, kernel: kernel)
    return hasher.finish(kernel: kernel)
  }
}
