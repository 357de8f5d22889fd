/// Width and height in pixels.
public struct ImageSize: Hashable, Sendable {
  public var width, height: Int

  public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
}

/// A rectangle in an image, in pixels; its edges may lie within pixels.
public struct ImageBox: Hashable, Sendable {
  public var left, top, right, bottom: Double

  public init(left: Double, top: Double, right: Double, bottom: Double) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  /// All of an image.
  public init(_ size: ImageSize) {
    self.init(left: 0, top: 0, right: Double(size.width), bottom: Double(size.height))
  }
}

/// How the samples of an image lie: rows from top to bottom, pixels from left to right, channels of a pixel side by side.
public struct PixelLayout: Hashable, Sendable {
  /// 1 to 4.
  public var channels: Int
  /// Of a sample: 8, or 16 in host order.
  public var bits: Int
  /// Whether the last channel, of 2 or 4, is alpha, and the others not multiplied by it.
  public var hasAlpha: Bool

  public init(channels: Int, bits: Int = 8, hasAlpha: Bool) {
    (self.channels, self.bits, self.hasAlpha) = (channels, bits, hasAlpha)
  }

  /// Two channels are grey and alpha, four are colours and alpha.
  public init(channels: Int, bits: Int = 8) {
    self.init(channels: channels, bits: bits, hasAlpha: channels == 2 || channels == 4)
  }

  package var pixelByteCount: Int { channels * bits / 8 }
}

/// Why a resize is refused.
public enum ResizeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A width or height is not positive, or above 2^31 - 1.
  case size
  /// The crop is empty or reaches out of the source.
  case crop
  /// Not 1 to 4 channels of 8 or 16 bits, or alpha among 1 or 3.
  case layout
  /// What the resize needs in memory cannot be counted.
  case tooLarge

  public var description: String {
    switch self {
    case .size: "a width or height is not from 1 to 2147483647"
    case .crop: "the crop is empty or reaches out of the source"
    case .layout: "pixels must have 1 to 4 channels of 8 or 16 bits, and 2 or 4 with alpha"
    case .tooLarge: "the memory that the resize needs cannot be counted"
    }
  }
}

/// A resize before anything is allocated: what is to be done, and how many bytes that takes.
///
/// The horizontal pass comes first, in every call. Pixels of 8 bits without alpha give Pillow's bits for that order (and so do
/// pixels with alpha, as long as all of them are opaque); see <doc:Resize> for the rest.
///
/// - Complexity: to create, O(width + height) of the output; no allocation.
public struct ResizePlan: Hashable, Sendable {
  public let source, output: ImageSize
  public let crop: ImageBox
  public let layout: PixelLayout
  public let filter: ResizeFilter
  public let linearLight: Bool
  /// Bytes of working memory that the resize takes, tables and all, beside source and output.
  public let scratchByteCount: Int

  let columns, rows: ResampleAxis
  let memory: ResizeMemory

  /// - Parameters:
  ///   - source: the source's size.
  ///   - crop: the part of the source that becomes the output; all of it by default.
  ///   - output: the output's size.
  ///   - layout: channels and bits of a pixel, of both.
  ///   - filter: the weights of the source around a pixel of the output.
  ///   - linearLight: whether samples are weighed as intensities: sRGB's transfer is taken off before and put back after.
  public init(
    source: ImageSize, crop: ImageBox? = nil, output: ImageSize, layout: PixelLayout, filter: ResizeFilter = .lanczos3,
    linearLight: Bool = false
  ) throws(ResizeError) {
    try self.init(
      source: source, crop: crop, output: output, layout: layout, filter: filter, linearLight: linearLight,
      sharesRows: false)
  }

  /// - Parameter sharesRows: that rows in single precision are made elsewhere, once for several streams.
  init(
    source: ImageSize, crop: ImageBox?, output: ImageSize, layout: PixelLayout, filter: ResizeFilter, linearLight: Bool,
    sharesRows: Bool
  ) throws(ResizeError) {
    let crop = crop ?? ImageBox(source)
    for size in [source.width, source.height, output.width, output.height] {
      guard size > 0 && size <= Int(Int32.max) else { throw .size }
    }
    guard crop.left >= 0 && crop.left < crop.right && crop.right <= Double(source.width),
      crop.top >= 0 && crop.top < crop.bottom && crop.bottom <= Double(source.height)
    else { throw .crop }
    guard (1...4).contains(layout.channels) && (layout.bits == 8 || layout.bits == 16),
      !layout.hasAlpha || layout.channels == 2 || layout.channels == 4
    else { throw .layout }
    (self.source, self.output, self.crop, self.layout) = (source, output, crop, layout)
    (self.filter, self.linearLight) = (filter, linearLight && filter != .nearest)
    columns = ResampleAxis(
      filter: filter, source: source.width, from: crop.left, to: crop.right, output: output.width)
    rows = ResampleAxis(filter: filter, source: source.height, from: crop.top, to: crop.bottom, output: output.height)
    guard
      let memory = ResizeMemory(
        columns: columns, rows: rows, layout: layout, mode: ResizeMode(layout, filter, linearLight: linearLight),
        sharesRows: sharesRows)
    else { throw .tooLarge }
    self.memory = memory
    scratchByteCount = memory.byteCount
  }

  /// The rows of the source that are read; those before and after need not be decoded.
  public var neededRows: Range<Int> { rows.range }

  package var sourceRowByteCount: Int { source.width * layout.pixelByteCount }
  package var outputRowByteCount: Int { output.width * layout.pixelByteCount }
}
