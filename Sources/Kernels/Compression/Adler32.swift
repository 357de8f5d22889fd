/// Adler-32 as of zlib (RFC 1950, section 8.2): of "123456789" it is 0x091e01de. Weak for short messages.
public struct Adler32: Checksum {
  /// Both sums are modulo this, the largest prime below 2^16.
  static let modulus: UInt32 = 65521

  public package(set) var value: UInt32

  /// The checksum of nothing yet, which is 1.
  @inlinable
  public init() { self.init(resuming: 1) }

  public init(resuming value: UInt32) { self.value = value }

  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe update(bytes, kernel: .kernel(.current))
  }

  /// Appends `bytes` by the given row.
  ///
  /// - `bytes` is readable for its whole count; the CPU has what the row requires.
  @unsafe
  package mutating func update(_ bytes: UnsafeRawBufferPointer, kernel: AdlerKernel) {
    guard let start = bytes.baseAddress else { return }
    value = unsafe kernel.body(value, start.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  /// The second sum of the whole has the first sum of a's once for each byte that follows; both start from 1 and 0 but once.
  public static func combine(_ a: UInt32, _ b: UInt32, byteCount: Int) -> UInt32 {
    precondition(byteCount >= 0, "Checksum: byteCount must not be negative")
    let modulus = UInt64(modulus)
    let (firstOfA, secondOfA) = (UInt64(a & 0xffff), UInt64(a >> 16))
    let (firstOfB, secondOfB) = (UInt64(b & 0xffff), UInt64(b >> 16))
    let before = (firstOfA + modulus - 1) % modulus
    let first = (before + firstOfB) % modulus
    let second = (secondOfA + secondOfB + before * (UInt64(byteCount) % modulus)) % modulus
    return UInt32(second << 16 | first)
  }
}
