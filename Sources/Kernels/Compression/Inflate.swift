#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// DEFLATE (RFC 1951), as zlib (RFC 1950), gzip (RFC 1952) or raw: decompresses.
///
/// ```swift
/// let bytes = try Inflate.inflate(body.rawSpan, format: .gzip, maximumByteCount: 16 << 20)
///
/// var inflate = Inflate(.zlib)                        // keeps its memory between streams
/// let count = try inflate.inflate(body.rawSpan, into: &output)
/// ```
///
/// Accepts the streams that zlib accepts, and no others; checksums and lengths are compared. A gzip stream may be of several
/// members, one after the other. A whole stream ends where its bytes do. Untrusted bytes cost no more time and memory than their
/// number and the room given for what comes out.
///
/// A value holds some 26 KiB from its first stream on, and allocates nothing after that.
public struct Inflate: ~Copyable, Sendable {
  private var stream: InflateStream

  /// - Complexity: no allocation; the first stream makes one.
  public init(_ format: DeflateFormat) { stream = InflateStream(format, takesAllMembers: true) }

  /// Writes what one whole stream stands for to the start of `output`.
  ///
  /// - Parameters:
  ///   - bytes: one whole stream.
  ///   - output: of the size that is allowed. After an error, and after what was written, its contents mean nothing.
  /// - Returns: the bytes written.
  /// - Throws: ``InflateError`` with the offset in the stream.
  /// - Complexity: O(input + output); no allocation.
  public mutating func inflate(_ bytes: RawSpan, into output: inout MutableRawSpan) throws(InflateError) -> Int {
    let result = unsafe bytes.withUnsafeBytes { bytes in
      unsafe output.withUnsafeMutableBytes { output in unsafe inflated(bytes, output) }
    }
    return try result.get()
  }

  private mutating func inflated(
    _ bytes: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) -> Result<Int, InflateError> {
    var (consumed, position) = (0, 0)
    stream.reset()
    do throws(InflateError) {
      try unsafe stream.whole(bytes, consumed: &consumed, into: output, position: &position)
      return .success(position)
    } catch {
      return .failure(error)
    }
  }

  /// What one whole stream stands for, of at most `maximumByteCount` bytes.
  ///
  /// - Throws: ``InflateError``; its reason is `outputLimit` where there would be more bytes, and `outOfMemory` where the
  ///   system has none. No more memory than twice the maximum is taken for them.
  /// - Complexity: O(input + output); allocates the result, working memory, and room that grows by doubling.
  public static func inflate(
    _ bytes: RawSpan, format: DeflateFormat, maximumByteCount: Int
  ) throws(InflateError) -> [UInt8] {
    precondition(maximumByteCount >= 0, "Inflate: maximumByteCount must not be negative")
    let result = unsafe bytes.withUnsafeBytes { unsafe inflated($0, format, maximumByteCount) }
    return try result.get()
  }

  private static func inflated(
    _ bytes: UnsafeRawBufferPointer, _ format: DeflateFormat, _ maximum: Int
  ) -> Result<[UInt8], InflateError> {
    var stream = InflateStream(format, takesAllMembers: true)
    // Photos and text come to two to five times their bytes.
    let start = min(maximum, max(1 << 12, bytes.count &* 4))
    guard var room = unsafe malloc(max(start, 1)) else { return .failure(InflateError(.outOfMemory, offset: 0)) }
    defer { unsafe free(room) }
    var capacity = start
    var (consumed, position) = (0, 0)
    do throws(InflateError) {
      while true {
        do throws(InflateError) {
          let output = unsafe UnsafeMutableRawBufferPointer(start: room, count: capacity)
          try unsafe stream.whole(bytes, consumed: &consumed, into: output, position: &position)
          return .success(unsafe Array(output[..<position]))
        } catch {
          guard error.reason == .outputLimit && capacity < maximum else { throw error }
        }
        let (doubled, overflow) = capacity.multipliedReportingOverflow(by: 2)
        capacity = overflow ? maximum : min(maximum, max(doubled, 1))
        guard let larger = unsafe realloc(room, capacity) else {
          throw InflateError(.outOfMemory, offset: stream.totalInput)
        }
        unsafe room = larger
      }
    } catch {
      return .failure(error)
    }
  }
}

