import Testing

@testable import Kernels

@Suite struct ResizePlanTests {
  private func plan(
    _ width: Int, _ height: Int, _ outWidth: Int, _ outHeight: Int, crop: ImageBox? = nil,
    layout: PixelLayout = PixelLayout(channels: 3), filter: ResizeFilter = .lanczos3
  ) throws(ResizeError) -> ResizePlan {
    try ResizePlan(
      source: ImageSize(width: width, height: height), crop: crop,
      output: ImageSize(width: outWidth, height: outHeight), layout: layout, filter: filter)
  }

  @Test func refusals() {
    let large = Int(Int32.max)
    for sizes in [
      [0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, -1], [large + 1, 1, 1, 1], [1, Int.max, 1, 1],
    ] {
      #expect(throws: ResizeError.size) { try plan(sizes[0], sizes[1], sizes[2], sizes[3]) }
    }
    let boxes = [
      ImageBox(left: -1, top: 0, right: 4, bottom: 4), ImageBox(left: 0, top: 0, right: 4.001, bottom: 4),
      ImageBox(left: 2, top: 0, right: 2, bottom: 4), ImageBox(left: 0, top: 3, right: 4, bottom: 2),
      ImageBox(left: .nan, top: 0, right: 4, bottom: 4), ImageBox(left: 0, top: 0, right: .infinity, bottom: 4),
    ]
    for box in boxes { #expect(throws: ResizeError.crop) { try plan(4, 4, 2, 2, crop: box) } }
    let layouts = [
      PixelLayout(channels: 0), PixelLayout(channels: 5), PixelLayout(channels: 3, bits: 12),
      PixelLayout(channels: 1, hasAlpha: true), PixelLayout(channels: 3, hasAlpha: true),
    ]
    for layout in layouts { #expect(throws: ResizeError.layout) { try plan(4, 4, 2, 2, layout: layout) } }
    #expect(ResizeError.tooLarge.description.contains("counted"))
  }

  /// A crop so narrow that its edges are one number in single precision is none for Pillow; here it is what it says.
  @Test func narrowCrop() throws {
    let box = ImageBox(left: 1000.00001, top: 0, right: 1000.00002, bottom: 1)
    let plan = try plan(2000, 1, 3, 1, crop: box)
    #expect(plan.columns.range.contains(1000) && plan.columns.range.count <= 8)
  }

  /// Memory is that of the rows that are live, however tall the images are.
  @Test func memory() throws {
    let photo = try plan(4000, 3000, 300, 225)
    #expect(photo.scratchByteCount < 300_000)
    let transparent = try plan(4000, 3000, 300, 225, layout: PixelLayout(channels: 4))
    #expect(transparent.scratchByteCount < 1 << 20)
    let deep = try plan(4000, 3000, 300, 225, layout: PixelLayout(channels: 4, bits: 16))
    #expect(deep.scratchByteCount < 1_000_000)
    #expect(try plan(4000, 3000, 300, 225, filter: .nearest).scratchByteCount < 5_000)
  }

  @Test func neededRows() throws {
    let crop = ImageBox(left: 0, top: 50, right: 100, bottom: 60)
    let plan = try plan(100, 100, 10, 5, crop: crop, filter: .box)
    #expect(plan.neededRows == 50..<60)
    #expect(try self.plan(100, 100, 10, 5, crop: crop).neededRows.count < 30)
  }

  /// The pixel at floor((x + 0.5) * scale), bytes as they are.
  @Test func nearest() throws {
    for (width, outWidth) in [(1, 5), (7, 3), (10, 10), (13, 40), (100, 99), (3, 1000)] {
      let plan = try ResizePlan(
        source: ImageSize(width: width, height: 2), output: ImageSize(width: outWidth, height: 3),
        layout: PixelLayout(channels: 4, bits: 16), filter: .nearest, linearLight: true)
      let pixels = (0..<width * 8).map { UInt16($0 * 8191 % 65521) }
      let result = ResizeImage.resized(plan, pixels, kernel: .kernel(.current))
      for y in 0..<3 {
        for x in 0..<outWidth {
          let from = (2 * x + 1) * width / (2 * outWidth) + (2 * y + 1) * 2 / 6 * width
          #expect(result[(y * outWidth + x) * 4..<(y * outWidth + x) * 4 + 4] == pixels[from * 4..<from * 4 + 4])
        }
      }
    }
  }

  /// A copy is a copy, for Mitchell's filter too, which would blur.
  @Test(arguments: ResizeFilter.allCases) func sameSize(filter: ResizeFilter) throws {
    for layout in ResizeRowTests.layouts {
      let plan = try plan(
        20, 10, 12, 7, crop: ImageBox(left: 3, top: 2, right: 15, bottom: 9), layout: layout, filter: filter)
      let row = 20 * layout.pixelByteCount
      var pixels = ResizeImage.random(10 * row, seed: 9)
      // Colours under an alpha of zero are not kept.
      if layout.hasAlpha { pixels = pixels.map { $0 | 1 } }
      let result = ResizeImage.resized(plan, pixels, kernel: .kernel(.current))
      let expected = (2..<9).flatMap {
        pixels[($0 * row + 3 * layout.pixelByteCount)...].prefix(12 * layout.pixelByteCount)
      }
      #expect(result == expected, "\(layout)")
    }
  }

  @Test func preconditions() async {
    await #expect(processExitsWith: .failure) {
      let size = ImageSize(width: 4, height: 4)
      var resizer = Resizer(try! ResizePlan(source: size, output: size, layout: PixelLayout(channels: 1)))
      var output = [UInt8](repeating: 0, count: 16)
      let pixels = [UInt8](repeating: 0, count: 15)
      unsafe pixels.withUnsafeBytes { pixels in
        unsafe output.withUnsafeMutableBytes { unsafe resizer.resize(pixels, stride: 4, into: $0, outputStride: 4) }
      }
    }
    await #expect(processExitsWith: .failure) {
      let size = ImageSize(width: 4, height: 4)
      var resizer = Resizer(try! ResizePlan(source: size, output: size, layout: PixelLayout(channels: 1)))
      var output = [UInt8](repeating: 0, count: 100)
      let pixels = [UInt8](repeating: 0, count: 100)
      unsafe pixels.withUnsafeBytes { pixels in
        unsafe output.withUnsafeMutableBytes { unsafe resizer.resize(pixels, stride: 3, into: $0, outputStride: 4) }
      }
    }
  }
}
