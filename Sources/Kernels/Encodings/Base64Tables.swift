import CKernels

/// What the rows read of an alphabet, made from its 64 characters when it is first used.
enum Base64Tables {
  nonisolated(unsafe) private static let standard: UnsafePointer<ck_base64_tables> = unsafe made(plus: "+", slash: "/")
  nonisolated(unsafe) private static let url: UnsafePointer<ck_base64_tables> = unsafe made(plus: "-", slash: "_")

  /// Those of `alphabet`, which last as long as the process.
  @inline(__always)
  static func tables(_ alphabet: Base64.Alphabet) -> UnsafePointer<ck_base64_tables> {
    switch alphabet {
    case .standard: unsafe standard
    case .url: unsafe url
    }
  }

  /// The 64 characters.
  @inline(__always)
  static func alphabet(_ tables: UnsafePointer<ck_base64_tables>) -> UnsafePointer<UInt8> {
    unsafe field(tables, MemoryLayout<ck_base64_tables>.offset(of: \.alphabet).unsafelyUnwrapped)
  }

  /// The value of each ASCII character, or 0x80: 128 of them.
  @inline(__always)
  static func values(_ tables: UnsafePointer<ck_base64_tables>) -> UnsafePointer<UInt8> {
    unsafe field(tables, MemoryLayout<ck_base64_tables>.offset(of: \.values).unsafelyUnwrapped)
  }

  @inline(__always)
  private static func field(_ tables: UnsafePointer<ck_base64_tables>, _ offset: Int) -> UnsafePointer<UInt8> {
    unsafe (UnsafeRawPointer(tables) + offset).assumingMemoryBound(to: UInt8.self)
  }

  /// RFC 4648, tables 1 and 2, which differ in the last two characters.
  private static func made(plus: Unicode.Scalar, slash: Unicode.Scalar) -> UnsafePointer<ck_base64_tables> {
    let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
    let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let alphabet = Array(upper) + Array(lower) + Array(digits) + [UInt8(ascii: plus), UInt8(ascii: slash)]
    var values = [UInt8](repeating: 0x80, count: 128)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }

    // High halves 2 ... 7 have bits 2 ... 7, which a low half has where the two make no character; all others have bit 0, which
    // every low half has.
    let high = (0..<16).map { half in (2...7).contains(half) ? UInt8(1) << UInt8(half) : 1 }
    let low = (0..<16).map { low in
      (2...7).reduce(UInt8(1)) { bits, high in bits | (values[16 * high + low] == 0x80 ? 1 << UInt8(high) : 0) }
    }
    // All characters of a high half but the last of the alphabet are one distance from their values.
    var offsets = [UInt8](repeating: 0, count: 16)
    for (value, character) in alphabet.enumerated() {
      offsets[Int(character >> 4) ^ (value == 63 ? 8 : 0)] = UInt8(value) &- character
    }

    let tables = UnsafeMutablePointer<ck_base64_tables>.allocate(capacity: 1)
    unsafe tables.initialize(to: ck_base64_tables())
    let start = UnsafeMutableRawPointer(tables)
    typealias Layout = MemoryLayout<ck_base64_tables>
    func set(_ offset: Int?, _ bytes: [UInt8]) {
      unsafe (start + offset.unsafelyUnwrapped).copyMemory(from: bytes, byteCount: bytes.count)
    }
    set(Layout.offset(of: \.alphabet), alphabet)
    set(Layout.offset(of: \.values), values)
    set(Layout.offset(of: \.low), low)
    set(Layout.offset(of: \.high), high)
    set(Layout.offset(of: \.offsets), offsets)
    return UnsafePointer(tables)
  }
}
