/// A checksum against accidents, not against attackers: in one call, incremental, and of parts put together.
///
/// A value: a copy goes its own way, and ``value`` is the checksum of what came so far. No call allocates, blocks or starts a
/// thread, and every CPU gives the same values.
///
/// ```swift
/// var checksum = CRC64NVME()
/// checksum.update(first)
/// checksum.update(second)
/// print(checksum.value)
///
/// // Parts that were summed apart, in any order, on any machine:
/// let whole = CRC64NVME.combine(CRC64NVME.checksum(of: first), CRC64NVME.checksum(of: second), byteCount: second.byteCount)
/// ```
public protocol Checksum: BitwiseCopyable, Hashable, Sendable {
  associatedtype Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable

  /// The checksum of nothing yet.
  init()

  /// A checksum that goes on after bytes whose checksum is `value`.
  init(resuming value: Value)

  /// The checksum of all bytes so far.
  var value: Value { get }

  /// Appends `bytes`.
  ///
  /// - `bytes` must be readable for its whole count; no alignment is required; it is not kept.
  /// - Complexity: O(n).
  @unsafe
  mutating func update(_ bytes: UnsafeRawBufferPointer)

  /// The checksum of `bytes`.
  ///
  /// - `bytes` must be readable for its whole count; no alignment is required.
  /// - Complexity: O(n).
  @unsafe
  static func checksum(of bytes: UnsafeRawBufferPointer) -> Value

  /// The checksum of a's bytes followed by b's.
  ///
  /// - Parameters:
  ///   - a: the checksum of the bytes that come first.
  ///   - b: the checksum of those that follow.
  ///   - byteCount: how many follow. Not negative.
  /// - Complexity: O(log byteCount), at most 64 products of polynomials.
  static func combine(_ a: Value, _ b: Value, byteCount: Int) -> Value
}

extension Checksum {
  /// Appends `bytes`.
  ///
  /// - Complexity: O(n).
  @inlinable
  public mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  /// The checksum of `bytes`.
  @inlinable
  public static func checksum(of bytes: RawSpan) -> Value {
    unsafe bytes.withUnsafeBytes { unsafe checksum(of: $0) }
  }

  /// The checksum of `bytes`.
  ///
  /// - `bytes` must be readable for its whole count; no alignment is required.
  @unsafe @inlinable
  public static func checksum(of bytes: UnsafeRawBufferPointer) -> Value {
    var checksum = Self()
    unsafe checksum.update(bytes)
    return checksum.value
  }
}
