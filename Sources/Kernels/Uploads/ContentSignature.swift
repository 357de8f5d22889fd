/// How a type begins: bytes, some of which may be any.
struct ContentSignature: Sendable {
  let type: ContentType
  /// nil for any byte.
  private let pattern: [UInt8?]

  var byteCount: Int { pattern.count }

  enum Comparison: Equatable {
    case matches
    /// The bytes end within the signature.
    case continues
    /// At this byte.
    case differs(at: Int)
  }

  func compare(_ bytes: RawSpan) -> Comparison {
    for i in 0..<min(pattern.count, bytes.byteCount) {
      guard let expected = pattern[i] else { continue }
      if bytes.byte(at: i) != expected { return .differs(at: i) }
    }
    return bytes.byteCount < pattern.count ? .continues : .matches
  }

  private init(_ type: ContentType, _ parts: Part...) {
    self.type = type
    pattern = parts.flatMap(\.pattern)
  }

  private enum Part {
    case bytes([UInt8])
    case text(StaticString)
    case any(Int)

    var pattern: [UInt8?] {
      switch self {
      case .bytes(let bytes): bytes
      case .text(let text): Array(text.description.utf8)
      case .any(let count): Array(repeating: nil, count: count)
      }
    }
  }

  /// An ISO base media file's first box, of any size, is `ftyp`, and its first word the major brand.
  private static func brands(_ type: ContentType, _ brands: [StaticString]) -> [ContentSignature] {
    brands.map { ContentSignature(type, .any(4), .text("ftyp"), .text($0)) }
  }

  static let all: [ContentSignature] =
    [
      // W3C PNG, section 5.2.
      ContentSignature(.png, .bytes([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])),
      // ITU-T T.81, annex B.1.1.3: SOI, and the first byte of another marker.
      ContentSignature(.jpeg, .bytes([0xff, 0xd8, 0xff])),
      // GIF89a specification, section 17.
      ContentSignature(.gif, .text("GIF87a")),
      ContentSignature(.gif, .text("GIF89a")),
      // RFC 9649, section 2.4.
      ContentSignature(.webP, .text("RIFF"), .any(4), .text("WEBP")),
      // TIFF 6.0, section 2: the byte order and 42 in it.
      ContentSignature(.tiff, .bytes([0x49, 0x49, 42, 0])),
      ContentSignature(.tiff, .bytes([0x4d, 0x4d, 0, 42])),
      // RFC 8794, section 11.2.1: EBML's header; Matroska (RFC 9559) and WebM.
      ContentSignature(.matroska, .bytes([0x1a, 0x45, 0xdf, 0xa3])),
      // RFC 3533, section 6: the capture pattern and version 0.
      ContentSignature(.ogg, .text("OggS"), .bytes([0])),
      // RFC 9639, section 6.
      ContentSignature(.flac, .text("fLaC")),
      // RFC 2361, and Microsoft's Multimedia Programming Interface 1.0.
      ContentSignature(.wave, .text("RIFF"), .any(4), .text("WAVE")),
      // ISO 32000-1, section 7.5.2.
      ContentSignature(.pdf, .text("%PDF-")),
      // PKWARE APPNOTE 4.3.7, 4.3.16: the header of a first file, or the end of an archive without any.
      ContentSignature(.zip, .text("PK"), .bytes([3, 4])),
      ContentSignature(.zip, .text("PK"), .bytes([5, 6])),
      // RFC 1952, section 2.3.1: and the only method, deflate.
      ContentSignature(.gzip, .bytes([0x1f, 0x8b, 8])),
      // RFC 8878, section 3.1.1.
      ContentSignature(.zstandard, .bytes([0x28, 0xb5, 0x2f, 0xfd])),
      // The xz file format 1.2.1, section 2.1.1.1.
      ContentSignature(.xz, .bytes([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])),
      // 7zFormat.txt of the LZMA SDK.
      ContentSignature(.sevenZip, .bytes([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])),
      // Apache Parquet, "File format"; and with an encrypted footer.
      ContentSignature(.parquet, .text("PAR1")),
      ContentSignature(.parquet, .text("PARE")),
      // Apache Arrow columnar format, "IPC file format".
      ContentSignature(.arrow, .text("ARROW1"), .bytes([0, 0])),
      // sqlite.org/fileformat.html, section 1.3.1.
      ContentSignature(.sqlite, .text("SQLite format 3"), .bytes([0])),
      // WebAssembly core specification, section 5.5.16: magic and version 1.
      ContentSignature(.webAssembly, .bytes([0]), .text("asm"), .bytes([1, 0, 0, 0])),
    ]
    // A digit, the size of blocks, and the first of a block: of bzip2's manual, chapter 2.
    + (UInt8(ascii: "1")...UInt8(ascii: "9")).map {
      ContentSignature(.bzip2, .text("BZh"), .bytes([$0, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]))
    }
    // ISO/IEC 14496-12 section 4.3, 14496-14 section 4, 23008-12 section 10; AV1 Image File Format section 6; Apple's
    // QuickTime File Format.
    + brands(
      .mp4, ["isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "avc1", "dash"])
    + brands(.mp4, ["M4V ", "M4A ", "M4B ", "MSNV", "f4v "])
    + brands(.quickTime, ["qt  "])
    + brands(.heif, ["mif1", "msf1", "heic", "heix", "hevc", "hevx", "heim", "heis"])
    + brands(.avif, ["avif", "avis"])
}

extension RawSpan {
  /// - `i` is within the span, as the caller has checked.
  fileprivate func byte(at i: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: i, as: UInt8.self) }
}
