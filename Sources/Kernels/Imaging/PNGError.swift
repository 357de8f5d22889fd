/// Why bytes are no PNG image, or not one that the caller allows, and where.
public struct PNGError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: Hashable, Sendable {
    // The bytes are not what they claim to be.
    /// The first eight bytes are not PNG's.
    case signature
    /// The file ends before its end chunk does.
    case truncated
    /// A chunk's length is above 2^31 - 1.
    case chunkLength
    /// A chunk's name is not of letters, or is one that must be known and is not.
    case chunkName
    /// The CRC of a chunk does not fit its bytes.
    case chunkChecksum
    /// A chunk where it may not be, or a second time, or not there at all.
    case chunkOrder
    /// Width, height, depth, colour type or a method of IHDR is none that there is.
    case header
    /// The palette is empty, too long, or not of whole colours.
    case palette
    /// The transparency does not fit the colour type.
    case transparency
    /// A row's filter is none that there is.
    case filter
    /// The compressed image is no zlib stream.
    case compressed(InflateError.Reason)
    /// The compressed image is shorter than the image.
    case imageData
    /// The Adler-32 of the image does not fit.
    case imageChecksum

    // Valid so far, and more than the caller allows.
    /// More pixels than ``PNGLimits/pixels``.
    case pixelLimit
    /// More working memory than ``PNGLimits/memory``.
    case memoryLimit
    /// A chunk besides the image that is longer than ``PNGLimits/chunkByteCount``.
    case chunkLimit
    /// More chunks besides the image than ``PNGLimits/chunkCount``.
    case chunkCountLimit

    /// More bytes of pixels than the caller has room for.
    case outputLimit

    /// The system has no more memory.
    case outOfMemory
    /// The output cannot be: no pixels, or sizes that do not go together.
    case resize(ResizeError)
  }

  public let reason: Reason
  /// Bytes of the file before the one where it shows; of what is compressed, where the chunk that shows it starts or goes on.
  public let offset: Int
  /// The four letters of the chunk that it is about; empty where it is about none.
  public var chunk: String { chunkName?.description ?? "" }

  let chunkName: PNGChunkName?

  init(_ reason: Reason, at offset: Int, in chunk: PNGChunkName? = nil) {
    (self.reason, self.offset, chunkName) = (reason, offset, chunk)
  }

  public var description: String {
    "\(chunkName.map { "\($0): " } ?? "")\(reason.text), at offset \(offset)"
  }

  /// One sentence, without the place.
  public var message: String { reason.text }

  /// Whether it is a limit that was passed, and not the bytes that are wrong.
  public var isLimit: Bool {
    switch reason {
    case .pixelLimit, .memoryLimit, .chunkLimit, .chunkCountLimit, .outputLimit: true
    default: false
    }
  }
}

extension PNGError.Reason {
  /// One sentence without a full stop.
  var text: String {
    switch self {
    case .signature: "no PNG signature"
    case .truncated: "the file ends too early"
    case .chunkLength: "a chunk's length is out of range"
    case .chunkName: "no chunk that is known, and it would have to be"
    case .chunkChecksum: "the chunk's checksum does not fit its bytes"
    case .chunkOrder: "the chunk is where it may not be, or missing"
    case .header: "the header describes no image"
    case .palette: "the palette is none"
    case .transparency: "the transparency does not fit the colours"
    case .filter: "a row's filter is none that there is"
    case .compressed(let reason): "the compressed image is damaged (\(reason))"
    case .imageData: "the compressed image is shorter than the image"
    case .imageChecksum: "the checksum of the image does not fit its bytes"
    case .pixelLimit: "more pixels than the limit"
    case .memoryLimit: "more working memory than the limit"
    case .chunkLimit: "a chunk longer than the limit"
    case .chunkCountLimit: "more chunks than the limit"
    case .outputLimit: "more bytes of pixels than there is room for"
    case .outOfMemory: "the system has no more memory"
    case .resize(let error): error.description
    }
  }
}

/// The four letters of a chunk, as a big-endian number.
struct PNGChunkName: Hashable, Sendable, CustomStringConvertible {
  let code: UInt32

  static let header = PNGChunkName("IHDR")
  static let palette = PNGChunkName("PLTE")
  static let image = PNGChunkName("IDAT")
  static let end = PNGChunkName("IEND")
  static let transparency = PNGChunkName("tRNS")
  static let gamma = PNGChunkName("gAMA")
  static let sRGB = PNGChunkName("sRGB")
  static let profile = PNGChunkName("iCCP")
  static let exif = PNGChunkName("eXIf")
  static let density = PNGChunkName("pHYs")

  init(code: UInt32) { self.code = code }

  private init(_ name: StaticString) {
    code = unsafe UInt32(bigEndian: UnsafeRawPointer(name.utf8Start).loadUnaligned(as: UInt32.self))
  }

  /// Four letters.
  var isValid: Bool {
    (0..<4).allSatisfy { shift in
      let letter = UInt8(truncatingIfNeeded: code >> (8 * UInt32(shift))) | 0x20
      return letter >= 97 && letter <= 122
    }
  }

  /// A decoder that does not know it can go on without it.
  var isAncillary: Bool { code & 0x2000_0000 != 0 }

  var description: String {
    String(
      String.UnicodeScalarView(
        (0..<4).reversed().map { shift in
          let byte = UInt8(truncatingIfNeeded: code >> (8 * UInt32(shift)))
          return Unicode.Scalar(byte > 32 && byte < 127 ? byte : 63)
        }))
  }
}
