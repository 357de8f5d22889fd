// Chunks, subtrees and the stack of those that wait for a sibling, around a row that compresses.

/// A hasher of BLAKE3: what the public one holds.
///
/// The tree's shape follows from the count alone (section 2.1 of the paper that ``BLAKE3`` names): the left subtree of every
/// parent is full, a power of two of chunks, and as large as can be. The stack has the roots of full subtrees, largest first;
/// two that belong together are merged when something follows them, for until then their parent may be the root.
package struct BLAKE3Hasher: BitwiseCopyable, Sendable {
  static let chunkByteCount = 1024

  /// Eight words of the key, or the initial value; 16 of the chunk begun, after its blocks compressed so far; and the stack, 8
  /// a chaining value. A message of 2^64 bytes is 2^54 chunks, and the last two subtrees may be unmerged.
  private var words: InlineArray<464, UInt32>
  /// The mode.
  let flags: BLAKE3Flags
  /// Bytes taken so far.
  private var count: UInt64
  /// Bytes of the chunk begun; of a full one too, as long as nothing follows.
  private var chunkCount: Int
  /// Chaining values on the stack.
  private var depth: Int
  /// The chunk's last block, which is compressed when something follows; the rest is stale.
  private var pending: InlineArray<64, UInt8>

  private static let (chunkPlace, stackPlace) = (8, 24)

  @inline(__always)
  package init() {
    self = unsafe BLAKE3Portable.initialValue.withUnsafeBytes {
      unsafe BLAKE3Hasher(key: $0.baseAddress.unsafelyUnwrapped, flags: [])
    }
  }

  /// - `key` is readable for 32 bytes.
  @inline(__always)
  @unsafe
  init(key: UnsafeRawPointer, flags: BLAKE3Flags) {
    self.flags = flags
    (count, chunkCount, depth) = (0, 0, 0)
    pending = InlineArray(repeating: 0)
    // The stack is not cleared: that would take as long as a short message.
    words = InlineArray { output in
      unsafe output.withUnsafeMutableBufferPointer { memory, initializedCount in initializedCount = memory.count }
    }
    unsafe withWords { unsafe UnsafeMutableRawPointer($0).copyMemory(from: key, byteCount: 32) }
  }

  /// Appends `bytes` by the given row.
  ///
  /// - `bytes` is readable for its whole count; the CPU has what the row requires.
  @unsafe
  package mutating func update(_ bytes: UnsafeRawBufferPointer, kernel: BLAKE3Kernel) {
    var bytes = unsafe bytes
    if chunkCount > 0 {
      let taken = min(bytes.count, Self.chunkByteCount &- chunkCount)
      unsafe appendToChunk(.init(rebasing: bytes[..<taken]), kernel: kernel)
      unsafe bytes = .init(rebasing: bytes[taken...])
      if unsafe bytes.isEmpty { return }
      endChunk(kernel: kernel)
    }
    while bytes.count > Self.chunkByteCount {
      let chunks = unsafe appendSubtree(bytes, kernel: kernel)
      unsafe bytes = .init(rebasing: bytes[(chunks &* Self.chunkByteCount)...])
    }
    if unsafe !bytes.isEmpty {
      beginChunk(kernel: kernel)
      unsafe appendToChunk(bytes, kernel: kernel)
    }
  }

  /// The root of the tree, where nothing follows.
  func root(kernel: BLAKE3Kernel) -> BLAKE3Node {
    var hasher = self
    defer { if !flags.isDisjoint(with: .keyed) { wipe(&hasher) } }
    let flags = flags
    var left = depth
    let end = chunkCount > 0 || depth == 0 ? hasher.chunkEnd : nil
    return unsafe hasher.withWords { key in
      let stack = unsafe key + Self.stackPlace
      var node: BLAKE3Node
      if let end {
        node = end
      } else {
        left &-= 2
        unsafe node = BLAKE3Node(left: stack + 8 &* left, right: stack + 8 &* (left &+ 1), key: key, flags: flags)
      }
      while left > 0 {
        left &-= 1
        node.compress(kernel)
        unsafe node = node.withValue { unsafe BLAKE3Node(left: stack + 8 &* left, right: $0, key: key, flags: flags) }
      }
      return node
    }
  }

  /// The digest so far by the given row. What it worked with is wiped where there is a key, and where asked for.
  @inline(__always)
  package func finish(kernel: BLAKE3Kernel, wiping: Bool = false) -> BLAKE3.Digest {
    var root = root(kernel: kernel)
    defer { if wiping || !flags.isDisjoint(with: .keyed) { wipe(&root) } }
    return root.digest(kernel)
  }

  /// Calls `body` with the words, which start with the key's.
  @inline(__always)
  private mutating func withWords<R>(_ body: (UnsafeMutablePointer<UInt32>) -> R) -> R {
    unsafe withUnsafeMutablePointer(to: &words) {
      unsafe body(UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt32.self))
    }
  }
}

// MARK: - Chunks

extension BLAKE3Hasher {
  /// Bytes in ``pending``.
  private var pendingCount: Int { chunkCount == 0 ? 0 : (chunkCount &- 1) % 64 &+ 1 }
  /// The chunk begun or to be begun, from 0.
  private var chunkIndex: UInt64 { (count &- UInt64(chunkCount)) / UInt64(Self.chunkByteCount) }
  /// Those of the block in ``pending``.
  private var pendingFlags: BLAKE3Flags { chunkCount <= 64 ? flags.union(.chunkStart) : flags }

  private mutating func beginChunk(kernel: BLAKE3Kernel) {
    merge(before: chunkIndex, kernel: kernel)
    unsafe withWords { words in unsafe (words + Self.chunkPlace).update(from: words, count: 8) }
  }

