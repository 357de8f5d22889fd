/// Where the messages of a batch are.
@unsafe
public enum HashMessages {
  /// Message i is `of[offsets[i] ..< offsets[i + 1]]`: one more offset than messages.
  case slices(of: UnsafeRawBufferPointer, offsets: UnsafeBufferPointer<Int>)
  case buffers(UnsafeBufferPointer<UnsafeRawBufferPointer>)
  /// Message i is `starts[i][0 ..< lengths[i]]`.
  case pointers(starts: UnsafePointer<UnsafePointer<UInt8>?>, lengths: UnsafePointer<Int>, count: Int)
  /// Messages of one length, one after the other: message i starts at `start + i * byteCount`.
  case equal(start: UnsafeRawPointer, byteCount: Int, count: Int)

  @usableFromInline
  var count: Int {
    switch unsafe self {
    case .slices(_, let offsets): offsets.count - 1
    case .buffers(let buffers): buffers.count
    case .pointers(_, _, let count): count
    case .equal(_, _, let count): count
    }
  }

  @inline(__always)
  subscript(i: Int) -> UnsafeRawBufferPointer {
    switch unsafe self {
    case .slices(let bytes, let offsets):
      unsafe UnsafeRawBufferPointer(rebasing: bytes[offsets[i]..<offsets[i + 1]])
    case .buffers(let buffers): unsafe buffers[i]
    case .pointers(let starts, let lengths, _): unsafe UnsafeRawBufferPointer(start: starts[i], count: lengths[i])
    case .equal(let start, let byteCount, _):
      unsafe UnsafeRawBufferPointer(start: start + i * byteCount, count: byteCount)
    }
  }

  /// The slices of `bytes` that `offsets` delimit, for `count` digests: the door's checks.
  @usableFromInline
  static func withSlices(of bytes: RawSpan, offsets: Span<Int>, count: Int, _ body: (HashMessages) -> Void) {
    precondition(offsets.count > 0, "hash: offsets must hold at least one element, the end of no message")
    precondition(count == offsets.count - 1, "hash: digests.count must be offsets.count - 1")
    precondition(offsets[0] >= 0, "hash: offsets must not be negative")
    for i in 0..<count { precondition(offsets[i] <= offsets[i + 1], "hash: offsets must ascend") }
    precondition(offsets[count] <= bytes.byteCount, "hash: offsets must not pass the end of bytes")
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe offsets.withUnsafeBufferPointer { offsets in unsafe body(.slices(of: bytes, offsets: offsets)) }
    }
  }
}
