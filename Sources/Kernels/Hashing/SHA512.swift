/// SHA-512 (FIPS 180-4).
///
/// ```swift
/// var hasher = SHA512()
/// hasher.update(header)
/// hasher.update(body)
/// print(hasher.finish())              // 128 lower-case hexadecimal digits
/// ```
///
/// The total length must stay below 2^64 bytes.
public struct SHA512: HashFunction {
  public typealias Digest = HashDigest<SHA512, 64>
  public static let blockByteCount = 128

  package var hasher = BlockHasher<SHA512>()

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
    batch messages: HashMessages, after prefix: SHA512?, into digests: UnsafeMutablePointer<Digest>?
  ) {
    unsafe hash(batch: messages, after: prefix?.hasher, into: digests, features: .current)
  }
}

/// SHA-384 (FIPS 180-4): SHA-512 from another initial state, cut to 48 bytes.
///
/// The total length must stay below 2^64 bytes.
public struct SHA384: HashFunction {
  public typealias Digest = HashDigest<SHA384, 48>
  public static let blockByteCount = 128

  package var hasher = BlockHasher<SHA384>()

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
    batch messages: HashMessages, after prefix: SHA384?, into digests: UnsafeMutablePointer<Digest>?
  ) {
    unsafe hash(batch: messages, after: prefix?.hasher, into: digests, features: .current)
  }
}

/// SHA-512/256 (FIPS 180-4): SHA-512 from another initial state, cut to 32 bytes.
///
/// The total length must stay below 2^64 bytes.
public struct SHA512_256: HashFunction {
  public typealias Digest = HashDigest<SHA512_256, 32>
  public static let blockByteCount = 128

  package var hasher = BlockHasher<SHA512_256>()

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
    batch messages: HashMessages, after prefix: SHA512_256?, into digests: UnsafeMutablePointer<Digest>?
  ) {
    unsafe hash(batch: messages, after: prefix?.hasher, into: digests, features: .current)
  }
}

// MARK: - Parameters

/// The hashes of 64-bit words: FIPS 180-4 sections 5.3.4 to 5.3.6 and 6.4.
package protocol SHA2Of64Bits: MerkleDamgardHash
where
  Kernel == SHA512Kernel, Lanes == SHA512LanesKernel, State == InlineArray<8, UInt64>, Block == InlineArray<128, UInt8>
{}

extension SHA2Of64Bits {
  package static var zeroBlock: Block { InlineArray(repeating: 0) }
  package static var isBigEndian: Bool { true }
  package static var lengthByteCount: Int { 16 }
}

extension SHA512: SHA2Of64Bits {
  /// Printed by `Scripts/derive_sha2_constants.py`.
  package static let initialState: InlineArray<8, UInt64> = [
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
  ]
}

extension SHA384: SHA2Of64Bits {
  /// Printed by `Scripts/derive_sha2_constants.py`.
  package static let initialState: InlineArray<8, UInt64> = [
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
    0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
  ]
}

extension SHA512_256: SHA2Of64Bits {
  /// Printed by `Scripts/derive_sha2_constants.py`.
  package static let initialState: InlineArray<8, UInt64> = [
    0x22312194fc2bf72c, 0x9f555fa3c84c64c2, 0x2393b86b6f53b151, 0x963877195940eabd,
    0x96283ee2a88effe3, 0xbe5e1e2553863992, 0x2b0199fc2c85b8aa, 0x0eb72ddc81c52ca2,
  ]
}
