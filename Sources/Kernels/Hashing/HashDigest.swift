/// The bytes of a digest in the order of its standard, and nothing else: a buffer of digests is a buffer of digest bytes.
///
/// A type of its own for each `Function`. Size and stride are `byteCount`, a multiple of four; alignment is 1.
/// Equality takes the same time wherever two digests differ.
@frozen
public struct HashDigest<Function, let byteCount: Int>: BitwiseCopyable, Sendable {
  @usableFromInline
  var bytes: InlineArray<byteCount, UInt8>

  /// A digest with the given bytes, to compare with.
  ///
  /// - Parameter bytes: exactly `byteCount`.
  @inlinable
  public init(_ bytes: RawSpan) {
    precondition(bytes.byteCount == byteCount, "HashDigest: bytes must be as many as the digest has")
    self.bytes = unsafe bytes.unsafeLoadUnaligned(as: InlineArray<byteCount, UInt8>.self)
  }

  /// The bytes.
  @inlinable
  public var rawSpan: RawSpan {
    @_lifetime(borrow self)
    borrowing get { unsafe bytes.span.bytes }
  }

  /// Calls `body` with the bytes, which must not outlive the call.
  @unsafe @inlinable
  public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try unsafe bytes.span.withUnsafeBytes(body)
  }

  /// Appends the bytes to `output`, which must have room for them.
  @inlinable
  public func write(to output: inout OutputSpan<UInt8>) {
    precondition(output.freeCapacity >= byteCount, "HashDigest: output must have room for the digest")
    for i in bytes.indices { output.append(bytes[i]) }
  }

  /// Writes the bytes over `destination`, which must be exactly as long.
  @inlinable
  public func write(to destination: inout MutableRawSpan) {
    precondition(destination.byteCount == byteCount, "HashDigest: destination must be as long as the digest")
    destination.storeBytes(of: bytes, as: InlineArray<byteCount, UInt8>.self)
  }
}

extension HashDigest: Hashable {
  @inlinable
  public static func == (a: Self, b: Self) -> Bool {
    unsafe a.withUnsafeBytes { a in unsafe b.withUnsafeBytes { b in unsafe equalInConstantTime(a, b) } }
  }

  /// The first four bytes, which are as good as random, and differ where digests differ.
  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(unsafe withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt32.self) })
  }
}

extension HashDigest: CustomStringConvertible {
  /// Lower-case hexadecimal digits, two a byte.
  public var description: String {
    unsafe String(unsafeUninitializedCapacity: 2 * byteCount) { digits in
      func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
      for i in bytes.indices {
        unsafe digits[2 * i] = digit(bytes[i] >> 4)
        unsafe digits[2 * i + 1] = digit(bytes[i] & 15)
      }
      return 2 * byteCount
    }
  }
}
