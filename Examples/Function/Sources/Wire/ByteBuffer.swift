/// Bytes whose memory is kept from one use to the next.
///
/// What a former use has left is never to be seen: ``bytes`` ends where the present use has written.
public struct ByteBuffer: ~Copyable, Sendable {
  private var memory: [UInt8] = []
  public private(set) var count = 0

  public init() {}

  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get { unsafe memory.span.bytes.extracting(0..<count) }
  }

  /// Forgets the bytes and keeps the memory.
  public mutating func removeAll() { count = 0 }

  /// Appends what `body` writes into room for `room` bytes; it says how many. Where it throws nothing is appended.
  public mutating func append<E: Error>(
    room: Int, _ body: (inout MutableRawSpan) throws(E) -> Int
  ) throws(E) {
    if memory.count - count < room {
      // At least doubled, so that many small pieces cost no more than their sum.
      memory.append(contentsOf: repeatElement(0, count: max(count + room, 2 * memory.count) - memory.count))
    }
    let start = count
    var span = memory.mutableSpan
    var free = unsafe span.mutableBytes
    var rest = free._mutatingExtracting(start..<(start + room))
    count = start + (try body(&rest))
  }

  /// Appends `bytes`.
  public mutating func append(_ bytes: RawSpan) {
    append(room: bytes.byteCount) { room in
      unsafe room.withUnsafeMutableBytes { room in
        unsafe bytes.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
      }
      return bytes.byteCount
    }
  }
}
