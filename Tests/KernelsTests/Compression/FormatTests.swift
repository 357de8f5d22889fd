import CZlib
import Testing

@testable import Kernels

@Suite struct FormatTests {
  private static let formats: [(DeflateFormat, ZlibOracle.Format)] = [(.zlib, .zlib), (.gzip, .gzip), (.raw, .raw)]

  @Test(arguments: CompressionData.allCases)
  func zlibAndWeAgree(data: CompressionData) throws {
    for count in [0, 1, 2, 100, 70_000, 200_000] {
      let bytes = data.bytes(count)
      for (format, oracle) in Self.formats {
        for level in [0, 1, 6, 9] {
          let stream = try unsafe Deflate.deflate(bytes.span.bytes, format: format, level: level)
          let inflated = ZlibOracle.inflate(stream, oracle)
          #expect(inflated.consumed == stream.count)
          #expect(isSame(inflated.bytes, bytes))
        }
        let theirs = ZlibOracle.deflate(bytes, oracle)
        let ours = try unsafe Inflate.inflate(theirs.span.bytes, format: format, maximumByteCount: count)
        #expect(isSame(ours, bytes))
        var output = [UInt8](repeating: 0, count: count)
        var inflate = Inflate(format)
        for _ in 0..<2 {
          var mutable = output.mutableSpan
          var span = unsafe mutable.mutableBytes
          let written = try unsafe inflate.inflate(theirs.span.bytes, into: &span)
          #expect(written == count)
        }
        #expect(isSame(output, bytes))
        if count > 0 {
          #expect(Self.error(theirs, format, limit: count - 1)?.reason == .outputLimit)
        }
      }
    }
  }

  /// Every truncation is refused, and every flipped bit of header and trailer as zlib does.
  @Test func truncationsAndFlips() {
    let bytes = CompressionData.text.bytes(600)
    for (format, oracle) in Self.formats {
      let stream = ZlibOracle.deflate(bytes, oracle)
      for count in 0..<stream.count {
        let error = Self.error(Array(stream[..<count]), format)
        #expect(error == InflateError(.truncated, offset: count))
      }
      for bit in 0..<8 * stream.count {
        var flipped = stream
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        let theirs = ZlibOracle.inflate(flipped, oracle, limit: 1 << 14)
        let isWhole = theirs.consumed == stream.count
        #expect((Self.error(flipped, format) == nil) == isWhole, "\(format), bit \(bit)")
      }
    }
  }

  private static func error(_ stream: [UInt8], _ format: DeflateFormat, limit: Int = 1 << 14) -> InflateError? {
    do throws(InflateError) {
      _ = try unsafe Inflate.inflate(stream.span.bytes, format: format, maximumByteCount: limit)
      return nil
    } catch {
      return error
    }
  }

  @Test func gzipHeadersAndMembers() throws {
    let bytes = CompressionData.text.bytes(300)
    let plain = ZlibOracle.deflate(bytes, .gzip)
    // Extra field, name and comment, then the checksum of the header (RFC 1952, 2.3.1).
    var header: [UInt8] = [0x1f, 0x8b, 8, 0b1_1110, 1, 2, 3, 4, 0, 3, 2, 0, 9, 8] + Array("a\0b\0".utf8)
    let sum = unsafe CRC32.checksum(of: header.span.bytes)
    header += [UInt8(sum & 255), UInt8(sum >> 8 & 255)]
    let full = header + plain[10...]
    #expect(isSame(ZlibOracle.inflate(full, .gzip).bytes, bytes))
    let twice = try unsafe Inflate.inflate((full + plain).span.bytes, format: .gzip, maximumByteCount: 600)
    #expect(isSame(twice, bytes + bytes))
    header[header.count - 1] ^= 1
    #expect(Self.error(header + plain[10...], .gzip)?.reason == .gzipHeader)
    #expect(Self.error(plain + [0], .gzip) == InflateError(.trailingBytes, offset: plain.count))
    #expect(Self.error([0x1f, 0x8b, 8, 0x20] + plain[4...], .gzip) == InflateError(.gzipHeader, offset: 3))
    #expect(Self.error([0x78, 0xbb, 0, 0, 0, 0], .zlib)?.reason == .dictionary)
  }

