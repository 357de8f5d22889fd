extension SHA256 {
  /// K, FIPS 180-4 section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  ///
  /// Printed by `Scripts/derive_sha256_constants.py`. Every row is handed this table.
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

  /// H(0), FIPS 180-4 section 5.3.3: the same of the square roots of the first 8 primes.
  static let initialState: InlineArray<8, UInt32> = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]
}

/// The compression function in the words of FIPS 180-4: the specification of every other row.
enum SHA256Portable {
  // Section 4.1.2.
  private static func ch(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> UInt32 { (x & y) ^ (~x & z) }
  private static func maj(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> UInt32 { (x & y) ^ (x & z) ^ (y & z) }
  private static func upperSigma0(_ x: UInt32) -> UInt32 { rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22) }
  private static func upperSigma1(_ x: UInt32) -> UInt32 { rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25) }
  private static func lowerSigma0(_ x: UInt32) -> UInt32 { rotr(x, 7) ^ rotr(x, 18) ^ x >> 3 }
  private static func lowerSigma1(_ x: UInt32) -> UInt32 { rotr(x, 17) ^ rotr(x, 19) ^ x >> 10 }
  private static func rotr(_ x: UInt32, _ n: UInt32) -> UInt32 { x &>> n | x &<< (32 &- n) }

  /// Section 6.2.2 for each of `blocks` blocks of 64 bytes at `data`.
  ///
  /// - `h` holds 8 words, `k` 64; `data` is readable for `blocks * 64` bytes; nothing need be aligned.
  @Sendable
  static func compress(
    _ h: UnsafeMutablePointer<UInt32>, _ data: UnsafePointer<UInt8>, _ blocks: Int, _ k: UnsafePointer<UInt32>
  ) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      for block in 0..<blocks {
        let m = unsafe UnsafeRawPointer(data + 64 * block)

        // 1. Prepare the message schedule.
        for t in 0..<16 {
          unsafe w[t] = UInt32(bigEndian: m.loadUnaligned(fromByteOffset: 4 * t, as: UInt32.self))
        }
        for t in 16..<64 {
          unsafe w[t] = lowerSigma1(w[t - 2]) &+ w[t - 7] &+ lowerSigma0(w[t - 15]) &+ w[t - 16]
        }

        // 2. Initialise the working variables.
        var (a, b, c, d) = unsafe (h[0], h[1], h[2], h[3])
        var (e, f, g, hh) = unsafe (h[4], h[5], h[6], h[7])

        // 3. Sixty-four rounds.
        for t in 0..<64 {
          let t1 = unsafe hh &+ upperSigma1(e) &+ ch(e, f, g) &+ k[t] &+ w[t]
          let t2 = upperSigma0(a) &+ maj(a, b, c)
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
