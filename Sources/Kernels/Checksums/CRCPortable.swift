/// The row of every CPU: eight bytes at a time by tables of what each byte comes to (slicing by eight; M. Kounavis, F. Berry,
/// "Novel Table Lookup-Based Algorithms for High-Performance CRC Generation", IEEE Transactions on Computers 57, 2008).
enum CRCPortable {
  @inline(__always)
  static func register(
    _ register: UInt64, _ data: UnsafePointer<UInt8>, _ count: Int, _ constants: UnsafePointer<UInt64>
  ) -> UInt64 {
    unsafe tables(constants[3]).withUnsafeBufferPointer { tables in
      let tables = unsafe tables.baseAddress.unsafelyUnwrapped
      var crc = register
      var i = 0
      while i &+ 8 <= count {
        crc ^= unsafe UnsafeRawPointer(data + i).loadUnaligned(as: UInt64.self).littleEndian
        var sum: UInt64 = 0
        // Unrolled by the compiler: byte k has 7 - k bytes after it.
        for k in 0..<8 {
          sum ^= unsafe tables[
            256 &* (7 &- k) &+ Int(truncatingIfNeeded: crc >> UInt64(truncatingIfNeeded: 8 &* k) & 255)]
        }
        crc = sum
        i &+= 8
      }
      while i < count {
        crc = unsafe crc >> 8 ^ tables[Int(truncatingIfNeeded: crc & 255) ^ Int(data[i])]
        i &+= 1
      }
      return crc
    }
  }

  /// Word 256 n + b: the register after byte b and n zero bytes, from a register of zero.
  private static func tables(_ polynomial: UInt64) -> [UInt64] {
    switch polynomial {
    case CRC32.constants[3]: crc32
    case CRC32C.constants[3]: crc32c
    default: crc64
    }
  }

  // 16 KiB each, made when this row first runs.
  private static let crc32 = computed(CRC32.constants)
  private static let crc32c = computed(CRC32C.constants)
  private static let crc64 = computed(CRC64NVME.constants)

  private static func computed(_ constants: [UInt64]) -> [UInt64] {
    let modulus = CRCModulus(constants)
    var tables = [UInt64](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      tables[byte] = (0..<8).reduce(UInt64(byte)) { crc, _ in modulus.timesX(crc) }
    }
    for i in 256..<tables.count {
      tables[i] = tables[i - 256] >> 8 ^ tables[Int(tables[i - 256] & 255)]
    }
    return tables
  }
}