  /// - `bytes` fits into the chunk begun.
  @unsafe
  private mutating func appendToChunk(_ bytes: UnsafeRawBufferPointer, kernel: BLAKE3Kernel) {
    guard var next = bytes.baseAddress else { return }
    var left = bytes.count
    while left > 0 {
      var held = pendingCount
      if held == 64 {
        compressPending(kernel: kernel)
        held = 0
      }
      let taken = min(left, 64 &- held)
      unsafe withUnsafeMutablePointer(to: &pending) {
        unsafe (UnsafeMutableRawPointer($0) + held).copyMemory(from: next, byteCount: taken)
      }
      chunkCount &+= taken
      count &+= UInt64(taken)
      unsafe next += taken
      left &-= taken
    }
  }

  private mutating func compressPending(kernel: BLAKE3Kernel) {
    let (counter, flags) = (chunkIndex, pendingFlags)
    var block = pending
    unsafe withWords { words in
      let chunk = unsafe words + Self.chunkPlace
      unsafe withUnsafePointer(to: &block) { block in
        unsafe kernel.compress(chunk, block, counter: counter, flags: flags, into: chunk)
      }
    }
  }

  /// The chunk begun, or the empty one, as if it ended here.
  private var chunkEnd: BLAKE3Node {
    mutating get {
      let (length, index, flags) = (pendingCount, chunkIndex, pendingFlags)
      let place = chunkCount == 0 ? 0 : Self.chunkPlace
      var block = pending
      return unsafe withWords { words in
        unsafe withUnsafePointer(to: &block) { block in
          unsafe BLAKE3Node(after: words + place, block: block, length: length, counter: index, flags: flags)
        }
      }
    }
  }

  /// Ends a full chunk that something follows.
  private mutating func endChunk(kernel: BLAKE3Kernel) {
    var node = chunkEnd
    node.compress(kernel)
    unsafe node.withValue { unsafe push($0) }
    chunkCount = 0
  }
}

// MARK: - Subtrees

extension BLAKE3Hasher {
  /// Chunks that are compressed to two chaining values in one go: their own are 8 KiB.
  private static let maximumChunks = 256

  /// Appends the largest full subtree of the whole tree that starts here, as its two halves, whose parent may be the root.
  ///
  /// - `bytes` is readable for its whole count, more than a chunk; no chunk is begun.
  /// - Returns: its chunks. Where that is 1, something follows.
  @unsafe
  private mutating func appendSubtree(_ bytes: UnsafeRawBufferPointer, kernel: BLAKE3Kernel) -> Int {
    let begun = chunkIndex
    let most = min(bytes.count / Self.chunkByteCount, Self.maximumChunks)
    let largest = 1 << (Int.bitWidth &- 1 &- most.leadingZeroBitCount)
    // Full subtrees start at multiples of their size, which zero is of all.
    let chunks = min(largest, 1 << min(begun.trailingZeroBitCount, 8))
    merge(before: begun, kernel: kernel)
    var memory = BLAKE3Memory()
    let flags = flags
    unsafe memory.withUnsafeMutableWords { values, spare in
      unsafe withWords { key in
        unsafe kernel.compress(
          bytes.baseAddress.unsafelyUnwrapped, count: chunks, blocks: Self.chunkByteCount / 64, key: key,
          counter: begun, step: 1, flags: flags, first: .chunkStart, last: .chunkEnd, into: values, spare: spare)
        var width = chunks
        while width > 2 {
          width /= 2
          unsafe kernel.compress(
            values, count: width, blocks: 1, key: key, counter: 0, step: 0, flags: flags.union(.parent), first: [],
            last: [], into: values, spare: spare)
        }
      }
      unsafe push(values)
      if chunks > 1 { unsafe push(values + 8) }
    }
    if !flags.isDisjoint(with: .keyed) { wipe(&memory) }
    count &+= UInt64(chunks &* Self.chunkByteCount)
    return chunks
  }

  /// Merges subtrees that chunk `index` does not belong to: each one of the bits of its number is then one on the stack.
  private mutating func merge(before index: UInt64, kernel: BLAKE3Kernel) {
    let (flags, full) = (flags, index.nonzeroBitCount)
    while depth > full {
      depth &-= 1
      let place = Self.stackPlace &+ 8 &* (depth &- 1)
      unsafe withWords { words in
        let left = unsafe words + place
        var node = unsafe BLAKE3Node(left: left, right: left + 8, key: words, flags: flags)
        node.compress(kernel)
        unsafe node.withValue { unsafe left.update(from: $0, count: 8) }
      }
    }
  }

  /// - `value` holds 8 words.
  @unsafe
  private mutating func push(_ value: UnsafePointer<UInt32>) {
    let place = Self.stackPlace &+ 8 &* depth
    unsafe withWords { words in unsafe (words + place).update(from: value, count: 8) }
    depth &+= 1
  }
}

/// Chaining values of a subtree, and of one call beside them, that nobody clears.
private struct BLAKE3Memory: BitwiseCopyable {
  private var storage: InlineArray<2176, UInt32>

  @inline(__always)
  init() {
    storage = InlineArray { output in
      unsafe output.withUnsafeMutableBufferPointer { memory, initializedCount in initializedCount = memory.count }
    }
  }

  /// - `body` reads no word that it has not written, and keeps no pointer.
  @inline(__always)
  @unsafe
  mutating func withUnsafeMutableWords(
    _ body: (_ values: UnsafeMutablePointer<UInt32>, _ spare: UnsafeMutablePointer<UInt32>) -> Void
  ) {
    var span = storage.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { words in
      let values = unsafe words.baseAddress.unsafelyUnwrapped
      unsafe body(values, values + 2048)
    }
  }
}
