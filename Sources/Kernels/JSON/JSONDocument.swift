#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A parsed JSON text, immutable until the next parse: a compact tape of its values over its bytes, from which raw text can be copied.
///
/// Keep one and parse into it again: when warm it allocates nothing. Values are read through ``root``.
///
/// ```swift
/// var document = JSONDocument()
/// try document.parse(body.span.bytes)
/// let name = document.root["user"]?["name"]?.string
/// ```
///
/// The tape takes 16 bytes a value and a key (`JSONNode` in the source has the layout), and while it is written room for as many as
/// the next bytes of the text, 8 KiB at most, could be; strings stay escaped and numbers stay text
/// until they are asked for. Texts of 4 GiB and more are refused (``JSONError/Kind/byteLimit``).
@safe
public struct JSONDocument: ~Copyable, @unchecked Sendable {
  private var nodes: UnsafeMutablePointer<JSONNode>?
  private var capacity = 0
  /// Nodes of the present text; 0 before the first, and after one that was refused.
  package private(set) var nodeCount = 0
  private var source: UnsafePointer<UInt8>?
  private var count = 0
  private var copy = Scratch()
  private var scratch = Scratch()
  package private(set) var options = JSONOptions()

  /// A document without a value. Allocates nothing.
  public init() {}

  deinit { unsafe free(nodes) }

  /// A document of `text`, of which it keeps a copy.
  public init(parsing text: RawSpan, options: JSONOptions = JSONOptions()) throws(JSONError) {
    self.init()
    try parse(text, options: options)
  }

  /// Bytes from which on a text is too long for a document.
  public static var maximumByteCount: Int { 0xffff_ffff }

  /// Whether there is a value to read.
  public var isEmpty: Bool { nodeCount == 0 }

  /// Parses `text`, of which the document keeps a copy. The earlier value goes; on failure the document is empty.
  ///
  /// - Complexity: O(n). Warm, and with a text like those before, no allocation.
  public mutating func parse(_ text: RawSpan, options: JSONOptions = JSONOptions()) throws(JSONError) {
    try unsafe text.withUnsafeBytes { (text) throws(JSONError) in try unsafe parse(copying: text, options: options) }
  }

  /// Parses `text`, of which the document keeps a copy.
  ///
  /// - `text` must be readable for its whole count.
  @unsafe
  public mutating func parse(
    copying text: UnsafeRawBufferPointer, options: JSONOptions = JSONOptions()
  ) throws(JSONError) {
    nodeCount = 0
    try Self.checkLength(text.count, options)
    guard copy.tryReserve(text.count) else { throw JSONError(.outOfMemory, offset: 0) }
    guard let start = unsafe copy.start, text.count > 0 else {
      throw JSONError(.unexpectedEnd, offset: 0)
    }
    let copy = unsafe start.assumingMemoryBound(to: UInt8.self)
    try unsafe parse(
      text, copy: copy, options, .current, JSONFeed.pieceByteCount, tapeFrom: JSONTapeMaker.leastByteCount)
    // The tape is of offsets: the copy has the same.
    unsafe source = UnsafePointer(copy)
  }

  /// Parses `text` where it is.
  ///
  /// - `text` must stay readable and unchanged until the next parse, or the document's end.
  @unsafe
  public mutating func parse(
    borrowing text: UnsafeRawBufferPointer, options: JSONOptions = JSONOptions()
  ) throws(JSONError) {
    try unsafe parse(borrowing: text, options: options, kernel: .current)
  }

  /// By the given row, in pieces of so many bytes; by its tape, where it has one, a text of `tapeFrom` bytes and more.
  @unsafe
  package mutating func parse(
    borrowing text: UnsafeRawBufferPointer, options: JSONOptions, kernel: JSONIndexKernel,
    piece: Int = unsafe JSONFeed.pieceByteCount, tapeFrom: Int = unsafe JSONTapeMaker.leastByteCount
  ) throws(JSONError) {
    try unsafe parse(text, copy: nil, options, kernel, piece, tapeFrom: tapeFrom)
  }

