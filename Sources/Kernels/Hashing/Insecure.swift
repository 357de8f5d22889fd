/// Hash functions for which collisions are made at will: for formats and protocols that ask for them, and for nothing that
/// an attacker must not forge.
public enum Insecure {
  /// SHA-1 (FIPS 180-4).
  ///
  /// The total length must stay below 2^61 bytes, as the standard says.
  public struct SHA1: HashFunction {
    public typealias Digest = HashDigest<Insecure.SHA1, 20>
    public static let blockByteCount = 64

    package var hasher = BlockHasher<SHA1>()

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
      batch messages: HashMessages, after prefix: SHA1?, into digests: UnsafeMutablePointer<Digest>?
    ) {
      unsafe hash(batch: messages, after: prefix?.hasher, into: digests, features: .current)
    }
  }

  /// MD5 (RFC 1321).
  ///
  /// Lengths are counted modulo 2^61 bytes, as the RFC says.
  public struct MD5: HashFunction {
    public typealias Digest = HashDigest<Insecure.MD5, 16>
    public static let blockByteCount = 64

    package var hasher = BlockHasher<MD5>()

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
      batch messages: HashMessages, after prefix: MD5?, into digests: UnsafeMutablePointer<Digest>?
    ) {
      unsafe hash(batch: messages, after: prefix?.hasher, into: digests, features: .current)
    }
  }
}

// MARK: - Parameters

extension Insecure.SHA1: MerkleDamgardHash {
  package typealias Kernel = SHA1Kernel
  package typealias Lanes = SHA1LanesKernel
  package typealias Block = InlineArray<64, UInt8>

  /// FIPS 180-4 section 5.3.1.
  package static let initialState: InlineArray<5, UInt32> = [
    0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0,
  ]
  package static var zeroBlock: Block { InlineArray(repeating: 0) }
  package static var isBigEndian: Bool { true }
  package static var lengthByteCount: Int { 8 }
}

extension Insecure.MD5: MerkleDamgardHash {
  package typealias Kernel = MD5Kernel
  package typealias Lanes = MD5LanesKernel
  package typealias Block = InlineArray<64, UInt8>

  /// RFC 1321 section 3.3.
  package static let initialState: InlineArray<4, UInt32> = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]
  package static var zeroBlock: Block { InlineArray(repeating: 0) }
  package static var isBigEndian: Bool { false }
  package static var lengthByteCount: Int { 8 }
}
