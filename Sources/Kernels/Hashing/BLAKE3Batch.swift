// Many messages of a chunk or less, several side by side. A longer one is several chunks by itself.

extension BLAKE3 {
  /// The digests of a batch, by the given row.
  ///
  /// - `digests` has room for as many as there are messages, and overlaps none, but as ``HashFunction`` says.
  /// - `prefix` has taken whole blocks alone.
  @unsafe
  package static func hash(
    batch messages: HashMessages, after prefix: BLAKE3?, into digests: UnsafeMutablePointer<Digest>?,
    kernel: BLAKE3Kernel
  ) {
    let count = unsafe messages.count
    guard count > 0, let digests = unsafe digests else { return }
    if let prefix {
      for i in 0..<count {
        var hasher = prefix.hasher
        unsafe hasher.update(messages[i], kernel: kernel)
        unsafe (digests + i).initialize(to: hasher.finish(kernel: kernel))
        wipe(&hasher)
      }
    } else if count < 3 || kernel.lanes < 2 {
      for i in 0..<count { unsafe (digests + i).initialize(to: hash(messages[i], kernel: kernel)) }
    } else {
      unsafe hashInLanes(messages, into: digests, kernel: kernel)
    }
  }

  /// Out of line, so that a batch of one does not pay for the frame.
  @inline(never)
  @unsafe
  private static func hashInLanes(
    _ messages: HashMessages, into digests: UnsafeMutablePointer<Digest>, kernel: BLAKE3Kernel
  ) {
    var groups = BLAKE3Groups()
    for i in 0..<(unsafe messages.count) {
      let message = unsafe messages[i]
      guard let group = BLAKE3Groups.group(of: message.count) else {
        unsafe (digests + i).initialize(to: hash(message, kernel: kernel))
        continue
      }
      if groups.append(i, to: group) == kernel.lanes {
        unsafe groups.hash(group, messages, into: digests, kernel: kernel)
      }
    }
    for group in 0..<BLAKE3Groups.count { unsafe groups.hash(group, messages, into: digests, kernel: kernel) }
  }
}

/// Messages that wait for others of as many whole blocks, so that lanes end together.
///
/// Lanes take whole blocks. A message that ends with one is finished by them; of others they take all blocks but the last.
private struct BLAKE3Groups {
  /// Those that end with a whole block after 1 ... 16 of them, then those with a rest after 1 ... 15.
  static let count = 31

  private var counts = InlineArray<31, Int>(repeating: 0)
  /// Places in the batch: ``BLAKE3Kernel/maximumLanes`` a group, of which as many as `counts` says are there.
  private var places: InlineArray<496, Int>

  @inline(__always)
  init() {
    places = InlineArray { output in
      unsafe output.withUnsafeMutableBufferPointer { memory, initializedCount in initializedCount = memory.count }
    }
  }

  /// nil for a message that is hashed by itself: lanes have nothing to do for less than a block, nor for more than a chunk.
  @inline(__always)
  static func group(of byteCount: Int) -> Int? {
    guard 64...BLAKE3Hasher.chunkByteCount ~= byteCount else { return nil }
    return byteCount / 64 &- 1 &+ (byteCount % 64 == 0 ? 0 : 16)
  }

  /// - Returns: the messages of the group.
  @inline(__always)
  mutating func append(_ place: Int, to group: Int) -> Int {
    places[BLAKE3Kernel.maximumLanes &* group &+ counts[group]] = place
    counts[group] &+= 1
    return counts[group]
  }

  /// Hashes the messages of a group, which is then empty.
  @unsafe
  mutating func hash(
    _ group: Int, _ messages: HashMessages, into digests: UnsafeMutablePointer<BLAKE3.Digest>, kernel: BLAKE3Kernel
  ) {
    let live = counts[group]
    counts[group] = 0
    let first = BLAKE3Kernel.maximumLanes &* group
    // Two streams one after the other are as quick as a vector of them.
    guard live > 2 else {
      for i in 0..<live {
        let place = places[first &+ i]
        unsafe (digests + place).initialize(to: BLAKE3.hash(messages[place], kernel: kernel))
      }
      return
    }
    let (whole, blocks) = (group < 16, group % 16 &+ 1)
    unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>.self, capacity: BLAKE3Kernel.maximumLanes) { inputs in
      let inputs = unsafe inputs.baseAddress.unsafelyUnwrapped
      for lane in 0..<kernel.lanes {
        // The lanes that are left repeat the first one's work.
        let message = unsafe messages[places[first &+ (lane < live ? lane : 0)]]
        unsafe (inputs + lane).initialize(
          to: message.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self))
      }
      unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 8 * BLAKE3Kernel.maximumLanes) { values in
        let values = unsafe values.baseAddress.unsafelyUnwrapped
        unsafe BLAKE3Portable.initialValue.withUnsafeBufferPointer { key in
          unsafe kernel.compress(
            inputs, blocks: blocks, key: key.baseAddress.unsafelyUnwrapped, counter: 0, step: 0, flags: [],
            first: .chunkStart, last: whole ? [.chunkEnd, .root] : [], into: values)
        }
        for lane in 0..<live {
          let place = places[first &+ lane]
          let value = unsafe values + 8 &* lane
          if whole {
            unsafe (digests + place).initialize(
              to: UnsafeRawPointer(value).loadUnaligned(as: BLAKE3.Digest.self))
          } else {
            var node = unsafe BLAKE3Node(
              after: value, block: inputs[lane] + 64 &* blocks, length: messages[place].count &- 64 &* blocks,
              counter: 0, flags: [])
            unsafe (digests + place).initialize(to: node.digest(kernel))
          }
        }
      }
    }
  }
}
