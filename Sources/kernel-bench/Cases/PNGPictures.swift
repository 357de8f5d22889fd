import BenchHarness
import Kernels

extension PNGWork {
  /// What the images that the benchmark draws look like.
  enum Picture: String, CaseIterable {
    case icon = "icon-64"
    case icons = "icons-1000"
    case screen = "palette-screen"
    case deep = "rgb16-1MP"
    case interlaced = "adam7-1MP"
    case photo2M = "photo-2.8MP"
    case rgba3M = "rgba-3MP"
    case photo12M = "photo-12MP"

    var size: ImageSize {
      switch self {
      case .photo2M: ImageSize(width: 1366, height: 2048)
      case .photo12M: ImageSize(width: 4000, height: 3000)
      case .rgba3M: ImageSize(width: 2048, height: 1536)
      case .deep, .interlaced: ImageSize(width: 1200, height: 900)
      case .screen: ImageSize(width: 1280, height: 800)
      case .icon, .icons: ImageSize(width: 64, height: 64)
      }
    }

    var layout: PixelLayout {
      switch self {
      case .rgba3M, .icon, .icons: PixelLayout(channels: 4)
      case .deep: PixelLayout(channels: 3, bits: 16)
      default: PixelLayout(channels: 3)
      }
    }

    /// Images of which no two are the same.
    var count: Int { self == .icons ? 1000 : 1 }

    /// Slopes of light with edges, and the noise of a sensor; of a screen, areas of few colours.
    func draw(seed: UInt64) -> [UInt8] {
      var random = SplitMix64(seed: 12 + seed)
      let (size, layout) = (size, layout)
      let sampleBytes = layout.bits / 8
      let count = size.width * size.height * layout.channels * sampleBytes
      return unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, written in
        for y in 0..<size.height {
          for x in 0..<size.width {
            let noise = random.next()
            for c in 0..<layout.channels {
              let at = ((y * size.width + x) * layout.channels + c) * sampleBytes
              let value = value(x, y, c, noise)
              if layout.bits == 8 {
                unsafe pixels[at] = UInt8(truncatingIfNeeded: value & 511 > 255 ? ~value : value)
              } else {
                let wide = value * 151 + Int(noise >> 40 & 63)
                unsafe (pixels[at], pixels[at + 1]) = (
                  UInt8(truncatingIfNeeded: wide), UInt8(truncatingIfNeeded: wide >> 8)
                )
              }
            }
          }
        }
        written = count
      }
    }

    private func value(_ x: Int, _ y: Int, _ c: Int, _ noise: UInt64) -> Int {
      if self == .screen { return ((x / 40 + y / 24) % 7) * 30 + (noise & 63 == 0 ? 20 : 0) }
      if layout.channels == 4 && c == 3 { return (x / 200 + y / 200) % 4 == 0 ? x / 2 : 255 }
      let isEdge = (x / 97 + y / 61) % 5 == c
      let grain = Int(noise >> UInt64(16 * c) & 7) + Int(noise >> UInt64(16 * c + 8) & 3)
      return x * (c + 2) / 23 + y * 3 / 31 + (isEdge ? 60 : 0) + grain
    }
  }
}

/// Whether two files show the same, as far as two ways to resize agree.
enum PNGLikeness {
  /// - Throws: ``BenchError`` where sizes differ by more than a pixel, or samples by more than a few of 255 on average.
  static func check(_ ours: [UInt8], _ theirs: [UInt8], names: (String, String)) throws {
    let options = PNGDecodingOptions(channels: 4, bits: 8)
    let (a, b) = try unsafe (
      PNG.decode(ours.span.bytes, options: options), PNG.decode(theirs.span.bytes, options: options)
    )
    let (width, height) = (min(a.info.width, b.info.width), min(a.info.height, b.info.height))
    guard abs(a.info.width - b.info.width) <= 1 && abs(a.info.height - b.info.height) <= 1 else {
      throw BenchError("\(names.0) and \(names.1) give different sizes")
    }
    var difference = 0
    for y in 0..<height {
      for x in 0..<width {
        let (i, j) = (4 * (y * a.info.width + x), 4 * (y * b.info.width + x))
        for c in 0..<4 {
          // Colours count as much as their pixel is opaque.
          let first = Int(a.pixels[i + c]) * (c < 3 ? Int(a.pixels[i + 3]) : 255)
          let second = Int(b.pixels[j + c]) * (c < 3 ? Int(b.pixels[j + 3]) : 255)
          difference += abs(first - second)
        }
      }
    }
    guard difference <= 4 * 255 * 4 * width * height else {
      throw BenchError("\(names.0) and \(names.1) give different images")
    }
  }
}
