/// SHA-2 as slowly and plainly as FIPS 180-4 states it, sharing nothing with the library: the whole padded message in
/// an array, constants from integer roots of primes.
struct SHA2Reference<Word: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
  let rounds: Int
  /// The rotations of the two upper and the two lower functions; the last of a lower one is a shift.
  let upper0, upper1, lower0, lower1: [Word]

  let constants: [Word]
  let initialState: [Word]

  init(rounds: Int, upper0: [Word], upper1: [Word], lower0: [Word], lower1: [Word]) {
    self.rounds = rounds
    (self.upper0, self.upper1, self.lower0, self.lower1) = (upper0, upper1, lower0, lower1)
    constants = Self.primes(rounds).map { Self.fractionOfRoot($0, degree: 3) }
    initialState = Self.primes(8).map { Self.fractionOfRoot($0, degree: 2) }
  }

  func hash(_ message: [UInt8]) -> [UInt8] {
    let size = MemoryLayout<Word>.size
    var h = initialState
    let padded = message + Self.padding(byteCount: UInt64(message.count))
    for start in stride(from: 0, to: padded.count, by: 16 * size) {
      var w = (0..<16).map { t in
        padded[(start + size * t)..<(start + size * t + size)].reduce(Word(0)) { $0 << 8 | Word($1) }
      }
      for t in 16..<rounds {
        w.append(w[t - 16] &+ lower(w[t - 15], lower0) &+ w[t - 7] &+ lower(w[t - 2], lower1))
      }
      var v = h
      for t in 0..<rounds {
        let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
        let t1 = v[7] &+ upper(v[4], upper1) &+ choice &+ constants[t] &+ w[t]
        let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
        v = [t1 &+ upper(v[0], upper0) &+ majority, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
      }
      for i in 0..<8 { h[i] &+= v[i] }
    }
    return h.flatMap { word in
      (0..<size).map { UInt8(truncatingIfNeeded: word >> Word(8 * (size - 1 - $0))) }
    }
  }

  /// What follows a message of `byteCount` bytes: a one bit, zeros, the length in bits.
  static func padding(byteCount: UInt64) -> [UInt8] {
    let block = UInt64(16 * MemoryLayout<Word>.size)
    var padding: [UInt8] = [0x80]
    while (byteCount % block + UInt64(padding.count) + block / 8) % block != 0 { padding.append(0) }
    let bits = UInt128(byteCount) * 8
    return padding + (0..<block / 8).map { UInt8(truncatingIfNeeded: bits >> UInt128(block - 8 - 8 * $0)) }
  }

  private func upper(_ x: Word, _ n: [Word]) -> Word { rotate(x, n[0]) ^ rotate(x, n[1]) ^ rotate(x, n[2]) }
  private func lower(_ x: Word, _ n: [Word]) -> Word { rotate(x, n[0]) ^ rotate(x, n[1]) ^ x >> n[2] }
  private func rotate(_ x: Word, _ n: Word) -> Word { x >> n | x << (Word(Word.bitWidth) - n) }

  private static func primes(_ count: Int) -> [UInt32] {
    var found: [UInt32] = []
    var candidate: UInt32 = 2
    while found.count < count {
      if found.allSatisfy({ candidate % $0 != 0 }) { found.append(candidate) }
      candidate += 1
    }
    return found
  }

  /// The first bits of a root's fractional part: bit by bit the largest x with x^degree <= value * 2^(bits * degree).
  private static func fractionOfRoot(_ value: UInt32, degree: Int) -> Word {
    // The root itself is below 32, so that x has five bits more than the fraction, and its cube at most 207.
    let bits = Word.bitWidth
    func power(_ x: UInt128) -> (high: UInt128, low: UInt128) {
      let square = x.multipliedFullWidth(by: x)
      if degree == 2 { return square }
      let low = square.low.multipliedFullWidth(by: x)
      return (square.high * x + low.high, low.low)
    }
    let shift = UInt128(bits * degree)
    let scaled =
      shift >= 128
      ? (high: UInt128(value) << (shift - 128), low: UInt128(0))
      : (high: UInt128(value) >> (128 - shift), low: UInt128(value) << shift)
    var root: UInt128 = 0
    for bit in (0..<(bits + 5)).reversed() {
      let trial = root | 1 << UInt128(bit)
      if power(trial) <= scaled { root = trial }
    }
    return Word(truncatingIfNeeded: root)
  }
}

extension SHA2Reference<UInt32> {
  /// Sections 4.1.2 and 6.2.
  static let sha256 = SHA2Reference(
    rounds: 64, upper0: [2, 13, 22], upper1: [6, 11, 25], lower0: [7, 18, 3], lower1: [17, 19, 10])
}

extension SHA2Reference<UInt64> {
  /// Sections 4.1.3 and 6.4.
  static let sha512 = SHA2Reference(
    rounds: 80, upper0: [28, 34, 39], upper1: [14, 18, 41], lower0: [1, 8, 7], lower1: [19, 61, 6])
}
