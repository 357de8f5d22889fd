extension JSON {
  /// Writes `text` without the white space outside its strings, having checked that it is one valid JSON value.
  ///
  /// All other bytes stay as they are. What was written when an error is found is of no use; `out` is then left as it was.
  ///
  /// - Parameters:
  ///   - text: any length, any alignment.
  ///   - out: takes what comes out at its end: never more than `text` has, and so much room is asked for.
  ///   - options: what a valid text is.
  ///   - scratch: working memory, at most some 90 KiB, whatever the length.
  /// - Throws: ``JSONError``; ``JSONError/Kind/outputLimit`` when the room is less than `text.byteCount`.
  /// - Complexity: O(n). No allocation but the scratch's, and an error's path; with duplicate keys rejected, as for
  ///   ``validate(_:options:scratch:)-(RawSpan,_,_)``.
  public static func minify(
    _ text: RawSpan, into out: inout OutputSpan<UInt8>, options: JSONOptions = JSONOptions(), scratch: inout Scratch
  ) throws(JSONError) {
    guard out.freeCapacity >= text.byteCount else { throw JSONError(.outputLimit, offset: out.freeCapacity) }
    try unsafe out.withUnsafeMutableBufferPointer { (memory, count) throws(JSONError) in
      guard let start = memory.baseAddress else { throw JSONError(.unexpectedEnd, offset: 0) }
      count += try unsafe text.withUnsafeBytes { (text) throws(JSONError) in
        try unsafe minify(text, start + count, options: options, kernel: .current, scratch: &scratch)
      }
    }
  }

  /// `text` without the white space outside its strings. Allocates.
  public static func minified(_ text: RawSpan, options: JSONOptions = JSONOptions()) throws(JSONError) -> [UInt8] {
    var scratch = Scratch()
    var failure: JSONError?
    let bytes = [UInt8](capacity: text.byteCount) { out in
      do throws(JSONError) { try minify(text, into: &out, options: options, scratch: &scratch) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes `text` without the white space outside its strings, having checked it; how many bytes.
  ///
  /// - `text` must be readable for its whole count; `out` has room for as many bytes and does not overlap it.
  @unsafe
  public static func minify(
    _ text: UnsafeRawBufferPointer, _ out: UnsafeMutablePointer<UInt8>, options: JSONOptions = JSONOptions(),
    scratch: inout Scratch
  ) throws(JSONError) -> Int {
    try unsafe minify(text, out, options: options, kernel: .current, scratch: &scratch)
  }

  /// By the given row, in pieces of so many bytes.
  @unsafe
  package static func minify(
    _ text: UnsafeRawBufferPointer, _ out: UnsafeMutablePointer<UInt8>, options: JSONOptions, kernel: JSONIndexKernel,
    piece: Int = unsafe JSONCheck.pieceByteCount, scratch: inout Scratch
  ) throws(JSONError) -> Int {
    try unsafe run(text, out, options, kernel, piece, &scratch)
  }
}
