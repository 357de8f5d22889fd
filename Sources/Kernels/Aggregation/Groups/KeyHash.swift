/// A seeded hash of keys, so that nobody who does not know the seed can choose keys that collide.
///
/// Each step multiplies what came, and the seed, to 128 bits, and folds the halves together: multiplicative hashing as of Dietzfelbinger
/// et al., "A reliable randomized algorithm for the closest-pair problem" (1997). No result depends on it: what comes out is sorted.
@safe
package struct KeyHash: Sendable {
  let a: UInt64
  let b: UInt64

  package init() {
    var random = SystemRandomNumberGenerator()
    self.init(a: random.next(), b: random.next())
  }

  package init(a: UInt64, b: UInt64) { (self.a, self.b) = (a, b | 1) }

  @inline(__always)
  private static func fold(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let product = x.multipliedFullWidth(by: y)
    return product.high ^ product.low
  }

  @inline(__always)
  package func callAsFunction(_ key: UInt64) -> UInt64 { Self.fold(key ^ a, b) }

  /// Goes on from a hash over one more word.
  @inline(__always)
  package func callAsFunction(_ hash: UInt64, _ word: UInt64) -> UInt64 { Self.fold(hash ^ word ^ a, b &+ hash &* 2) }

  /// Of bytes. Up to 16 are read as two words that overlap; the count goes in, so that the reading is unambiguous.
  ///
  /// - `bytes` is readable for `count`.
  @inline(__always)
  @unsafe
  package func callAsFunction(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64 {
    let low: UInt64
    let high: UInt64
    var seed = a ^ UInt64(truncatingIfNeeded: count)
    if count <= 16 {
      (low, high) = unsafe Self.words(bytes, count)
    } else {
      seed = unsafe long(bytes, count, seed)
      low = unsafe bytes.loadUnaligned(fromByteOffset: count &- 16, as: UInt64.self)
      high = unsafe bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    }
    return Self.fold(Self.fold(low ^ seed, b ^ high), a | 1)
  }

  /// Up to 16 bytes as two words; of as many bytes, equal words mean equal bytes.
  ///
  /// - `bytes` is readable for `count`, which is at most 16.
  @inline(__always)
  @unsafe
  package static func words(_ bytes: UnsafeRawPointer, _ count: Int) -> (UInt64, UInt64) {
    if count >= 8 {
      return unsafe (
        bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      )
    }
    if count >= 4 {
      return unsafe (
        UInt64(bytes.loadUnaligned(as: UInt32.self)),
        UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
      )
    }
    if count == 0 { return (0, 0) }
    let first = unsafe UInt64(bytes.load(as: UInt8.self))
    let middle = unsafe UInt64(bytes.load(fromByteOffset: count >> 1, as: UInt8.self))
    let last = unsafe UInt64(bytes.load(fromByteOffset: count &- 1, as: UInt8.self))
    return (first | middle << 8 | last << 16, 0)
  }

  @inline(never)
  @unsafe
  private func long(_ bytes: UnsafeRawPointer, _ count: Int, _ seed: UInt64) -> UInt64 {
    var hash = seed
    var i = 0
    while i &+ 16 < count {
      let low = unsafe bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      let high = unsafe bytes.loadUnaligned(fromByteOffset: i &+ 8, as: UInt64.self)
      hash = Self.fold(low ^ hash, b ^ high) ^ hash &* b
      i &+= 16
    }
    return hash
  }
}
