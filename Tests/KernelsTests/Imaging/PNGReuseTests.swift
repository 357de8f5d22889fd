import Testing

@testable import Kernels

/// Values that keep their memory, and the ways to say where pixels and files go: the same bytes by all of them.
@Suite struct PNGReuseTests {
  private func pixels(_ layout: PixelLayout, seed: UInt64) -> [UInt8] {
    PNGKind(colorType: .grey, bitDepth: 8).rows(width: 40 * layout.pixelByteCount, height: 30, seed: seed)
  }

  @Test func encoderIsReused() throws {
    var encoder = PNGEncoder()
    #expect(encoder.byteCount == 0 && encoder.output.isEmpty)
    let size = ImageSize(width: 40, height: 30)
    for round in 0..<2 {
      for channels in 1...4 {
        for (bits, level) in [(8, 1), (16, 6), (8, 6)] {
          let layout = PixelLayout(channels: channels, bits: bits)
          let pixels = pixels(layout, seed: UInt64(round))
          let options = PNGEncodingOptions(compression: level)
          let expected = try unsafe PNG.encode(pixels.span.bytes, size: size, layout: layout, options: options)
          try unsafe encoder.encode(pixels.span.bytes, size: size, layout: layout, options: options)
          #expect(encoder.output == expected && encoder.byteCount == expected.count)
          try unsafe pixels.withUnsafeBytes {
            try unsafe encoder.encode($0, size: size, layout: layout, options: options)
          }
          #expect(encoder.withOutput { unsafe $0.withUnsafeBytes { unsafe Array($0) } } == expected)
          let written = [UInt8](capacity: expected.count + 1) { output in
            output.append(1)
            let isWritten = encoder.write(to: &output)
            #expect(isWritten)
          }
          #expect(written == [1] + expected)
          withoutRoom(expected.count) { output in
            let isWritten = encoder.write(to: &output)
            #expect(!isWritten)
          }
        }
      }
    }
  }

  /// An output with less room than `count`; it stays empty.
  private func withoutRoom(_ count: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
    defer { unsafe memory.deallocate() }
    var output = unsafe OutputSpan(
      buffer: UnsafeMutableBufferPointer(rebasing: memory[..<(count - 1)]), initializedCount: 0)
    body(&output)
    let filled = output.count
    #expect(filled == 0)
  }

  @Test func decoderAppends() throws {
    var decoder = PNGDecoder()
    for kind in PNGKind.all {
      let file = LibpngOracle.encode(
        width: 23, height: 11, bitDepth: kind.bitDepth, colorType: kind.colorType,
        rows: kind.rows(width: 23, height: 11, seed: 8), palette: kind.palette)
      let expected = try PNG.decode(file)
      let count = PNG.decodedByteCount(expected.info)
      #expect(count == expected.pixels.count)
      let options = PNGDecodingOptions()
      let appended = try [UInt8](capacity: count + 2) { output throws(PNGError) in
        output.append(1)
        output.append(2)
        let found = try unsafe decoder.decode(file.span.bytes, options: options, into: &output)
        #expect(found.info == expected.info && found.layout == expected.layout)
      }
      #expect(appended == [1, 2] + expected.pixels)
      withoutRoom(count) { output in
        let error = failure(&decoder, file, &output)
        #expect(error?.reason == .outputLimit && error?.isLimit == true)
      }
      // What is bad appends nothing.
      var broken = file
      broken[file.count - 20] ^= 1
      let none = [UInt8](capacity: count) { output in
        let error = failure(&decoder, broken, &output)
        #expect(error != nil)
      }
      #expect(none.isEmpty)
      var rows = [UInt8](repeating: 0, count: count)
      _ = try unsafe rows.withUnsafeMutableBytes { rows in
        try unsafe decoder.decode(file.span.bytes, options: options, into: rows, stride: count / 11)
      }
      #expect(rows == expected.pixels)
    }
  }

  private func failure(
    _ decoder: inout PNGDecoder, _ file: [UInt8], _ output: inout OutputSpan<UInt8>
  ) -> PNGError? {
    do throws(PNGError) {
      _ = try unsafe decoder.decode(file.span.bytes, options: PNGDecodingOptions(), into: &output)
      return nil
    } catch {
      return error
    }
  }

  @Test func resizerWrites() throws {
    let layout = PixelLayout(channels: 3)
    let source = pixels(layout, seed: 3)
    let size = ImageSize(width: 40, height: 30)
    let file = try unsafe PNG.encode(source.span.bytes, size: size, layout: layout)
    var resizer = PNGResizer()
    try unsafe resizer.resize(file.span.bytes, to: [PNGResizeTarget(width: 9, height: 9)])
    let expected = resizer.output(0)
    let written = [UInt8](capacity: expected.count) { output in
      let isWritten = resizer.write(0, to: &output)
      #expect(isWritten)
    }
    #expect(written == expected)
    withoutRoom(expected.count) { output in
      let isWritten = resizer.write(0, to: &output)
      #expect(!isWritten)
    }

    let plan = try ResizePlan(source: size, output: ImageSize(width: 7, height: 5), layout: layout)
    var pixelResizer = Resizer(plan)
    var rows = [UInt8](repeating: 0, count: 7 * 5 * 3)
    unsafe source.withUnsafeBytes { source in
      unsafe rows.withUnsafeMutableBytes { rows in
        unsafe pixelResizer.resize(source, stride: 120, into: rows, outputStride: 21)
      }
    }
    let appended = [UInt8](capacity: rows.count + 1) { output in
      output.append(4)
      unsafe pixelResizer.resize(source.span.bytes, stride: 120, into: &output)
    }
    #expect(appended == [4] + rows)
  }
}
