/// Why an upload is not wanted, as soon as that is certain.
public enum UploadRefusal: Error, Hashable, Sendable {
  /// The byte at `byteOffset` is the first that no accepted type has there; `found` is what the bytes begin as instead, where
  /// enough of them are there to tell.
  case contentType(found: ContentType?, byteOffset: Int)
  /// The byte at `byteOffset`, which is the limit, is one too many.
  case tooLong(byteOffset: Int)
  /// The upload ended at `byteOffset`, before its type was certain.
  case tooShort(byteOffset: Int)
}

extension UploadRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .contentType(let found?, let offset): "\(found.rawValue) is not accepted (byte \(offset))"
    case .contentType(nil, let offset): "no accepted type begins like this (byte \(offset))"
    case .tooLong(let limit): "longer than \(limit) bytes"
    case .tooShort(let offset): "ended after \(offset) bytes, before its type was certain"
    }
  }
}

/// Lets an upload pass while it may yet be of an accepted type and size, and refuses it at the first byte that rules this out.
///
/// ```swift
/// var gate = UploadGate(accepting: [.png, .jpeg], maximumByteCount: 10 << 20)
/// try gate.check(announcing: contentLength)     // where there is one, before the first byte
/// while let piece = next() { try gate.check(piece) }
/// try gate.finish()
/// ```
public struct UploadGate: Sendable {
  public let maximumByteCount: Int
  /// Bytes that have passed.
  public private(set) var byteCount = 0
  /// The type, as soon as it is certain.
  public private(set) var contentType: ContentType?

  private let accepted: [ContentSignature]
  private var first: InlineArray<16, UInt8> = InlineArray(repeating: 0)

  /// - Parameters:
  ///   - types: what an upload may be; nil for anything.
  ///   - maximumByteCount: not negative.
  public init(accepting types: Set<ContentType>? = nil, maximumByteCount: Int = .max) {
    precondition(maximumByteCount >= 0, "UploadGate: maximumByteCount must not be negative")
    precondition(types != [], "UploadGate: at least one type must be accepted")
    self.maximumByteCount = maximumByteCount
    isOpen = types == nil
    accepted = types.map { types in ContentSignature.all.filter { types.contains($0.type) } } ?? []
  }

  /// Whether any type is accepted.
  private let isOpen: Bool

  /// Refuses an upload for the length that it announces.
  ///
  /// - Throws: ``UploadRefusal/tooLong(byteOffset:)``.
  public func check(announcing byteCount: Int) throws(UploadRefusal) {
    if byteCount > maximumByteCount { throw .tooLong(byteOffset: maximumByteCount) }
  }

  /// Takes the next bytes. After a refusal, the gate is as it was before them.
  ///
  /// - Throws: ``UploadRefusal/contentType(found:byteOffset:)``, ``UploadRefusal/tooLong(byteOffset:)``: what comes first.
  /// - Complexity: of the first 16 bytes a comparison a signature, of others nothing.
  public mutating func check(_ bytes: RawSpan) throws(UploadRefusal) {
    let allowed = min(bytes.byteCount, maximumByteCount - byteCount)
    if contentType == nil && byteCount < first.count && allowed > 0 {
      let count = min(first.count, byteCount + allowed)
      var first = first
      for i in byteCount..<count {
        first[i] = unsafe bytes.unsafeLoad(fromByteOffset: i - byteCount, as: UInt8.self)
      }
      let type = try Self.type(of: unsafe first.span.bytes.extracting(..<count), accepted, isOpen)
      if bytes.byteCount == allowed { (self.first, contentType) = (first, type) }
    }
    if bytes.byteCount > allowed { throw .tooLong(byteOffset: maximumByteCount) }
    byteCount += bytes.byteCount
  }

  /// The upload has ended.
  ///
  /// - Returns: its type; nil where any is accepted and it is none that is known.
  /// - Throws: ``UploadRefusal/tooShort(byteOffset:)`` where it might have become of an accepted type.
  @discardableResult
  public func finish() throws(UploadRefusal) -> ContentType? {
    if contentType == nil && !isOpen { throw .tooShort(byteOffset: byteCount) }
    return contentType
  }

  /// The type that `first` is certain to be, nil where that may yet come.
  private static func type(
    of first: RawSpan, _ accepted: [ContentSignature], _ isOpen: Bool
  ) throws(UploadRefusal) -> ContentType? {
    var found: ContentType?
    if case .known(let type) = ContentType.guess(from: first) { found = type }
    if isOpen { return found }
    // As far as the best of the accepted types goes along.
    var furthest = 0
    for signature in accepted {
      switch signature.compare(first) {
      case .matches: return signature.type
      case .continues: furthest = .max
      case .differs(let place): furthest = max(furthest, place)
      }
    }
    if furthest == .max { return nil }
    throw .contentType(found: found, byteOffset: furthest)
  }
}
