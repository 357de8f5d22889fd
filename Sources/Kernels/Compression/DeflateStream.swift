/// Deflates a stream in a format, in pieces of any size: ``DeflateCore``, and what stands around its blocks.
package struct DeflateStream: ~Copyable, Sendable {
  package let format: DeflateFormat
  var core: DeflateCore
  private var phase = Phase.header
  private var adler = Adler32()
  private var crc = CRC32()
  private var byteCount: UInt32 = 0
  /// Bytes of the header or trailer that are not yet written, the next one lowest, and their number.
  private var field: (low: UInt64, high: UInt64) = (0, 0)
  private var fieldCount = 0

  private enum Phase {
    case header
    case blocks
    case trailer
    case finished
  }

  /// Nil where the system has no more memory.
  ///
  /// - Parameter level: 0 fastest ... 9 smallest.
  package init?(_ format: DeflateFormat, level: Int) {
    guard let core = DeflateCore(level: level) else { return nil }
    self.format = format
    self.core = consume core
    startHeader()
  }

  /// Starts again with a new stream of the same format and level.
  package mutating func reset() {
    core.reset()
    (adler, crc, byteCount, phase) = (Adler32(), CRC32(), 0, .header)
    startHeader()
  }

  /// The most bytes that `byteCount` bytes deflate to, with what stands around the blocks.
  package static func mostDeflated(_ byteCount: Int, _ format: DeflateFormat) -> Int {
    DeflateCore.mostDeflated(byteCount) + (format == .raw ? 0 : format == .zlib ? 6 : 18)
  }

  private mutating func startHeader() {
    switch format {
    case .zlib:
      // Method 8, window of 2^15; how hard it was tried, in two bits; a multiple of 31 (RFC 1950, 2.2).
      let effort: UInt64 = core.level < 2 ? 0 : core.level < 6 ? 1 : core.level == 6 ? 2 : 3
      let header = 0x7800 | effort << 6
      let checked = header + 31 - header % 31
      (field.low, fieldCount) = (checked >> 8 | (checked & 255) << 8, 2)
    case .gzip:
      // No flags and no time; 2 for the hardest, 4 for the fastest; unknown system (RFC 1952, 2.3).
      let effort: UInt64 = core.level == 9 ? 2 : core.level < 2 ? 4 : 0
      field = (0x0008_8b1f, effort | 0xff << 8)
      fieldCount = 10
    case .raw: fieldCount = 0
    }
  }

  /// As ``DeflateCore/encode(_:consumed:into:position:isFinalInput:)``, header and trailer included.
  ///
  /// - The same holds of the buffers.
  @unsafe
  package mutating func encode(
    _ input: UnsafeRawBufferPointer, consumed: inout Int, into output: UnsafeMutableRawBufferPointer,
    position: inout Int, isFinalInput: Bool
  ) -> DeflateStatus {
    while true {
      switch phase {
      case .header, .trailer:
        while fieldCount > 0 {
          guard position < output.count else { return .outputFull }
          unsafe output[position] = UInt8(truncatingIfNeeded: field.low)
          field.low = field.low >> 8 | (field.high & 255) << 56
          field.high >>= 8
          position += 1
          fieldCount -= 1
        }
        phase = phase == .header ? .blocks : .finished
      case .blocks:
        let start = consumed
        let status = unsafe core.encode(
          input, consumed: &consumed, into: output, position: &position, isFinalInput: isFinalInput)
        let new = unsafe UnsafeRawBufferPointer(rebasing: input[start..<consumed])
        if format == .zlib { unsafe adler.update(new) }
        if format == .gzip {
          unsafe crc.update(new)
          byteCount &+= UInt32(truncatingIfNeeded: new.count)
        }
        guard status == .finished else { return status }
        startTrailer()
      case .finished: return .finished
      }
    }
  }

  private mutating func startTrailer() {
    phase = .trailer
    switch format {
    case .zlib: (field, fieldCount) = ((UInt64(adler.value.byteSwapped), 0), 4)
    case .gzip: (field, fieldCount) = ((UInt64(crc.value) | UInt64(byteCount) << 32, 0), 8)
    case .raw: fieldCount = 0
    }
  }
}
