// Ragged batches: every lane has a message; who is done takes the next.

/// Where the messages of a batch are.
@unsafe
package enum SHA256Messages {
  /// Message i is `of[offsets[i] ..< offsets[i + 1]]`: one more offset than messages.
  case slices(of: UnsafeRawBufferPointer, offsets: UnsafeBufferPointer<Int>)
  case buffers(UnsafeBufferPointer<UnsafeRawBufferPointer>)
  /// Message i is `starts[i][0 ..< lengths[i]]`.
  case pointers(starts: UnsafePointer<UnsafePointer<UInt8>?>, lengths: UnsafePointer<Int>, count: Int)

  var count: Int {
    switch unsafe self {
    case .slices(_, let offsets): offsets.count - 1
    case .buffers(let buffers): buffers.count
    case .pointers(_, _, let count): count
    }
  }

  @inline(__always)
  subscript(i: Int) -> UnsafeRawBufferPointer {
    switch unsafe self {
    case .slices(let bytes, let offsets):
      unsafe UnsafeRawBufferPointer(rebasing: bytes[offsets[i]..<offsets[i + 1]])
    case .buffers(let buffers): unsafe buffers[i]
    case .pointers(let starts, let lengths, _): unsafe UnsafeRawBufferPointer(start: starts[i], count: lengths[i])
    }
  }
}

extension SHA256 {
  /// The digests of a batch, by the rows among `rows` that `features` can run, and by the best single-stream row
  /// where too few messages are left for any of them.
  ///
  /// - `digests` has room for as many as there are messages, and overlaps none.
  /// - `features` are features of this CPU; no row has more than ``SHA256LanesKernel/maximumLanes`` lanes.
  @unsafe
  package static func hash(
    batch messages: SHA256Messages, into digests: UnsafeMutablePointer<Digest>?,
    features: CPUFeatures, rows: [SHA256LanesKernel] = SHA256LanesKernel.all
  ) {
    let count = unsafe messages.count
    guard count > 0, let digests = unsafe digests else { return }
    let single = SHA256Kernel.select(features)
    guard unsafe lanesPay(messages),
      rows.contains(where: { $0.minimumLive <= count && features.isSuperset(of: $0.requires) })
    else {
      for i in 0..<count { unsafe (digests + i).initialize(to: hash(messages[i], kernel: single)) }
      return
    }
    unsafe hashInLanes(messages, into: digests, features: features, rows: rows, single: single)
  }

  /// Whether lanes can win back what setting them up costs.
  ///
  /// What they save is at most the blocks beside the longest message. Four messages and more pay even when empty;
  /// two or three must have a block each to save. Zen 3, time of a loop over time of the batch: two messages of one
  /// block 0.93, of two blocks 1.15; three of one block 0.83 to 1.1, of two 1.11; four of one block 1.15 to 1.4.
  private static func lanesPay(_ messages: SHA256Messages) -> Bool {
    let count = unsafe messages.count
    guard count < 4 else { return true }
    guard count > 1 else { return false }
    var (total, longest) = (0, 0)
    for i in 0..<count {
      let blocks = (unsafe messages[i].count &+ 8) / blockSize &+ 1
      total &+= blocks
      longest = max(longest, blocks)
    }
    return total &- longest >= count
  }

  /// Out of line, so that a batch of one does not pay for the frame.
  @inline(never)
  @unsafe
  private static func hashInLanes(
    _ messages: SHA256Messages, into digests: UnsafeMutablePointer<Digest>,
    features: CPUFeatures, rows: [SHA256LanesKernel], single: SHA256Kernel
  ) {
    var memory = SHA256Lanes.Memory()
    unsafe memory.withUnsafeMutableBytes { memory in
      var lanes = unsafe SHA256Lanes(messages: messages, digests: digests, memory: memory)
      lanes.run(features: features, rows: rows, single: single)
    }
  }
}
