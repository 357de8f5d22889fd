/// A bf16 number: the upper half of an IEEE 754 single: sign, 8 bits of exponent, 7 of fraction.
///
/// A format of storage. Arithmetic is that of `Float`, which holds every bf16 number exactly.
///
/// Source: Intel, "BFLOAT16 - Hardware Numerics Definition", 2018.
@frozen
public struct BFloat16: BitwiseCopyable, Sendable {
  public var bitPattern: UInt16

  @inlinable @inline(__always)
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The bf16 number nearest to `value`; of two equally near the one whose last bit is 0.
  ///
  /// From half a unit above the largest finite one on, infinity. A NaN stays one, with its sign and the upper bits of its payload, and
  /// becomes quiet. Subnormals are kept.
  @inlinable @inline(__always)
  public init(_ value: Float) {
    let bits = value.bitPattern
    // The upper half of a NaN whose payload is all in the lower one would be infinity: the quiet bit prevents it.
    bitPattern =
      value.isNaN
      ? UInt16(truncatingIfNeeded: bits >> 16 | 0x40)
      : UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
  }
}

extension Float {
  /// The same number. Exact.
  @inlinable @inline(__always)
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}

extension BFloat16: CustomStringConvertible {
  public var description: String { Float(self).description }
}