  private mutating func parse(
    _ text: UnsafeRawBufferPointer, copy: UnsafeMutablePointer<UInt8>?, _ options: JSONOptions,
    _ kernel: JSONIndexKernel, _ piece: Int, tapeFrom: Int
  ) throws(JSONError) {
    precondition(options.maximumDepth >= 0, "JSONDocument: maximumDepth must not be negative")
    nodeCount = 0
    self.options = options
    try Self.checkLength(text.count, options)
    let depth = min(options.maximumDepth, text.count)
    let row = unsafe text.count < tapeFrom ? nil : kernel.tape
    let bytes =
      unsafe row == nil
      ? JSONFeed.scratchByteCount(text.count, piece: piece)
      : JSONTapeMaker.scratchByteCount(text.count, depth: depth, piece: piece)
    guard scratch.tryReserve(bytes) else { throw JSONError(.outOfMemory, offset: 0) }
    guard let start = text.baseAddress, let memory = unsafe scratch.start, text.count > 0 else {
      throw JSONError(.unexpectedEnd, offset: 0)
    }
    let source = unsafe start.assumingMemoryBound(to: UInt8.self)
    unsafe self.source = source
    count = text.count
    var sink = unsafe JSONTapeSink(nodes: nodes, capacity: capacity, maximumDepth: options.maximumDepth)
    let (isGood, hasUnicodeEscapes): (Bool, Bool)
    if let body = unsafe row {
      var maker = unsafe JSONTapeMaker(
        source, count, copy: copy, maximumDepth: options.maximumDepth, depth: depth, memory: memory, body: body,
        piece: piece)
      isGood = unsafe maker.run(&sink)
      hasUnicodeEscapes = unsafe maker.hasUnicodeEscapes
    } else {
      var feed = unsafe JSONFeed(source, count, memory: memory, kernel: kernel, piece: piece, copy: copy)
      isGood = unsafe Self.walk(&feed, &sink)
      hasUnicodeEscapes = unsafe feed.hasUnicodeEscapes
    }
    unsafe nodes = sink.nodes
    unsafe capacity = sink.capacity
    guard unsafe !sink.outOfMemory else { throw JSONError(.outOfMemory, offset: 0) }
    if !isGood || options.loneSurrogates == .reject && hasUnicodeEscapes {
      if let error = unsafe JSONFault.find(text, options) { throw error }
    }
    guard isGood else {
      // Nothing is wrong with the text, so something is with the row.
      guard !kernel.isPortable else { throw JSONError(.unexpectedByte, offset: 0) }
      return try unsafe parse(text, copy: copy, options, .portable, piece, tapeFrom: tapeFrom)
    }
    unsafe nodeCount = sink.used
    if options.duplicateKeys == .reject, let key = unsafe JSONDuplicates.find(tape, nodeCount) {
      defer { nodeCount = 0 }
      throw unsafe JSONError(.duplicateKey, offset: tape.node(key).begin, path: JSONDuplicates.path(tape, to: key))
    }
  }

  @inline(never)
  private static func walk(_ feed: UnsafeMutablePointer<JSONFeed>, _ sink: inout JSONTapeSink) -> Bool {
    unsafe JSONTapeWalk.run(feed, &sink)
  }

  private static func checkLength(_ count: Int, _ options: JSONOptions) throws(JSONError) {
    let limit = min(options.maximumByteCount, maximumByteCount)
    guard count <= limit else { throw JSONError(.byteLimit, offset: limit) }
  }

  /// The tape, unguarded.
  ///
  /// - Only while the document stands and is not parsed into, and not empty.
  @unsafe
  package var tape: JSONTape {
    unsafe JSONTape(
      nodes: UnsafePointer(nodes.unsafelyUnwrapped), source: source.unsafelyUnwrapped, count: count,
      duplicateKeys: options.duplicateKeys)
  }

  /// The text's value.
  public var root: JSONValue {
    @_lifetime(borrow self)
    get {
      precondition(!isEmpty, "JSONDocument: nothing was parsed")
      return unsafe _overrideLifetime(JSONValue(tape, JSONTape.root), borrowing: self)
    }
  }
}
