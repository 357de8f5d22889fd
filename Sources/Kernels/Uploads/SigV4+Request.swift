extension SigV4 {
  /// What is known of a request's body when it is signed: what the header x-amz-content-sha256 says.
  public enum Payload: Hashable, Sendable, CustomStringConvertible {
    /// Of the whole body.
    case sha256(SHA256.Digest)
    /// The body is not covered: over TLS.
    case unsigned
    /// Chunks with signatures, by a ``ChunkSigner``.
    case signedChunks
    /// The same, with a trailer.
    case signedChunksWithTrailer
    /// Chunks without signatures, with a trailer.
    case unsignedChunksWithTrailer

    public var description: String {
      switch self {
      case .sha256(let digest): digest.description
      case .unsigned: "UNSIGNED-PAYLOAD"
      case .signedChunks: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
      case .signedChunksWithTrailer: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
      case .unsignedChunksWithTrailer: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
      }
    }
  }

  /// A request in the canonical form of S3, which encodes a path once and leaves it as it is else.
  public struct Request: Hashable, Sendable {
    /// The method, path, query, headers and payload, each in canonical form, as the documentation lists them.
    public let canonical: String
    /// "host;x-amz-date"
    public let signedHeaders: String

    /// - Parameters:
    ///   - method: "GET".
    ///   - path: from the first slash, not percent-encoded.
    ///   - query: names and values, not percent-encoded, in any order.
    ///   - headers: names in any case, in any order: those to be signed, Host and every x-amz- header among them. Values of one name
    ///     are joined in their order.
    ///   - payload: what x-amz-content-sha256 says.
    public init(
      method: String, path: String, query: [(name: String, value: String)] = [],
      headers: [(name: String, value: String)], payload: Payload
    ) {
      var fields: [String: String] = [:]
      for (name, value) in headers {
        let value = Self.withoutNeedlessSpaces(value)
        fields[name.lowercased(), default: ""] += fields[name.lowercased()] == nil ? value : "," + value
      }
      let names = fields.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
      signedHeaders = names.joined(separator: ";")
      let parameters = query.map { (SigV4.percentEncoded($0.name), SigV4.percentEncoded($0.value)) }
        .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        .map { "\($0.0)=\($0.1)" }
      canonical = [
        method, SigV4.percentEncoded(path.isEmpty ? "/" : path, keeping: UInt8(ascii: "/")),
        parameters.joined(separator: "&"),
        names.map { "\($0):\(fields[$0] ?? "")\n" }.joined(), signedHeaders, payload.description,
      ].joined(separator: "\n")
    }

    /// What is signed: algorithm, time, scope and the canonical request's SHA-256, a line each.
    public func stringToSign(at time: Timestamp, scope: Scope) -> String {
      let digest = unsafe SHA256.hash(canonical.utf8Span.span.bytes)
      return "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(digest)"
    }

    public func signature(at time: Timestamp, by key: borrowing Key) -> SHA256.Digest {
      key.signature(of: stringToSign(at: time, scope: key.scope))
    }

    /// The value of the header Authorization.
    ///
    /// - Parameters:
    ///   - accessKey: the access key's identifier, which is public.
    ///   - scope: as of the signature.
    ///   - signature: of this request.
    public func authorization(accessKey: String, scope: Scope, signature: SHA256.Digest) -> String {
      "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope),SignedHeaders=\(signedHeaders),Signature=\(signature)"
    }

    /// Neither before nor after, and one at a time within.
    private static func withoutNeedlessSpaces(_ value: String) -> String {
      value.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        .map { String(Substring($0)) }.joined(separator: " ")
    }
  }

  /// RFC 3986's unreserved characters as they are, all other bytes of UTF-8 as %XX in upper case.
  ///
  /// - Parameters:
  ///   - text: of any characters.
  ///   - kept: one more byte that stays: the slash of a path.
  public static func percentEncoded(_ text: String, keeping kept: UInt8? = nil) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var encoded: [UInt8] = []
    encoded.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"),
        kept:
        encoded.append(byte)
      default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }
}
