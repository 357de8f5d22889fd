// Blocks, what is left over, and padding, around a row that compresses.

/// A hasher of blocks: what the public hashers hold.
package struct BlockHasher<Hash: BlockHash>: BitwiseCopyable, Sendable {
  /// After the blocks compressed so far.
  var state: Hash.State
  /// The bytes after the last whole block, `count % blockByteCount` of them; the rest is stale.
  var pending: Hash.Block
  /// Bytes taken so far.
  var count: UInt64

  @inline(__always)
  package init() {
    state = Hash.initialState
    pending = Hash.zeroBlock
    count = 0
  }

  private static var blockByteCount: Int { Hash.blockByteCount }

  /// Appends `bytes` by the given row.
  ///
  /// - `bytes` is readable for its whole count; the CPU has what the row requires.
  @inline(__always)
  @unsafe
  package mutating func update(_ bytes: UnsafeRawBufferPointer, kernel: Hash.Kernel) {
    guard let start = bytes.baseAddress else { return }
    let held = Int(count % UInt64(Self.blockByteCount))
    count &+= UInt64(bytes.count)
    unsafe withUnsafeMutablePointer(to: &self) { hasher in
      unsafe Hash.withWords(of: &hasher.pointee.state) { state in
        unsafe withUnsafeMutablePointer(to: &hasher.pointee.pending) { block in
          let block = UnsafeMutableRawPointer(block)
          var (next, left) = unsafe (start, bytes.count)
          if held > 0 {
            let taken = min(left, Self.blockByteCount - held)
            unsafe (block + held).copyMemory(from: next, byteCount: taken)
            unsafe next += taken
            left -= taken
            guard held + taken == Self.blockByteCount else { return }
            unsafe kernel.compress(state, block, blocks: 1, blockByteCount: Self.blockByteCount)
          }
          let blocks = left / Self.blockByteCount
          if blocks > 0 {
            unsafe kernel.compress(state, next, blocks: blocks, blockByteCount: Self.blockByteCount)
          }
          unsafe block.copyMemory(from: next + blocks * Self.blockByteCount, byteCount: left % Self.blockByteCount)
        }
      }
    }
  }

  /// The digest so far by the given row. What it worked with is wiped.
  @inline(__always)
  package func finish(kernel: Hash.Kernel) -> Hash.Digest {
    var last = self
    return last.finishAndWipe(kernel: kernel)
  }

  /// The same in place: no copy is made that nobody would wipe.
  @inline(__always)
  package mutating func finishAndWipe(kernel: Hash.Kernel) -> Hash.Digest {
    defer { wipe(&self) }
    return unsafe withUnsafeMutablePointer(to: &self) { hasher in
      unsafe withUnsafeMutablePointer(to: &hasher.pointee.pending) { pending in
        let count = unsafe hasher.pointee.count
        let rest = unsafe UnsafeRawBufferPointer(start: pending, count: Int(count % UInt64(Self.blockByteCount)))
        return unsafe Hash.finish(&hasher.pointee.state, rest: rest, count: count, kernel: kernel, wiping: true)
      }
    }
  }
}

extension BlockHash {
  /// The digest of `bytes` by the given row.
  ///
  /// - `bytes` is readable for its whole count; the CPU has what the row requires.
  @inline(never)
  @unsafe
  package static func hash(_ bytes: UnsafeRawBufferPointer, kernel: Kernel) -> Digest {
    unsafe oneShot(bytes, kernel: kernel)
  }

  /// The same, for the public door: the row is chosen and called in one frame.
  @inline(__always)
  @unsafe
  static func oneShot(_ bytes: UnsafeRawBufferPointer, kernel: Kernel) -> Digest {
    var state = initialState
    let blocks = bytes.count / blockByteCount
    if blocks > 0 {
      unsafe withWords(of: &state) { state in
        unsafe kernel.compress(
          state, bytes.baseAddress.unsafelyUnwrapped, blocks: blocks, blockByteCount: blockByteCount)
      }
    }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[(blocks * blockByteCount)...])
    return unsafe finish(&state, rest: rest, count: UInt64(bytes.count), kernel: kernel, wiping: false)
  }

  /// The digest, from the state after all whole blocks, the `rest` (less than a block) and the length of the whole.
  ///
  /// - `state` is compressed further, and is of no more use.
  @inline(__always)
  @unsafe
  fileprivate static func finish(
    _ state: inout State, rest: UnsafeRawBufferPointer, count: UInt64, kernel: Kernel, wiping: Bool
  ) -> Digest {
    unsafe withUnsafeTemporaryAllocation(byteCount: longestTail, alignment: 16) { tail in
      let tail = unsafe tail.baseAddress.unsafelyUnwrapped
      let blocks = unsafe pad(rest, count: count, into: tail)
      unsafe withWords(of: &state) { state in
        unsafe kernel.compress(state, tail, blocks: blocks, blockByteCount: blockByteCount)
      }
      if wiping { unsafe wipe(tail, byteCount: blocks * blockByteCount) }
    }
    return digest(of: state)
  }
}

/// The most bytes that any hash's padding makes: two blocks of SHA-512. A constant, so that they stay on the stack.
private let longestTail = 256
