/// Reads a snapshot, and believes nothing.
@safe
struct SnapshotReader {
  let bytes: UnsafeRawBufferPointer
  var position = 0

  /// - `bytes` is readable for its count, and outlives the reader.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  var left: Int { unsafe bytes.count - position }

  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type = T.self) throws(AggregationError) -> T {
    guard let value = unsafe bytes.readLittleEndian(T.self, at: &position) else { throw corrupt("it ends too early") }
    return value
  }

  mutating func take(_ count: Int) throws(AggregationError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= left else { throw corrupt("it ends too early") }
    defer { position += count }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// `count` integers of 64 bits, in place.
  mutating func integers(_ count: Int) throws(AggregationError) -> StoredIntegers {
    guard count <= left / 8 else { throw corrupt("it ends too early") }
    return try unsafe StoredIntegers(take(count * 8))
  }

  func corrupt(_ message: String) -> AggregationError {
    AggregationError(.invalidData, "snapshot", message, offset: position)
  }
}

/// Integers of 64 bits in a snapshot, wherever they lie.
@safe
struct StoredIntegers {
  let bytes: UnsafeRawBufferPointer

  /// - `bytes` is readable for its count and outlives this.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  /// - `index` is below the count.
  @inline(__always)
  @unsafe
  subscript(unchecked index: Int) -> Int64 { unsafe bytes.littleEndian(Int64.self, at: 8 &* index) }

  @inline(__always)
  @unsafe
  func copy(from first: Int, _ count: Int, to memory: UnsafeMutablePointer<Int64>) {
    for i in 0..<count { unsafe memory[i] = self[unchecked: first &+ i] }
  }
}

/// A column of keys in a snapshot, in place.
@safe
struct StoredKey {
  /// nil, or a bitmap with 1 for a null.
  var nulls: UnsafePointer<UInt8>?
  /// Of numbers.
  var codes = unsafe StoredIntegers(UnsafeRawBufferPointer(start: nil, count: 0))
  /// Of strings.
  var strings = unsafe StringView(offsets: nil, bytes: nil, large: true)
  /// What ``strings`` points to.
  var offsets: [Int64] = []

  init() { unsafe nulls = nil }

  @inline(__always)
  @unsafe
  func isNull(_ group: Int) -> Bool {
    if let nulls = unsafe nulls { unsafe nulls.bit(group) } else { false }
  }
}
