extension SigV4 {
  /// A signing key: the secret access key, taken to a scope. It never changes, and is wiped when it goes.
  public struct Key: ~Copyable, Sendable {
    public let scope: Scope
    private let key: HMAC<SHA256>.Key

    /// - Parameters:
    ///   - secret: the secret access key.
    ///   - scope: where its signatures are valid.
    /// - Complexity: four tags. A ``KeyCache`` saves them.
    public init(secret: RawSpan, scope: Scope) {
      self.scope = scope
      let prefix: StaticString = "AWS4"
      let count = prefix.utf8CodeUnitCount + secret.byteCount
      key = unsafe withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { text in
        let start = unsafe text.baseAddress.unsafelyUnwrapped
        unsafe start.copyMemory(from: prefix.utf8Start, byteCount: prefix.utf8CodeUnitCount)
        unsafe secret.withUnsafeBytes { secret in
          if let bytes = secret.baseAddress {
            unsafe (start + prefix.utf8CodeUnitCount).copyMemory(from: bytes, byteCount: secret.count)
          }
        }
        defer { unsafe wipe(start, byteCount: count) }
        var tag = Self.tag(scope.date, HMAC<SHA256>.Key(unsafe UnsafeRawBufferPointer(text).bytes))
        defer { wipe(&tag) }
        for part in [scope.region, scope.service, "aws4_request"] {
          tag = Self.tag(part, HMAC<SHA256>.Key(tag.rawSpan))
        }
        return HMAC<SHA256>.Key(tag.rawSpan)
      }
    }

    private static func tag(_ text: String, _ key: borrowing HMAC<SHA256>.Key) -> SHA256.Digest {
      var text = text
      return text.withUTF8 { unsafe key.authenticate(UnsafeRawBufferPointer($0)) }
    }

    /// The signature of a string to sign; its description is what a header holds.
    ///
    /// - Complexity: O(n). Allocates nothing.
    public borrowing func signature(of stringToSign: RawSpan) -> SHA256.Digest { key.authenticate(stringToSign) }

    /// The signature of a string to sign.
    public borrowing func signature(of stringToSign: String) -> SHA256.Digest { Self.tag(stringToSign, key) }
  }

  /// The keys of a secret access key that were last asked for: most requests of a day are of one scope.
  ///
  /// The secret and the keys are wiped when the cache goes.
  @safe
  public struct KeyCache: ~Copyable, @unchecked Sendable {
    private let secret: UnsafeMutableRawBufferPointer
    private let keys: UnsafeMutablePointer<Key>
    private let capacity: Int
    private var count = 0
    /// The place of the key that came first, where the next one goes when all are taken.
    private var oldest = 0

    /// - Parameters:
    ///   - secret: the secret access key.
    ///   - capacity: keys that are held; 1 or more.
    /// - Complexity: two allocations.
    public init(secret: RawSpan, capacity: Int = 8) {
      precondition(capacity > 0, "KeyCache: capacity must be positive")
      unsafe self.secret = .allocate(byteCount: secret.byteCount, alignment: 1)
      unsafe secret.withUnsafeBytes { [secret = unsafe self.secret] in unsafe secret.copyMemory(from: $0) }
      unsafe keys = .allocate(capacity: capacity)
      self.capacity = capacity
    }

    deinit {
      unsafe keys.deinitialize(count: count)
      unsafe keys.deallocate()
      if let start = unsafe secret.baseAddress { unsafe wipe(start, byteCount: secret.count) }
      unsafe secret.deallocate()
    }

    /// What `body` gives with the key of `scope`.
    ///
    /// - Complexity: a few comparisons; four tags and two allocations for a key that is not held.
    public mutating func withKey<R, E: Error>(
      for scope: Scope, _ body: (borrowing Key) throws(E) -> R
    ) throws(E) -> R {
      for i in 0..<count where unsafe keys[i].scope == scope { return try unsafe body(keys[i]) }
      let place: Int
      if count < capacity {
        (place, count) = (count, count + 1)
      } else {
        (place, oldest) = (oldest, (oldest + 1) % capacity)
        unsafe (keys + place).deinitialize(count: 1)
      }
      unsafe (keys + place).initialize(to: Key(secret: UnsafeRawBufferPointer(secret).bytes, scope: scope))
      return try unsafe body(keys[place])
    }
  }
}
