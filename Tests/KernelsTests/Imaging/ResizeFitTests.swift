import Testing

@testable import Kernels

@Suite struct ResizeFitTests {
  private func geometry(
    _ width: Int, _ height: Int, _ boxWidth: Int, _ boxHeight: Int, _ fit: ResizeFit,
    gravity: ResizeGravity = .center, enlarge: Bool = true
  ) throws(ResizeError) -> ResizeGeometry {
    try ResizeGeometry(
      source: ImageSize(width: width, height: height), width: boxWidth, height: boxHeight, fit: fit, gravity: gravity,
      enlarge: enlarge)
  }

  private func size(_ width: Int, _ height: Int) -> ImageSize { ImageSize(width: width, height: height) }

  @Test func sizes() throws {
    #expect(try geometry(400, 300, 100, 100, .fill).canvas == size(100, 100))
    #expect(try geometry(400, 300, 100, 100, .inside).canvas == size(100, 75))
    #expect(try geometry(400, 300, 100, 100, .outside).canvas == size(133, 100))
    #expect(try geometry(400, 300, 100, 100, .cover).canvas == size(100, 100))
    #expect(try geometry(400, 300, 100, 100, .contain).canvas == size(100, 100))
    #expect(try geometry(400, 300, 100, 100, .contain).image == size(100, 75))
    #expect(try geometry(400, 300, 100, 100, .contain).top == 12)
    #expect(try geometry(400, 300, 100, 100, .contain, gravity: .south).top == 25)
    #expect(try geometry(300, 400, 100, 100, .contain, gravity: .northWest).left == 0)
  }

  @Test(arguments: ResizeFit.allCases) func oneSide(fit: ResizeFit) throws {
    #expect(try geometry(400, 300, 100, 0, fit).canvas == size(100, 75))
    #expect(try geometry(400, 300, 0, 100, fit).canvas == size(133, 100))
    #expect(try geometry(400, 300, 800, 0, fit).canvas == size(800, 600))
    #expect(try geometry(400, 300, 800, 0, fit, enlarge: false).canvas == size(400, 300))
    #expect(try geometry(10_000, 1, 100, 0, fit).canvas == size(100, 1))
  }

  @Test func withoutEnlarging() throws {
    #expect(try geometry(40, 30, 100, 100, .fill, enlarge: false).canvas == size(40, 30))
    #expect(try geometry(40, 30, 20, 100, .fill, enlarge: false).canvas == size(20, 30))
    #expect(try geometry(40, 30, 100, 100, .inside, enlarge: false).canvas == size(40, 30))
    #expect(try geometry(40, 30, 20, 100, .outside, enlarge: false).canvas == size(40, 30))
    let contained = try geometry(40, 30, 100, 100, .contain, enlarge: false)
    #expect(contained.canvas == size(100, 100) && contained.image == size(40, 30))
    #expect(contained.left == 30 && contained.top == 35)
    let covered = try geometry(40, 30, 20, 100, .cover, enlarge: false)
    #expect(covered.canvas == size(20, 30))
    #expect(covered.crop == ImageBox(left: 10, top: 0, right: 30, bottom: 30))
  }

  @Test func crops() throws {
    #expect(try geometry(400, 300, 100, 100, .cover).crop == ImageBox(left: 50, top: 0, right: 350, bottom: 300))
    #expect(
      try geometry(400, 300, 100, 100, .cover, gravity: .west).crop
        == ImageBox(left: 0, top: 0, right: 300, bottom: 300))
    #expect(
      try geometry(300, 400, 100, 100, .cover, gravity: .southEast).crop
        == ImageBox(left: 0, top: 100, right: 300, bottom: 400))
  }

  /// Every geometry is one that a plan takes.
  @Test func plans() throws {
    let sides = [1, 2, 3, 7, 100, 333, 65_535, Int(Int32.max)]
    for fit in ResizeFit.allCases {
      for (i, width) in sides.enumerated() {
        for height in [sides[(i + 3) % 8], width] {
          for box in [(1, 1), (0, 5), (17, 0), (333, 100), (100, 333)] {
            for enlarge in [false, true] {
              guard
                let result = try? geometry(
                  width, height, box.0, box.1, fit, gravity: ResizeGravity(x: 0.3, y: .nan), enlarge: enlarge)
              else { continue }
              guard result.image.width < 10_000 && result.image.height < 10_000 else { continue }
              _ = try ResizePlan(
                source: ImageSize(width: width, height: height), crop: result.crop, output: result.image,
                layout: PixelLayout(channels: 4), filter: .bicubic)
              #expect(result.left >= 0 && result.left + result.image.width <= result.canvas.width)
              #expect(result.top >= 0 && result.top + result.image.height <= result.canvas.height)
            }
          }
        }
      }
    }
  }

  @Test func refusals() {
    #expect(throws: ResizeError.size) { try geometry(400, 300, 0, 0, .fill) }
    #expect(throws: ResizeError.size) { try geometry(0, 300, 1, 1, .inside) }
    #expect(throws: ResizeError.size) { try geometry(400, 300, -1, 1, .inside) }
    #expect(throws: ResizeError.size) { try geometry(1, 100_000, 100_000, 0, .inside) }
  }
}
