/// What tells SHA-256 from SHA-512: the word, the rounds, and the functions and constants of FIPS 180-4 section 4.
protocol SHA2Words {
  associatedtype Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable

  static var rounds: Int { get }
  /// K, a word a round. Every row is handed this table.
  static var constants: [Word] { get }
  static func upperSigma0(_ x: Word) -> Word
  static func upperSigma1(_ x: Word) -> Word
  static func lowerSigma0(_ x: Word) -> Word
  static func lowerSigma1(_ x: Word) -> Word
}

/// The compression function in the words of FIPS 180-4: the specification of every other row.
enum SHA2Portable<Words: SHA2Words> {
  typealias Word = Words.Word

  // Sections 4.1.2 and 4.1.3.
  private static func ch(_ x: Word, _ y: Word, _ z: Word) -> Word { (x & y) ^ (~x & z) }
  private static func maj(_ x: Word, _ y: Word, _ z: Word) -> Word { (x & y) ^ (x & z) ^ (y & z) }

  /// Sections 6.2.2 and 6.4.2 for each of `blocks` blocks of 16 words at `data`.
  ///
  /// - `h` holds 8 words, `k` one for each round; `data` is readable for all blocks; nothing need be aligned.
  @inline(__always)
  static func compress(
    _ h: UnsafeMutablePointer<Word>, _ data: UnsafePointer<UInt8>, _ blocks: Int, _ k: UnsafePointer<Word>
  ) {
    let size = MemoryLayout<Word>.size
    unsafe withUnsafeTemporaryAllocation(of: Word.self, capacity: Words.rounds) { w in
      for block in 0..<blocks {
        let m = unsafe UnsafeRawPointer(data + 16 * size * block)

        // 1. Prepare the message schedule.
        for t in 0..<16 { unsafe w[t] = Word(bigEndian: m.loadUnaligned(fromByteOffset: size * t, as: Word.self)) }
        for t in 16..<Words.rounds {
          unsafe w[t] = Words.lowerSigma1(w[t - 2]) &+ w[t - 7] &+ Words.lowerSigma0(w[t - 15]) &+ w[t - 16]
        }

        // 2. Initialise the working variables.
        var (a, b, c, d) = unsafe (h[0], h[1], h[2], h[3])
        var (e, f, g, hh) = unsafe (h[4], h[5], h[6], h[7])

        // 3. The rounds.
        for t in 0..<Words.rounds {
          let t1 = unsafe hh &+ Words.upperSigma1(e) &+ ch(e, f, g) &+ k[t] &+ w[t]
          let t2 = Words.upperSigma0(a) &+ maj(a, b, c)
          (hh, g, f, e) = (g, f, e, d &+ t1)
          (d, c, b, a) = (c, b, a, t1 &+ t2)
        }

        // 4. The next intermediate hash value.
        unsafe (h[0], h[1], h[2], h[3]) = unsafe (h[0] &+ a, h[1] &+ b, h[2] &+ c, h[3] &+ d)
        unsafe (h[4], h[5], h[6], h[7]) = unsafe (h[4] &+ e, h[5] &+ f, h[6] &+ g, h[7] &+ hh)
      }
    }
  }
}

extension FixedWidthInteger {
  /// ROTR of FIPS 180-4 section 3.2, for 0 < n < bitWidth.
  fileprivate func rotated(right n: Self) -> Self { self &>> n | self &<< (Self(Self.bitWidth) &- n) }
}

// MARK: - The two

/// Sections 4.1.2 and 4.2.2.
enum SHA256Words: SHA2Words {
  static let rounds = 64

  static func upperSigma0(_ x: UInt32) -> UInt32 { x.rotated(right: 2) ^ x.rotated(right: 13) ^ x.rotated(right: 22) }
  static func upperSigma1(_ x: UInt32) -> UInt32 { x.rotated(right: 6) ^ x.rotated(right: 11) ^ x.rotated(right: 25) }
  static func lowerSigma0(_ x: UInt32) -> UInt32 { x.rotated(right: 7) ^ x.rotated(right: 18) ^ x &>> 3 }
  static func lowerSigma1(_ x: UInt32) -> UInt32 { x.rotated(right: 17) ^ x.rotated(right: 19) ^ x &>> 10 }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  ///
  /// Printed by `Scripts/derive_sha2_constants.py`.
  static let constants: [UInt32] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ]
}

/// Sections 4.1.3 and 4.2.3.
enum SHA512Words: SHA2Words {
  static let rounds = 80

  static func upperSigma0(_ x: UInt64) -> UInt64 { x.rotated(right: 28) ^ x.rotated(right: 34) ^ x.rotated(right: 39) }
  static func upperSigma1(_ x: UInt64) -> UInt64 { x.rotated(right: 14) ^ x.rotated(right: 18) ^ x.rotated(right: 41) }
  static func lowerSigma0(_ x: UInt64) -> UInt64 { x.rotated(right: 1) ^ x.rotated(right: 8) ^ x &>> 7 }
  static func lowerSigma1(_ x: UInt64) -> UInt64 { x.rotated(right: 19) ^ x.rotated(right: 61) ^ x &>> 6 }

  /// The first 64 bits of the fractional parts of the cube roots of the first 80 primes.
  ///
  /// Printed by `Scripts/derive_sha2_constants.py`.
  static let constants: [UInt64] = [
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
  ]
}
