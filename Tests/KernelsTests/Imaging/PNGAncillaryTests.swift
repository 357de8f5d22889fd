import Testing

@testable import Kernels

/// Chunks beside the image: kept or not as is asked, and an animation that gives its default image.
@Suite struct PNGAncillaryTests {
  private static let exif = PNGBuilder.chunk(
    "eXIf", [73, 73, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0])
  private static let color =
    PNGBuilder.chunk("gAMA", PNGBuilder.word(45455)) + PNGBuilder.chunk("sRGB", [2])
    + PNGBuilder.chunk("iCCP", [65, 0, 0, 1, 2, 3])
  private static let density = PNGBuilder.chunk("pHYs", PNGBuilder.word(2835) + PNGBuilder.word(2834) + [1])

  /// 24 x 10, RGB.
  private static func file(before: [UInt8] = [], after: [UInt8] = []) -> [UInt8] {
    let kind = PNGKind(colorType: .rgb, bitDepth: 8)
    let file = LibpngOracle.encode(
      width: 24, height: 10, bitDepth: 8, colorType: .rgb, rows: kind.rows(width: 24, height: 10, seed: 2))
    return Array(file[..<33]) + before + file[33..<file.count - 12] + after + file[(file.count - 12)...]
  }

  private static func resize(_ file: [UInt8], _ metadata: PNGMetadata, _ verification: PNGVerification = .all) throws
    -> [UInt8]
  {
    var target = PNGResizeTarget(width: 12, height: 12)
    target.metadata = metadata
    return try unsafe PNG.resize(file.span.bytes, to: target, verification: verification)
  }

  @Test func keptOrStripped() throws {
    let file = Self.file(before: Self.color + Self.density + Self.exif)
    for bits in 0..<8 {
      let metadata = PNGMetadata(rawValue: bits)
      let output = try Self.resize(file, metadata)
      let info = try PNG.inspect(array: output)
      #expect(info.gamma == (metadata.contains(.color) ? 45455 : nil))
      #expect(info.sRGBIntent == (metadata.contains(.color) ? 2 : nil))
      #expect(info.hasProfile == metadata.contains(.color))
      #expect((info.density != nil) == metadata.contains(.density))
      #expect(info.orientation == (metadata.contains(.exif) ? 6 : 1))
      // Byte for byte, in the order of the standard.
      let kept =
        (metadata.contains(.color) ? Self.color : []) + (metadata.contains(.density) ? Self.density : [])
        + (metadata.contains(.exif) ? Self.exif : [])
      #expect(Array(output[33..<33 + kept.count]) == kept)
      // Turned where what says so is not kept, and as it is stored where it is.
      #expect(
        info.size == (metadata.contains(.exif) ? ImageSize(width: 12, height: 5) : ImageSize(width: 5, height: 12)))
    }
  }

  /// What is not verified may be damaged; what is kept of it is whole.
  @Test func keptChunksAreWhole() throws {
    let chunks = Self.color + Self.density + Self.exif
    var file = Self.file(before: chunks)
    // The last byte of each checksum.
    var end = 33
    while end < 33 + chunks.count {
      end += 12 + file[end..<end + 4].reduce(0) { $0 << 8 | Int($1) }
      file[end - 1] ^= 1
    }
    let output = try Self.resize(file, [.color, .density, .exif], .none)
    #expect(Array(output[33..<33 + chunks.count]) == chunks)
    #expect(throws: Never.self) { try unsafe PNG.decode(output.span.bytes) }
  }

  @Test func exifBehindTheImage() throws {
    let file = Self.file(after: Self.exif)
    #expect(try PNG.inspect(array: Self.resize(file, [])).size == ImageSize(width: 5, height: 12))
    let kept = try PNG.inspect(array: Self.resize(file, .exif))
    #expect(kept.size == ImageSize(width: 12, height: 5) && kept.orientation == 6)
    // One that is damaged, where that is borne, turns nothing and is not kept.
    var damaged = file
    damaged[file.count - 13] ^= 1
    #expect(throws: PNGError.self) { try Self.resize(damaged, .exif) }
    let borne = try PNG.inspect(array: Self.resize(damaged, .exif, .critical))
    #expect(borne.size == ImageSize(width: 12, height: 5) && borne.orientation == 1)
    #expect(try PNG.inspect(array: Self.resize(damaged, [], .critical)).size == ImageSize(width: 12, height: 5))
  }

  /// The frames of an animation are ancillary chunks: what is decoded is the image that viewers without animation show.
  @Test func animations() throws {
    let plain = Self.file()
    let control = PNGBuilder.chunk("acTL", PNGBuilder.word(2) + PNGBuilder.word(0))
    func frame(_ number: UInt32) -> [UInt8] {
      PNGBuilder.chunk(
        "fcTL",
        PNGBuilder.word(number) + PNGBuilder.word(24) + PNGBuilder.word(10) + PNGBuilder.word(0) + PNGBuilder.word(0)
          + [0, 1, 0, 10, 0, 0])
    }
    let second = frame(1) + PNGBuilder.chunk("fdAT", PNGBuilder.word(2) + Array(repeating: 0xff, count: 40))
    let expected = try PNG.decode(plain)
    for before in [control + frame(0), control] {
      let animation = Self.file(before: before, after: second)
      #expect(try PNG.decode(animation).pixels == expected.pixels)
      #expect(try Self.resize(animation, .color) == Self.resize(plain, .color))
    }
  }

  /// A file of a million chunks that say nothing, where that many are allowed: as many steps.
  @Test func manyChunks() throws {
    let count = PNGTestBudget.isDebug ? 100_000 : 1_000_000
    let text = PNGBuilder.chunk("tEXt", [65])
    var many: [UInt8] = []
    many.reserveCapacity(count * text.count)
    for _ in 0..<count { many += text }
    let file = Self.file(before: many, after: many)
    var options = PNGDecodingOptions()
    options.limits.chunkCount = 2 * count + 2
    #expect(try unsafe PNG.decode(file.span.bytes, options: options).pixels == PNG.decode(Self.file()).pixels)
    options.limits.chunkCount -= 1
    let error = #expect(throws: PNGError.self) { try unsafe PNG.decode(file.span.bytes, options: options) }
    #expect(error?.reason == .chunkCountLimit && error?.chunk == "IEND" && error?.offset == file.count - 12)
    // By default it ends early.
    let early = #expect(throws: PNGError.self) { try PNG.decode(file) }
    #expect(early?.reason == .chunkCountLimit && (early?.offset ?? .max) < 65536 * text.count + 64)
  }
}
