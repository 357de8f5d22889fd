/// Memory that a state is written to. It grows, and a loop writes a column of it without an array's bookkeeping.
@safe
package struct StateWriter: ~Copyable {
  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  /// Whether the memory goes with the writer. Memory that was lent has been too small once it does.
  private(set) var isOwn = true
  /// Bytes written.
  package private(set) var count = 0

  package init(capacity: Int = 256) {
    self.capacity = capacity
    unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
  }

  /// Writes to memory that is lent, as long as that has room.
  ///
  /// - `memory` is writable for its count and outlives the writer.
  @unsafe
  init(lent memory: UnsafeMutableRawBufferPointer) {
    unsafe self.memory = memory.baseAddress ?? UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 16)
    (capacity, isOwn) = unsafe (memory.count, memory.baseAddress == nil)
  }

  deinit { if isOwn { unsafe memory.deallocate() } }

  /// Where the next byte goes, with room for `room` of them until the next call.
  @inline(__always)
  @unsafe
  package mutating func reserve(_ room: Int) -> UnsafeMutableRawPointer {
    if capacity &- count < room { grow(room) }
    return unsafe memory + count
  }

  /// - `byteCount` bytes from where ``reserve(_:)`` said have been written.
  @inline(__always)
  @unsafe
  package mutating func advance(_ byteCount: Int) { count &+= byteCount }

  @inline(never)
  private mutating func grow(_ room: Int) {
    let larger = Swift.max(capacity * 2, count + room)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    unsafe moved.copyMemory(from: memory, byteCount: count)
    if isOwn { unsafe memory.deallocate() }
    unsafe memory = moved
    (capacity, isOwn) = (larger, true)
  }

  /// Appends the bytes of `value`, the least significant first.
  @inline(__always)
  package mutating func append<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
    unsafe reserve(MemoryLayout<T>.size).storeBytes(of: value.littleEndian, as: T.self)
    count &+= MemoryLayout<T>.size
  }

  package mutating func append(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe append($0) } }

  @inline(__always)
  @unsafe
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    unsafe reserve(bytes.count).copyMemory(from: start, byteCount: bytes.count)
    count &+= bytes.count
  }

  /// Puts a number where a gap was left for it.
  package mutating func patch(_ value: UInt64, at position: Int) {
    precondition(position >= 0 && position <= count - 8, "StateWriter: position must have been written")
    unsafe memory.storeBytes(of: value.littleEndian, toByteOffset: position, as: UInt64.self)
  }

  /// What has been written, for as long as `body` runs.
  package borrowing func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    unsafe body(UnsafeRawBufferPointer(start: memory, count: count))
  }

  package var bytes: [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(start: memory, count: count))
      initialized = count
    }
  }
}
