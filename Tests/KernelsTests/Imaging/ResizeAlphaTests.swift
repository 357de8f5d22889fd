import Testing

@testable import Kernels

/// Opaque pixels with alpha have the bits of those without; from the first that is not on, alpha is multiplied in.
@Suite struct ResizeAlphaTests {
  private func plan(
    _ channels: Int, hasAlpha: Bool, filter: ResizeFilter = .lanczos3,
    output: ImageSize = ImageSize(width: 9, height: 12)
  ) throws -> ResizePlan {
    try ResizePlan(
      source: ImageSize(width: 33, height: 40), output: output,
      layout: PixelLayout(channels: channels, hasAlpha: hasAlpha), filter: filter)
  }

  @Test(arguments: ResizeFilter.allCases) func opaque(filter: ResizeFilter) throws {
    for size in [ImageSize(width: 9, height: 12), ImageSize(width: 33, height: 12), ImageSize(width: 70, height: 81)] {
      let (colours, alpha) = try (
        plan(3, hasAlpha: false, filter: filter, output: size), plan(4, hasAlpha: true, filter: filter, output: size)
      )
      let rgb = ResizeImage.random(33 * 40 * 3, seed: 5)
      let expected = ResizeImage.resized(colours, rgb, kernel: .kernel(.current))
      let result = ResizeImage.resized(alpha, withAlpha(rgb), kernel: .kernel(.current))
      #expect(result == withAlpha(expected))
    }
  }

  /// Pixels of three channels with an opaque fourth.
  private func withAlpha(_ rgb: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for i in stride(from: 0, to: rgb.count, by: 3) { result += [rgb[i], rgb[i + 1], rgb[i + 2], 255] }
    return result
  }

  /// One pixel that is not opaque, in any row: rows of the output before it keep their bits, and the others are close to those in
  /// double precision.
  @Test(arguments: [
    ImageSize(width: 9, height: 12), ImageSize(width: 20, height: 90), ImageSize(width: 33, height: 40),
  ])
  func firstRowWithAlpha(output: ImageSize) throws {
    let plan = try plan(4, hasAlpha: true, output: output)
    var opaque = ResizeImage.random(33 * 40 * 4, seed: 6)
    for i in stride(from: 3, to: opaque.count, by: 4) { opaque[i] = 255 }
    let before = ResizeImage.resized(plan, opaque, kernel: .kernel(.current))
    for row in [0, 1, 4, 7, 20, 38, 39] {
      var pixels = opaque
      pixels[row * 33 * 4 + 40 * 3 + 3] = 90
      let result = ResizeImage.resized(plan, pixels, kernel: .kernel(.current))
      // Rows before are held as bytes.
      let switched = row
      let expected = ResizeReference(plan: plan, byteRows: 0..<switched).resized(pixels)
      let exact = (0..<output.height).prefix { plan.rows.window($0).upperBound <= switched }.count
      #expect(result[..<(exact * output.width * 4)] == before[..<(exact * output.width * 4)])
      for i in result.indices.dropFirst(exact * output.width * 4) {
        // An intermediate close to a half may go either way.
        let slack = plan.rows.window(i / 4 / output.width).lowerBound < switched ? 1 : 0.02
        if abs(Double(result[i]) - expected[i]) > 0.5 + slack {
          Issue.record("row \(row), sample \(i): \(result[i]), not \(expected[i])")
          return
        }
      }
    }
  }

  /// A colour beside transparent pixels stays what it is, whatever the transparent ones hold.
  @Test(arguments: ResizeFilter.allCases) func noHalo(filter: ResizeFilter) throws {
    let plan = try plan(4, hasAlpha: true, filter: filter)
    let noise = ResizeImage.random(33 * 40 * 4, seed: 7)
    var pixels = noise
    for i in stride(from: 0, to: pixels.count, by: 4) where noise[i + 3] > 100 {
      (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (200, 100, 50, 255)
    }
    for i in stride(from: 0, to: pixels.count, by: 4) where noise[i + 3] <= 100 { pixels[i + 3] = 0 }
    let result = ResizeImage.resized(plan, pixels, kernel: .kernel(.current))
    for i in stride(from: 0, to: result.count, by: 4) where result[i + 3] > 0 {
      #expect(result[i] == 200 && result[i + 1] == 100 && result[i + 2] == 50, "\(result[i...(i + 3)])")
    }
  }
}
