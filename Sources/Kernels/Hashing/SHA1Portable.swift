/// SHA-1's compression function in the words of FIPS 180-4: the specification of every other row.
enum SHA1Portable {
  /// Section 6.1.2 for each of `blocks` blocks of 64 bytes at `data`.
  ///
  /// - `h` holds 5 words; `data` is readable for `blocks * 64` bytes; nothing need be aligned.
  @Sendable
  static func compress(_ h: UnsafeMutablePointer<UInt32>, _ data: UnsafePointer<UInt8>, _ blocks: Int) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { w in
      for block in 0..<blocks {
        let m = unsafe UnsafeRawPointer(data + 64 * block)

        // 1. Prepare the message schedule.
        for t in 0..<16 {
          unsafe w[t] = UInt32(bigEndian: m.loadUnaligned(fromByteOffset: 4 * t, as: UInt32.self))
        }
        for t in 16..<80 { unsafe w[t] = (w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16]).rotated(left: 1) }

        // 2. Initialise the working variables.
        var (a, b, c, d, e) = unsafe (h[0], h[1], h[2], h[3], h[4])

        // 3. Eighty rounds, with the functions and constants of sections 4.1.1 and 4.2.1 for each twenty.
        func round(_ f: UInt32, _ k: UInt32, _ w: UInt32) {
          let sum = a.rotated(left: 5) &+ f &+ e &+ k &+ w
          (e, d, c, b, a) = (d, c, b.rotated(left: 30), a, sum)
        }
        for t in 0..<20 { unsafe round((b & c) ^ (~b & d), 0x5a82_7999, w[t]) }
        for t in 20..<40 { unsafe round(b ^ c ^ d, 0x6ed9_eba1, w[t]) }
        for t in 40..<60 { unsafe round((b & c) ^ (b & d) ^ (c & d), 0x8f1b_bcdc, w[t]) }
        for t in 60..<80 { unsafe round(b ^ c ^ d, 0xca62_c1d6, w[t]) }

        // 4. The next intermediate hash value.
        unsafe (h[0], h[1], h[2]) = unsafe (h[0] &+ a, h[1] &+ b, h[2] &+ c)
        unsafe (h[3], h[4]) = unsafe (h[3] &+ d, h[4] &+ e)
      }
    }
  }
}

extension UInt32 {
  /// Turned left by 0 < n < 32.
  @inline(__always)
  func rotated(left n: UInt32) -> UInt32 { self &<< n | self &>> (32 &- n) }
}
