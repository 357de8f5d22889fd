// The other ways to say where bytes come from and go to: appended to an OutputSpan, and by pointers.

extension Deflate {
  /// Appends `bytes` as one whole stream to `output`.
  ///
  /// - Returns: false, with nothing appended, where `output` has no room for them; it has with ``mostDeflated(of:format:)``.
  /// - Complexity: O(n); no allocation.
  public mutating func deflate(_ bytes: RawSpan, into output: inout OutputSpan<UInt8>) -> Bool {
    unsafe output.withUnsafeMutableBufferPointer { memory, count in
      var room = unsafe MutableRawSpan(
        _unsafeBytes: UnsafeMutableRawBufferPointer(
          UnsafeMutableBufferPointer(rebasing: memory[count...])))
      guard let written = deflate(bytes, into: &room) else { return false }
      count += written
      return true
    }
  }

  /// Writes `bytes` as one whole stream to the start of `output`; the bytes written, or nil where there is no room for them.
  ///
  /// - `bytes` is readable and `output` writable for its whole count; they do not overlap.
  /// - Complexity: O(n); no allocation.
  @unsafe
  public mutating func deflate(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int? {
    var room = unsafe MutableRawSpan(_unsafeBytes: output)
    return unsafe deflate(RawSpan(_unsafeBytes: bytes), into: &room)
  }
}

extension Inflate {
  /// Appends what one whole stream stands for to `output`.
  ///
  /// - Throws: ``InflateError`` with the offset in the stream; its reason is `outputLimit` where `output` has no room for all.
  ///   Nothing is appended then.
  /// - Complexity: O(input + output); no allocation.
  public mutating func inflate(_ bytes: RawSpan, into output: inout OutputSpan<UInt8>) throws(InflateError) {
    var failure: InflateError?
    unsafe output.withUnsafeMutableBufferPointer { memory, count in
      var room = unsafe MutableRawSpan(
        _unsafeBytes: UnsafeMutableRawBufferPointer(
          UnsafeMutableBufferPointer(rebasing: memory[count...])))
      do throws(InflateError) { count += try inflate(bytes, into: &room) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Writes what one whole stream stands for to the start of `output`; the bytes written.
  ///
  /// - `bytes` is readable and `output` writable for its whole count; they do not overlap.
  /// - Throws: ``InflateError`` with the offset in the stream.
  /// - Complexity: O(input + output); no allocation.
  @unsafe
  public mutating func inflate(
    _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(InflateError) -> Int {
    var room = unsafe MutableRawSpan(_unsafeBytes: output)
    return unsafe try inflate(RawSpan(_unsafeBytes: bytes), into: &room)
  }
}
