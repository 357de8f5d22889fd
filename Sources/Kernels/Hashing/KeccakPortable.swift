/// Keccak-f[1600] in the words of FIPS 202: the specification of every other row.
enum KeccakPortable {
  static let rounds = 24

  /// RC, section 3.2.5: what iota adds in each round. Every row is handed this table.
  ///
  /// Printed by `Scripts/derive_keccak_constants.py`.
  static let constants: [UInt64] = [
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
  ]

  /// Section 3.2.2: how far rho turns lane (x, y), at x + 5 * y.
  ///
  /// Printed by `Scripts/derive_keccak_constants.py`.
  private static let rotations: InlineArray<25, UInt64> = [
    0, 1, 62, 28, 27,
    36, 44, 6, 55, 20,
    3, 10, 43, 25, 39,
    41, 45, 15, 21, 8,
    18, 2, 61, 56, 14,
  ]

  /// Section 4, the sponge: each of `blocks` blocks of `blockByteCount` bytes is added to the state and the state permuted.
  ///
  /// - `state` holds 25 words, lane (x, y) at x + 5 * y, `rc` 24; `data` is readable for all blocks.
  static func absorb(
    _ state: UnsafeMutablePointer<UInt64>, _ data: UnsafePointer<UInt8>, _ blocks: Int, _ blockByteCount: Int,
    _ rc: UnsafePointer<UInt64>
  ) {
    for block in 0..<blocks {
      let bytes = unsafe UnsafeRawPointer(data + block * blockByteCount)
      for i in 0..<(blockByteCount / 8) {
        unsafe state[i] ^= UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self))
      }
      for round in 0..<rounds { unsafe permute(state, rc[round]) }
    }
  }

  /// Section 3.3: one round.
  @inline(__always)
  private static func permute(_ a: UnsafeMutablePointer<UInt64>, _ constant: UInt64) {
    // Theta: every bit gets the parities of two columns.
    var c = InlineArray<5, UInt64>(repeating: 0)
    for x in 0..<5 { c[x] = unsafe a[x] ^ a[x &+ 5] ^ a[x &+ 10] ^ a[x &+ 15] ^ a[x &+ 20] }
    for x in 0..<5 {
      let d = c[(x &+ 4) % 5] ^ rotated(c[(x &+ 1) % 5], left: 1)
      for y in 0..<5 { unsafe a[x &+ 5 &* y] ^= d }
    }
    // Rho and pi: lane (x, y) is turned and moves to (y, 2x + 3y).
    var b = InlineArray<25, UInt64>(repeating: 0)
    for y in 0..<5 {
      for x in 0..<5 {
        b[y &+ 5 &* ((2 &* x &+ 3 &* y) % 5)] = unsafe rotated(a[x &+ 5 &* y], left: rotations[x &+ 5 &* y])
      }
    }
    // Chi: every bit is changed by the two to its right.
    for y in 0..<5 {
      for x in 0..<5 {
        unsafe a[x &+ 5 &* y] = b[x &+ 5 &* y] ^ (~b[(x &+ 1) % 5 &+ 5 &* y] & b[(x &+ 2) % 5 &+ 5 &* y])
      }
    }
    // Iota.
    unsafe a[0] ^= constant
  }

  @inline(__always)
  private static func rotated(_ x: UInt64, left n: UInt64) -> UInt64 { x &<< n | x &>> (64 &- n) }
}
