/// SHA-256 (FIPS 180-4).
///
/// ```swift
/// var hasher = SHA256()
/// hasher.update(header)
/// hasher.update(body)
/// print(hasher.finish())              // 64 lower-case hexadecimal digits
/// ```
///
/// The total length must stay below 2^61 bytes, as the standard says.
public struct SHA256: HashFunction {
  public typealias Digest = HashDigest<SHA256, 32>
  public static let blockByteCount = 64

  package var hasher = BlockHasher<SHA256>()

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
    batch messages: HashMessages, after prefix: SHA256?, into digests: UnsafeMutablePointer<Digest>?
  ) {
    unsafe hash(batch: messages, after: prefix?.hasher, into: digests, features: .current)
  }
}

/// SHA-224 (FIPS 180-4): SHA-256 from another initial state, cut to 28 bytes.
///
/// The total length must stay below 2^61 bytes, as the standard says.
public struct SHA224: HashFunction {
  public typealias Digest = HashDigest<SHA224, 28>
  public static let blockByteCount = 64

  package var hasher = BlockHasher<SHA224>()

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
    batch messages: HashMessages, after prefix: SHA224?, into digests: UnsafeMutablePointer<Digest>?
  ) {
    unsafe hash(batch: messages, after: prefix?.hasher, into: digests, features: .current)
  }
}

// MARK: - Parameters

/// The hashes of 32-bit words: FIPS 180-4 sections 5.3.2, 5.3.3 and 6.2.
package protocol SHA2Of32Bits: MerkleDamgardHash
where
  Kernel == SHA256Kernel, Lanes == SHA256LanesKernel, State == InlineArray<8, UInt32>, Block == InlineArray<64, UInt8>
{}

extension SHA2Of32Bits {
  package static var zeroBlock: Block { InlineArray(repeating: 0) }
  package static var isBigEndian: Bool { true }
  package static var lengthByteCount: Int { 8 }
}

extension SHA256: SHA2Of32Bits {
  /// Printed by `Scripts/derive_sha2_constants.py`.
  package static let initialState: InlineArray<8, UInt32> = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]
}

extension SHA224: SHA2Of32Bits {
  /// Printed by `Scripts/derive_sha2_constants.py`.
  package static let initialState: InlineArray<8, UInt32> = [
    0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4,
  ]
}