extension InflateStream {
  /// To the end of the input, which must be the end of the stream.
  ///
  /// - As `decode`. After `outputLimit` it may be called again with more room.
  @unsafe
  mutating func whole(
    _ bytes: UnsafeRawBufferPointer, consumed: inout Int, into output: UnsafeMutableRawBufferPointer,
    position: inout Int
  ) throws(InflateError) {
    let status = try unsafe decode(
      bytes, consumed: &consumed, into: output, position: &position, isFinalInput: true)
    guard status == .finished else { throw InflateError(.outputLimit, offset: totalInput) }
    guard consumed == bytes.count else { throw InflateError(.trailingBytes, offset: totalInput) }
  }
}

// MARK: - In pieces

extension Inflate {
  /// Inflates a stream that comes in pieces, into pieces, and keeps the window between them.
  ///
  /// A value holds some 160 KiB from its first step on, and allocates nothing after that.
  @safe
  public struct Stream: ~Copyable, @unchecked Sendable {
    /// Twice the window before what comes out: the window is moved down once for so many bytes.
    private static var roomByteCount: Int { 4 * InflateCore.windowByteCount }

    private var stream: InflateStream
    private var memory = Scratch()
    private var room: UnsafeMutableRawBufferPointer {
      unsafe UnsafeMutableRawBufferPointer(start: memory.start, count: Self.roomByteCount)
    }
    /// In the room: what came out, and how much of it the caller has.
    private var filled = 0
    private var given = 0

    /// - Complexity: no allocation; the first step makes two.
    public init(_ format: DeflateFormat) { stream = InflateStream(format, takesAllMembers: true) }

    /// Starts a new stream, whatever became of the one before.
    public mutating func reset() {
      stream.reset()
      (filled, given) = (0, 0)
    }

    /// Inflates as much as there is input for and room.
    ///
    /// - Parameters:
    ///   - input: the next bytes; what is not consumed comes again.
    ///   - output: written to from its start.
    ///   - isFinalInput: that nothing follows `input`. A gzip stream of several members ends nowhere else.
    /// - Throws: ``InflateError`` with the offset in the stream; bytes before it have come out but for those of this call.
    /// - Complexity: O(input + output); the first step allocates.
    public mutating func update(
      _ input: RawSpan, into output: inout MutableRawSpan, isFinalInput: Bool
    ) throws(InflateError) -> CompressionStep {
      let result = unsafe input.withUnsafeBytes { input in
        unsafe output.withUnsafeMutableBytes { output in unsafe updated(input, output, isFinalInput) }
      }
      return try result.get()
    }

    private mutating func updated(
      _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer, _ isFinalInput: Bool
    ) -> Result<CompressionStep, InflateError> {
      guard memory.tryReserve(Self.roomByteCount) else {
        return .failure(InflateError(.outOfMemory, offset: stream.totalInput))
      }
      var (consumed, written) = (0, 0)
      while true {
        let count = min(filled - given, output.count - written)
        if count > 0 {
          unsafe UnsafeMutableRawBufferPointer(rebasing: output[written...]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: room[given..<given + count]))
          given += count
          written += count
        }
        if given < filled {
          return .success(CompressionStep(status: .outputFull, consumed: consumed, written: written))
        }
        if unsafe filled == room.count {
          let window = InflateCore.windowByteCount
          unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[(filled - window)...]))
          (filled, given) = (window, window)
        }
        do throws(InflateError) {
          let status = try unsafe stream.decode(
            input, consumed: &consumed, into: room, position: &filled, isFinalInput: isFinalInput)
          if filled == given && status != .outputFull {
            return .success(CompressionStep(status: .init(status), consumed: consumed, written: written))
          }
        } catch {
          return .failure(error)
        }
      }
    }
  }
}
