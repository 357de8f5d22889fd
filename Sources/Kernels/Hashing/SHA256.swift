/// SHA-256 (FIPS 180-4): one-shot, incremental, and of many messages at once.
///
/// A value: a copy goes its own way, and ``finish()`` gives the digest of what came so far without ending the hasher.
/// No call allocates, blocks or starts a thread, and every CPU gives the same digests.
///
/// ```swift
/// var hasher = SHA256()
/// hasher.update(header)
/// hasher.update(body)
/// print(hasher.finish())              // 64 lower-case hexadecimal digits
/// ```
///
/// Time depends on lengths alone, not on contents. The state is not wiped: who hashes secrets overwrites the value.
/// The total length must stay below 2^61 bytes, as the standard says.
public struct SHA256: Sendable {
  /// H of the blocks compressed so far.
  var state: InlineArray<8, UInt32>
  /// The bytes after the last whole block, `count % 64` of them; the rest is stale.
  var pending: InlineArray<64, UInt8>
  /// Bytes taken so far.
  var count: UInt64

  /// A hasher of nothing yet.
  public init() {
    state = Self.initialState
    pending = InlineArray(repeating: 0)
    count = 0
  }

  /// Appends `bytes` to the message.
  ///
  /// - Complexity: O(n). Whole blocks are read in place; at most 63 bytes are kept back.
  public mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  /// Appends `bytes` to the message.
  ///
  /// - `bytes` must be readable for its whole count; no alignment is required; it is not kept.
  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe update(bytes, kernel: .select(.current))
  }

  /// The digest of all bytes so far. The hasher can go on being updated.
  ///
  /// - Complexity: one or two blocks.
  public func finish() -> Digest { finish(kernel: .select(.current)) }

  /// The digest of `bytes`.
  public static func hash(_ bytes: RawSpan) -> Digest {
    unsafe bytes.withUnsafeBytes { unsafe hash($0) }
  }

  /// The digest of `bytes`.
  ///
  /// - `bytes` must be readable for its whole count; no alignment is required.
  @unsafe
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
    unsafe oneShot(bytes, kernel: .select(.current))
  }
}

// MARK: - Many messages at once

extension SHA256 {
  /// The digests of many messages that lie one after the other, of any lengths: up to sixteen are hashed side by side.
  ///
  /// Message i is `bytes[offsets[i] ..< offsets[i + 1]]`, as in an Arrow binary column. Bytes before the first offset
  /// and after the last are not read. Synchronous, on this thread.
  ///
  /// - Parameters:
  ///   - offsets: one more than there are digests, ascending, within `0 ... bytes.byteCount`.
  ///   - digests: digest i is written to `digests[i]`.
  /// - Complexity: O(bytes + messages). Allocates nothing. Not slower than a loop: few and short messages are one.
  public static func hash(batch bytes: RawSpan, offsets: Span<Int>, into digests: inout MutableSpan<Digest>) {
    precondition(offsets.count > 0, "SHA256: offsets must hold at least one element, the end of no message")
    precondition(digests.count == offsets.count - 1, "SHA256: digests.count must be offsets.count - 1")
    precondition(offsets[0] >= 0, "SHA256: offsets must not be negative")
    for i in 0..<digests.count {
      precondition(offsets[i] <= offsets[i + 1], "SHA256: offsets must ascend")
    }
    precondition(offsets[digests.count] <= bytes.byteCount, "SHA256: offsets must not pass the end of bytes")

    unsafe bytes.withUnsafeBytes { bytes in
      unsafe offsets.withUnsafeBufferPointer { offsets in
        unsafe digests.withUnsafeMutableBufferPointer { digests in
          unsafe hash(
            batch: .slices(of: bytes, offsets: offsets), into: digests.baseAddress, features: .current)
        }
      }
    }
  }

  /// The digests of many messages anywhere in memory, of any lengths: up to sixteen are hashed side by side.
  ///
  /// - Parameters:
  ///   - messages: each readable for its whole count. An empty one may have no address.
  ///   - digests: as many as messages; digest i is written to `digests[i]`. Must not overlap the messages.
  /// - Complexity: O(bytes + messages). Allocates nothing. Not slower than a loop: few and short messages are one.
  @unsafe
  public static func hash(
    batch messages: UnsafeBufferPointer<UnsafeRawBufferPointer>, into digests: UnsafeMutableBufferPointer<Digest>
  ) {
    precondition(digests.count == messages.count, "SHA256: digests.count must be messages.count")
    unsafe hash(batch: .buffers(messages), into: digests.baseAddress, features: .current)
  }
}
