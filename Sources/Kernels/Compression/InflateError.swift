/// Why a stream cannot be inflated, and where.
public struct InflateError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: Hashable, Sendable {
    /// The stream ends before its end is reached.
    case truncated
    /// Bytes follow the end of the stream.
    case trailingBytes
    /// What comes out is longer than the caller allows.
    case outputLimit
    /// The two bytes of a zlib header do not fit each other, or are of no method that RFC 1950 knows.
    case zlibHeader
    /// The stream asks for a preset dictionary.
    case dictionary
    /// The gzip header is of no method or has flags that RFC 1952 does not know, or its own checksum is wrong.
    case gzipHeader
    /// Block type 3.
    case blockType
    /// The length of a stored block and its complement do not fit each other.
    case storedLength
    /// More codes for literals and lengths than 286, or for distances than 30.
    case codeCount
    /// The lengths of a Huffman code make none: more codes than there is room for, or room that is left.
    case codeLengths
    /// A repeated code length without one before it, or more of them than there are codes.
    case repeatedLength
    /// No code for the end of the block.
    case noEndOfBlock
    /// Bits that are no code for a literal or a length.
    case literalCode
    /// Bits that are no code for a distance.
    case distanceCode
    /// A distance to before the start of the output.
    case distance
    /// The checksum of what came out is not the stream's.
    case checksum
    /// The length of what came out is not what the gzip trailer says.
    case length
    /// The system has no more memory.
    case outOfMemory
  }

  public let reason: Reason
  /// Bytes of the stream before the one where it shows.
  public let offset: Int

  public init(_ reason: Reason, offset: Int) { (self.reason, self.offset) = (reason, offset) }

  public var description: String { "\(reason.text), at offset \(offset)" }
}

extension InflateError.Reason {
  fileprivate var text: String {
    switch self {
    case .truncated: "the stream ends too early"
    case .trailingBytes: "bytes follow the end of the stream"
    case .outputLimit: "more comes out than is allowed"
    case .zlibHeader: "no zlib header"
    case .dictionary: "the stream asks for a preset dictionary"
    case .gzipHeader: "no gzip header"
    case .blockType: "no such type of block"
    case .storedLength: "the length of a stored block contradicts itself"
    case .codeCount: "too many codes"
    case .codeLengths: "the lengths of a code make none"
    case .repeatedLength: "a code length is repeated that is not there, or too often"
    case .noEndOfBlock: "no code for the end of the block"
    case .literalCode: "no code of a literal or a length"
    case .distanceCode: "no code of a distance"
    case .distance: "a distance to before the start of the output"
    case .checksum: "the checksum of the output is not the stream's"
    case .length: "the length of the output is not the stream's"
    case .outOfMemory: "the system has no more memory"
    }
  }
}
