/// HMAC (RFC 2104, FIPS 198-1): a tag of a message that only who has the key can make or check.
///
/// ```swift
/// let key = HMAC<SHA256>.Key(secret)                 // two blocks, once
/// let tag = key.authenticate(message)
/// if key.isValid(received, for: message) { … }       // in constant time
///
/// var hmac = HMAC(key: key)                          // a message in parts
/// hmac.update(header)
/// hmac.update(body)
/// let tag = hmac.finish()
/// ```
///
/// Whatever a call holds of key and message is wiped before it returns, and what a value holds when it goes.
@safe
public struct HMAC<Hash: HashFunction>: ~Copyable, @unchecked Sendable {
  /// The hashes of both passes so far, in memory of their own: a value that moves leaves nothing behind.
  @usableFromInline
  let states: UnsafeMutablePointer<HMACStates<Hash>>

  /// Begins a message.
  ///
  /// - Complexity: one allocation.
  @inlinable
  public init(key: borrowing Key) {
    unsafe states = .allocate(capacity: 1)
    unsafe states.initialize(from: key.states, count: 1)
  }

  @inlinable
  deinit {
    unsafe wipe(&states.pointee)
    unsafe states.deallocate()
  }

  /// Appends `bytes` to the message.
  @inlinable
  public mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe states.pointee.inner.update($0) }
  }

  /// The tag of all bytes so far. More can follow.
  @inlinable
  public func finish() -> Hash.Digest {
    var last = HMACStates<Hash>()
    unsafe last.copy(states)
    return last.finishAndWipe()
  }

  /// The tag of `message` by `key`, for a key that is used once.
  ///
  /// - Complexity: O(n). Allocates nothing. A ``Key`` that is kept saves two blocks.
  @inlinable
  public static func authenticate(_ message: RawSpan, key: RawSpan) -> Hash.Digest {
    unsafe message.withUnsafeBytes { message in
      unsafe key.withUnsafeBytes { key in unsafe authenticate(message, key: key) }
    }
  }

  /// The tag of `message` by `key`, for a key that is used once.
  ///
  /// - Both must be readable for their whole counts; no alignment is required.
  /// - Complexity: O(n). Allocates nothing. A ``Key`` that is kept saves two blocks.
  @unsafe @inlinable
  public static func authenticate(_ message: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) -> Hash.Digest {
    var states = HMACStates<Hash>()
    unsafe states.begin(key: key)
    unsafe states.inner.update(message)
    return states.finishAndWipe()
  }
}

// MARK: - Keys

extension HMAC {
  /// A key with its two blocks hashed, so that a tag costs the message and one block more.
  ///
  /// One thread may use it as well as many: it never changes. It is wiped when it goes.
  @safe
  public struct Key: ~Copyable, @unchecked Sendable {
    @usableFromInline
    let states: UnsafeMutablePointer<HMACStates<Hash>>

    /// - Parameter key: of any length; best as long as a digest, and random. One longer than a block is hashed first.
    /// - Complexity: two blocks, and one allocation.
    @inlinable
    public init(_ key: RawSpan) {
      unsafe states = .allocate(capacity: 1)
      unsafe states.initialize(to: HMACStates())
      unsafe key.withUnsafeBytes { key in unsafe states.pointee.begin(key: key) }
    }

    @inlinable
    deinit {
      unsafe wipe(&states.pointee)
      unsafe states.deallocate()
    }
  }
}

extension HMAC.Key {
  /// The tag of `message`.
  ///
  /// - Complexity: O(n). Allocates nothing.
  @inlinable
  public borrowing func authenticate(_ message: RawSpan) -> Hash.Digest {
    unsafe message.withUnsafeBytes { unsafe authenticate($0) }
  }

  /// The tag of `message`.
  ///
  /// - `message` must be readable for its whole count; no alignment is required.
  /// - Complexity: O(n). Allocates nothing.
  @unsafe @inlinable
  public borrowing func authenticate(_ message: UnsafeRawBufferPointer) -> Hash.Digest {
    var last = HMACStates<Hash>()
    unsafe last.copy(states)
    unsafe last.inner.update(message)
    return last.finishAndWipe()
  }

  /// Whether `tag` is the tag of `message`, in a time that does not tell how much of it is right.
  ///
  /// - Parameters:
  ///   - tag: a whole one; a shorter one is never right.
  ///   - message: of any length.
  @inlinable
  public borrowing func isValid(_ tag: RawSpan, for message: RawSpan) -> Bool {
    let expected = authenticate(message)
    return unsafe withUnsafeBytes(of: expected) { expected in
      unsafe tag.withUnsafeBytes { unsafe equalInConstantTime(expected, $0) }
    }
  }

