/// JSON texts, RFC 8259.
public enum JSON {}

extension JSON {
  /// Checks that `text` is one valid JSON value, in UTF-8, with white space around it at most.
  ///
  /// - Parameters:
  ///   - text: any length, any alignment; no byte past its end is read.
  ///   - options: what a valid text is.
  ///   - scratch: working memory, at most some 90 KiB (and a byte a level of ``JSONOptions/maximumDepth``), whatever the length.
  /// - Throws: ``JSONError`` at the first byte that cannot be part of a valid text.
  /// - Complexity: O(n). No allocation but the scratch's, and an error's path; where ``JSONOptions/duplicateKeys`` is to be rejected, a
  ///   document is made as well, with its memory and its limit of 4 GiB.
  public static func validate(
    _ text: RawSpan, options: JSONOptions = JSONOptions(), scratch: inout Scratch
  ) throws(JSONError) {
    try unsafe text.withUnsafeBytes { (text) throws(JSONError) in
      try unsafe validate(text, options: options, scratch: &scratch)
    }
  }

  /// Checks that `text` is one valid JSON value. Allocates working memory: the overload with a scratch does not.
  public static func validate(_ text: RawSpan, options: JSONOptions = JSONOptions()) throws(JSONError) {
    var scratch = Scratch()
    try validate(text, options: options, scratch: &scratch)
  }

  /// Checks that `text` is one valid JSON value.
  ///
  /// - `text` must be readable for its whole count.
  @unsafe
  public static func validate(
    _ text: UnsafeRawBufferPointer, options: JSONOptions = JSONOptions(), scratch: inout Scratch
  ) throws(JSONError) {
    try unsafe validate(text, options: options, kernel: .current, scratch: &scratch)
  }

  /// By the given row, in pieces of so many bytes.
  @unsafe
  package static func validate(
    _ text: UnsafeRawBufferPointer, options: JSONOptions, kernel: JSONIndexKernel,
    piece: Int = unsafe JSONCheck.pieceByteCount, scratch: inout Scratch
  ) throws(JSONError) {
    _ = try unsafe run(text, nil, options, kernel, piece, &scratch)
  }

  /// Checks `text`, and writes it without blanks where there is an `out`; how many bytes that is.
  ///
  /// - `out` has room for as many bytes as `text` has.
  @unsafe
  static func run(
    _ text: UnsafeRawBufferPointer, _ out: UnsafeMutablePointer<UInt8>?, _ options: JSONOptions,
    _ kernel: JSONIndexKernel,
    _ piece: Int, _ scratch: inout Scratch
  ) throws(JSONError) -> Int {
    precondition(options.maximumDepth >= 0, "JSON: maximumDepth must not be negative")
    // Who wants to know of keys that come twice wants a document.
    let keepsKeys = options.duplicateKeys == .reject
    let limit = keepsKeys ? min(options.maximumByteCount, JSONDocument.maximumByteCount) : options.maximumByteCount
    guard text.count <= limit else { throw JSONError(.byteLimit, offset: limit) }
    // No text is deeper than it is long.
    let depth = min(options.maximumDepth, text.count)
    let bytes = unsafe JSONCheck.scratchByteCount(text.count, depth: depth, piece: piece)
    guard scratch.tryReserve(bytes) else { throw JSONError(.outOfMemory, offset: 0) }
    guard let start = text.baseAddress, let memory = unsafe scratch.start else {
      throw JSONError(.unexpectedEnd, offset: 0)
    }
    let source = unsafe start.assumingMemoryBound(to: UInt8.self)
    var check = unsafe JSONCheck(
      source, text.count, out: out, maximumDepth: options.maximumDepth, memory: memory, kernel: kernel, piece: piece)
    let isGood = unsafe check.run()
    if unsafe !isGood || options.loneSurrogates == .reject && check.hasUnicodeEscapes {
      if let error = unsafe JSONFault.find(text, options) { throw error }
    }
    guard isGood else {
      // Nothing is wrong with the text, so something is with the row.
      guard !kernel.isPortable else { throw JSONError(.unexpectedByte, offset: 0) }
      return try unsafe run(text, out, options, .portable, piece, &scratch)
    }
    if keepsKeys {
      var document = JSONDocument()
      try unsafe document.parse(borrowing: text, options: options, kernel: kernel)
    }
    return unsafe check.written
  }
}
