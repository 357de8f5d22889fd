/// A hash function: in one call, incremental, and of many messages at once.
///
/// A hasher is a value: a copy goes its own way, and ``finish()`` gives the digest of what came so far without ending
/// the hasher. No call allocates, blocks or starts a thread, and every CPU gives the same digests.
///
/// ```swift
/// var hasher = SHA512()
/// hasher.update(header)
/// hasher.update(body)
/// print(hasher.finish())              // lower-case hexadecimal digits
/// ```
///
/// Time depends on lengths alone, not on contents. A hasher is not wiped when it goes, for it is a value like a number:
/// who hashes secrets ends with ``finishAndWipe()``, or uses ``HMAC`` or ``HKDF``, which wipe what they hold.
public protocol HashFunction: BitwiseCopyable, Sendable {
  /// The bytes of a digest and nothing else, so that a buffer of digests is a buffer of digest bytes.
  associatedtype Digest: BitwiseCopyable, Hashable, Sendable

  /// Bytes of a block, the unit in which messages are taken: what ``HMAC`` pads a key to.
  static var blockByteCount: Int { get }

  /// A hasher of nothing yet.
  init()

  /// Appends `bytes` to the message.
  ///
  /// - `bytes` must be readable for its whole count; no alignment is required; it is not kept.
  /// - Complexity: O(n). Whole blocks are read in place; less than a block is kept back.
  @unsafe
  mutating func update(_ bytes: UnsafeRawBufferPointer)

  /// The digest of all bytes so far. The hasher can go on being updated.
  ///
  /// - Complexity: one or two blocks. What it worked with is wiped.
  func finish() -> Digest

  /// The digest of all bytes so far; the hasher is overwritten with zeros, and is of no more use.
  ///
  /// It works in place: ``finish()`` works on a copy, and the compiler may make another, of which nobody knows.
  ///
  /// - Complexity: one or two blocks.
  mutating func finishAndWipe() -> Digest

  /// The digest of `bytes`.
  ///
  /// - `bytes` must be readable for its whole count; no alignment is required.
  @unsafe
  static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest

  /// The digests of many messages of any lengths, several side by side, each after what `prefix` has taken.
  ///
  /// - Parameters:
  ///   - messages: each readable for its whole count. An empty one may have no address.
  ///   - prefix: a hasher that has taken whole blocks alone, or nil for none. Working memory is wiped where there is one.
  ///   - digests: room for as many as there are messages, initialised or not. May overlap messages of less than a block
  ///     where each overlaps its own digest alone, and no others.
  /// - Complexity: O(bytes + messages). Allocates nothing. Not slower than a loop: few and short messages are one.
  @unsafe
  static func hash(batch messages: HashMessages, after prefix: Self?, into digests: UnsafeMutablePointer<Digest>?)
}

extension HashFunction {
  /// Bytes of a digest.
  @inlinable
  public static var digestByteCount: Int { MemoryLayout<Digest>.size }

  /// Appends `bytes` to the message.
  ///
  /// - Complexity: O(n). Whole blocks are read in place; less than a block is kept back.
  @inlinable
  public mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  /// The digest of `bytes`.
  @inlinable
  public static func hash(_ bytes: RawSpan) -> Digest {
    unsafe bytes.withUnsafeBytes { unsafe hash($0) }
  }
}

// MARK: - Many messages at once

extension HashFunction {
  /// The digests of many messages that lie one after the other, of any lengths: several are hashed side by side.
  ///
  /// Message i is `bytes[offsets[i] ..< offsets[i + 1]]`, as in an Arrow binary column. Bytes before the first offset
  /// and after the last are not read. Synchronous, on this thread.
  ///
  /// - Parameters:
  ///   - bytes: holds the messages.
  ///   - offsets: one more than there are digests, ascending, within `0 ... bytes.byteCount`.
  ///   - digests: digest i is written to `digests[i]`.
  /// - Complexity: O(bytes + messages). Allocates nothing. Not slower than a loop: few and short messages are one.
  @inlinable
  public static func hash(batch bytes: RawSpan, offsets: Span<Int>, into digests: inout MutableSpan<Digest>) {
    unsafe HashMessages.withSlices(of: bytes, offsets: offsets, count: digests.count) { messages in
      unsafe digests.withUnsafeMutableBufferPointer { digests in
        unsafe hash(batch: messages, after: nil, into: digests.baseAddress)
      }
    }
  }

  /// The digests of many messages anywhere in memory, of any lengths: several are hashed side by side.
  ///
  /// - Parameters:
  ///   - messages: each readable for its whole count. An empty one may have no address.
  ///   - digests: as many as messages; digest i is written to `digests[i]`. Must not overlap the messages.
  /// - Complexity: O(bytes + messages). Allocates nothing. Not slower than a loop: few and short messages are one.
  @unsafe @inlinable
  public static func hash(
    batch messages: UnsafeBufferPointer<UnsafeRawBufferPointer>, into digests: UnsafeMutableBufferPointer<Digest>
  ) {
    precondition(digests.count == messages.count, "hash: digests.count must be messages.count")
    unsafe hash(batch: .buffers(messages), after: nil, into: digests.baseAddress)
  }
}
