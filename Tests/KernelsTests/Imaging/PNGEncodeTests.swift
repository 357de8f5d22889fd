import Testing

@testable import Kernels

/// Files against libpng: what it reads of ours are the pixels that went in.
@Suite struct PNGEncodeTests {
  private func pixels(_ width: Int, _ height: Int, _ layout: PixelLayout, seed: UInt64) -> [UInt8] {
    PNGKind(colorType: .grey, bitDepth: 8).rows(width: width * layout.pixelByteCount, height: height, seed: seed)
  }

  private func encode(
    _ pixels: [UInt8], _ width: Int, _ height: Int, _ layout: PixelLayout, stride: Int? = nil, _ compression: Int = 6
  ) throws -> [UInt8] {
    try unsafe PNG.encode(
      pixels.span.bytes, size: ImageSize(width: width, height: height), layout: layout, stride: stride,
      options: PNGEncodingOptions(compression: compression))
  }

  @Test(arguments: [1, 2, 3, 4], [8, 16])
  func libpngReadsThem(channels: Int, bits: Int) throws {
    let layout = PixelLayout(channels: channels, bits: bits)
    for (width, height) in [(1, 1), (3, 2), (40, 33), (257, 129)] {
      let pixels = pixels(width, height, layout, seed: UInt64(channels))
      for compression in 0...9 {
        let file = try encode(pixels, width, height, layout, compression)
        #expect(
          LibpngOracle.decode(file)
            == LibpngOracle.Image(width: width, height: height, channels: channels, bits: bits, pixels: pixels))
        #expect(try PNG.decode(file).pixels == pixels)
      }
    }
  }

  @Test func strides() throws {
    let layout = PixelLayout(channels: 3)
    let pixels = pixels(20, 10, layout, seed: 1)
    let file = try unsafe PNG.encode(
      pixels.span.bytes, size: ImageSize(width: 15, height: 10), layout: layout, stride: 60)
    let expected = (0..<10).flatMap { Array(pixels[$0 * 60..<$0 * 60 + 45]) }
    #expect(try PNG.decode(file).pixels == expected)
  }

  /// Few colours are stored as indices, few greys in few bits; what comes back is what went in.
  @Test func reduction() throws {
    for colors in [1, 2, 3, 4, 5, 16, 17, 255, 256, 257] {
      for channels in [3, 4] {
        for allOpaque in [false, true] {
          let pixels = (0..<100 * 80).flatMap { i -> [UInt8] in
            let c = (i * 7919) % colors
            let color = [UInt8(truncatingIfNeeded: c * 3), UInt8(truncatingIfNeeded: c >> 8 + 1), UInt8(c & 255)]
            return color + (channels == 4 ? [allOpaque || c % 3 > 0 ? 255 : UInt8(c & 127)] : [])
          }
          let layout = PixelLayout(channels: channels)
          let file = try encode(pixels, 100, 80, layout)
          let info = try PNG.inspect(array: file)
          let depth = colors <= 2 ? 1 : colors <= 4 ? 2 : colors <= 16 ? 4 : 8
          #expect(info.colorType == (colors > 256 ? (channels == 3 ? .rgb : .rgba) : .palette))
          #expect(info.bitDepth == depth)
          #expect(info.layout.channels == channels)
          #expect(LibpngOracle.decode(file).pixels == pixels)
        }
      }
    }
    for (step, depth) in [(255, 1), (85, 2), (17, 4), (1, 8)] {
      let pixels = (0..<33 * 9).map { UInt8(truncatingIfNeeded: $0 * 31 % (255 / step + 1) * step) }
      let file = try encode(pixels, 33, 9, PixelLayout(channels: 1))
      #expect(try PNG.inspect(array: file).bitDepth == depth)
      #expect(LibpngOracle.decode(file).pixels == pixels)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 6, 8])
  func filterRows(distance: Int) {
    for kernel in PNGFilterKernel.kernels where CPUFeatures.current.isSuperset(of: kernel.requires) {
      var random = CompressionRandom(UInt64(distance))
      for pixels in [1, 2, 5, 8, 10, 11, 16, 21, 22, 33, 64, 100] {
        let count = pixels * distance
        for round in 0..<6 {
          // Now and then near each other, so that each filter is best for some.
          let spread: UInt64 = round % 2 == 0 ? 255 : 7
          let row = (0..<count).map {
            UInt8(truncatingIfNeeded: random.next() & spread) &+ UInt8(truncatingIfNeeded: $0)
          }
          let prior = (0..<count).map {
            UInt8(truncatingIfNeeded: random.next() & spread) &+ UInt8(truncatingIfNeeded: $0)
          }
          var expected = InlineArray<5, UInt64>(repeating: 0)
          let source = GuardedBuffer(byteCount: count)
          let above = GuardedBuffer(byteCount: count)
          let target = GuardedBuffer(byteCount: count + 1)
          withExtendedLifetime((source, above, target)) {
            for i in 0..<count { unsafe (source.bytes[i], above.bytes[i]) = (row[i], prior[i]) }
            let from = unsafe source.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
            let over = unsafe above.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
            unsafe withUnsafeMutablePointer(to: &expected) { sums in
              let sums = unsafe UnsafeMutableRawPointer(sums).assumingMemoryBound(to: UInt64.self)
              var got = [UInt64](repeating: 0, count: 5)
              unsafe PNGFilterPortable.sums(from, over, count, distance, sums)
              unsafe kernel.sums(from, over, count, distance, &got)
              let wanted = (0..<5).map { unsafe sums[$0] }
              #expect(got == wanted, "\(kernel.name) \(count)")
            }
            for filter: Int32 in 1...4 {
              unsafe kernel.apply(
                filter, from, over, target.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self) + 1, count, distance)
              var raw = unsafe Array(target.bytes)
              raw[0] = UInt8(filter)
              var back = [UInt8](repeating: 0, count: count)
              unsafe PNGUnfilterPortable.row(filter, Array(raw.dropFirst()), prior, &back, count, distance)
              #expect(back == row, "\(kernel.name) filter \(filter), \(count) bytes")
            }
          }
        }
      }
    }
  }

  @Test func chunksThatAreAskedFor() throws {
    var options = PNGEncodingOptions()
    (options.gamma, options.sRGBIntent) = (45455, 0)
    options.density = PNGInfo.Density(x: 10, y: 11, isPerMetre: false)
    let pixels = [UInt8](repeating: 3, count: 4)
    let file = try unsafe PNG.encode(
      pixels.span.bytes, size: ImageSize(width: 2, height: 2),
      layout: PixelLayout(channels: 1), options: options)
    let info = try PNG.inspect(array: file)
    #expect(info.gamma == 45455 && info.sRGBIntent == 0 && info.density == options.density)
  }
}
