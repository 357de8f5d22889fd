/// The unevaluated sum of two doubles, some 106 bits.
///
/// Dekker, "A Floating-Point Technique for Extending the Available Precision", Numerische Mathematik 18, 1971;
/// TwoSum after Knuth, "The Art of Computer Programming", volume 2, section 4.2.2, theorem B.
/// Finite values far from overflow and underflow only.
struct DoubleDouble {
  var high, low: Double

  init(_ value: Double) { (high, low) = (value, 0) }

  private init(high: Double, low: Double) { (self.high, self.low) = (high, low) }

  /// a + b, exactly.
  static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
    let high = a + b
    let shareOfB = high - a
    return DoubleDouble(high: high, low: (a - (high - shareOfB)) + (b - shareOfB))
  }

  /// a * b, exactly: a fused multiply-add gives what the product rounds off.
  static func product(_ a: Double, _ b: Double) -> DoubleDouble {
    let high = a * b
    return DoubleDouble(high: high, low: (-high).addingProduct(a, b))
  }

  static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let sum = sum(a.high, b.high)
    return Self.sum(sum.high, sum.low + (a.low + b.low))
  }

  static func * (a: Double, b: DoubleDouble) -> DoubleDouble {
    let product = product(a, b.high)
    return sum(product.high, product.low.addingProduct(a, b.low))
  }

  static func - (a: DoubleDouble, b: Double) -> Double {
    let sum = sum(a.high, -b)
    return sum.high + (sum.low + a.low)
  }
}
