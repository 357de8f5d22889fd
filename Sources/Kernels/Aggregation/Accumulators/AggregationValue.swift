/// A value that columns hold: an integer of up to 64 bits, or a float.
package protocol AggregationValue: BitwiseCopyable, Sendable {
  /// In the order of the values; equal for values that cannot be told apart. -0 is below +0, and every NaN is above +infinity.
  var orderKey: Int64 { get }
  /// The value of a key; a NaN is the quiet one without payload.
  init(orderKey: Int64)
  /// Whether an integer may be such a key.
  static func isOrderKey(_ key: Int64) -> Bool
  /// The key of every NaN; nil where there is none.
  static var notANumberKey: Int64? { get }
  /// As a distinct value; see ``HLLHash``.
  var coupon: UInt32 { get }
}

/// An integer that columns hold.
package protocol AggregationInteger: AggregationValue, FixedWidthInteger {}

/// A float that columns hold.
package protocol AggregationFloat: AggregationValue, BinaryFloatingPoint {
  /// The same number; exact.
  var wide: Double { get }
}

extension AggregationInteger {
  @inline(__always)
  package var orderKey: Int64 {
    Self.isSigned
      ? Int64(truncatingIfNeeded: self) : Int64(truncatingIfNeeded: UInt64(truncatingIfNeeded: self) ^ 1 << 63)
  }

  @inline(__always)
  package init(orderKey: Int64) {
    self =
      Self.isSigned
      ? Self(truncatingIfNeeded: orderKey) : Self(truncatingIfNeeded: UInt64(bitPattern: orderKey) ^ 1 << 63)
  }

  package static func isOrderKey(_ key: Int64) -> Bool { Self(orderKey: key).orderKey == key }

  @inline(__always)
  package static var notANumberKey: Int64? { nil }

  @inline(__always)
  package var coupon: UInt32 { HLLHash.coupon(of: UInt64(truncatingIfNeeded: self)) }
}

extension AggregationFloat {
  @inline(__always)
  package var orderKey: Int64 {
    let value = wide
    if value != value { return .max }
    let bits = Int64(bitPattern: value.bitPattern)
    return bits ^ (bits >> 63 & .max)
  }

  @inline(__always)
  package init(orderKey: Int64) {
    let bits = orderKey ^ (orderKey >> 63 & .max)
    self = orderKey == .max ? .nan : Self(Double(bitPattern: UInt64(bitPattern: bits)))
  }

  package static func isOrderKey(_ key: Int64) -> Bool { Self(orderKey: key).orderKey == key }

  @inline(__always)
  package static var notANumberKey: Int64? { .max }

  @inline(__always)
  package var coupon: UInt32 { HLLHash.coupon(of: wide) }
}

extension Int8: AggregationInteger {}
extension Int16: AggregationInteger {}
extension Int32: AggregationInteger {}
extension Int64: AggregationInteger {}
extension UInt8: AggregationInteger {}
extension UInt16: AggregationInteger {}
extension UInt32: AggregationInteger {}
extension UInt64: AggregationInteger {}
extension Float: AggregationFloat {
  @inline(__always)
  package var wide: Double { Double(self) }
}
extension Double: AggregationFloat {
  @inline(__always)
  package var wide: Double { self }
}
