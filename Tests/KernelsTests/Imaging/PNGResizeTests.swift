import Testing

@testable import Kernels

/// The pipeline against its parts: decoded whole, resized whole.
@Suite struct PNGResizeTests {
  private func file(_ kind: PNGKind, _ width: Int, _ height: Int, interlaced: Bool = false, before: [UInt8] = [])
    -> [UInt8]
  {
    let rows = kind.rows(width: width, height: height, seed: 5)
    let file = LibpngOracle.encode(
      width: width, height: height, bitDepth: kind.bitDepth, colorType: kind.colorType, interlaced: interlaced,
      rows: rows, palette: kind.palette)
    return Array(file[..<33]) + before + file[33...]
  }

  private func resize(
    _ file: [UInt8], _ targets: [PNGResizeTarget], limits: PNGLimits = .default, threads: Int = 1
  ) throws(PNGError) -> [[UInt8]] {
    unsafe try PNG.resize(file.span.bytes, to: targets, limits: limits, threads: threads)
  }

  private func expected(_ image: PNGImage, _ target: PNGResizeTarget) throws -> (ImageSize, [UInt8]) {
    let geometry = try ResizeGeometry(
      source: image.info.size, width: target.width, height: target.height, fit: target.fit, gravity: target.gravity,
      enlarge: target.enlarges)
    let plan = try ResizePlan(
      source: image.info.size, crop: geometry.crop, output: geometry.image, layout: image.layout,
      filter: target.filter, linearLight: target.linearLight)
    let pixel = image.layout.channels * image.layout.bits / 8
    let row = geometry.image.width * pixel
    var small = [UInt8](repeating: 0, count: row * geometry.image.height)
    var resizer = Resizer(plan)
    unsafe image.pixels.withUnsafeBytes { source in
      unsafe small.withUnsafeMutableBytes { target in
        unsafe resizer.resize(source, stride: image.info.width * pixel, into: target, outputStride: row)
      }
    }
    var canvas = [UInt8](repeating: 0, count: geometry.canvas.width * geometry.canvas.height * pixel)
    for y in 0..<geometry.image.height {
      let to = ((geometry.top + y) * geometry.canvas.width + geometry.left) * pixel
      canvas.replaceSubrange(to..<to + row, with: small[y * row..<(y + 1) * row])
    }
    return (geometry.canvas, canvas)
  }

  @Test(arguments: PNGKind.all, [false, true])
  func asItsParts(kind: PNGKind, interlaced: Bool) throws {
    let file = file(kind, 61, 47, interlaced: interlaced)
    let image = try PNG.decode(file)
    var targets: [PNGResizeTarget] = []
    let boxes = PNGTestBudget.isDebug ? [(20, 20), (0, 7), (90, 50)] : [(20, 20), (31, 0), (0, 7), (61, 47), (90, 50)]
    for fit in ResizeFit.allCases {
      for (width, height) in boxes {
        var target = PNGResizeTarget(width: width, height: height)
        (target.fit, target.enlarges, target.linearLight) = (fit, width % 2 == 0, height == 7)
        target.filter = ResizeFilter.allCases[(width + height) % ResizeFilter.allCases.count]
        target.compression = width % 10
        targets.append(target)
      }
    }
    let outputs = try resize(file, targets)
    for (target, output) in zip(targets, outputs) {
      let (size, pixels) = try expected(image, target)
      let back = try PNG.decode(output)
      #expect(back.info.size == size, "\(target)")
      #expect(back.layout == image.layout)
      #expect(back.pixels == pixels, "\(target)")
      #expect(try resize(file, [target]) == [output])
    }
    #expect(try resize(file, targets, threads: 3) == outputs)
  }

  /// More than is held of an output, so that it is encoded row by row.
  @Test func largeOutput() throws {
    let file = file(PNGKind(colorType: .rgba, bitDepth: 8), 300, 200)
    var target = PNGResizeTarget(width: 1300, height: 0)
    (target.enlarges, target.compression) = (true, 1)
    let output = try resize(file, [target])[0]
    #expect(try PNG.decode(output).pixels == expected(try PNG.decode(file), target).1)
  }

