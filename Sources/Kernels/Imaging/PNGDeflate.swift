/// A zlib stream (RFC 1950) of what rows come to, appended to a file.
@safe
struct PNGDeflate: ~Copyable, Sendable {
  private var adler = Adler32()
  private var level = 6

  init() {}

  /// Bytes that are held.
  static var byteCount: Int { 0 }

  mutating func begin(level: Int, into output: inout PNGOutput) -> Bool {
    adler = Adler32()
    self.level = level
    // A window of 32 KiB; the level as zlib's would be told; a multiple of 31.
    let header: UInt16 = level <= 1 ? 0x7801 : level <= 5 ? 0x785e : level == 6 ? 0x789c : 0x78da
    output.append(UInt8(header >> 8))
    output.append(UInt8(truncatingIfNeeded: header))
    return !output.hasFailed
  }

  /// - `bytes` is readable for its whole count.
  @unsafe
  mutating func write(_ bytes: UnsafeRawBufferPointer, isFinal: Bool, into output: inout PNGOutput) {
    unsafe adler.update(bytes)
    var at = 0
    repeat {
      let count = min(bytes.count - at, 65535)
      let isLast = isFinal && at + count == bytes.count
      output.append(isLast ? 1 : 0)
      let length = UInt16(count)
      output.append(UInt8(truncatingIfNeeded: length))
      output.append(UInt8(length >> 8))
      output.append(~UInt8(truncatingIfNeeded: length))
      output.append(~UInt8(length >> 8))
      if count > 0 { unsafe output.append(bytes.baseAddress.unsafelyUnwrapped + at, count) }
      at += count
    } while at < bytes.count
    if isFinal { output.append(word: adler.value) }
  }
}
