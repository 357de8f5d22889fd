/// MD5's compression function in the words of RFC 1321: the specification of every other row.
enum MD5Portable {
  /// T, section 3.4: the first 32 bits of the sine's fraction. Every row is handed this table.
  ///
  /// Printed by `Scripts/derive_md5_constants.py`.
  static let constants: [UInt32] = [
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
  ]

  /// Section 3.4 for each of `blocks` blocks of 64 bytes at `data`.
  ///
  /// - `h` holds 4 words, `k` 64; `data` is readable for `blocks * 64` bytes; nothing need be aligned.
  @Sendable
  static func compress(
    _ h: UnsafeMutablePointer<UInt32>, _ data: UnsafePointer<UInt8>, _ blocks: Int, _ k: UnsafePointer<UInt32>
  ) {
    for block in 0..<blocks {
      let m = unsafe UnsafeRawPointer(data + 64 * block)
      func x(_ i: Int) -> UInt32 {
        UInt32(littleEndian: unsafe m.loadUnaligned(fromByteOffset: 4 &* (i & 15), as: UInt32.self))
      }
      var (a, b, c, d) = unsafe (h[0], h[1], h[2], h[3])

      // Round 1: F(b, c, d) chooses c or d by b.
      for i in stride(from: 0, to: 16, by: 4) {
        unsafe step(&a, b, d ^ (b & (c ^ d)), x(i), k[i], 7)
        unsafe step(&d, a, c ^ (a & (b ^ c)), x(i &+ 1), k[i &+ 1], 12)
        unsafe step(&c, d, b ^ (d & (a ^ b)), x(i &+ 2), k[i &+ 2], 17)
        unsafe step(&b, c, a ^ (c & (d ^ a)), x(i &+ 3), k[i &+ 3], 22)
      }
      // Round 2: G(b, c, d) chooses b or c by d; no bit is in both, so that they can be added.
      for i in stride(from: 0, to: 16, by: 4) {
        unsafe step(&a, b, (b & d) &+ (c & ~d), x(5 &* i &+ 1), k[i &+ 16], 5)
        unsafe step(&d, a, (a & c) &+ (b & ~c), x(5 &* i &+ 6), k[i &+ 17], 9)
        unsafe step(&c, d, (d & b) &+ (a & ~b), x(5 &* i &+ 11), k[i &+ 18], 14)
        unsafe step(&b, c, (c & a) &+ (d & ~a), x(5 &* i), k[i &+ 19], 20)
      }
      // Round 3: H(b, c, d) is their parity.
      for i in stride(from: 0, to: 16, by: 4) {
        unsafe step(&a, b, b ^ c ^ d, x(3 &* i &+ 5), k[i &+ 32], 4)
        unsafe step(&d, a, a ^ b ^ c, x(3 &* i &+ 8), k[i &+ 33], 11)
        unsafe step(&c, d, d ^ a ^ b, x(3 &* i &+ 11), k[i &+ 34], 16)
        unsafe step(&b, c, c ^ d ^ a, x(3 &* i &+ 14), k[i &+ 35], 23)
      }
      // Round 4: I(b, c, d).
      for i in stride(from: 0, to: 16, by: 4) {
        unsafe step(&a, b, c ^ (b | ~d), x(7 &* i), k[i &+ 48], 6)
        unsafe step(&d, a, b ^ (a | ~c), x(7 &* i &+ 7), k[i &+ 49], 10)
        unsafe step(&c, d, a ^ (d | ~b), x(7 &* i &+ 14), k[i &+ 50], 15)
        unsafe step(&b, c, d ^ (c | ~a), x(7 &* i &+ 5), k[i &+ 51], 21)
      }
      unsafe (h[0], h[1], h[2], h[3]) = unsafe (h[0] &+ a, h[1] &+ b, h[2] &+ c, h[3] &+ d)
    }
  }

  /// a = b + ((a + f + x + t) <<< s)
  @inline(__always)
  private static func step(_ a: inout UInt32, _ b: UInt32, _ f: UInt32, _ x: UInt32, _ t: UInt32, _ s: UInt32) {
    a = b &+ ((x &+ t &+ a) &+ f).rotated(left: s)
  }
}