  @Test(arguments: 1...8)
  func orientations(orientation: Int) throws {
    let kind = PNGKind(colorType: .rgb, bitDepth: 8)
    let exif = PNGBuilder.chunk(
      "eXIf", [73, 73, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, UInt8(orientation), 0, 0, 0])
    let (width, height) = (24, 10)
    let plain = try PNG.decode(file(kind, width, height))
    let turned = file(kind, width, height, before: exif)
    let isTurned = orientation >= 5
    let (seenWidth, seenHeight) = isTurned ? (height, width) : (width, height)
    // At its own size every pixel is where the standard has it.
    let output = try PNG.decode(resize(turned, [PNGResizeTarget(width: seenWidth, height: seenHeight)])[0])
    #expect(output.info.size == ImageSize(width: seenWidth, height: seenHeight))
    #expect(output.info.orientation == 1)
    for y in 0..<height {
      for x in 0..<width {
        let (w, h) = (width - 1, height - 1)
        let (seenX, seenY) = [
          (x, y), (w - x, y), (w - x, h - y), (x, h - y), (y, x), (h - y, x), (h - y, w - x), (y, w - x),
        ][orientation - 1]
        let (from, to) = (3 * (y * width + x), 3 * (seenY * seenWidth + seenX))
        #expect(output.pixels[to..<to + 3] == plain.pixels[from..<from + 3])
      }
    }
    // A crop from the seen top is from there in the stored image too.
    var target = PNGResizeTarget(width: 6, height: 6)
    (target.fit, target.gravity, target.filter) = (.cover, .northWest, .nearest)
    target.enlarges = true
    let cropped = try PNG.decode(resize(turned, [target])[0])
    #expect(cropped.info.size == ImageSize(width: 6, height: 6))
    let side = min(seenWidth, seenHeight)
    for y in 0..<6 {
      for x in 0..<6 {
        let at = 3 * ((2 * y + 1) * side / 12 * seenWidth + (2 * x + 1) * side / 12)
        if side % 12 != 0 { continue }
        #expect(cropped.pixels[3 * (6 * y + x)..<3 * (6 * y + x) + 3] == output.pixels[at..<at + 3])
      }
    }
  }

  @Test func metadata() throws {
    let before =
      PNGBuilder.chunk("gAMA", PNGBuilder.word(45455)) + PNGBuilder.chunk("iCCP", [65, 0, 0, 1, 2, 3])
      + PNGBuilder.chunk("pHYs", PNGBuilder.word(2835) + PNGBuilder.word(2834) + [1])
    let file = file(PNGKind(colorType: .rgb, bitDepth: 8), 8, 8, before: before)
    var target = PNGResizeTarget(width: 4, height: 4)
    for metadata: PNGMetadata in [[], .color, .density, [.color, .density]] {
      target.metadata = metadata
      let info = try PNG.inspect(array: resize(file, [target])[0])
      #expect(info.gamma == (metadata.contains(.color) ? 45455 : nil))
      #expect(info.hasProfile == metadata.contains(.color))
      #expect((info.density != nil) == metadata.contains(.density))
    }
  }

  /// What is refused is refused by IHDR, and just what is needed is enough.
  @Test func memoryLimit() throws {
    let file = file(PNGKind(colorType: .rgb, bitDepth: 8), 640, 480)
    let target = PNGResizeTarget(width: 64, height: 64)
    let needed = unsafe try PNGResizer.memory(file.span.bytes, to: [target])
    var limits = PNGLimits()
    limits.memory = needed
    #expect(throws: Never.self) { try resize(file, [target], limits: limits) }
    limits.memory = needed - 1
    // The end is not there, and not asked for.
    let error = #expect(throws: PNGError.self) { try resize(Array(file.dropLast(12)), [target], limits: limits) }
    #expect(error?.reason == .memoryLimit)
    #expect(error?.chunk == "IHDR")
  }

  /// 12 megapixels to 300: no more than 2 MiB.
  @Test func memoryOfAPhoto() throws {
    let header = PNGBuilder.header(4000, 3000, depth: 8, color: 2)
    let file = PNGBuilder.file(header: header)
    let needed = unsafe try PNGResizer.memory(file.span.bytes, to: [PNGResizeTarget(width: 300, height: 300)])
    #expect(needed <= 2 << 20)
  }

  @Test func outputLimit() throws {
    let file = file(PNGKind(colorType: .rgb, bitDepth: 8), 8, 8)
    var target = PNGResizeTarget(width: 100_000, height: 100_000)
    target.enlarges = true
    let error = #expect(throws: PNGError.self) { try resize(file, [target]) }
    #expect(error?.reason == .pixelLimit)
  }

  @Test func resizerIsReused() throws {
    var resizer = PNGResizer()
    var broken = file(PNGKind(colorType: .rgb, bitDepth: 8), 33, 22)
    broken[broken.count - 20] ^= 4
    for _ in 0..<2 {
      for kind in PNGKind.all {
        let file = file(kind, 33, 22)
        let targets = [PNGResizeTarget(width: 10, height: 10), PNGResizeTarget(width: 16, height: 5)]
        unsafe try resizer.resize(file.span.bytes, to: targets)
        #expect([resizer.output(0), resizer.output(1)] == (try resize(file, targets)))
        #expect(throws: PNGError.self) { unsafe try resizer.resize(broken.span.bytes, to: targets) }
      }
    }
  }
}
