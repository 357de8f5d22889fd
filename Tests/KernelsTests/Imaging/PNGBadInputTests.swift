import Testing

@testable import Kernels

/// Files that are none: an error with its place, and no more memory or time than the bytes deserve.
@Suite struct PNGBadInputTests {
  private func reason(_ file: [UInt8], _ options: PNGDecodingOptions = PNGDecodingOptions()) -> PNGError.Reason? {
    do throws(PNGError) {
      _ = unsafe try PNG.decode(file.span.bytes, options: options)
      return nil
    } catch {
      #expect(error.offset >= 0 && error.offset <= file.count)
      return error.reason
    }
  }

  @Test func goodFileIsGood() throws {
    let image = try PNG.decode(PNGBuilder.file())
    #expect(image.pixels == [UInt8](repeating: 7, count: 16))
    #expect(image.layout == PixelLayout(channels: 1))
  }

  @Test func headers() {
    let cases: [([UInt8], PNGError.Reason)] = [
      (PNGBuilder.header(0, 4), .header), (PNGBuilder.header(4, 0), .header),
      (PNGBuilder.header(0x8000_0000, 4), .header), (PNGBuilder.header(4, 0xffff_ffff), .header),
      (PNGBuilder.header(depth: 3), .header), (PNGBuilder.header(depth: 0), .header),
      (PNGBuilder.header(depth: 4, color: 2), .header), (PNGBuilder.header(depth: 16, color: 3), .header),
      (PNGBuilder.header(color: 1), .header), (PNGBuilder.header(color: 7), .header),
      (PNGBuilder.header(compression: 1), .header), (PNGBuilder.header(filter: 1), .header),
      (PNGBuilder.header(interlace: 2), .header), (PNGBuilder.chunk("IHDR", [1, 2, 3]), .chunkLength),
      (PNGBuilder.header(65536, 65536), .pixelLimit), (PNGBuilder.header(0x7fff_ffff, 0x7fff_ffff), .pixelLimit),
    ]
    for (header, expected) in cases { #expect(reason(PNGBuilder.file(header: header)) == expected) }
  }

  @Test func order() {
    let stream = ZlibOracle.deflate([UInt8](repeating: 0, count: 20), .zlib)
    let image = PNGBuilder.chunk("IDAT", stream)
    let half = stream.count / 2
    let (first, second) = (
      PNGBuilder.chunk("IDAT", Array(stream[..<half])), PNGBuilder.chunk("IDAT", Array(stream[half...]))
    )
    let text = PNGBuilder.chunk("tEXt", Array("a\u{0}b".utf8))
    let header = PNGBuilder.header()
    let palette = PNGBuilder.chunk("PLTE", [1, 2, 3])
    let end = PNGBuilder.chunk("IEND")
    func file(_ chunks: [UInt8]...) -> [UInt8] { PNGBuilder.signature + chunks.flatMap { $0 } }
    let indexed = PNGBuilder.header(color: 3)
    #expect(reason(file(header, image, end)) == nil)
    #expect(reason(file(header, first, second, end)) == nil)
    #expect(reason(file(header, text, first, second, text, end)) == nil)
    #expect(reason(file(image, header, end)) == .chunkOrder)
    #expect(reason(file(text, header, image, end)) == .chunkOrder)
    #expect(reason(file(header, header, image, end)) == .chunkOrder)
    #expect(reason(file(header, end)) == .chunkOrder)
    #expect(reason(file(header, image)) == .truncated)
    #expect(reason(file(header, first, text, second, end)) != nil)
    #expect(reason(file(header, image, text, image, end)) == .chunkOrder)
    #expect(reason(file(header, palette, image, end)) == .chunkOrder)
    #expect(reason(file(indexed, image, end)) == .chunkOrder)
    #expect(reason(file(indexed, palette, image, end)) == nil)
    #expect(reason(file(indexed, image, palette, end)) == .chunkOrder)
    #expect(reason(file(indexed, palette, palette, image, end)) == .chunkOrder)
    #expect(reason(file(indexed, PNGBuilder.chunk("PLTE", [1, 2]), image, end)) == .palette)
    #expect(reason(file(indexed, PNGBuilder.chunk("PLTE"), image, end)) == .palette)
    #expect(reason(file(indexed, PNGBuilder.chunk("tRNS", [1]), palette, image, end)) == .chunkOrder)
    #expect(reason(file(indexed, palette, PNGBuilder.chunk("tRNS", [1, 2]), image, end)) == .transparency)
    #expect(reason(file(header, PNGBuilder.chunk("tRNS", [1]), image, end)) == .transparency)
    #expect(reason(file(header, image, PNGBuilder.chunk("tRNS", [0, 1]), end)) == .chunkOrder)
    #expect(reason(file(header, PNGBuilder.chunk("ABCD"), image, end)) == .chunkName)
    #expect(reason(file(header, PNGBuilder.chunk("ab1d"), image, end)) == .chunkName)
    #expect(reason(file(header, PNGBuilder.chunk("abCd"), image, end)) == nil)
  }

  @Test func lengths() {
    for length: UInt32 in [0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1000] {
      var file = PNGBuilder.file(before: PNGBuilder.chunk("teXt", [1, 2, 3]))
      for (i, byte) in PNGBuilder.word(length).enumerated() { file[33 + i] = byte }
      #expect(reason(file) == (length >= 0x8000_0000 ? .chunkLength : .truncated))
    }
  }

  @Test func streams() {
    func image(_ bytes: [UInt8]) -> [UInt8] { PNGBuilder.file(image: PNGBuilder.chunk("IDAT", bytes)) }
    let good = ZlibOracle.deflate([UInt8](repeating: 0, count: 20), .zlib)
    #expect(reason(image(good)) == nil)
    #expect(reason(image([])) == .compressed(.truncated))
    #expect(reason(image(Array(good.dropLast()))) == .compressed(.truncated))
    #expect(reason(image(Array(good.dropLast()) + [good.last! ^ 1])) == .imageChecksum)
    #expect(reason(image([good[0] ^ 1] + good.dropFirst())) == .compressed(.zlibHeader))
    #expect(reason(image([0x78, 0xbb, 0, 0, 0, 1])) == .compressed(.dictionary))
    #expect(reason(image(ZlibOracle.deflate([UInt8](repeating: 0, count: 19), .zlib))) == .imageData)
    #expect(reason(image(ZlibOracle.deflate([5] + [UInt8](repeating: 0, count: 19), .zlib))) == .filter)
    // What a stream has beyond the image is passed over, as libpng does.
    #expect(reason(image(ZlibOracle.deflate([UInt8](repeating: 0, count: 100_000), .zlib))) == nil)
    #expect(reason(image(good + [1, 2, 3])) == nil)
    // Bytes one by one.
    let bytes = good.flatMap { PNGBuilder.chunk("IDAT", [$0]) + PNGBuilder.chunk("IDAT") }
    #expect(reason(PNGBuilder.file(image: bytes)) == nil)
  }

  @Test func everyTruncation() {
    for kind in PNGKind.all {
      let rows = kind.rows(width: 9, height: 7, seed: 3)
      let file = LibpngOracle.encode(
        width: 9, height: 7, bitDepth: kind.bitDepth, colorType: kind.colorType, interlaced: kind.bitDepth == 8,
        rows: rows, palette: kind.palette, transparency: kind.transparency(rows))
      #expect(reason(file) == nil)
      for cut in 0..<file.count { #expect(reason(Array(file[..<cut])) != nil, "\(kind) cut to \(cut)") }
    }
  }

  /// With checksums each flip is found; without, each gives an error or an image.
  @Test func everyBitFlip() {
    var blind = PNGDecodingOptions()
    blind.verification = .none
    blind.limits.pixels = 1 << 16
    for (i, kind) in PNGKind.all.enumerated() {
      let rows = kind.rows(width: 5, height: 4, seed: 7)
      let file = LibpngOracle.encode(
        width: 5, height: 4, bitDepth: kind.bitDepth, colorType: kind.colorType, interlaced: i % 2 == 0, rows: rows,
        palette: kind.palette, transparency: kind.transparency(rows).prefix(8) + [])
      // In debug every bit of the chunks up to the image, and some of each byte behind.
      for bit in 0..<8 * file.count where !PNGTestBudget.isDebug || bit < 8 * 64 || bit % 11 == i % 11 {
        var broken = file
        broken[bit / 8] ^= 1 << UInt8(bit % 8)
        // In a critical chunk that becomes an ancillary one, nothing of the image is left to be decoded either.
        #expect(reason(broken) != nil, "\(kind) bit \(bit)")
        _ = reason(broken, blind)
      }
    }
  }

  @Test func toleranceOfChecksums() throws {
    let text = PNGBuilder.chunk("tEXt", [65, 0, 66])
    let good = PNGBuilder.file(before: text)
    var damagedText = good
    damagedText[33 + 9] ^= 1
    var damagedImage = good
    damagedImage[damagedImage.count - 13] ^= 1
    var options = PNGDecodingOptions()
    #expect(reason(damagedText) == .chunkChecksum)
    options.verification = .critical
    #expect(reason(damagedText, options) == nil)
    #expect(reason(damagedImage, options) == .chunkChecksum)
    options.verification = .none
    #expect(reason(damagedImage, options) == nil)
  }

  @Test func limits() throws {
    var options = PNGDecodingOptions()
    options.limits.pixels = 15
    #expect(reason(PNGBuilder.file(), options) == .pixelLimit)
    options.limits.pixels = 16
    #expect(reason(PNGBuilder.file(), options) == nil)
    options.limits.memory = 10_000
    #expect(reason(PNGBuilder.file(), options) == .memoryLimit)
    options = PNGDecodingOptions()
    options.limits.chunkByteCount = 100
    let text = PNGBuilder.chunk("tEXt", [UInt8](repeating: 65, count: 101))
    #expect(reason(PNGBuilder.file(before: text), options) == .chunkLimit)
    let many = [[UInt8]](repeating: PNGBuilder.chunk("tEXt", [65]), count: 70_000).flatMap { $0 }
    #expect(reason(PNGBuilder.file(before: many)) == .chunkCountLimit)
    #expect(reason(PNGBuilder.file(after: many)) == .chunkCountLimit)
    // A row of 16 GiB is refused for its memory before there is any.
    options = PNGDecodingOptions()
    options.limits.pixels = Int.max
    options.limits.memory = 1 << 30
    #expect(
      reason(PNGBuilder.file(header: PNGBuilder.header(0x7fff_ffff, 1, depth: 16, color: 6)), options) == .memoryLimit)
  }

  @Test func ancillaryChunks() throws {
    func exif(_ orientation: UInt8, _ little: Bool = true) -> [UInt8] {
      PNGBuilder.chunk(
        "eXIf",
        little
          ? [73, 73, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
          : [77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0])
    }
    let before =
      PNGBuilder.chunk("gAMA", PNGBuilder.word(45455)) + PNGBuilder.chunk("sRGB", [1])
      + PNGBuilder.chunk("pHYs", PNGBuilder.word(2835) + PNGBuilder.word(2834) + [1]) + exif(6)
    let info = try PNG.inspect(array: PNGBuilder.file(before: before))
    #expect(info.gamma == 45455 && info.sRGBIntent == 1 && info.orientation == 6)
    #expect(info.density == PNGInfo.Density(x: 2835, y: 2834, isPerMetre: true))
    #expect(try PNG.decode(PNGBuilder.file(after: exif(3, false))).info.orientation == 3)
    // Malformed ones say nothing.
    let bad = PNGBuilder.chunk("gAMA", [1]) + PNGBuilder.chunk("sRGB", [9]) + PNGBuilder.chunk("pHYs", []) + exif(9)
    let none = try PNG.decode(PNGBuilder.file(before: bad)).info
    #expect(none.gamma == nil && none.sRGBIntent == nil && none.density == nil && none.orientation == 1)
    for count in 0..<22 {
      let cut = PNGBuilder.chunk("eXIf", Array(exif(6)[8..<8 + count]))
      #expect(try PNG.decode(PNGBuilder.file(before: cut)).info.orientation == 1)
    }
  }
}
