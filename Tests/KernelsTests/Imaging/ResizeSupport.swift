@testable import Kernels

/// One line of `resizeExamples`.
struct ResizeExample {
  let plan: ResizePlan
  let seed: UInt32
  let crc: UInt32

  init(_ line: Substring) throws {
    let words = line.split(separator: " ").map(String.init)
    let filter = ResizeFilter.allCases.first { "\($0)" == words[0] }!
    let (channels, isOpaque) = (Int(words[1])!, words[2] == "1")
    seed = UInt32(words[3])!
    let edges = words[6...9].map { Double($0)! }
    plan = try ResizePlan(
      source: ImageSize(width: Int(words[4])!, height: Int(words[5])!),
      crop: ImageBox(left: edges[0], top: edges[1], right: edges[2], bottom: edges[3]),
      output: ImageSize(width: Int(words[10])!, height: Int(words[11])!),
      layout: PixelLayout(channels: channels, hasAlpha: isOpaque), filter: filter)
    crc = UInt32(words[12], radix: 16)!
  }

  func checksum(kernel: ResampleKernel) -> UInt32 {
    let channels = plan.layout.channels
    var pixels = ResizeImage.random(plan.source.width * plan.source.height * channels, seed: seed)
    if plan.layout.hasAlpha {
      for i in stride(from: channels - 1, to: pixels.count, by: channels) { pixels[i] = 255 }
    }
    return unsafe CRC32.checksum(of: ResizeImage.resized(plan, pixels, kernel: kernel).span.bytes)
  }
}

enum ResizeImage {
  /// Numerical Recipes' linear congruential generator (Press et al., section 7.1); the highest byte of each number.
  static func random(_ count: Int, seed: UInt32) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
  }

  static func resized<Sample>(_ plan: ResizePlan, _ pixels: [Sample], kernel: ResampleKernel) -> [Sample]
  where Sample: FixedWidthInteger & BitwiseCopyable {
    let count = plan.output.height * plan.outputRowByteCount / MemoryLayout<Sample>.stride
    var output = [Sample](repeating: 0, count: count)
    var resizer = Resizer(plan, kernel: kernel)
    var span = output.mutableSpan
    var bytes = unsafe span.mutableBytes
    unsafe resizer.resize(
      pixels.span.bytes, stride: plan.sourceRowByteCount, into: &bytes, outputStride: plan.outputRowByteCount)
    return output
  }
}
