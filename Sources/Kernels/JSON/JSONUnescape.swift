/// What the characters of a string stand for.
enum JSONUnescape {
  /// Writes what `raw`, a valid string between its quotes, stands for; how many bytes that is: never more than there are in `raw`.
  ///
  /// - `out` has room for `raw.count` bytes and does not overlap `raw`, unless it starts where `raw` starts.
  /// - A lone surrogate becomes U+FFFD.
  @unsafe
  static func write(_ raw: UnsafeRawBufferPointer, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    var (from, to) = (0, 0)
    let count = raw.count
    while from < count {
      let byte = unsafe raw[from]
      guard byte == UInt8(ascii: "\\") else {
        unsafe out[to] = byte
        (from, to) = (from &+ 1, to &+ 1)
        continue
      }
      let escaped = unsafe raw[from &+ 1]
      from &+= 2
      switch escaped {
      case UInt8(ascii: "b"): unsafe out[to] = 8
      case UInt8(ascii: "f"): unsafe out[to] = 12
      case UInt8(ascii: "n"): unsafe out[to] = 10
      case UInt8(ascii: "r"): unsafe out[to] = 13
      case UInt8(ascii: "t"): unsafe out[to] = 9
      case UInt8(ascii: "u"):
        let unit = unsafe Self.unit(raw, from)
        from &+= 4
        var scalar = unit
        if unit & 0xf800 == 0xd800 {
          scalar = 0xfffd
          if unit < 0xdc00, count &- from >= 6, unsafe raw[from] == UInt8(ascii: "\\"),
            unsafe raw[from &+ 1] == UInt8(ascii: "u")
          {
            let low = unsafe Self.unit(raw, from &+ 2)
            if low & 0xfc00 == 0xdc00 {
              scalar = 0x10000 &+ (unit & 0x3ff) << 10 &+ low & 0x3ff
              from &+= 6
            }
          }
        }
        to = unsafe encode(scalar, out, to)
        continue
      default: unsafe out[to] = escaped
      }
      to &+= 1
    }
    return to
  }

  /// The value of four hexadecimal digits at `at`.
  @inline(__always)
  private static func unit(_ raw: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
    var value: UInt32 = 0
    for i in 0..<4 { value = unsafe value << 4 | UInt32(JSONBytes.hexadecimal(raw[at &+ i]) ?? 0) }
    return value
  }

  /// UTF-8 of a scalar at `to`; where the next one goes.
  @inline(__always)
  private static func encode(_ scalar: UInt32, _ out: UnsafeMutablePointer<UInt8>, _ to: Int) -> Int {
    func put(_ i: Int, _ value: UInt32) { unsafe out[to &+ i] = UInt8(truncatingIfNeeded: value) }
    switch scalar {
    case 0..<0x80:
      put(0, scalar)
      return to &+ 1
    case 0x80..<0x800:
      put(0, 0xc0 | scalar >> 6)
      put(1, 0x80 | scalar & 0x3f)
      return to &+ 2
    case 0x800..<0x10000:
      put(0, 0xe0 | scalar >> 12)
      put(1, 0x80 | scalar >> 6 & 0x3f)
      put(2, 0x80 | scalar & 0x3f)
      return to &+ 3
    default:
      put(0, 0xf0 | scalar >> 18)
      put(1, 0x80 | scalar >> 12 & 0x3f)
      put(2, 0x80 | scalar >> 6 & 0x3f)
      put(3, 0x80 | scalar & 0x3f)
      return to &+ 4
    }
  }

  /// The string that `raw`, quotes included, stands for. Allocates.
  @unsafe
  static func string(_ raw: UnsafeRawBufferPointer) -> String {
    let inside = unsafe UnsafeRawBufferPointer(rebasing: raw[1..<raw.count - 1])
    return unsafe String(unsafeUninitializedCapacity: inside.count) { out in
      guard let start = out.baseAddress else { return 0 }
      return unsafe write(inside, start)
    }
  }

  /// The bytes that `raw`, between its quotes, stands for. Allocates.
  @unsafe
  static func bytes(_ raw: UnsafeRawBufferPointer) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: raw.count) { out, count in
      if let start = out.baseAddress { count = unsafe write(raw, start) }
    }
  }

  /// Whether what `raw`, between its quotes, stands for is `text`.
  @unsafe
  static func equals(_ raw: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer) -> Bool {
    // A piece at a time, so that no memory for the whole is needed.
    var matched = 0
    var from = 0
    var piece: (UInt64, UInt64) = (0, 0)
    while from < raw.count {
      var length = 1
      if unsafe raw[from] == UInt8(ascii: "\\") {
        length = unsafe raw[from &+ 1] == UInt8(ascii: "u") ? 6 : 2
        // A pair is one character.
        if length == 6, raw.count &- from >= 12, unsafe unit(raw, from &+ 2) & 0xfc00 == 0xd800,
          unsafe raw[from &+ 6] == UInt8(ascii: "\\"), unsafe raw[from &+ 7] == UInt8(ascii: "u")
        {
          length = 12
        }
      }
      let source = unsafe UnsafeRawBufferPointer(rebasing: raw[from..<from &+ length])
      let same = unsafe withUnsafeMutableBytes(of: &piece) { piece in
        let out = unsafe piece.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
        let count = unsafe write(source, out)
        guard text.count &- matched >= count else { return false }
        for i in 0..<count where unsafe out[i] != text[matched &+ i] { return false }
        matched &+= count
        return true
      }
      guard same else { return false }
      from &+= length
    }
    return matched == text.count
  }
}
