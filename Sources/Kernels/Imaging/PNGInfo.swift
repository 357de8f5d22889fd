/// What a PNG file says about its image before the image.
public struct PNGInfo: Hashable, Sendable {
  /// How the colours of a pixel are stored; the raw values are the format's.
  public enum ColorType: UInt8, CaseIterable, Hashable, Sendable {
    case grey = 0
    case rgb = 2
    case palette = 3
    case greyAlpha = 4
    case rgba = 6

    /// Samples of a stored pixel.
    var storedChannels: Int {
      switch self {
      case .grey, .palette: 1
      case .greyAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    }

    func allows(depth: Int) -> Bool {
      switch self {
      case .grey: depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16
      case .palette: depth == 1 || depth == 2 || depth == 4 || depth == 8
      case .rgb, .greyAlpha, .rgba: depth == 8 || depth == 16
      }
    }
  }

  /// Pixels.
  public internal(set) var width, height: Int
  /// Of a stored sample: 1, 2, 4, 8 or 16.
  public internal(set) var bitDepth: Int
  public internal(set) var colorType: ColorType
  /// Whether the image is stored in the seven passes of Adam7.
  public internal(set) var isInterlaced: Bool
  /// Whether there is an alpha channel, or a tRNS chunk that stands for one.
  public internal(set) var hasAlpha = false
  /// What eXIf says about how the image is to be turned; 1 where it says nothing.
  public internal(set) var orientation = 1
  /// What gAMA says, in units of 1/100000.
  public internal(set) var gamma: Int?
  /// The rendering intent of sRGB, 0 to 3.
  public internal(set) var sRGBIntent: Int?
  /// Pixels for a unit to the right and down, and whether the unit is the metre.
  public internal(set) var density: Density?
  /// Whether there is an ICC profile.
  public internal(set) var hasProfile = false

  /// Pixels for a unit of length (W3C PNG, 11.3.4.3).
  public struct Density: Hashable, Sendable {
    /// To the right, and down.
    public var x, y: UInt32
    /// Whether the unit is the metre; if not, the two have a meaning together alone, as the shape of a pixel.
    public var isPerMetre: Bool

    public init(x: UInt32, y: UInt32, isPerMetre: Bool) { (self.x, self.y, self.isPerMetre) = (x, y, isPerMetre) }
  }

  /// As it is stored: what ``orientation`` says is not applied.
  public var size: ImageSize { ImageSize(width: width, height: height) }

  /// The pixels as they are stored, with palette expanded and transparency as alpha: 8 bits, or 16 where the file has 16.
  public var layout: PixelLayout {
    let colors = colorType == .grey || colorType == .greyAlpha ? 1 : 3
    return PixelLayout(channels: colors + (hasAlpha ? 1 : 0), bits: bitDepth == 16 ? 16 : 8, hasAlpha: hasAlpha)
  }

  init(width: Int, height: Int, bitDepth: Int, colorType: ColorType, isInterlaced: Bool) {
    (self.width, self.height, self.bitDepth) = (width, height, bitDepth)
    (self.colorType, self.isInterlaced) = (colorType, isInterlaced)
    hasAlpha = colorType == .greyAlpha || colorType == .rgba
  }

  // MARK: - Stored rows

  var storedPixelBits: Int { bitDepth * colorType.storedChannels }

  /// From one byte of a row to the one that filters see as its left neighbour.
  var filterDistance: Int { max(1, storedPixelBits / 8) }

  /// Bytes of a row of `width` pixels, without the filter's byte. At most 2^31 pixels of 64 bits.
  func storedRowByteCount(_ width: Int) -> Int { (width * storedPixelBits + 7) / 8 }
}

/// How much a file may ask for. All of it is checked before anything of that size is allocated.
public struct PNGLimits: Hashable, Sendable {
  /// Of the image, and of each output. 16383 x 16383 by default, 268 million.
  public var pixels = 16383 * 16383
  /// Bytes that a call may hold beyond its input and output; `Int.max`, no limit, by default.
  public var memory = Int.max
  /// Bytes of a chunk that is not image data.
  public var chunkByteCount = 64 << 20
  /// Chunks that are not image data.
  public var chunkCount = 65536

  public init() {}

  public static let `default` = PNGLimits()
}

/// Which checksums have to be right.
public enum PNGVerification: Hashable, Sendable {
  /// Those of all chunks, and of the image.
  case all
  /// Those of the chunks that make the image; another one with a wrong checksum is passed over.
  case critical
  /// None: for files that are known to be damaged.
  case none
}

/// What of a file besides its pixels goes into one that is made from it.
public struct PNGMetadata: OptionSet, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// What colours mean: gAMA, sRGB and iCCP, byte for byte.
  public static let color = PNGMetadata(rawValue: 1)
  /// How large a pixel is: pHYs.
  public static let density = PNGMetadata(rawValue: 2)
  /// What the camera says: eXIf, byte for byte, wherever it stands. The image then stays as it is stored, for whoever shows it turns it.
  public static let exif = PNGMetadata(rawValue: 4)
}
