extension BigInteger {
  /// This times 2^exponent, rounded once, to nearest, ties to even. Too large gives an infinity, as in IEEE 754.
  package func rounded(exponent: Int) -> Double { rounded(exponent: exponent, more: false) }

  /// This times 2^exponent over the product of the divisors, rounded once. No divisor is zero.
  package func quotient(by divisors: [UInt64], exponent: Int) -> Double {
    if isZero { return 0 }
    // 70 bits of quotient: the 53 that are kept, the one that rounds, and a rest that is only asked whether it is zero.
    let shift = Swift.max(0, 70 + divisors.reduce(0) { $0 + 64 - $1.leadingZeroBitCount } - bitWidth)
    let (quotient, rest) = shifted(left: shift).divided(by: divisors)
    return quotient.rounded(exponent: exponent - shift, more: rest)
  }

  /// The square root of this times 2^exponent over the product of the divisors, rounded once. Not negative; no divisor is zero.
  package func rootOfQuotient(by divisors: [UInt64], exponent: Int) -> Double {
    if isZero { return 0 }
    // A quotient of 126 or 127 bits at least, so that the root has 63, at an even exponent.
    var shift = 127 + divisors.reduce(0) { $0 + 64 - $1.leadingZeroBitCount } - bitWidth
    if (exponent - shift) & 1 != 0 { shift += 1 }
    var (numerator, lost) = (self, false)
    if shift >= 0 {
      numerator = shifted(left: shift)
    } else {
      (numerator, lost) = shifted(right: -shift)
    }
    let (quotient, rest) = numerator.divided(by: divisors)
    let (root, inexact) = quotient.squareRoot()
    return root.rounded(exponent: (exponent - shift) / 2, more: inexact || rest || lost)
  }

  /// - Parameter more: whether something positive is to be added to the magnitude that is less than one.
  private func rounded(exponent: Int, more: Bool) -> Double {
    let width = bitWidth
    if width == 0 { return 0 }
    let sign: UInt64 = isNegative ? 1 << 63 : 0
    if width + exponent > 1024 { return Double(bitPattern: sign | 0x7ff << 52) }
    // Fewer bits are kept of what is below the normal range.
    let kept = Swift.min(53, width + exponent + 1074)
    if kept < 0 { return Double(bitPattern: sign) }
    let dropped = width - kept
    var significand: UInt64
    if dropped <= 0 {
      significand = limbs[0] << UInt64(-dropped)
    } else {
      significand = bits(from: dropped)
      let half = bits(from: dropped - 1) & 1 == 1
      if half && (more || significand & 1 == 1 || hasBits(below: dropped - 1)) { significand += 1 }
    }
    // Normal: 2^52 is the hidden bit, which carries into the exponent as rounding does. Else the exponent is 0.
    let power = exponent + dropped + 1074
    if kept < 53 { return Double(bitPattern: sign | significand) }
    return Double(bitPattern: sign | (UInt64(power) << 52) + significand)
  }

  /// Up to 64 bits from the given one on.
  private func bits(from bit: Int) -> UInt64 {
    let (limb, shift) = (bit >> 6, UInt64(bit & 63))
    if limb >= limbs.count { return 0 }
    let low = limbs[limb] >> shift
    return shift == 0 || limb + 1 >= limbs.count ? low : low | limbs[limb + 1] << (64 - shift)
  }

  private func hasBits(below bit: Int) -> Bool {
    for i in 0..<Swift.min(bit >> 6, limbs.count) where limbs[i] != 0 { return true }
    return bit >> 6 < limbs.count && limbs[bit >> 6] & ((1 << UInt64(bit & 63)) - 1) != 0
  }

  private func shifted(right bits: Int) -> (BigInteger, lost: Bool) {
    let count = Swift.max(0, limbs.count - bits >> 6)
    let result = (0..<count).map { self.bits(from: bits + 64 * $0) }
    return (BigInteger(isNegative: isNegative, limbs: result), hasBits(below: bits))
  }

  /// The magnitude divided by each in turn, and whether anything was left over. A floor of a floor is the floor of the whole.
  private func divided(by divisors: [UInt64]) -> (BigInteger, rest: Bool) {
    var (quotient, rest) = (limbs, false)
    for divisor in divisors {
      var remainder: UInt64 = 0
      for i in quotient.indices.reversed() {
        (quotient[i], remainder) = divisor.dividingFullWidth((remainder, quotient[i]))
      }
      rest = rest || remainder != 0
    }
    return (BigInteger(isNegative: isNegative, limbs: quotient), rest)
  }

  /// The floor of the root of at most 192 bits, bit by bit, and whether it is less than the root.
  private func squareRoot() -> (BigInteger, inexact: Bool) {
    var root = BigInteger(limbs: [])
    for bit in (0...bitWidth / 2).reversed() {
      let candidate = root + BigInteger(limbs: [1]).shifted(left: bit)
      if !(self - candidate * candidate).isNegative { root = candidate }
    }
    return (root, self - root * root != BigInteger(limbs: []))
  }
}
