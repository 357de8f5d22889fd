/// Classes of bytes.
enum JSONBytes {
  /// White space as RFC 8259 has it.
  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool {
    byte <= 0x20 && (1 << 0x20 | 1 << 0x09 | 1 << 0x0a | 1 << 0x0d) as UInt64 >> UInt64(byte) & 1 == 1
  }

  @inline(__always)
  static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
    default: nil
    }
  }
}

extension JSONBytes {
  /// Whether the bytes at `a` are those of `b`.
  @inline(__always)
  @unsafe
  static func equal(_ a: UnsafePointer<UInt8>, _ b: UnsafeRawBufferPointer) -> Bool {
    guard let start = b.baseAddress else { return true }
    let a = unsafe UnsafeRawPointer(a)
    let count = b.count
    if count >= 8 {
      var i = 0
      while i < count &- 8 {
        if unsafe a.loadUnaligned(fromByteOffset: i, as: UInt64.self)
          != start.loadUnaligned(fromByteOffset: i, as: UInt64.self)
        {
          return false
        }
        i &+= 8
      }
      return unsafe a.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        == start.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    }
    if count >= 4 {
      return unsafe a.loadUnaligned(as: UInt32.self) == start.loadUnaligned(as: UInt32.self)
        && a.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
          == start.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
    }
    for i in 0..<count where unsafe a.load(fromByteOffset: i, as: UInt8.self) != b[i] { return false }
    return true
  }
}
