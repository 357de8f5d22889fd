/// A sum of doubles, or of their squares, as one long integer: every bit that they may have has its place, and nothing is rounded
/// until the result is asked for.
///
/// Chunks of 32 bits in 64-bit words, so that additions carry only now and then: R. Neal, "Fast exact summation using small and
/// large superaccumulators", arXiv:1505.05571, 2015 (the small one).
package struct SuperAccumulator: Sendable {
  /// What one unit of chunk 0 is.
  package enum Scale: Int, Sendable {
    /// 2^-1074: the least double.
    case values = -1074
    /// 2^-2148: the least square of a double.
    case squares = -2148

    /// Up to 2^64 values of the largest magnitude, with their sign.
    var chunkCount: Int { self == .values ? 68 : 136 }
  }

  package let scale: Scale
  /// The lowest first. Between normalisations each is a signed count of its unit.
  private var chunks: [Int64]
  /// Additions since the last normalisation; each moved a chunk by less than 2^32.
  private var pending = 0

  package init(_ scale: Scale) {
    self.scale = scale
    chunks = [Int64](repeating: 0, count: scale.chunkCount)
  }

  package var byteCount: Int { chunks.heldBytes }

  // MARK: - Adding

  /// Adds a finite double.
  @inline(__always)
  package mutating func add(_ value: Double) {
    let bits = value.bitPattern
    let exponent = Int(truncatingIfNeeded: bits >> 52 & 0x7ff)
    let hidden: UInt64 = exponent == 0 ? 0 : 1 << 52
    let position = Swift.max(exponent, 1) &- 1 &- 1074 &- scale.rawValue
    add(UInt128(bits & (1 << 52 &- 1) | hidden), position: position, isNegative: bits >> 63 != 0)
  }

  /// Adds the square of a finite double. For sums of squares.
  package mutating func addSquare(_ value: Double) {
    let bits = value.bitPattern
    let exponent = Int(truncatingIfNeeded: bits >> 52 & 0x7ff)
    let hidden: UInt64 = exponent == 0 ? 0 : 1 << 52
    let significand = UInt128(bits & (1 << 52 &- 1) | hidden)
    add(significand &* significand, position: 2 &* (Swift.max(exponent, 1) &- 1), isNegative: false)
  }

  /// Adds a magnitude of up to 127 bits, whose lowest bit stands at `position`.
  package mutating func add(_ magnitude: UInt128, position: Int, isNegative: Bool) {
    if pending == 1 << 30 { normalize() }
    pending &+= 1
    var (chunk, rest) = (position >> 5, magnitude)
    // The first piece is shorter by what the position leaves of its chunk.
    let shift = UInt64(position & 31)
    var piece = UInt64(truncatingIfNeeded: rest) << shift & 0xffff_ffff
    rest >>= UInt128(32 &- shift)
    while true {
      chunks[chunk] &+= isNegative ? 0 &- Int64(piece) : Int64(piece)
      if rest == 0 { break }
      chunk &+= 1
      piece = UInt64(truncatingIfNeeded: rest) & 0xffff_ffff
      rest >>= 32
    }
  }

  /// Adds another sum of the same scale.
  package mutating func add(_ other: SuperAccumulator) {
    precondition(scale == other.scale, "SuperAccumulator: other must have the same scale")
    var other = other
    other.normalize()
    normalize()
    for i in chunks.indices { chunks[i] &+= other.chunks[i] }
    pending = 1
  }

  /// Subtracts a finite double.
  package mutating func subtract(_ value: Double) { add(-value) }

  // MARK: - Results

  /// Every chunk but the last below 2^32 and not negative: one form for each sum.
  package mutating func normalize() {
    var carry: Int64 = 0
    for i in chunks.indices {
      let sum = chunks[i] &+ carry
      carry = sum >> 32
      chunks[i] = sum & 0xffff_ffff
    }
    chunks[chunks.count - 1] &+= carry << 32
    pending = 0
  }

  /// The sum in units of 2^(scale's value).
  package var integer: BigInteger {
    var copy = self
    copy.normalize()
    let negative = copy.chunks[copy.chunks.count - 1] < 0
    if negative {
      for i in copy.chunks.indices { copy.chunks[i] = 0 &- copy.chunks[i] }
      copy.normalize()
    }
    let limbs = (0..<copy.chunks.count / 2).map {
      UInt64(truncatingIfNeeded: copy.chunks[2 * $0]) | UInt64(truncatingIfNeeded: copy.chunks[2 * $0 + 1]) << 32
    }
    return BigInteger(isNegative: negative, limbs: limbs)
  }

  /// Adds an integer in units of 2^(scale's value), which has been taken from such a sum.
  package mutating func add(_ integer: BigInteger) {
    for (i, limb) in integer.limbs.enumerated() {
      add(UInt128(limb), position: 64 * i, isNegative: integer.isNegative)
    }
  }

  /// The sum, rounded once, to nearest, ties to even; an infinity where it is too large for a double. The sum of zeros is +0.
  package var rounded: Double { integer.rounded(exponent: scale.rawValue) }
}
