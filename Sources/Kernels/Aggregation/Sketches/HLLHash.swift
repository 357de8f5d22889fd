/// What Apache DataSketches makes of a value: a coupon of 26 bits of slot and 6 bits of the rank.
///
/// The hash is MurmurHash3 for 128 bits on 64-bit machines (A. Appleby, public domain) with DataSketches' seed, 9001. The slot is
/// its low 26 bits, of which a sketch uses the lowest; the rank is one more than the leading zeros of the other half, 63 at most.
package enum HLLHash {
  package static var seed: UInt64 { 9001 }

  @inline(__always)
  package static func coupon(_ low: UInt64, _ high: UInt64) -> UInt32 {
    let rank = Swift.min(high.leadingZeroBitCount, 62) &+ 1
    return UInt32(truncatingIfNeeded: rank) << 26 | UInt32(truncatingIfNeeded: low & 0x3ff_ffff)
  }

  /// Of an integer, as eight bytes; narrower ones are widened with their sign.
  @inline(__always)
  package static func coupon(of value: UInt64) -> UInt32 {
    let (low, high) = hash(value)
    return coupon(low, high)
  }

  /// Of a float, as that of a double; -0 is +0, and all NaNs are one.
  @inline(__always)
  package static func coupon(of value: Double) -> UInt32 {
    coupon(of: value == 0 ? 0 : value != value ? 0x7ff8 << 48 : value.bitPattern)
  }

  /// Of bytes. DataSketches does not count an empty string.
  package static func coupon(of bytes: RawSpan) -> UInt32 {
    let (low, high) = hash(bytes)
    return coupon(low, high)
  }

  private static var first: UInt64 { 0x87c3_7b91_1142_53d5 }
  private static var second: UInt64 { 0x4cf5_ad43_2745_937f }

  @inline(__always)
  private static func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 { value << bits | value >> (64 &- bits) }

  @inline(__always)
  private static func mixed(_ value: UInt64) -> UInt64 {
    var h = value
    h = (h ^ h >> 33) &* 0xff51_afd7_ed55_8ccd
    h = (h ^ h >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return h ^ h >> 33
  }

  @inline(__always)
  private static func finished(_ a: UInt64, _ b: UInt64, _ count: UInt64) -> (UInt64, UInt64) {
    var (h1, h2) = (a ^ count, b ^ count)
    h1 &+= h2
    h2 &+= h1
    (h1, h2) = (mixed(h1), mixed(h2))
    h1 &+= h2
    return (h1, h2 &+ h1)
  }

  /// Of eight bytes.
  @inline(__always)
  package static func hash(_ value: UInt64) -> (UInt64, UInt64) {
    finished(seed ^ rotated(value &* first, 31) &* second, seed, 8)
  }

  package static func hash(_ bytes: RawSpan) -> (UInt64, UInt64) {
    var (h1, h2) = (seed, seed)
    let count = bytes.byteCount
    func word(_ from: Int) -> UInt64 {
      var word: UInt64 = 0
      for i in 0..<Swift.min(8, Swift.max(0, count - from)) {
        word |= unsafe UInt64(bytes.unsafeLoad(fromByteOffset: from + i, as: UInt8.self)) << UInt64(8 * i)
      }
      return word
    }
    var position = 0
    while position + 16 <= count {
      h1 ^= rotated(word(position) &* first, 31) &* second
      h1 = (rotated(h1, 27) &+ h2) &* 5 &+ 0x52dc_e729
      h2 ^= rotated(word(position + 8) &* second, 33) &* first
      h2 = (rotated(h2, 31) &+ h1) &* 5 &+ 0x3849_5ab5
      position += 16
    }
    // What is not there is zero, and comes to zero.
    h2 ^= rotated(word(position + 8) &* second, 33) &* first
    h1 ^= rotated(word(position) &* first, 31) &* second
    return finished(h1, h2, UInt64(count))
  }
}
