/// The checksum of an object that was uploaded in parts, from the parts' CRCs and lengths alone.
///
/// S3 knows both: the full object's, as if it had come in one piece, and the composite one, the CRC of the parts' CRCs.
///
/// ```swift
/// var object = MultipartCRC<CRC64NVME>()
/// try object.setPart(2, second.value, byteCount: second.count)      // in any order, from any machine
/// try object.setPart(1, first.value, byteCount: first.count)
/// let checksum = try object.fullObject()
/// ```
///
/// Source: Amazon S3 user guide, "Checking object integrity".
public struct MultipartCRC<Function: Checksum>: Sendable {
  private struct Part: Sendable {
    let value: Function.Value
    let byteCount: Int
  }

  private var parts = MultipartParts<Part>()

  public init() {}

  /// Sets what a part's bytes sum up to. Parts come in any order; one that comes again replaces the former, as in S3.
  ///
  /// - Parameters:
  ///   - number: from 1 to 10,000.
  ///   - value: the checksum of the part's bytes.
  ///   - byteCount: bytes of the part; not negative.
  /// - Throws: ``MultipartError/partNumber(_:)``, with nothing changed.
  public mutating func setPart(_ number: Int, _ value: Function.Value, byteCount: Int) throws(MultipartError) {
    precondition(byteCount >= 0, "MultipartCRC: byteCount must not be negative")
    try parts.set(number, Part(value: value, byteCount: byteCount))
  }

  /// The checksum of all parts, one after the other.
  ///
  /// - Throws: ``MultipartError/missingPart(_:)`` for the first number without a part.
  /// - Complexity: O(parts), a combination each.
  public func fullObject() throws(MultipartError) -> Function.Value {
    var whole = Function().value
    for part in try parts.all() { whole = Function.combine(whole, part.value, byteCount: part.byteCount) }
    return whole
  }

  /// The checksum of the parts' checksums, most significant byte first, and how many they are.
  ///
  /// - Throws: ``MultipartError/missingPart(_:)`` for the first number without a part.
  public func composite() throws(MultipartError) -> (value: Function.Value, partCount: Int) {
    var checksum = Function()
    for part in try parts.all() {
      unsafe withUnsafeBytes(of: part.value.bigEndian) { unsafe checksum.update($0) }
    }
    return (checksum.value, parts.count)
  }

  /// The composite checksum as S3 writes it, "base64-N". Allocates the result.
  ///
  /// - Throws: ``MultipartError/missingPart(_:)`` for the first number without a part.
  public func compositeText() throws(MultipartError) -> String {
    let (value, partCount) = try composite()
    return "\(base64(value))-\(partCount)"
  }

  /// The full object's checksum as S3 writes it, in base64. Allocates the result.
  ///
  /// - Throws: ``MultipartError/missingPart(_:)`` for the first number without a part.
  public func fullObjectText() throws(MultipartError) -> String { base64(try fullObject()) }

  /// Most significant byte first.
  private func base64(_ value: Function.Value) -> String {
    unsafe withUnsafeBytes(of: value.bigEndian) { unsafe Base64.encode($0.bytes) }
  }
}
