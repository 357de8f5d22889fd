/// How a file is made of pixels.
public struct PNGEncodingOptions: Hashable, Sendable {
  /// 0 fastest to 9 smallest.
  public var compression = 6
  /// What gAMA is to say, in units of 1/100000; nil for none.
  public var gamma: Int?
  /// The rendering intent of sRGB, 0 to 3; nil for none.
  public var sRGBIntent: Int?
  /// What pHYs is to say; nil for none.
  public var density: PNGInfo.Density?
  /// Whether pixels of 8 bits may be stored as indices of a palette, and grey in fewer bits, where nothing is lost and bits are
  /// saved. What a decoder gives has the same channels either way.
  public var reducesDepth = true

  public init(compression: Int = 6) { self.compression = compression }
}

extension PNG {
  /// A file of pixels: rows from top to bottom, `stride` bytes apart.
  ///
  /// Alpha is stored as it is; samples of 16 bits are in host order. The file is not interlaced.
  ///
  /// - Parameters:
  ///   - pixels: at least all rows.
  ///   - size: in pixels, of at least one each way.
  ///   - layout: channels and bits of a pixel.
  ///   - stride: at least a row's bytes; nil for just those. The last row need not fill it.
  ///   - options: compression, and what the file says beside the pixels.
  /// - Throws: ``PNGError`` for one reason alone, that the system has no more memory (``PNGError/Reason/outOfMemory``).
  /// - Complexity: O(pixels), and what the compression takes; allocates the file and the encoder's memory.
  public static func encode(
    _ pixels: RawSpan, size: ImageSize, layout: PixelLayout, stride: Int? = nil,
    options: PNGEncodingOptions = PNGEncodingOptions()
  ) throws(PNGError) -> [UInt8] {
    var output = PNGOutput()
    var encoder = PNGWriter()
    let isDone = unsafe pixels.withUnsafeBytes { bytes in
      unsafe encoder.encode(bytes, size: size, layout: layout, stride: stride, options: options, into: &output)
    }
    guard isDone else { throw PNGError(.outOfMemory, at: 0) }
    return unsafe [UInt8](output.bytes)
  }

  /// A file of pixels in memory of `malloc`, which the caller frees; nil where the system has no more.
  ///
  /// - `pixels` is readable for its whole count, and aligned for its samples.
  @unsafe
  package static func encodeToMemory(
    _ pixels: UnsafeRawBufferPointer, size: ImageSize, layout: PixelLayout, stride: Int?, options: PNGEncodingOptions
  ) -> (memory: UnsafeMutableRawPointer, count: Int)? {
    var output = PNGOutput()
    var encoder = PNGWriter()
    guard
      unsafe encoder.encode(pixels, size: size, layout: layout, stride: stride, options: options, into: &output)
    else { return nil }
    let count = output.count
    guard let memory = unsafe output.release() else { return nil }
    return unsafe (memory, count)
  }
}

/// How an encoder stores pixels.
struct PNGStorage {
  var colorType: PNGInfo.ColorType
  var bitDepth: Int
  /// Entries of the palette, and how many from the first on have a transparency.
  var paletteCount = 0
  var transparentCount = 0

  /// As the pixels are.
  init(_ layout: PixelLayout) {
    switch layout.channels {
    case 1: colorType = .grey
    case 2: colorType = .greyAlpha
    case 3: colorType = .rgb
    default: colorType = .rgba
    }
    bitDepth = layout.bits
  }

  var pixelBits: Int { bitDepth * colorType.storedChannels }
  func rowByteCount(_ width: Int) -> Int { (width * pixelBits + 7) / 8 }
  var filterDistance: Int { max(1, pixelBits / 8) }
  /// Filters make differences of neighbours, which mean nothing between indices, nor in parts of bytes.
  var usesFilters: Bool { colorType != .palette && bitDepth >= 8 }
}
