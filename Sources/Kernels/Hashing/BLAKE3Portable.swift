/// The row of every CPU, and the constants: section 2 of the paper that ``BLAKE3`` names, in its order.
enum BLAKE3Portable {
  /// Section 2.1: those of SHA-256, printed by `Scripts/derive_sha2_constants.py`.
  static let initialValue: [UInt32] = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]

  /// The compression function (section 2.2) of one block, of which `length` bytes count. `out` may be `key`.
  static func compress(
    _ key: UnsafePointer<UInt32>, _ block: UnsafePointer<UInt8>, _ length: UInt32, _ counter: UInt64, _ flags: UInt32,
    _ constants: UnsafePointer<UInt32>, _ out: UnsafeMutablePointer<UInt32>
  ) {
    let h = unsafe UnsafeRawPointer(key).loadUnaligned(as: SIMD8<UInt32>.self)
    let m = unsafe UnsafeRawPointer(block).loadUnaligned(as: InlineArray<16, UInt32>.self)
    var v = InlineArray<16, UInt32>(repeating: 0)
    for i in 0..<8 { v[i] = h[i] }
    for i in 0..<4 { v[8 + i] = unsafe constants[i] }
    v[12] = UInt32(truncatingIfNeeded: counter)
    v[13] = UInt32(truncatingIfNeeded: counter >> 32)
    v[14] = length
    v[15] = flags

    /// Table 1.
    @inline(__always)
    func mix(_ a: Int, _ b: Int, _ c: Int, _ d: Int, _ x: UInt32, _ y: UInt32) {
      v[a] = v[a] &+ v[b] &+ x
      v[d] = rotate(v[d] ^ v[a], 16)
      v[c] = v[c] &+ v[d]
      v[b] = rotate(v[b] ^ v[c], 12)
      v[a] = v[a] &+ v[b] &+ y
      v[d] = rotate(v[d] ^ v[a], 8)
      v[c] = v[c] &+ v[d]
      v[b] = rotate(v[b] ^ v[c], 7)
    }

    var w = m
    for round in 0..<7 {
      mix(0, 4, 8, 12, w[0].littleEndian, w[1].littleEndian)
      mix(1, 5, 9, 13, w[2].littleEndian, w[3].littleEndian)
      mix(2, 6, 10, 14, w[4].littleEndian, w[5].littleEndian)
      mix(3, 7, 11, 15, w[6].littleEndian, w[7].littleEndian)
      mix(0, 5, 10, 15, w[8].littleEndian, w[9].littleEndian)
      mix(1, 6, 11, 12, w[10].littleEndian, w[11].littleEndian)
      mix(2, 7, 8, 13, w[12].littleEndian, w[13].littleEndian)
      mix(3, 4, 9, 14, w[14].littleEndian, w[15].littleEndian)
      // Table 2.
      if round < 6 {
        w = [
          w[2], w[6], w[3], w[10], w[7], w[0], w[4], w[13], w[1], w[11], w[12], w[5], w[9], w[14], w[15], w[8],
        ]
      }
    }
    for i in 0..<8 {
      unsafe out[i] = v[i] ^ v[8 + i]
      unsafe out[8 + i] = v[8 + i] ^ h[i]
    }
  }

  /// One lane of blocks: what the rows of vectors do for several.
  static func compressLane(
    _ data: UnsafePointer<UnsafePointer<UInt8>>, _ blocks: Int, _ key: UnsafePointer<UInt32>, _ counter: UInt64,
    _ flags: UInt32, _ first: UInt32, _ last: UInt32, _ constants: UnsafePointer<UInt32>,
    _ out: UnsafeMutablePointer<UInt32>
  ) {
    var value = InlineArray<16, UInt32>(repeating: 0)
    unsafe withUnsafeMutablePointer(to: &value) { value in
      let words = unsafe UnsafeMutableRawPointer(value).assumingMemoryBound(to: UInt32.self)
      unsafe words.update(from: key, count: 8)
      for i in 0..<blocks {
        let flags = flags | (i == 0 ? first : 0) | (i == blocks - 1 ? last : 0)
        unsafe compress(words, data[0] + 64 * i, 64, counter, flags, constants, words)
      }
      unsafe out.update(from: words, count: 8)
    }
  }

  @inline(__always)
  private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x &>> n | x &<< (32 &- n) }
}