  @Test(arguments: [1, 2, 3, 50, 70_000])
  func inPieces(piece: Int) throws {
    for data in CompressionData.allCases {
      let bytes = data.bytes(piece < 50 ? 3000 : 300_000)
      for (format, _) in Self.formats {
        var deflate = try Deflate(format, level: 6)
        var inflate = Inflate.Stream(format)
        var (stream, result): ([UInt8], [UInt8]) = ([], [])
        var buffer = [UInt8](repeating: 0, count: piece)
        var done = 0
        while true {
          let end = min(bytes.count, done + piece)
          var mutable = buffer.mutableSpan
          var span = unsafe mutable.mutableBytes
          let step = unsafe deflate.update(
            Array(bytes[done..<end]).span.bytes, into: &span, isFinalInput: end == bytes.count)
          stream += buffer[..<step.written]
          done += step.consumed
          if step.status == .finished { break }
        }
        done = 0
        while true {
          let end = min(stream.count, done + piece)
          var mutable = buffer.mutableSpan
          var span = unsafe mutable.mutableBytes
          let step = try unsafe inflate.update(
            Array(stream[done..<end]).span.bytes, into: &span, isFinalInput: end == stream.count)
          result += buffer[..<step.written]
          done += step.consumed
          if step.status == .finished { break }
        }
        #expect(isSame(result, bytes), "\(data), \(format)")
      }
    }
  }

  @Test func adlerRowsAgree() {
    for kernel in AdlerKernel.kernels where CPUFeatures.detected.isSuperset(of: kernel.requires) {
      for count in Array(0...300) + [5503, 5504, 5505, 5552, 5553, 20_000] {
        for alignment in GuardedBuffer.Alignment.allCases {
          let buffer = GuardedBuffer(byteCount: count, alignment: alignment)
          for i in 0..<count { unsafe buffer.bytes[i] = count % 2 == 0 ? 255 : UInt8(truncatingIfNeeded: i % 251) }
          var (ours, first) = (Adler32(resuming: 0xfff0_fff0), Adler32())
          unsafe ours.update(UnsafeRawBufferPointer(buffer.bytes), kernel: kernel)
          unsafe first.update(UnsafeRawBufferPointer(buffer.bytes), kernel: kernel)
          let address = unsafe buffer.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
          let theirs = unsafe adler32_z(0xfff0_fff0, address, count)
          #expect(UInt(ours.value) == theirs, "\(kernel.name), \(count) bytes")
          #expect(Adler32.combine(0xfff0_fff0, first.value, byteCount: count) == ours.value)
          withExtendedLifetime(buffer) {}
        }
      }
    }
  }

  /// Nothing outside the buffers is read or written, whatever the stream says.
  @Test(arguments: GuardedBuffer.Alignment.allCases)
  func guardPages(alignment: GuardedBuffer.Alignment) throws {
    for data in CompressionData.allCases {
      for count in [0, 1, 100, 1000, 5000] {
        let bytes = data.bytes(count)
        let stream = ZlibOracle.deflate(bytes, .raw)
        let input = GuardedBuffer(byteCount: stream.count, alignment: alignment)
        let output = GuardedBuffer(byteCount: count, alignment: alignment)
        unsafe input.bytes.copyBytes(from: stream)
        for kernel in InflateKernel.kernels where CPUFeatures.detected.isSuperset(of: kernel.requires) {
          var core = InflateCore(kernel: kernel)
          var (consumed, position) = (0, 0)
          let status = try unsafe core.decode(
            UnsafeRawBufferPointer(input.bytes), consumed: &consumed, into: output.bytes, position: &position,
            isFinalInput: true)
          #expect(status == .finished)
          let result = unsafe Array(output.bytes)
          #expect(isSame(result, bytes), "\(kernel.name)")
        }
        withExtendedLifetime((input, output)) {}
      }
    }
  }
}
