import Testing

@testable import Kernels

/// Pixels against libpng's.
@Suite struct PNGDecodeTests {
  private func check(_ file: [UInt8], _ note: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let expected = LibpngOracle.decode(file)
    let image = try PNG.decode(file)
    let got = LibpngOracle.Image(
      width: image.info.width, height: image.info.height, channels: image.layout.channels, bits: image.layout.bits,
      pixels: image.pixels)
    #expect(got == expected, "\(note)", sourceLocation: sourceLocation)
  }

  @Test func narrowsToTheNearest() {
    for v in UInt32(0)...65535 {
      #expect(PNGPixelRows.narrow(v) == UInt32((Double(v) / 257).rounded()))
    }
  }

  @Test(arguments: PNGKind.all, [false, true])
  func asLibpng(kind: PNGKind, interlaced: Bool) throws {
    #expect(PNGKind.all.count == 15)
    for (width, height) in [(1, 1), (2, 3), (5, 4), (9, 9), (33, 17), (67, 40)] {
      let rows = kind.rows(width: width, height: height, seed: UInt64(width))
      let clear = kind.transparency(rows)
      for transparency in clear.isEmpty ? [[]] : [[], clear] {
        let file = LibpngOracle.encode(
          width: width, height: height, bitDepth: kind.bitDepth, colorType: kind.colorType, interlaced: interlaced,
          rows: rows, palette: kind.palette, transparency: transparency)
        try check(file, "\(width) x \(height), transparency \(transparency)")
      }
    }
  }

  /// Wide enough for rows of a strip each, and tall enough for many strips.
  @Test func largeImagesAsLibpng() throws {
    for (kind, width, height) in [
      (PNGKind(colorType: .rgb, bitDepth: 8), 611, 397), (PNGKind(colorType: .rgba, bitDepth: 16), 30011, 3),
      (PNGKind(colorType: .grey, bitDepth: 1), 900_007, 2),
    ] {
      let rows = kind.rows(width: width, height: height, seed: 9)
      for filters: CInt in [0x08, 0x10, 0x20, 0x40, 0x80, 0xf8] {
        let file = LibpngOracle.encode(
          width: width, height: height, bitDepth: kind.bitDepth, colorType: kind.colorType, rows: rows,
          filters: filters)
        try check(file, "\(kind) \(filters)")
      }
    }
  }

  @Test(
    .disabled(if: PNGFiles.folder == nil, "no KERNELS_DATA and no ../shared/data: PngSuite is not there"),
    arguments: PNGFiles.names("pngsuite"))
  func pngSuite(name: String) throws {
    let file = try PNGFiles.read("pngsuite", name)
    if name.hasPrefix("x") {
      #expect(throws: PNGError.self) { try PNG.decode(file) }
    } else {
      try check(file, name)
    }
  }

  @Test(
    .disabled(if: PNGFiles.folder == nil, "no KERNELS_DATA and no ../shared/data: photos are not there"),
    arguments: PNGTestBudget.isDebug
      ? ["16-bit-grey-alpha.png", "kodak-8.png", "lorem_ipsum_oxipng.png"] : PNGFiles.names("photos"))
  func photos(name: String) throws {
    try check(try PNGFiles.read("photos", name), name)
  }

  /// Every layout that can be asked for, from every kind, against the definition sample by sample.
  @Test(arguments: PNGKind.all)
  func layouts(kind: PNGKind) throws {
    let rows = kind.rows(width: 19, height: 6, seed: 4)
    let clear = kind.transparency(rows)
    let file = LibpngOracle.encode(
      width: 19, height: 6, bitDepth: kind.bitDepth, colorType: kind.colorType, rows: rows, palette: kind.palette,
      transparency: clear)
    let stored = try PNG.decode(file)
    for channels in 1...4 {
      for bits in [8, 16] {
        let image = try PNG.decode(file, channels: channels, bits: bits)
        #expect(image.pixels == expected(stored, channels, bits), "\(channels) channels of \(bits) bits")
      }
    }
  }

  private func expected(_ image: PNGImage, _ channels: Int, _ bits: Int) -> [UInt8] {
    let from = image.layout
    let samples: [UInt32] =
      from.bits == 8
      ? image.pixels.map { UInt32($0) }
      : stride(from: 0, to: image.pixels.count, by: 2).map {
        UInt32(image.pixels[$0]) | UInt32(image.pixels[$0 + 1]) << 8
      }
    var result: [UInt8] = []
    for pixel in stride(from: 0, to: samples.count, by: from.channels) {
      var p = Array(samples[pixel..<pixel + from.channels]).map { v -> UInt32 in
        from.bits == bits ? v : bits == 8 ? UInt32((Double(v) / 257).rounded()) : v * 257
      }
      let most: UInt32 = bits == 8 ? 255 : 65535
      let alpha = from.channels % 2 == 0 ? p.removeLast() : most
      var color = p.count == 1 ? [p[0], p[0], p[0]] : p
      if channels <= 2 {
        color = [UInt32((19595 * UInt64(color[0]) + 38470 * UInt64(color[1]) + 7471 * UInt64(color[2]) + 32768) >> 16)]
      }
      for v in color + (channels % 2 == 0 ? [alpha] : []) {
        result.append(UInt8(truncatingIfNeeded: v))
        if bits == 16 { result.append(UInt8(v >> 8)) }
      }
    }
    return result
  }

  /// A warm decoder gives the same as a new one, whatever it did before.
  @Test func decoderIsReused() throws {
    var decoder = PNGDecoder()
    var bytes: [UInt8] = []
    for round in 0..<2 {
      for kind in PNGKind.all {
        let rows = kind.rows(width: 23, height: 31, seed: UInt64(round))
        let file = LibpngOracle.encode(
          width: 23, height: 31, bitDepth: kind.bitDepth, colorType: kind.colorType, rows: rows,
          palette: kind.palette)
        if round == 1 {
          var broken = file
          broken[broken.count - 30] ^= 1
          #expect(throws: PNGError.self) {
            unsafe try decoder.decode(broken.span.bytes, options: .init(), into: &bytes)
          }
        }
        _ = unsafe try decoder.decode(file.span.bytes, options: .init(), into: &bytes)
        #expect(bytes == (try PNG.decode(file).pixels))
      }
    }
  }
}
