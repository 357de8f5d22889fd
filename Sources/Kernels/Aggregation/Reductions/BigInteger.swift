/// An integer of any size, for results that are exact until they are rounded once. Slow and plain.
package struct BigInteger: Sendable, Equatable {
  package var isNegative: Bool
  /// The least significant first; the last is not zero. None for zero.
  package var limbs: [UInt64]

  package init(isNegative: Bool = false, limbs: [UInt64]) {
    self.limbs = limbs
    while self.limbs.last == 0 { self.limbs.removeLast() }
    self.isNegative = isNegative && !self.limbs.isEmpty
  }

  package init(_ value: Int128) {
    let magnitude = value.magnitude
    self.init(
      isNegative: value < 0,
      limbs: [UInt64(truncatingIfNeeded: magnitude), UInt64(truncatingIfNeeded: magnitude >> 64)])
  }

  package var isZero: Bool { limbs.isEmpty }
  package var bitWidth: Int { limbs.isEmpty ? 0 : 64 * limbs.count - limbs[limbs.count - 1].leadingZeroBitCount }

  package static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isZero || b.isZero { return BigInteger(limbs: []) }
    var limbs = [UInt64](repeating: 0, count: a.limbs.count + b.limbs.count)
    for (i, x) in a.limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, y) in b.limbs.enumerated() {
        // At most (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1.
        let wide = UInt128(x) * UInt128(y) + UInt128(limbs[i + j]) + UInt128(carry)
        limbs[i + j] = UInt64(truncatingIfNeeded: wide)
        carry = UInt64(truncatingIfNeeded: wide >> 64)
      }
      limbs[i + b.limbs.count] = carry
    }
    return BigInteger(isNegative: a.isNegative != b.isNegative, limbs: limbs)
  }

  package static prefix func - (a: BigInteger) -> BigInteger { BigInteger(isNegative: !a.isNegative, limbs: a.limbs) }
  package static func - (a: BigInteger, b: BigInteger) -> BigInteger { a + -b }

  package static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isNegative == b.isNegative { return BigInteger(isNegative: a.isNegative, limbs: sum(a.limbs, b.limbs)) }
    return isLess(a.limbs, b.limbs)
      ? BigInteger(isNegative: b.isNegative, limbs: difference(b.limbs, a.limbs))
      : BigInteger(isNegative: a.isNegative, limbs: difference(a.limbs, b.limbs))
  }

  /// Times 2^bits.
  package func shifted(left bits: Int) -> BigInteger {
    if isZero || bits == 0 { return self }
    let shift = UInt64(bits & 63)
    var result = [UInt64](repeating: 0, count: bits >> 6)
    result.reserveCapacity(limbs.count + result.count + 1)
    var carry: UInt64 = 0
    for limb in limbs {
      result.append(limb << shift | carry)
      carry = shift == 0 ? 0 : limb >> (64 - shift)
    }
    result.append(carry)
    return BigInteger(isNegative: isNegative, limbs: result)
  }

  private static func isLess(_ a: [UInt64], _ b: [UInt64]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    for i in a.indices.reversed() where a[i] != b[i] { return a[i] < b[i] }
    return false
  }

  private static func sum(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var result: [UInt64] = []
    result.reserveCapacity(max(a.count, b.count) + 1)
    var carry: UInt64 = 0
    for i in 0..<max(a.count, b.count) {
      let (first, over) = (i < a.count ? a[i] : 0).addingReportingOverflow(i < b.count ? b[i] : 0)
      let (second, again) = first.addingReportingOverflow(carry)
      result.append(second)
      carry = over || again ? 1 : 0
    }
    result.append(carry)
    return result
  }

  /// a - b, where a is not less.
  private static func difference(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var result: [UInt64] = []
    result.reserveCapacity(a.count)
    var borrow: UInt64 = 0
    for i in a.indices {
      let (first, under) = a[i].subtractingReportingOverflow(i < b.count ? b[i] : 0)
      let (second, again) = first.subtractingReportingOverflow(borrow)
      result.append(second)
      borrow = under || again ? 1 : 0
    }
    return result
  }
}
