#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes that grow, in memory of `malloc`: kept for the next file, or handed out.
@safe
package struct PNGOutput: ~Copyable {
  private var memory: UnsafeMutableRawPointer?
  private(set) var capacity = 0
  package private(set) var count = 0
  /// The system had no more memory: what followed is lost.
  private(set) var hasFailed = false

  init() {}

  deinit { unsafe free(memory) }

  mutating func removeAll() { (count, hasFailed) = (0, false) }

  /// Room for `bytes` more; false where there is none.
  mutating func reserve(_ bytes: Int) -> Bool {
    guard !hasFailed else { return false }
    guard bytes > capacity - count else { return true }
    let wanted = max(count + bytes, capacity + capacity / 2, 4096)
    guard let grown = unsafe realloc(memory, wanted) else {
      hasFailed = true
      return false
    }
    unsafe memory = grown
    capacity = wanted
    return true
  }

  /// Where the next byte goes, with the room that is there.
  @unsafe
  var room: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: memory.map { unsafe $0 + count }, count: capacity - count)
  }

  @unsafe
  mutating func advance(_ bytes: Int) {
    assert(bytes >= 0 && bytes <= capacity - count)
    count += bytes
  }

  @unsafe
  mutating func append(_ bytes: UnsafeRawPointer, _ byteCount: Int) {
    guard byteCount > 0, reserve(byteCount) else { return }
    unsafe (memory.unsafelyUnwrapped + count).copyMemory(from: bytes, byteCount: byteCount)
    count += byteCount
  }

  mutating func append(_ byte: UInt8) {
    guard reserve(1) else { return }
    unsafe memory.unsafelyUnwrapped.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  mutating func append(word: UInt32) {
    guard reserve(4) else { return }
    unsafe memory.unsafelyUnwrapped.storeBytes(of: word.bigEndian, toByteOffset: count, as: UInt32.self)
    count += 4
  }

  /// Writes over four bytes that are there.
  mutating func replace(word: UInt32, at offset: Int) {
    guard !hasFailed else { return }
    precondition(offset >= 0 && offset <= count - 4, "PNGOutput: offset must lie in the bytes")
    unsafe memory.unsafelyUnwrapped.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt32.self)
  }

  /// All bytes; valid until the next call that changes them.
  @unsafe
  package var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: memory, count: count) }

  /// Appends all bytes to `output`; false, with nothing done, where it has no room for them.
  func write(to output: inout OutputSpan<UInt8>) -> Bool {
    guard count <= output.freeCapacity else { return false }
    unsafe output.withUnsafeMutableBufferPointer { target, filled in
      guard let start = target.baseAddress, let memory = unsafe memory else { return }
      unsafe UnsafeMutableRawPointer(start + filled).copyMemory(from: memory, byteCount: count)
      filled += count
    }
    return true
  }

  // MARK: - Chunks

  /// Starts a chunk, whose length `endChunk` fills in; where that is.
  mutating func beginChunk(_ name: PNGChunkName) -> Int {
    let start = count
    append(word: 0)
    append(word: name.code)
    return start
  }

  mutating func endChunk(_ start: Int) {
    guard !hasFailed else { return }
    replace(word: UInt32(truncatingIfNeeded: count - start - 8), at: start)
    append(word: unsafe CRC32.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[(start + 4)...])))
  }

  /// The memory, to be freed by the caller with `free`; nil where there is none.
  @unsafe
  package mutating func release() -> UnsafeMutableRawPointer? {
    let result = unsafe memory
    unsafe memory = nil
    (capacity, count) = (0, 0)
    return unsafe result
  }
}
