/// SHA3-256 (FIPS 202).
///
/// Blocks are 136 bytes, the sponge's rate. A message may be as long as memory.
public struct SHA3_256: HashFunction {
  public typealias Digest = HashDigest<SHA3_256, 32>
  public static let blockByteCount = 136

  package var hasher = BlockHasher<SHA3_256>()

  public init() {}

  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe hasher.update(bytes, kernel: .select(.current))
  }

  public func finish() -> Digest { hasher.finish(kernel: .select(.current)) }

  public mutating func finishAndWipe() -> Digest { hasher.finishAndWipe(kernel: .select(.current)) }

  @unsafe
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
    unsafe oneShot(bytes, kernel: .select(.current))
  }

  @unsafe
  public static func hash(
    batch messages: HashMessages, after prefix: SHA3_256?, into digests: UnsafeMutablePointer<Digest>?
  ) {
    unsafe hash(batch: messages, after: prefix?.hasher, into: digests, features: .current)
  }
}

/// SHA3-512 (FIPS 202).
///
/// Blocks are 72 bytes, the sponge's rate. A message may be as long as memory.
public struct SHA3_512: HashFunction {
  public typealias Digest = HashDigest<SHA3_512, 64>
  public static let blockByteCount = 72

  package var hasher = BlockHasher<SHA3_512>()

  public init() {}

  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe hasher.update(bytes, kernel: .select(.current))
  }

  public func finish() -> Digest { hasher.finish(kernel: .select(.current)) }

  public mutating func finishAndWipe() -> Digest { hasher.finishAndWipe(kernel: .select(.current)) }

  @unsafe
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
    unsafe oneShot(bytes, kernel: .select(.current))
  }

  @unsafe
  public static func hash(
    batch messages: HashMessages, after prefix: SHA3_512?, into digests: UnsafeMutablePointer<Digest>?
  ) {
    unsafe hash(batch: messages, after: prefix?.hasher, into: digests, features: .current)
  }
}

// MARK: - Parameters

/// FIPS 202 section 6.1: sponges over Keccak-f[1600] with the suffix 01.
package protocol SHA3Hash: BlockHash
where Kernel == KeccakKernel, Lanes == KeccakLanesKernel, State == InlineArray<25, UInt64> {}

extension SHA3Hash {
  package static var initialState: State { InlineArray(repeating: 0) }
  package static var isBigEndian: Bool { false }
  package static var leastPadding: Int { 1 }

  /// The suffix and the first one of pad10*1 (section 5.1, bits in the order of appendix B.1), zeros, the last one.
  @inline(__always)
  @unsafe
  package static func seal(_ tail: UnsafeMutableRawPointer, rest: Int, end: Int, count: UInt64) {
    unsafe tail.storeBytes(of: 0x06, toByteOffset: rest, as: UInt8.self)
    let last = unsafe tail.load(fromByteOffset: end - 1, as: UInt8.self)
    unsafe tail.storeBytes(of: last | 0x80, toByteOffset: end - 1, as: UInt8.self)
  }
}

extension SHA3_256: SHA3Hash {
  package typealias Block = InlineArray<136, UInt8>
  package static var zeroBlock: Block { InlineArray(repeating: 0) }
}

extension SHA3_512: SHA3Hash {
  package typealias Block = InlineArray<72, UInt8>
  package static var zeroBlock: Block { InlineArray(repeating: 0) }
}
