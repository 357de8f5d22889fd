/// A zlib stream (RFC 1950) of what rows come to, appended to a file; the compressor's memory is kept for the next.
@safe
struct PNGDeflate: ~Copyable, Sendable {
  private var core: DeflateCore?
  private var adler = Adler32()

  init() {}

  /// Bytes that are held.
  static func byteCount(level: Int) -> Int { DeflateCore.byteCount(level: level) }

  /// False where the system has no more memory.
  mutating func begin(level: Int, into output: inout PNGOutput) -> Bool {
    adler = Adler32()
    if core?.level == level {
      core?.reset()
    } else {
      guard let fresh = DeflateCore(level: level) else { return false }
      core = consume fresh
    }
    // A window of 32 KiB, the level in two bits, and what makes it a multiple of 31.
    let flags: UInt16 = level <= 1 ? 0 : level <= 5 ? 1 : level == 6 ? 2 : 3
    let header = 0x7800 | flags << 6
    let whole = header + (31 - header % 31)
    output.append(UInt8(whole >> 8))
    output.append(UInt8(truncatingIfNeeded: whole))
    return !output.hasFailed
  }

  /// - `bytes` is readable for its whole count.
  @unsafe
  mutating func write(_ bytes: UnsafeRawBufferPointer, isFinal: Bool, into output: inout PNGOutput) {
    unsafe adler.update(bytes)
    var consumed = 0
    while true {
      guard output.reserve(4096) else { return }
      var position = 0
      let status =
        unsafe core?.encode(
          bytes, consumed: &consumed, into: output.room, position: &position, isFinalInput: isFinal) ?? .finished
      unsafe output.advance(position)
      if status == .finished || status == .needsInput { break }
    }
    if isFinal { output.append(word: adler.value) }
  }
}
