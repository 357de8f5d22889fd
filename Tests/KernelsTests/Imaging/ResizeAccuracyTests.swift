import Foundation
import Testing

@testable import Kernels

/// Beside a resize in double precision that is rounded once.
@Suite struct ResizeAccuracyTests {
  struct Case: Sendable {
    var channels = 4
    var hasAlpha = false
    var linearLight = false
    /// In units of the last place beyond the half that rounding takes.
    var slack = 0.02
    var hasByteIntermediates = false
  }

  static let shapes: [(source: ImageSize, crop: ImageBox?, output: ImageSize)] = [
    (ImageSize(width: 1, height: 1), nil, ImageSize(width: 3, height: 2)),
    (ImageSize(width: 2, height: 5), nil, ImageSize(width: 5, height: 2)),
    (ImageSize(width: 40, height: 30), nil, ImageSize(width: 13, height: 7)),
    (ImageSize(width: 13, height: 7), nil, ImageSize(width: 40, height: 31)),
    (ImageSize(width: 60, height: 9), nil, ImageSize(width: 7, height: 30)),
    (ImageSize(width: 24, height: 17), nil, ImageSize(width: 24, height: 5)),
    (ImageSize(width: 24, height: 17), nil, ImageSize(width: 11, height: 17)),
    (ImageSize(width: 24, height: 17), nil, ImageSize(width: 24, height: 17)),
    (
      ImageSize(width: 24, height: 17), ImageBox(left: 2, top: 1, right: 20, bottom: 17), ImageSize(width: 7, height: 6)
    ),
    (
      ImageSize(width: 24, height: 17), ImageBox(left: 2.5, top: 1.25, right: 20.75, bottom: 16.5),
      ImageSize(width: 7, height: 24)
    ),
  ]

  private func check<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ test: Case, _: Sample.Type, alphas: [Sample] = []
  ) throws {
    var seed: UInt32 = 1
    for filter in ResizeFilter.allCases where filter != .nearest {
      for shape in Self.shapes {
        let plan = try ResizePlan(
          source: shape.source, crop: shape.crop, output: shape.output,
          layout: PixelLayout(channels: test.channels, bits: Sample.bitWidth, hasAlpha: test.hasAlpha), filter: filter,
          linearLight: test.linearLight)
        let count = shape.source.width * shape.source.height * test.channels
        let bytes = ResizeImage.random(2 * count, seed: seed)
        var pixels = (0..<count).map { Sample(truncatingIfNeeded: Int(bytes[2 * $0]) << 8 | Int(bytes[2 * $0 + 1])) }
        if test.hasAlpha {
          for i in stride(from: test.channels - 1, to: count, by: test.channels) where !alphas.isEmpty {
            pixels[i] = alphas[Int(bytes[2 * i]) % alphas.count]
          }
          // From the first row on, so that nothing is taken for opaque.
          pixels[test.channels - 1] = 0
        }
        seed += 1
        let expected = ResizeReference(
          plan: plan, byteRows: 0..<(test.hasByteIntermediates ? shape.source.height : 0)
        ).resized(pixels)
        let result = ResizeImage.resized(plan, pixels, kernel: .kernel(.current))
        for i in result.indices {
          let alpha = test.hasAlpha ? Double(result[i / test.channels * test.channels + test.channels - 1]) : 1
          // Noise of single precision is divided by alpha as the colour is.
          let slack = test.slack * (test.hasAlpha ? max(1, 0.02 * Double(Sample.max) / max(alpha, 1)) : 1)
          // Close to a half of alpha's smallest step, colours may be shown or not.
          if test.hasAlpha && alpha <= 1 && i % test.channels != test.channels - 1 { continue }
          if abs(Double(result[i]) - expected[i]) > 0.5 + slack {
            Issue.record("\(test) \(filter) \(shape), sample \(i): \(result[i]), not \(expected[i])")
            return
          }
        }
      }
    }
  }

  @Test(arguments: 1...4) func sixteenBits(channels: Int) throws {
    try check(Case(channels: channels, slack: 0.06), UInt16.self)
  }

  @Test(arguments: [2, 4]) func alpha(channels: Int) throws {
    try check(Case(channels: channels, hasAlpha: true), UInt8.self)
    try check(Case(channels: channels, hasAlpha: true), UInt8.self, alphas: [0, 0, 1, 254, 255])
    try check(Case(channels: channels, hasAlpha: true, slack: 0.15), UInt16.self)
    try check(Case(channels: channels, hasAlpha: true, slack: 0.15), UInt16.self, alphas: [0, 0, 65535])
  }

  @Test(arguments: 1...4) func linearLight(channels: Int) throws {
    try check(Case(channels: channels, linearLight: true), UInt8.self)
    try check(Case(channels: channels, linearLight: true, slack: 0.4), UInt16.self)
  }

  @Test(arguments: [2, 4]) func linearLightAndAlpha(channels: Int) throws {
    try check(Case(channels: channels, hasAlpha: true, linearLight: true), UInt8.self)
    try check(Case(channels: channels, hasAlpha: true, linearLight: true), UInt8.self, alphas: [0, 128, 255])
    try check(Case(channels: channels, hasAlpha: true, linearLight: true, slack: 0.6), UInt16.self)
  }

  /// The integer path, for the filter that Pillow does not have as well. An intermediate close to a half may go either way.
  @Test(arguments: 1...4) func eightBits(channels: Int) throws {
    try check(Case(channels: channels, slack: 1, hasByteIntermediates: true), UInt8.self)
  }

  /// The transfer's tables stand within the steps that their comment promises.
  @Test func transferTables() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: SRGBTables.byteCount, alignment: 64)
    defer { unsafe memory.deallocate() }
    unsafe SRGBTables.write(memory)
    let tables = unsafe SRGBTables(memory)
    var (worst, worstBack, worstRound) = (0.0, 0.0, 0)
    for sample in UInt16.min...UInt16.max {
      let exact = SRGBTables.intensity(Double(sample) / 65535)
      let intensity = tables.intensity(sample) / 65535
      // In steps of 16 bits after the way back.
      let slope = exact <= 0.0031308 ? 12.92 : 1.055 / 2.4 * pow(exact, 1 / 2.4 - 1)
      worst = max(worst, abs(Double(intensity) - exact) * slope * 65535)
      let value = tables.value(Float(exact)) * 65535
      worstBack = max(worstBack, abs(Double(value) - Double(sample)))
      worstRound = max(worstRound, abs(Int(value.rounded()) - Int(sample)))
    }
    #expect(worst < 0.06 && worstBack < 0.02 && worstRound == 0, "\(worst) \(worstBack)")
    for sample in UInt8.min...UInt8.max {
      #expect(UInt8((tables.value(tables.intensity(sample) / 255) * 255).rounded()) == sample)
    }
  }
}
