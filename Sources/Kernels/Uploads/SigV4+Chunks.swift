extension SigV4 {
  /// Signatures of a body that is sent in chunks, each over the one before: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`.
  ///
  /// Chunks have at least 8 KiB, but the last, and after them comes one of no bytes.
  ///
  /// Source: Amazon S3 API reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks".
  public struct ChunkSigner: Sendable {
    /// The string to sign, of which each chunk changes the last three lines.
    private var text: [UInt8]
    private let trailerPrefix: [UInt8]
    private let scope: Scope

    /// - Parameters:
    ///   - time: as of the request.
    ///   - scope: as of the request.
    ///   - seed: the signature of the request, whose payload was ``Payload/signedChunks`` or the same with a trailer.
    public init(time: Timestamp, scope: Scope, seed: SHA256.Digest) {
      let common = "\n\(time)\n\(scope)\n"
      let empty = SHA256.hash(RawSpan())
      text = Array("AWS4-HMAC-SHA256-PAYLOAD\(common)\(seed)\n\(empty)\n\(empty)".utf8)
      trailerPrefix = Array("AWS4-HMAC-SHA256-TRAILER\(common)".utf8)
      self.scope = scope
    }

    /// The signature of the next chunk; of no bytes for the last one.
    ///
    /// - Parameters:
    ///   - chunk: the chunk's bytes, without what frames them.
    ///   - key: of the signer's scope.
    /// - Complexity: O(n). Allocates nothing.
    public mutating func sign(_ chunk: RawSpan, by key: borrowing Key) -> SHA256.Digest {
      precondition(key.scope == scope, "ChunkSigner: key must be of the signer's scope")
      write(SHA256.hash(chunk), endingAt: text.count)
      let signature = unsafe key.signature(of: text.span.bytes)
      write(signature, endingAt: text.count - 2 * (Self.digitCount + 1))
      return signature
    }

    /// The signature of the trailer that follows the last chunk.
    ///
    /// - Parameters:
    ///   - trailer: names in lower case and values, as "x-amz-checksum-crc64nvme:AAAAAAAAAAA=\n", a line each.
    ///   - key: of the signer's scope.
    public mutating func sign(trailer: RawSpan, by key: borrowing Key) -> SHA256.Digest {
      precondition(key.scope == scope, "ChunkSigner: key must be of the signer's scope")
      let lastEnd = text.count - 2 * (Self.digitCount + 1)
      let last = text[(lastEnd - Self.digitCount)..<lastEnd]
      let string = trailerPrefix + last + [UInt8(ascii: "\n")] + Array(SHA256.hash(trailer).description.utf8)
      return unsafe key.signature(of: string.span.bytes)
    }

    /// Digits of a digest.
    private static let digitCount = 64

    private mutating func write(_ digest: SHA256.Digest, endingAt end: Int) {
      func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
      let start = end - Self.digitCount
      for i in digest.bytes.indices {
        text[start + 2 * i] = digit(digest.bytes[i] >> 4)
        text[start + 2 * i + 1] = digit(digest.bytes[i] & 15)
      }
    }
  }

  /// What stands before a chunk of `byteCount` bytes; after the chunk stands "\r\n".
  public static func chunkHeader(byteCount: Int, signature: SHA256.Digest) -> String {
    "\(String(byteCount, radix: 16));chunk-signature=\(signature)\r\n"
  }

  /// Bytes of a body of `byteCount` bytes in signed chunks, the last one of no bytes included: its Content-Length.
  public static func chunkedByteCount(of byteCount: Int, chunkByteCount: Int) -> Int {
    precondition(byteCount >= 0 && chunkByteCount > 0, "chunkedByteCount: a chunk must have bytes")
    func framed(_ count: Int) -> Int {
      // ";chunk-signature=", 64 digits, and two ends of lines.
      String(count, radix: 16).utf8.count + 17 + 64 + 4 + count
    }
    let (whole, rest) = byteCount.quotientAndRemainder(dividingBy: chunkByteCount)
    return whole * framed(chunkByteCount) + (rest > 0 ? framed(rest) : 0) + framed(0)
  }
}
