extension SHA256 {
  /// 32 bytes, most significant first, and nothing else: a buffer of digests is a buffer of digest bytes.
  ///
  /// Size, stride and alignment are 32, 32 and 1. Equality takes the same time wherever two digests differ.
  public struct Digest: BitwiseCopyable, Sendable {
    /// 32.
    public static let byteCount = 32

    var bytes: InlineArray<32, UInt8>

    /// A digest with the given bytes, to compare with.
    ///
    /// - Parameter bytes: exactly 32.
    public init(_ bytes: RawSpan) {
      precondition(bytes.byteCount == Self.byteCount, "SHA256.Digest: bytes must be 32")
      self.bytes = unsafe bytes.unsafeLoadUnaligned(as: InlineArray<32, UInt8>.self)
    }

    /// FIPS 180-4 section 6.2.2: the words of H, big-endian.
    init(state: InlineArray<8, UInt32>) {
      bytes = unsafe unsafeBitCast(
        SIMD8(
          state[0].bigEndian, state[1].bigEndian, state[2].bigEndian, state[3].bigEndian,
          state[4].bigEndian, state[5].bigEndian, state[6].bigEndian, state[7].bigEndian),
        to: InlineArray<32, UInt8>.self)
    }

    /// The 32 bytes.
    public var rawSpan: RawSpan {
      @_lifetime(borrow self)
      borrowing get { unsafe bytes.span.bytes }
    }

    /// Calls `body` with the 32 bytes, which must not outlive the call.
    @unsafe
    public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
      try unsafe bytes.span.withUnsafeBytes(body)
    }

    /// Appends the 32 bytes to `output`, which must have room for them.
    public func write(to output: inout OutputSpan<UInt8>) {
      precondition(output.freeCapacity >= Self.byteCount, "SHA256.Digest: output must have room for 32 bytes")
      for i in bytes.indices { output.append(bytes[i]) }
    }

    /// Writes the 32 bytes over `destination`, which must be exactly as long.
    public func write(to destination: inout MutableRawSpan) {
      precondition(destination.byteCount == Self.byteCount, "SHA256.Digest: destination must be 32 bytes")
      destination.storeBytes(of: bytes, as: InlineArray<32, UInt8>.self)
    }

    /// Four native words, for comparing and hashing.
    private var words: SIMD4<UInt64> { unsafe unsafeBitCast(bytes, to: SIMD4<UInt64>.self) }
  }
}

extension SHA256.Digest: Hashable {
  public static func == (a: Self, b: Self) -> Bool {
    let difference = a.words ^ b.words
    return difference[0] | difference[1] | difference[2] | difference[3] == 0
  }

  /// The first eight bytes, which are as good as random, and differ where digests differ.
  public func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }
}

extension SHA256.Digest: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var description: String {
    unsafe String(unsafeUninitializedCapacity: 2 * Self.byteCount) { digits in
      func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
      for i in bytes.indices {
        unsafe digits[2 * i] = digit(bytes[i] >> 4)
        unsafe digits[2 * i + 1] = digit(bytes[i] & 15)
      }
      return 2 * Self.byteCount
    }
  }
}
