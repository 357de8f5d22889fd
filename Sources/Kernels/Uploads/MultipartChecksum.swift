/// Why the parts of an upload do not make an object.
public enum MultipartError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Parts are numbered from 1 to 10,000.
  case partNumber(Int)
  /// No part of this number, though there are parts after it; 1 where there is no part at all.
  case missingPart(Int)

  public var description: String {
    switch self {
    case .partNumber(let number): "part number \(number) is not within 1 ... \(MultipartParts<Int>.maximumCount)"
    case .missingPart(let number): "part \(number) is missing"
    }
  }
}

/// The checksum of an object that was uploaded in parts: the hash of the parts' digests, in the order of their numbers.
///
/// What S3 calls a composite checksum, and shows with the number of parts: "base64-N". With ``Insecure/MD5`` it is the entity tag,
/// in hexadecimal digits.
///
/// Source: Amazon S3 user guide, "Checking object integrity", composite checksums.
public struct MultipartDigest<Hash: HashFunction>: Sendable {
  private var parts = MultipartParts<Hash.Digest>()

  public init() {}

  /// Sets what a part's bytes hash to. Parts come in any order; one that comes again replaces the former, as in S3.
  ///
  /// - Parameters:
  ///   - number: from 1 to 10,000.
  ///   - digest: the digest of the part's bytes.
  /// - Throws: ``MultipartError/partNumber(_:)``, with nothing changed.
  public mutating func setPart(_ number: Int, _ digest: Hash.Digest) throws(MultipartError) {
    try parts.set(number, digest)
  }

  /// The checksum of all parts, and how many they are.
  ///
  /// - Throws: ``MultipartError/missingPart(_:)`` for the first number without a part.
  public func finish() throws(MultipartError) -> (digest: Hash.Digest, partCount: Int) {
    var hasher = Hash()
    for digest in try parts.all() { unsafe withUnsafeBytes(of: digest) { unsafe hasher.update($0) } }
    return (hasher.finish(), parts.count)
  }

  /// The checksum as S3 writes it, "base64-N". Allocates the result.
  ///
  /// - Throws: ``MultipartError/missingPart(_:)`` for the first number without a part.
  public func compositeText() throws(MultipartError) -> String {
    let (digest, partCount) = try finish()
    let text: String = unsafe withUnsafeBytes(of: digest) { unsafe Base64.encode($0.bytes) }
    return "\(text)-\(partCount)"
  }
}

extension MultipartDigest where Hash == Insecure.MD5 {
  /// The entity tag as S3 writes it, "hexadecimal-N", without quotation marks. Allocates the result.
  ///
  /// - Throws: ``MultipartError/missingPart(_:)`` for the first number without a part.
  public func entityTag() throws(MultipartError) -> String {
    let (digest, partCount) = try finish()
    return "\(digest)-\(partCount)"
  }
}

/// What was told of the parts of an upload, by their numbers.
struct MultipartParts<Part: Sendable>: Sendable {
  static var maximumCount: Int { 10_000 }

  private var parts: [Part?] = []

  var count: Int { parts.count }

  mutating func set(_ number: Int, _ part: Part) throws(MultipartError) {
    guard (1...Self.maximumCount).contains(number) else { throw .partNumber(number) }
    while parts.count < number { parts.append(nil) }
    parts[number - 1] = part
  }

  /// All of them, without a gap.
  func all() throws(MultipartError) -> [Part] {
    if parts.isEmpty { throw .missingPart(1) }
    var all: [Part] = []
    all.reserveCapacity(parts.count)
    for (i, part) in parts.enumerated() {
      guard let part else { throw .missingPart(i + 1) }
      all.append(part)
    }
    return all
  }
}
