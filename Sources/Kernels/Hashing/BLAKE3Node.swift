/// A node of the tree before its last compression, which is done in another way when the node turns out to be the root
/// (sections 2.4 to 2.6 of the paper that ``BLAKE3`` names).
struct BLAKE3Node: BitwiseCopyable {
  /// The chaining value before the block, and room for what comes out.
  var value: InlineArray<16, UInt32>
  var block: InlineArray<64, UInt8>
  /// Bytes of the block that count; the others are zeros.
  var length: Int
  /// Of the chunk; 0 for a parent.
  var counter: UInt64
  var flags: BLAKE3Flags

  /// A block of zeros.
  ///
  /// - `value` holds 8 words.
  @inline(__always)
  @unsafe
  private init(after value: UnsafePointer<UInt32>, length: Int, counter: UInt64, flags: BLAKE3Flags) {
    self.value = InlineArray(repeating: 0)
    block = InlineArray(repeating: 0)
    (self.length, self.counter, self.flags) = (length, counter, flags)
    unsafe Self.withWords(of: &self.value) { unsafe $0.update(from: value, count: 8) }
  }

  /// The last block of a chunk: `length` bytes from `block` on, after blocks that gave the chaining value `value`.
  ///
  /// - `value` holds 8 words.
  @inline(__always)
  @unsafe
  init(
    after value: UnsafePointer<UInt32>, block bytes: UnsafeRawPointer?, length: Int, counter: UInt64, flags: BLAKE3Flags
  ) {
    unsafe self.init(after: value, length: length, counter: counter, flags: flags.union(.chunkEnd))
    guard let bytes = unsafe bytes else { return }
    unsafe withUnsafeMutablePointer(to: &block) { block in
      unsafe UnsafeMutableRawPointer(block).copyMemory(from: bytes, byteCount: length)
    }
  }

  /// The last block of the first chunk, which is all of `bytes`; those before it are compressed.
  ///
  /// - `bytes` is readable for its whole count, at most 1,024; `key` holds 8 words.
  @inline(__always)
  @unsafe
  init(chunk bytes: UnsafeRawBufferPointer, key: UnsafePointer<UInt32>, flags: BLAKE3Flags, kernel: BLAKE3Kernel) {
    let before = max(0, bytes.count &- 1) / 64
    let last = unsafe bytes.baseAddress.map { unsafe $0 + 64 &* before }
    unsafe self.init(
      after: key, block: last, length: bytes.count &- 64 &* before, counter: 0,
      flags: before == 0 ? flags.union(.chunkStart) : flags)
    guard before > 0, let start = bytes.baseAddress else { return }
    unsafe Self.withWords(of: &value) { value in
      for i in 0..<before {
        let flags = i == 0 ? flags.union(.chunkStart) : flags
        unsafe kernel.compress(value, start + 64 &* i, counter: 0, flags: flags, into: value)
      }
    }
  }

  /// The parent of two chaining values.
  ///
  /// - `left` and `right` hold 8 words each, as does `key`.
  @inline(__always)
  @unsafe
  init(
    left: UnsafePointer<UInt32>, right: UnsafePointer<UInt32>, key: UnsafePointer<UInt32>, flags: BLAKE3Flags
  ) {
    unsafe self.init(after: key, length: 64, counter: 0, flags: flags.union(.parent))
    unsafe withUnsafeMutablePointer(to: &block) { block in
      unsafe UnsafeMutableRawPointer(block).copyMemory(from: left, byteCount: 32)
      unsafe (UnsafeMutableRawPointer(block) + 32).copyMemory(from: right, byteCount: 32)
    }
  }

  /// Compresses the block: the first 8 words of ``value`` are then the chaining value.
  @inline(__always)
  mutating func compress(_ kernel: BLAKE3Kernel) { compress(kernel, counter: counter, flags: flags) }

  @inline(__always)
  private mutating func compress(_ kernel: BLAKE3Kernel, counter: UInt64, flags: BLAKE3Flags) {
    unsafe Self.withWords(of: &value) { value in
      unsafe withUnsafePointer(to: &block) { block in
        unsafe kernel.compress(value, block, length: length, counter: counter, flags: flags, into: value)
      }
    }
  }

  /// The digest, where this is the root. The node is of no more use.
  @inline(__always)
  mutating func digest(_ kernel: BLAKE3Kernel) -> BLAKE3.Digest {
    compress(kernel, counter: 0, flags: flags.union(.root))
    return unsafe Self.withWords(of: &value) { unsafe UnsafeRawPointer($0).loadUnaligned(as: BLAKE3.Digest.self) }
  }

  /// The bytes of the extendable output from `position` on, where this is the root (section 2.6).
  ///
  /// - `output` is writable for its whole count.
  @unsafe
  func write(to output: UnsafeMutableRawBufferPointer, at position: UInt64, kernel: BLAKE3Kernel) {
    guard let start = output.baseAddress else { return }
    var skipped = Int(position % 64)
    var counter = position / 64
    var done = 0
    while done < output.count {
      var root = self
      root.compress(kernel, counter: counter, flags: flags.union(.root))
      let count = min(64 &- skipped, output.count &- done)
      unsafe withUnsafePointer(to: &root.value) { value in
        unsafe (start + done).copyMemory(from: UnsafeRawPointer(value) + skipped, byteCount: count)
      }
      done &+= count
      counter &+= 1
      skipped = 0
      if !flags.isDisjoint(with: .keyed) { wipe(&root) }
    }
  }

  @inline(__always)
  private static func withWords<R>(
    of value: inout InlineArray<16, UInt32>, _ body: (UnsafeMutablePointer<UInt32>) -> R
  ) -> R {
    unsafe withUnsafeMutablePointer(to: &value) {
      unsafe body(UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt32.self))
    }
  }

  /// Calls `body` with the words of ``value``.
  @inline(__always)
  mutating func withValue<R>(_ body: (UnsafeMutablePointer<UInt32>) -> R) -> R {
    unsafe Self.withWords(of: &value, body)
  }
}
