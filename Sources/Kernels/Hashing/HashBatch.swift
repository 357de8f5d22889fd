// Ragged batches: every lane has a message; who is done takes the next.

extension BlockHash {
  /// The digests of a batch, by the rows among `rows` that `features` can run, and by the best single-stream row
  /// where too few messages are left for any of them.
  ///
  /// - `digests` has room for as many as there are messages, and overlaps none, but as ``HashFunction`` says.
  /// - `prefix` has taken whole blocks alone.
  /// - `features` are features of this CPU; no row has more than ``LanesKernel/maximumLanes`` lanes.
  @unsafe
  package static func hash(
    batch messages: HashMessages, after prefix: BlockHasher<Self>? = nil, into digests: UnsafeMutablePointer<Digest>?,
    features: CPUFeatures, rows: [Lanes] = Lanes.all
  ) {
    precondition(
      (prefix?.count ?? 0) % UInt64(blockByteCount) == 0, "hash: a prefix must be whole blocks")
    let count = unsafe messages.count
    guard count > 0, let digests = unsafe digests else { return }
    let single = Kernel.select(features)
    guard unsafe lanesPay(messages),
      rows.contains(where: { $0.minimumLive <= count && features.isSuperset(of: $0.requires) })
    else {
      if let prefix {
        for i in 0..<count {
          unsafe (digests + i).initialize(to: hash(messages[i], after: prefix, kernel: single))
        }
      } else {
        for i in 0..<count { unsafe (digests + i).initialize(to: hash(messages[i], kernel: single)) }
      }
      return
    }
    unsafe hashInLanes(
      messages, after: prefix, into: digests, features: features, rows: rows, single: single)
  }

  /// Whether lanes can win back what setting them up costs.
  ///
  /// What they save is at most the blocks beside the longest message. Four messages and more pay even when empty;
  /// two or three must have a block each to save. Zen 3, time of a loop over time of the batch: two messages of one
  /// block 0.93, of two blocks 1.15; three of one block 0.83 to 1.1, of two 1.11; four of one block 1.15 to 1.4.
  private static func lanesPay(_ messages: HashMessages) -> Bool {
    let count = unsafe messages.count
    guard count < 4 else { return true }
    guard count > 1 else { return false }
    var (total, longest) = (0, 0)
    for i in 0..<count {
      let blocks = unsafe paddedBlocks(messages[i].count)
      total &+= blocks
      longest = max(longest, blocks)
    }
    return total &- longest >= count
  }

  @inline(__always)
  @unsafe
  private static func hash(
    _ message: UnsafeRawBufferPointer, after prefix: BlockHasher<Self>, kernel: Kernel
  ) -> Digest {
    var hasher = prefix
    unsafe hasher.update(message, kernel: kernel)
    return hasher.finishAndWipe(kernel: kernel)
  }

  /// Out of line, so that a batch of one does not pay for the frame.
  @inline(never)
  @unsafe
  private static func hashInLanes(
    _ messages: HashMessages, after prefix: BlockHasher<Self>?, into digests: UnsafeMutablePointer<Digest>,
    features: CPUFeatures, rows: [Lanes], single: Kernel
  ) {
    var memory = HashLanesMemory()
    unsafe memory.withUnsafeMutableBytes { memory in
      var lanes = unsafe HashLanes<Self>(
        messages: messages, digests: digests, prefix: prefix ?? BlockHasher(), memory: memory)
      lanes.run(features: features, rows: rows, single: single)
    }
    if prefix != nil { wipe(&memory) }
  }
}