  /// The tags of many messages that lie one after the other, of any lengths: several are hashed side by side.
  ///
  /// Message i is `bytes[offsets[i] ..< offsets[i + 1]]`. Bytes before the first offset and after the last are not read.
  ///
  /// - Parameters:
  ///   - bytes: holds the messages.
  ///   - offsets: one more than there are tags, ascending, within `0 ... bytes.byteCount`.
  ///   - tags: tag i is written to `tags[i]`.
  /// - Complexity: O(bytes + messages). Allocates nothing.
  @inlinable
  public borrowing func authenticate(
    batch bytes: RawSpan, offsets: Span<Int>, into tags: inout MutableSpan<Hash.Digest>
  ) {
    unsafe HashMessages.withSlices(of: bytes, offsets: offsets, count: tags.count) { messages in
      unsafe tags.withUnsafeMutableBufferPointer { tags in
        unsafe authenticate(batch: messages, into: tags.baseAddress)
      }
    }
  }

  /// The tags of many messages anywhere in memory, of any lengths: several are hashed side by side.
  ///
  /// - Parameters:
  ///   - messages: each readable for its whole count. An empty one may have no address.
  ///   - tags: room for as many as there are messages, initialised or not. Must not overlap the messages.
  /// - Complexity: O(bytes + messages). Allocates nothing.
  @unsafe @inlinable
  public borrowing func authenticate(batch messages: HashMessages, into tags: UnsafeMutablePointer<Hash.Digest>?) {
    guard let tags = unsafe tags else { return }
    let states = unsafe states
    unsafe Hash.hash(batch: messages, after: states.pointee.inner, into: tags)
    // Each digest of the first pass is the message of the second, shorter than a block, in the place of its own tag.
    unsafe Hash.hash(
      batch: .equal(start: tags, byteCount: Hash.digestByteCount, count: messages.count), after: states.pointee.outer,
      into: tags)
  }
}

// MARK: - States

/// The hashes of the inner and the outer pass, after the key's block or later.
///
/// All that it does, it does in place: a value that is returned or assigned may pass through a copy that nobody wipes.
@frozen @usableFromInline
struct HMACStates<Hash: HashFunction>: BitwiseCopyable {
  @usableFromInline var inner: Hash
  @usableFromInline var outer: Hash

  /// Hashes of nothing, for ``begin(key:)`` or ``copy(_:)``.
  @inlinable
  init() {
    (inner, outer) = (Hash(), Hash())
  }

  /// RFC 2104 section 2, steps 1, 2 and 5: the padded key with ipad, and with opad.
  ///
  /// - `key` is readable for its whole count.
  @inlinable @unsafe
  mutating func begin(key: UnsafeRawBufferPointer) {
    // A constant, so that it stays on the stack.
    let room = 256
    let size = Hash.blockByteCount
    precondition(Hash.digestByteCount < size && size <= room, "HMAC: blocks must be of at most 256 bytes")
    unsafe withUnsafeTemporaryAllocation(byteCount: room, alignment: 16) { block in
      unsafe block.initializeMemory(as: UInt8.self, repeating: 0)
      if key.count <= size {
        unsafe block.copyMemory(from: key)
      } else {
        var hasher = Hash()
        unsafe hasher.update(key)
        var digest = hasher.finishAndWipe()
        unsafe withUnsafeBytes(of: &digest) { unsafe block.copyMemory(from: $0) }
        wipe(&digest)
      }
      for i in 0..<size { unsafe block[i] ^= 0x36 }
      unsafe inner.update(UnsafeRawBufferPointer(start: block.baseAddress, count: size))
      for i in 0..<size { unsafe block[i] ^= 0x36 ^ 0x5c }
      unsafe outer.update(UnsafeRawBufferPointer(start: block.baseAddress, count: size))
      unsafe wipe(block.baseAddress.unsafelyUnwrapped, byteCount: size)
    }
  }

  /// Memory to memory.
  ///
  /// - `states` is initialised.
  @inlinable @unsafe
  mutating func copy(_ states: UnsafePointer<Self>) {
    unsafe withUnsafeMutablePointer(to: &self) { unsafe $0.update(from: states, count: 1) }
  }

  /// The tag: the outer hash of the inner digest.
  @inlinable
  mutating func finishAndWipe() -> Hash.Digest {
    var digest = inner.finishAndWipe()
    defer { wipe(&digest) }
    unsafe withUnsafeBytes(of: &digest) { unsafe outer.update($0) }
    return outer.finishAndWipe()
  }
}
