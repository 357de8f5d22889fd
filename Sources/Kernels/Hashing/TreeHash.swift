/// A tree hash: leaves of equal size are hashed by themselves, several side by side, and their digests by pairs up to one.
///
/// With SHA-256 and leaves of 1 MiB it is the tree hash of Amazon S3 Glacier ("Computing Checksums", Glacier developer guide): a node
/// is the hash of the two digests below it, one that has no partner moves up as it is, and of at most a leaf the tree hash is the hash.
/// A leaf and a node are not told apart, so that who can choose the message can make two with one hash but different lengths: compare
/// the lengths too.
///
/// ```swift
/// var tree = TreeHash<SHA256>()
/// tree.update(first)
/// tree.update(second)
/// print(tree.finish())
/// ```
///
/// A value: a copy goes its own way, and ``finish()`` gives the hash of what came so far without ending it.
public struct TreeHash<Hash: HashFunction>: BitwiseCopyable, Sendable {
  /// Bytes of every leaf but the last, which may have fewer.
  public let leafByteCount: Int

  /// Of the leaf that is not yet complete, and how many bytes it has.
  private var leaf = Hash()
  private var leafCount = 0
  /// Complete leaves. Where bit k is set, node k is that of 2^k leaves; those of higher bits come first.
  private var completeLeaves: UInt64 = 0
  private var nodes: InlineArray<64, Hash.Digest>

  /// - Parameter leafByteCount: positive.
  public init(leafByteCount: Int = 1 << 20) {
    precondition(leafByteCount > 0, "TreeHash: leafByteCount must be positive")
    self.leafByteCount = leafByteCount
    nodes = InlineArray(repeating: Hash().finish())
  }

  /// Appends `bytes` to the message.
  ///
  /// - Complexity: O(n). Allocates nothing. Leaves that are whole in `bytes` are hashed side by side: long pieces are best.
  public mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  /// Appends `bytes` to the message.
  ///
  /// - `bytes` must be readable for its whole count; no alignment is required; it is not kept.
  /// - Complexity: as of the span's.
  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var rest = unsafe bytes
    if leafCount > 0 {
      let taken = min(rest.count, leafByteCount - leafCount)
      unsafe fillLeaf(UnsafeRawBufferPointer(rebasing: rest[..<taken]))
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
    }
    while rest.count >= leafByteCount {
      let count = min(rest.count / leafByteCount, Self.batchCount)
      unsafe appendLeaves(rest.baseAddress.unsafelyUnwrapped, count: count)
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[(count * leafByteCount)...])
    }
    unsafe fillLeaf(rest)
  }

  /// The tree hash of all bytes so far. More can follow.
  ///
  /// - Complexity: as many hashes of two digests as the tree has levels.
  public func finish() -> Hash.Digest {
    var root = leafCount > 0 || completeLeaves == 0 ? leaf.finish() : nil
    var rest = completeLeaves
    while rest != 0 {
      let node = nodes[rest.trailingZeroBitCount]
      root = root.map { Self.node(node, $0) } ?? node
      rest &= rest &- 1
    }
    return unsafe root.unsafelyUnwrapped
  }

  /// The tree hash of `bytes`.
  public static func hash(_ bytes: RawSpan, leafByteCount: Int = 1 << 20) -> Hash.Digest {
    var tree = TreeHash(leafByteCount: leafByteCount)
    tree.update(bytes)
    return tree.finish()
  }

  /// The digest of the node over `left` and `right`.
  public static func node(_ left: Hash.Digest, _ right: Hash.Digest) -> Hash.Digest {
    var hasher = Hash()
    unsafe withUnsafeBytes(of: left) { unsafe hasher.update($0) }
    unsafe withUnsafeBytes(of: right) { unsafe hasher.update($0) }
    return hasher.finish()
  }
}

// MARK: - Files

extension TreeHash {
  /// The tree hash of a file.
  ///
  /// - Throws: ``FileError`` where it cannot be opened or read.
  /// - Complexity: O(n), and memory of sixteen leaves, or of as much as a smaller file has.
  public static func hash(file path: String, leafByteCount: Int = 1 << 20) throws(FileError) -> Hash.Digest {
    var scratch = Scratch()
    var tree = TreeHash(leafByteCount: leafByteCount)
    try tree.update(file: path, scratch: &scratch)
    return tree.finish()
  }

  /// Appends a whole file to the message.
  ///
  /// - Throws: ``FileError`` where it cannot be opened or read; the hash is then what it was.
  /// - Complexity: O(n), and memory of sixteen leaves, or of as much as a smaller file has. Allocates nothing when warm.
  public mutating func update(file path: String, scratch: inout Scratch) throws(FileError) {
    var tree = self
    let piece = Self.batchCount * leafByteCount
    try unsafe readFile(path, pieceByteCount: piece, scratch: &scratch) { unsafe tree.update($0) }
    self = tree
  }
}

// MARK: - Steps

extension TreeHash {
  /// Leaves of one batch: as many as the widest rows have lanes.
  private static var batchCount: Int { 16 }

  /// - `bytes` are not more than the leaf lacks.
  private mutating func fillLeaf(_ bytes: UnsafeRawBufferPointer) {
    unsafe leaf.update(bytes)
    leafCount += bytes.count
    guard leafCount == leafByteCount else { return }
    append(leaf.finish())
    (leaf, leafCount) = (Hash(), 0)
  }

  /// - `start` is readable for `count` leaves, of which there are ``batchCount`` at most; no leaf is unfinished.
  private mutating func appendLeaves(_ start: UnsafeRawPointer, count: Int) {
    var digests = InlineArray<16, Hash.Digest>(repeating: nodes[0])
    var span = digests.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { digests in
      let leaves = unsafe HashMessages.equal(start: start, byteCount: leafByteCount, count: count)
      unsafe Hash.hash(batch: leaves, after: nil, into: digests.baseAddress)
    }
    for i in 0..<count { append(digests[i]) }
  }

  /// A complete leaf: joins nodes of equal height, as one is carried when a binary number is counted up.
  private mutating func append(_ digest: Hash.Digest) {
    var (digest, level) = (digest, 0)
    while completeLeaves >> level & 1 == 1 {
      digest = Self.node(nodes[level], digest)
      level += 1
    }
    nodes[level] = digest
    completeLeaves += 1
  }
}
