/// A format of files that begins with bytes of its own.
///
/// A name says what the bytes claim to be, not that the rest is well-formed.
public enum ContentType: String, CaseIterable, Hashable, Sendable {
  // Images.
  case png = "image/png"
  case jpeg = "image/jpeg"
  case gif = "image/gif"
  case webP = "image/webp"
  case tiff = "image/tiff"
  case heif = "image/heif"
  case avif = "image/avif"
  // Sound and film.
  case mp4 = "video/mp4"
  case quickTime = "video/quicktime"
  case matroska = "video/matroska"
  case ogg = "application/ogg"
  case flac = "audio/flac"
  case wave = "audio/vnd.wave"
  // Documents and archives.
  case pdf = "application/pdf"
  case zip = "application/zip"
  case gzip = "application/gzip"
  case zstandard = "application/zstd"
  case bzip2 = "application/x-bzip2"
  case xz = "application/x-xz"
  case sevenZip = "application/x-7z-compressed"
  // Data and code.
  case parquet = "application/vnd.apache.parquet"
  case arrow = "application/vnd.apache.arrow.file"
  case sqlite = "application/vnd.sqlite3"
  case webAssembly = "application/wasm"

  /// What some first bytes tell.
  public enum Guess: Hashable, Sendable {
    case known(ContentType)
    /// It begins as some type does, and ends before that is certain.
    case undecided
    /// No type begins like this.
    case unknown
  }

  /// The type that `bytes` begin as. Types are told apart by their first ``longestSignature`` bytes.
  ///
  /// - Complexity: a comparison a signature. Allocates nothing.
  public static func guess(from bytes: RawSpan) -> Guess {
    var undecided = false
    for signature in ContentSignature.all {
      switch signature.compare(bytes) {
      case .matches: return .known(signature.type)
      case .continues: undecided = true
      case .differs: break
      }
    }
    return undecided ? .undecided : .unknown
  }

  /// Bytes that always decide.
  public static let longestSignature = ContentSignature.all.reduce(0) { max($0, $1.byteCount) }
}
