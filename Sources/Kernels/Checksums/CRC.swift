/// CRC-32 as of Ethernet, gzip, PNG and zip (IEEE 802.3): of "123456789" it is 0xcbf43926.
public struct CRC32: ReflectedCRC {
  public package(set) var value: UInt32

  @inlinable
  public init() { self.init(resuming: 0) }

  public init(resuming value: UInt32) { self.value = value }

  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe update(bytes, kernel: Self.kernel(.current))
  }

  @unsafe
  public static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    unsafe checksum(of: bytes, kernel: kernel(.current))
  }

  public static func combine(_ a: UInt32, _ b: UInt32, byteCount: Int) -> UInt32 {
    sum(a, b, byteCount: byteCount)
  }
}

/// CRC-32C as of iSCSI, ext4 and S3 (Castagnoli; RFC 3720): of "123456789" it is 0xe3069283.
public struct CRC32C: ReflectedCRC {
  public package(set) var value: UInt32

  @inlinable
  public init() { self.init(resuming: 0) }

  public init(resuming value: UInt32) { self.value = value }

  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe update(bytes, kernel: Self.kernel(.current))
  }

  @unsafe
  public static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    unsafe checksum(of: bytes, kernel: kernel(.current))
  }

  public static func combine(_ a: UInt32, _ b: UInt32, byteCount: Int) -> UInt32 {
    sum(a, b, byteCount: byteCount)
  }
}

/// CRC-64/NVME as of NVM Express and S3: of "123456789" it is 0xae8b14860a799888.
public struct CRC64NVME: ReflectedCRC {
  public package(set) var value: UInt64

  @inlinable
  public init() { self.init(resuming: 0) }

  public init(resuming value: UInt64) { self.value = value }

  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe update(bytes, kernel: Self.kernel(.current))
  }

  @unsafe
  public static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    unsafe checksum(of: bytes, kernel: kernel(.current))
  }

  public static func combine(_ a: UInt64, _ b: UInt64, byteCount: Int) -> UInt64 {
    sum(a, b, byteCount: byteCount)
  }
}

// MARK: - What the three share

/// A CRC that takes bits from the low end of each byte, starts from all ones, and is inverted in the end.
package protocol ReflectedCRC: Checksum {
  /// Of the polynomial; what each is stands in `CKernels/checksums/crc_fold.h`.
  static var constants: [UInt64] { get }
  /// x^(8 * 2^i) modulo the polynomial, for i in 0 ..< 64.
  static var powers: [UInt64] { get }
  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  static var kernels: [CRCKernel] { get }
  /// The best row that `features` can run.
  static func kernel(_ features: CPUFeatures) -> CRCKernel

  var value: Value { get set }
}

extension ReflectedCRC {
  /// Appends `bytes` by the given row.
  ///
  /// - `bytes` is readable for its whole count; the CPU has what the row requires.
  @inline(__always)
  @unsafe
  package mutating func update(_ bytes: UnsafeRawBufferPointer, kernel: CRCKernel) {
    guard let start = bytes.baseAddress else { return }
    value = unsafe ~Value(truncatingIfNeeded: kernel.register(UInt64(~value), start, bytes.count, Self.constants))
  }

  /// The same of `bytes` alone, without a value that goes through memory.
  @inline(__always)
  @unsafe
  package static func checksum(of bytes: UnsafeRawBufferPointer, kernel: CRCKernel) -> Value {
    guard let start = bytes.baseAddress else { return 0 }
    return unsafe ~Value(truncatingIfNeeded: kernel.register(UInt64(Value.max), start, bytes.count, constants))
  }

  static func sum(_ a: Value, _ b: Value, byteCount: Int) -> Value {
    precondition(byteCount >= 0, "Checksum: byteCount must not be negative")
    return sum(a, b, byteCount: UInt64(byteCount))
  }

  /// Inversion before and after cancel out: a's CRC moves on over b's bytes as a polynomial, and b's is added.
  package static func sum(_ a: Value, _ b: Value, byteCount: UInt64) -> Value {
    let modulus = CRCModulus(constants)
    var moved = UInt64(a)
    var left = byteCount
    while left != 0 {
      moved = modulus.product(moved, powers[left.trailingZeroBitCount])
      left &= left &- 1
    }
    return Value(truncatingIfNeeded: moved) ^ b
  }
}

/// Arithmetic of polynomials modulo Q, reflected: bit i is the coefficient of x^(63 - i). As in `crc_fold.h`, a CRC of 32 bits is
/// one of 64 whose Q is its polynomial times x^32, and whose registers have zeros above.
package struct CRCModulus {
  /// Q without x^64.
  let polynomial: UInt64

  package init(_ constants: [UInt64]) { polynomial = constants[3] }

  /// a x
  @inline(__always)
  package func timesX(_ a: UInt64) -> UInt64 { a >> 1 ^ (polynomial & (0 &- (a & 1))) }

  /// a b
  package func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (rest, power, sum) = (a, b, UInt64(0))
    while rest != 0 {
      sum ^= power & (0 &- (rest >> 63))
      rest <<= 1
      power = timesX(power)
    }
    return sum
  }

  /// x^(8 * 2^i), for i in 0 ..< 64.
  var powers: [UInt64] {
    var power: UInt64 = 1 << 55
    return (0..<64).map { _ in
      defer { power = product(power, power) }
      return power
    }
  }
}
