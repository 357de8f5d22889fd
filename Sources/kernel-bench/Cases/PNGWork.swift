import BenchHarness
import KernelBenchmark
import Kernels

/// An image, as pixels and as a file, and what is done with it.
@safe
final class PNGWork {
  /// What the images look like.
  enum Picture: String, CaseIterable {
    case photo2M = "photo-2.8MP"
    case photo12M = "photo-12MP"
    case rgba3M = "rgba-3MP"
    case deep = "rgb16-1MP"
    case screen = "palette-screen"
    case interlaced = "adam7-1MP"
    case icon = "icon-64"

    var size: ImageSize {
      switch self {
      case .photo2M: ImageSize(width: 1366, height: 2048)
      case .photo12M: ImageSize(width: 4000, height: 3000)
      case .rgba3M: ImageSize(width: 2048, height: 1536)
      case .deep, .interlaced: ImageSize(width: 1200, height: 900)
      case .screen: ImageSize(width: 1280, height: 800)
      case .icon: ImageSize(width: 64, height: 64)
      }
    }

    var layout: PixelLayout {
      switch self {
      case .rgba3M, .icon: PixelLayout(channels: 4)
      case .deep: PixelLayout(channels: 3, bits: 16)
      default: PixelLayout(channels: 3)
      }
    }

    static let photos: [Picture] = [.photo2M, .photo12M]
  }

  let size: ImageSize
  let layout: PixelLayout
  let pixels: UnsafeMutableRawBufferPointer
  let file: [UInt8]
  private let output: UnsafeMutableRawBufferPointer
  private var result = 0
  private var resizer = PNGResizer()
  private var decoder = PNGDecoder()

  init(_ picture: Picture) {
    (size, layout) = (picture.size, picture.layout)
    let pixelByteCount = layout.channels * layout.bits / 8
    let count = size.width * size.height * pixelByteCount
    unsafe pixels = .allocate(byteCount: count, alignment: 64)
    unsafe output = .allocate(byteCount: count + count / 4 + 65536, alignment: 64)
    unsafe Self.draw(picture, into: pixels)
    if picture == .interlaced {
      file = unsafe LibpngPeer.interlaced(UnsafeRawBufferPointer(pixels), width: size.width, height: size.height)
    } else {
      file = unsafe PNG.encode(
        RawSpan(_unsafeBytes: UnsafeRawBufferPointer(pixels)), size: size, layout: layout,
        options: PNGEncodingOptions(compression: 6))
    }
  }

  deinit {
    unsafe pixels.deallocate()
    unsafe output.deallocate()
  }

  /// Slopes of light with edges, and the noise of a sensor; of a screen, areas of few colours.
  @unsafe
  private static func draw(_ picture: Picture, into pixels: UnsafeMutableRawBufferPointer) {
    var random = SplitMix64(seed: 12)
    let (size, layout) = (picture.size, picture.layout)
    for y in 0..<size.height {
      for x in 0..<size.width {
        let noise = random.next()
        for c in 0..<layout.channels {
          let at = (y * size.width + x) * layout.channels + c
          let isEdge = (x / 97 + y / 61) % 5 == c
          let grain = Int(noise >> UInt64(16 * c) & 7) + Int(noise >> UInt64(16 * c + 8) & 3)
          var value = x * (c + 2) / 23 + y * 3 / 31 + (isEdge ? 60 : 0) + grain
          if picture == .screen { value = ((x / 40 + y / 24) % 7) * 30 + (noise & 63 == 0 ? 20 : 0) }
          if layout.channels == 4 && c == 3 { value = (x / 200 + y / 200) % 4 == 0 ? x / 2 : 255 }
          if layout.bits == 8 {
            unsafe pixels[at] = UInt8(truncatingIfNeeded: value & 511 > 255 ? ~value : value)
          } else {
            unsafe pixels.storeBytes(
              of: UInt16(truncatingIfNeeded: value * 151 + Int(noise >> 40 & 63)), toByteOffset: 2 * at, as: UInt16.self
            )
          }
        }
      }
    }
  }

  private var pixelCount: Double { Double(size.width * size.height) }

  // MARK: - Contenders

  func decoding(row: String, withPeer: Bool) throws -> [Contender] {
    let (source, target) = unsafe (file, output)
    let row = [
      Contender(row, role: .kernel, work: pixelCount) { iterations in
        let options = PNGDecodingOptions()
        let stride = self.size.width * self.layout.channels * self.layout.bits / 8
        try repeating(iterations) {
          var span = unsafe MutableRawSpan(_unsafeBytes: target)
          _ = unsafe try self.decoder.decode(source.span.bytes, options: options, into: &span, stride: stride)
        }
      }
    ]
    guard withPeer else { return row }
    let peer = Contender(LibpngPeer.peer.name, role: .peer, work: pixelCount) { iterations in
      repeating(iterations) { unsafe source.withUnsafeBytes { unsafe LibpngPeer.decode($0, into: target) } }
    }
    let count = unsafe pixels.count
    return try (row + [peer]).inAgreement { unsafe Array(target[..<count]) }
  }

  /// - Parameter level: of ours; libpng's is 6, its default.
  func encoding(row: String, level: Int, withPeer: Bool) -> [Contender] {
    let pixels = unsafe UnsafeRawBufferPointer(pixels)
    let kernel = Contender(row, role: .kernel, work: pixelCount) { iterations in
      repeating(iterations) {
        self.result =
          unsafe PNG.encode(
            RawSpan(_unsafeBytes: pixels), size: self.size, layout: self.layout,
            options: PNGEncodingOptions(compression: level)
          ).count
      }
    }
    guard withPeer else { return [kernel] }
    let peer = Contender(LibpngPeer.peer.name, role: .peer, work: pixelCount) { iterations in
      repeating(iterations) {
        self.result = unsafe LibpngPeer.encode(
          pixels, width: self.size.width, height: self.size.height, channels: self.layout.channels, level: 6,
          into: self.output)
      }
    }
    return [kernel, peer]
  }

  func resizing(row: String, to targets: [PNGResizeTarget], withPeer: Bool) -> [Contender] {
    let source = file
    let kernel = Contender(row, role: .kernel, work: pixelCount) { iterations in
      try repeating(iterations) { unsafe try self.resizer.resize(source.span.bytes, to: targets) }
    }
    guard withPeer && LibvipsPeer.shared.isPresent else { return [kernel] }
    let peer = Contender(LibvipsPeer.shared.peer.name, role: .peer, work: pixelCount) { iterations in
      repeating(iterations) {
        for target in targets {
          self.result = unsafe source.withUnsafeBytes {
            unsafe LibvipsPeer.shared.resize($0, width: target.width)
          }
        }
      }
    }
    return [kernel, peer]
  }
}
