import FuzzHarness
import Kernels

// The first byte picks what is verified, the channels asked for, and the target of the resize. CRCs need not be right in half of
// the inputs: else nothing behind them would be reached.

func limits() -> PNGLimits {
  var limits = PNGLimits()
  limits.pixels = 1 << 16
  limits.memory = 8 << 20
  limits.chunkByteCount = 1 << 16
  limits.chunkCount = 64
  return limits
}

func seed(_ layout: PixelLayout, _ size: ImageSize) -> [UInt8] {
  let count = size.width * size.height * layout.channels * layout.bits / 8
  let pixels = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
  return try! PNG.encode(pixels.span.bytes, size: size, layout: layout)
}

let sizes = [ImageSize(width: 1, height: 1), ImageSize(width: 17, height: 9)]
let seeds = sizes.flatMap { size in
  (1...4).flatMap { channels in
    [8, 16].flatMap { bits in
      let file = seed(PixelLayout(channels: channels, bits: bits), size)
      // The same said to be interlaced, which is another way through the same rows.
      var interlaced = file
      interlaced[28] = 1
      return [[0] + file, [0x81] + file, [0x80] + interlaced]
    }
  }
}

fuzz(seeds: seeds) { input in
  guard let first = input.first else { return }
  let file = Array(input.dropFirst())
  var options = PNGDecodingOptions()
  options.limits = limits()
  options.verification = first & 0x80 == 0 ? .all : .none
  if first & 1 != 0 { options.channels = Int(first >> 1 & 3) + 1 }
  if first & 8 != 0 { options.bits = first & 16 == 0 ? 8 : 16 }
  let info = try? PNG.inspect(file.span.bytes, limits: options.limits, verification: options.verification)
  let image = try? PNG.decode(file.span.bytes, options: options)
  if let image {
    require(info != nil, "what decodes cannot be inspected")
    let count = image.info.width * image.info.height * image.layout.channels * image.layout.bits / 8
    require(image.pixels.count == count, "the pixels are not as many as the header says")
  }
  var target = PNGResizeTarget(width: 1 + Int(first & 15), height: 1 + Int(first >> 4))
  target.fit = ResizeFit.allCases[Int(first) % ResizeFit.allCases.count]
  target.filter = ResizeFilter.allCases[Int(first >> 2) % ResizeFilter.allCases.count]
  target.enlarges = first & 2 != 0
  target.linearLight = first & 4 != 0
  let small = try? PNG.resize(file.span.bytes, to: target, limits: options.limits, verification: options.verification)
  if let small {
    require((try? PNG.decode(small.span.bytes)) != nil, "what was resized does not decode")
  }
}
