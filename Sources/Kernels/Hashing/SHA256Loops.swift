// Blocks, what is left over, and padding, around a row that compresses.

extension SHA256 {
  static let blockSize = 64

  /// The most bytes that padding makes of an unfinished block: two blocks.
  static let maximumTail = 128

  /// The digest of `bytes` by the given row.
  ///
  /// - `bytes` is readable for its whole count; the CPU has what the row requires.
  @inline(never)
  @unsafe
  package static func hash(_ bytes: UnsafeRawBufferPointer, kernel: SHA256Kernel) -> Digest {
    unsafe oneShot(bytes, kernel: kernel)
  }

  /// The same, for the public door: the row is chosen and called in one frame.
  @inline(__always)
  @unsafe
  static func oneShot(_ bytes: UnsafeRawBufferPointer, kernel: SHA256Kernel) -> Digest {
    var state = initialState
    let blocks = bytes.count / blockSize
    if blocks > 0 {
      var words = state.mutableSpan
      unsafe words.withUnsafeMutableBufferPointer { state in
        unsafe kernel.compress(
          state.baseAddress.unsafelyUnwrapped, bytes.baseAddress.unsafelyUnwrapped, blocks: blocks)
      }
    }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[(blocks * blockSize)...])
    return unsafe finish(&state, rest: rest, count: UInt64(bytes.count), kernel: kernel)
  }

  /// Appends `bytes` by the given row; as ``update(_:)-(UnsafeRawBufferPointer)``.
  @unsafe
  package mutating func update(_ bytes: UnsafeRawBufferPointer, kernel: SHA256Kernel) {
    guard var next = bytes.baseAddress else { return }
    var left = bytes.count
    let held = Int(count % UInt64(Self.blockSize))
    count &+= UInt64(left)

    var words = state.mutableSpan
    var block = pending.mutableSpan
    unsafe words.withUnsafeMutableBufferPointer { words in
      unsafe block.withUnsafeMutableBytes { block in
        let state = unsafe words.baseAddress.unsafelyUnwrapped
        let block = unsafe block.baseAddress.unsafelyUnwrapped
        if held > 0 {
          let taken = min(left, Self.blockSize - held)
          unsafe (block + held).copyMemory(from: next, byteCount: taken)
          unsafe next += taken
          left -= taken
          guard held + taken == Self.blockSize else { return }
          unsafe kernel.compress(state, block, blocks: 1)
        }
        let blocks = left / Self.blockSize
        if blocks > 0 { unsafe kernel.compress(state, next, blocks: blocks) }
        unsafe block.copyMemory(from: next + blocks * Self.blockSize, byteCount: left % Self.blockSize)
      }
    }
  }

  /// The digest so far by the given row.
  package func finish(kernel: SHA256Kernel) -> Digest {
    var state = state
    return unsafe pending.span.withUnsafeBytes { pending in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: pending[..<Int(count % UInt64(Self.blockSize))])
      return unsafe Self.finish(&state, rest: rest, count: count, kernel: kernel)
    }
  }

  /// The digest, from the state after all whole blocks, the `rest` (fewer than 64 bytes) and the length of the whole.
  ///
  /// - `state` is compressed further, and is of no more use.
  @inline(__always)
  @unsafe
  private static func finish(
    _ state: inout InlineArray<8, UInt32>, rest: UnsafeRawBufferPointer, count: UInt64, kernel: SHA256Kernel
  ) -> Digest {
    unsafe withUnsafeTemporaryAllocation(byteCount: maximumTail, alignment: 16) { tail in
      let tail = unsafe tail.baseAddress.unsafelyUnwrapped
      let blocks = unsafe pad(rest, count: count, into: tail)
      var words = state.mutableSpan
      unsafe words.withUnsafeMutableBufferPointer { state in
        unsafe kernel.compress(state.baseAddress.unsafelyUnwrapped, tail, blocks: blocks)
      }
    }
    return Digest(state: state)
  }

  /// Pads the end of a message, FIPS 180-4 section 5.1.1: a one bit, zeros, and the length in bits, 64 bits big-endian.
  ///
  /// - Parameters:
  ///   - rest: the bytes after the last whole block, fewer than 64.
  ///   - count: bytes of the whole message.
  ///   - tail: room for 128 bytes, of which one or two blocks are written.
  /// - Returns: the blocks written.
  @inline(__always)
  @unsafe
  static func pad(_ rest: UnsafeRawBufferPointer, count: UInt64, into tail: UnsafeMutableRawPointer) -> Int {
    let zeros = SIMD16<UInt8>()
    let blocks = rest.count < blockSize - 8 ? 1 : 2
    for i in 0..<(blocks * (blockSize / 16)) {
      unsafe tail.storeBytes(of: zeros, toByteOffset: 16 * i, as: SIMD16<UInt8>.self)
    }
    if let start = rest.baseAddress { unsafe tail.copyMemory(from: start, byteCount: rest.count) }
    unsafe tail.storeBytes(of: 0x80, toByteOffset: rest.count, as: UInt8.self)
    unsafe tail.storeBytes(of: (count << 3).bigEndian, toByteOffset: blocks * blockSize - 8, as: UInt64.self)
    return blocks
  }
}
