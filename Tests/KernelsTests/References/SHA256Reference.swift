/// SHA-256 as slowly and plainly as FIPS 180-4 states it, sharing nothing with the library: the whole padded message in
/// an array, constants from integer roots of primes.
enum SHA256Reference {
  static func hash(_ message: [UInt8]) -> [UInt8] {
    var h = initialState
    let padded = message + padding(byteCount: UInt64(message.count))
    for start in stride(from: 0, to: padded.count, by: 64) {
      var w = (0..<16).map { t in
        padded[start + 4 * t..<start + 4 * t + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      }
      for t in 16..<64 {
        let s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >> 3)
        let s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >> 10)
        w.append(w[t - 16] &+ s0 &+ w[t - 7] &+ s1)
      }
      var v = h
      for t in 0..<64 {
        let s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
        let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
        let t1 = v[7] &+ s1 &+ choice &+ constants[t] &+ w[t]
        let s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
        let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
        v = [t1 &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
      }
      for i in 0..<8 { h[i] &+= v[i] }
    }
    return h.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
  }

  /// What follows a message of `byteCount` bytes: a one bit, zeros, the length in bits modulo 2^64.
  static func padding(byteCount: UInt64) -> [UInt8] {
    var padding: [UInt8] = [0x80]
    while (byteCount % 64 + UInt64(padding.count)) % 64 != 56 { padding.append(0) }
    let bits = byteCount &* 8
    return padding + (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }
  }

  static let constants = primes(64).map { fractionOfRoot($0, degree: 3) }
  static let initialState = primes(8).map { fractionOfRoot($0, degree: 2) }

  private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }

  private static func primes(_ count: Int) -> [UInt32] {
    var found: [UInt32] = []
    var candidate: UInt32 = 2
    while found.count < count {
      if found.allSatisfy({ candidate % $0 != 0 }) { found.append(candidate) }
      candidate += 1
    }
    return found
  }

  /// The first 32 bits of a root's fractional part: bit by bit the largest x with x^degree <= value * 2^(32 degree).
  private static func fractionOfRoot(_ value: UInt32, degree: Int) -> UInt32 {
    // 2^32 times the root is below 2^37, so that its cube takes 111 bits.
    let scaled = UInt128(value) << UInt128(32 * degree)
    var root: UInt128 = 0
    for bit in (0..<37).reversed() {
      let trial = root | (1 << UInt128(bit))
      if (1..<degree).reduce(trial, { power, _ in power * trial }) <= scaled { root = trial }
    }
    return UInt32(truncatingIfNeeded: root)
  }
}
