/// Every checksum of an upload that is asked for, in one pass over its bytes.
///
/// Memory is read once, and SHA-256 with MD5, a CRC or both takes about as long as the slowest of them alone where the CPU has the
/// instructions for it.
///
/// ```swift
/// var checksums = UploadChecksums([.sha256, .crc64NVME])
/// while let piece = next() { checksums.update(piece) }
/// let (digest, crc) = (checksums.sha256, checksums.crc64NVME)
/// ```
///
/// A value: a copy goes its own way, and what came so far can be asked for at any time.
public struct UploadChecksums: BitwiseCopyable, Sendable {
  /// What S3 checks an object by.
  public struct Kinds: OptionSet, BitwiseCopyable, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let sha256 = Kinds(rawValue: 1)
    public static let sha1 = Kinds(rawValue: 2)
    public static let md5 = Kinds(rawValue: 4)
    public static let crc32 = Kinds(rawValue: 8)
    public static let crc32C = Kinds(rawValue: 16)
    public static let crc64NVME = Kinds(rawValue: 32)
  }

  public let kinds: Kinds
  /// Bytes so far.
  public internal(set) var byteCount = 0

  var sha256Hasher = SHA256()
  var sha1Hasher = Insecure.SHA1()
  var md5Hasher = Insecure.MD5()
  var crc32Sum = CRC32()
  var crc32CSum = CRC32C()
  var crc64NVMESum = CRC64NVME()

  public init(_ kinds: Kinds) { self.kinds = kinds }

  /// Appends `bytes`.
  ///
  /// - Complexity: O(n). Allocates nothing.
  public mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  /// Appends `bytes`.
  ///
  /// - `bytes` must be readable for its whole count; no alignment is required; it is not kept.
  /// - Complexity: O(n). Allocates nothing.
  @unsafe
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe update(bytes, kernel: .select(.current))
  }

  /// Appends a whole file.
  ///
  /// - Throws: ``FileError`` where it cannot be opened or read; the checksums are then what they were.
  /// - Complexity: O(n), and memory of 256 KiB, or of as much as a smaller file has. Allocates nothing when warm.
  public mutating func update(file path: String, scratch: inout Scratch) throws(FileError) {
    var checksums = self
    try unsafe readFile(path, pieceByteCount: filePieceByteCount, scratch: &scratch) { unsafe checksums.update($0) }
    self = checksums
  }
}

// MARK: - Results

extension UploadChecksums {
  /// Of the bytes so far, as all that follow; nil where it was not asked for.
  public var sha256: SHA256.Digest? { kinds.contains(.sha256) ? sha256Hasher.finish() : nil }
  public var sha1: Insecure.SHA1.Digest? { kinds.contains(.sha1) ? sha1Hasher.finish() : nil }
  public var md5: Insecure.MD5.Digest? { kinds.contains(.md5) ? md5Hasher.finish() : nil }
  public var crc32: UInt32? { kinds.contains(.crc32) ? crc32Sum.value : nil }
  public var crc32C: UInt32? { kinds.contains(.crc32C) ? crc32CSum.value : nil }
  public var crc64NVME: UInt64? { kinds.contains(.crc64NVME) ? crc64NVMESum.value : nil }
}
