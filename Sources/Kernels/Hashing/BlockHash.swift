/// A hash function that takes its message by blocks: what the loops and the lanes ask of it.
///
/// Merkle-Damgård hashes and sponges alike: a state, a function that takes whole blocks into it, and padding.
package protocol BlockHash: HashFunction {
  associatedtype Kernel: StreamKernel
  associatedtype Lanes: LanesKernel where Lanes.Word == Kernel.Word
  /// An array of words in place.
  associatedtype State: BitwiseCopyable, Sendable
  /// ``HashFunction/blockByteCount`` bytes.
  associatedtype Block: BitwiseCopyable, Sendable

  static var initialState: State { get }
  static var zeroBlock: Block { get }
  /// Whether words stand most significant byte first in messages and digests.
  static var isBigEndian: Bool { get }
  /// The fewest bytes that padding adds.
  static var leastPadding: Int { get }

  /// Writes what ends a message: into zeros from `rest`, where the message ends, up to `end`, where a block does.
  ///
  /// - `tail` is writable up to `end`; `count` is the length of the whole message.
  @unsafe
  static func seal(_ tail: UnsafeMutableRawPointer, rest: Int, end: Int, count: UInt64)

  var hasher: BlockHasher<Self> { get set }
}

/// One way to take blocks of one stream into a state.
package protocol StreamKernel: KernelRow {
  associatedtype Word: FixedWidthInteger & BitwiseCopyable & Sendable

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  static var all: [Self] { get }
  /// The best row that `features` can run.
  static func select(_ features: CPUFeatures) -> Self

  /// - `state` holds the words of a state; `data` is readable for `blocks * blockByteCount` bytes, the hash's own.
  @unsafe
  func compress(
    _ state: UnsafeMutablePointer<Word>, _ data: UnsafeRawPointer, blocks: Int, blockByteCount: Int)
}

/// One way to take blocks of several streams side by side.
package protocol LanesKernel: KernelRow {
  associatedtype Word: FixedWidthInteger & BitwiseCopyable & Sendable

  /// Every row, widest first: a batch takes, at each step, the first that has enough live streams.
  static var all: [Self] { get }
  /// The most lanes that any row has.
  static var maximumLanes: Int { get }
  /// Streams that one call takes.
  var lanes: Int { get }
  /// The fewest live streams for which this row beats those below it; the lanes that are left repeat another's work.
  var minimumLive: Int { get }

  /// - `states` holds a state a lane; each of `data[0 ..< lanes]` is readable for `blocks * blockByteCount` bytes.
  @unsafe
  func compress(
    _ states: UnsafeMutablePointer<Word>, _ data: UnsafePointer<UnsafePointer<UInt8>>, blocks: Int,
    blockByteCount: Int)
}

// MARK: - States and blocks

extension BlockHash {
  package typealias Word = Kernel.Word

  static var stateWords: Int { MemoryLayout<State>.size / MemoryLayout<Word>.size }

  /// Blocks of a padded message of `count` bytes.
  static func paddedBlocks(_ count: Int) -> Int { (count &+ leastPadding &- 1) / blockByteCount &+ 1 }

  /// The most bytes that padding makes of an unfinished block.
  static var maximumTail: Int { paddedBlocks(blockByteCount - 1) * blockByteCount }

  @inline(__always)
  static func withWords<R>(of state: inout State, _ body: (UnsafeMutablePointer<Word>) -> R) -> R {
    unsafe withUnsafeMutablePointer(to: &state) {
      unsafe body(UnsafeMutableRawPointer($0).assumingMemoryBound(to: Word.self))
    }
  }

  /// The leading words of a final state, in the byte order of the standard.
  @inline(__always)
  static func digest(of state: State) -> Digest {
    var state = state
    return unsafe withWords(of: &state) { words in
      for i in 0..<stateWords {
        unsafe words[i] = isBigEndian ? words[i].bigEndian : words[i].littleEndian
      }
      return unsafe UnsafeRawPointer(words).loadUnaligned(as: Digest.self)
    }
  }

  /// Pads the end of a message.
  ///
  /// - Parameters:
  ///   - rest: the bytes after the last whole block, less than a block.
  ///   - count: bytes of the whole message.
  ///   - tail: room for ``maximumTail`` bytes, of which one or two blocks are written.
  /// - Returns: the blocks written.
  @inline(__always)
  @unsafe
  static func pad(_ rest: UnsafeRawBufferPointer, count: UInt64, into tail: UnsafeMutableRawPointer) -> Int {
    let blocks = rest.count <= blockByteCount - leastPadding ? 1 : 2
    for i in 0..<blocks {
      unsafe tail.storeBytes(of: zeroBlock, toByteOffset: i * blockByteCount, as: Block.self)
    }
    if let start = rest.baseAddress { unsafe tail.copyMemory(from: start, byteCount: rest.count) }
    unsafe seal(tail, rest: rest.count, end: blocks * blockByteCount, count: count)
    return blocks
  }
}

/// A hash whose padding is a one bit, zeros, and the message's length in bits: MD5, SHA-1 and SHA-2.
package protocol MerkleDamgardHash: BlockHash {
  /// Bytes of the length field, 8 or 16.
  static var lengthByteCount: Int { get }
}

extension MerkleDamgardHash {
  package static var leastPadding: Int { 1 + lengthByteCount }

  @inline(__always)
  @unsafe
  package static func seal(_ tail: UnsafeMutableRawPointer, rest: Int, end: Int, count: UInt64) {
    unsafe tail.storeBytes(of: 0x80, toByteOffset: rest, as: UInt8.self)
    let bits = count << 3
    if isBigEndian {
      unsafe tail.storeBytes(of: bits.bigEndian, toByteOffset: end - 8, as: UInt64.self)
      // The bits that the shift has lost.
      if lengthByteCount == 16 {
        unsafe tail.storeBytes(of: UInt8(truncatingIfNeeded: count >> 61), toByteOffset: end - 9, as: UInt8.self)
      }
    } else {
      unsafe tail.storeBytes(of: bits.littleEndian, toByteOffset: end - 8, as: UInt64.self)
    }
  }
}
