/// What a step of a stream took, gave and ended with.
public struct CompressionStep: Hashable, Sendable {
  public enum Status: Hashable, Sendable {
    /// All input is taken, and the stream goes on.
    case needsInput
    /// The output has no room for what comes next.
    case outputFull
    /// The stream is at its end; input after it is not taken.
    case finished
  }
  public let status: Status
  /// Bytes taken from the start of the input.
  public let consumed: Int
  /// Bytes written to the start of the output.
  public let written: Int
}

/// DEFLATE (RFC 1951), as zlib (RFC 1950), gzip (RFC 1952) or raw: compresses.
///
/// ```swift
/// let small = try Deflate.deflate(bytes.rawSpan, format: .gzip)
///
/// var deflate = try Deflate(.zlib, level: 1)              // keeps its memory between streams
/// let count = deflate.deflate(bytes.rawSpan, into: &output)
/// ```
///
/// Level 0 codes single bytes and runs of one byte; 1 takes the latest match of five bytes or more too; from 2 on more and more places
/// are looked at, and from 4 on one position ahead; 8 and 9 take the cheapest of all ways through some thousand bytes. Bytes that do not
/// get smaller are stored, at every level. The bytes written may change between versions of this library; what they inflate to does not.
///
/// A value holds some 490 KiB from its start, at levels 8 and 9 1.3 MiB, and allocates nothing after that. It serves one stream at a time.
public struct Deflate: ~Copyable, Sendable {
  public typealias Status = CompressionStep.Status

  private var stream: DeflateStream

  /// - Parameters:
  ///   - format: what is written around the compressed data.
  ///   - level: 0 fastest ... 9 smallest.
  /// - Throws: ``DeflateError/outOfMemory`` where the system has no more memory.
  /// - Complexity: one allocation.
  public init(_ format: DeflateFormat, level: Int = 6) throws(DeflateError) {
    precondition((0...9).contains(level), "Deflate: level must be 0 ... 9")
    guard let stream = DeflateStream(format, level: level) else { throw .outOfMemory }
    self.stream = stream
  }

  /// The most bytes that `byteCount` bytes deflate to, at any level.
  public static func mostDeflated(of byteCount: Int, format: DeflateFormat) -> Int {
    precondition(byteCount >= 0, "Deflate: byteCount must not be negative")
    return DeflateStream.mostDeflated(byteCount, format)
  }

  /// Starts a new stream, whatever became of the one before.
  public mutating func reset() { stream.reset() }

  /// One step of a stream: deflates as much as there is input for and room.
  ///
  /// - Parameters:
  ///   - input: the next bytes; what is not consumed comes again.
  ///   - output: written to from its start.
  ///   - isFinalInput: that nothing follows `input`. Then the calls that follow are for room alone, with what is left of it.
  /// - Complexity: O(input); no allocation.
  public mutating func update(
    _ input: RawSpan, into output: inout MutableRawSpan, isFinalInput: Bool
  ) -> CompressionStep {
    var (consumed, position) = (0, 0)
    let status = unsafe input.withUnsafeBytes { input in
      unsafe output.withUnsafeMutableBytes { output in
        unsafe stream.encode(input, consumed: &consumed, into: output, position: &position, isFinalInput: isFinalInput)
      }
    }
    return CompressionStep(status: Status(status), consumed: consumed, written: position)
  }

  /// Writes `bytes` as one whole stream to the start of `output`.
  ///
  /// - Returns: the bytes written, or nil where `output` has no room for them; it has with ``mostDeflated(of:format:)``.
  /// - Complexity: O(n); no allocation.
  public mutating func deflate(_ bytes: RawSpan, into output: inout MutableRawSpan) -> Int? {
    reset()
    let step = update(bytes, into: &output, isFinalInput: true)
    return step.status == .finished ? step.written : nil
  }

  /// `bytes` as one whole stream.
  ///
  /// - Parameters:
  ///   - bytes: any number.
  ///   - format: what is written around the compressed data.
  ///   - level: 0 fastest ... 9 smallest.
  /// - Throws: ``DeflateError/outOfMemory`` where the system has no more memory to work with.
  /// - Complexity: O(n); allocates the result and working memory.
  public static func deflate(
    _ bytes: RawSpan, format: DeflateFormat, level: Int = 6
  ) throws(DeflateError) -> [UInt8] {
    var deflate = try Deflate(format, level: level)
    let most = mostDeflated(of: bytes.byteCount, format: format)
    return unsafe bytes.withUnsafeBytes { input in
      unsafe [UInt8](unsafeUninitializedCapacity: most) { output, count in
        var consumed = 0
        let status = unsafe deflate.stream.encode(
          input, consumed: &consumed, into: UnsafeMutableRawBufferPointer(output), position: &count, isFinalInput: true)
        precondition(status == .finished, "Deflate: the stream is longer than its bound")
      }
    }
  }
}

/// Why nothing is deflated.
public enum DeflateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system has no more memory.
  case outOfMemory

  public var description: String { "the system has no more memory" }
}

extension CompressionStep.Status {
  init(_ status: DeflateStatus) {
    switch status {
    case .needsInput: self = .needsInput
    case .outputFull: self = .outputFull
    case .finished: self = .finished
    }
  }

  init(_ status: InflateStatus) {
    switch status {
    case .needsInput: self = .needsInput
    case .outputFull: self = .outputFull
    case .finished: self = .finished
    }
  }
}
