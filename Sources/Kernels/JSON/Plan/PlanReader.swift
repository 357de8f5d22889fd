#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a text into as much of a tape as a plan needs, and validates all of it.
@safe
struct PlanReader: ~Copyable, @unchecked Sendable {
  private var nodes: UnsafeMutablePointer<JSONNode>?
  private var capacity = 0
  private var around: UnsafeMutablePointer<Bool>?
  private var aroundCapacity = 0
  private var scratch = Scratch()

  init() {}

  deinit {
    unsafe free(nodes)
    unsafe free(around)
  }

  /// The tape of what `code` reads, good until the next read. Errors are those of ``JSONDocument``.
  ///
  /// - `text` stays readable and unchanged as long as the tape is used.
  /// - Keys that come twice are not rejected.
  @unsafe
  mutating func read(
    _ text: UnsafeRawBufferPointer, _ code: PlanCode, _ options: JSONOptions
  ) throws(JSONError) -> JSONTape {
    precondition(options.maximumDepth >= 0, "JSONPlan: maximumDepth must not be negative")
    let limit = min(options.maximumByteCount, JSONDocument.maximumByteCount)
    guard text.count <= limit else { throw JSONError(.byteLimit, offset: limit) }
    guard scratch.tryReserve(unsafe JSONFeed.scratchByteCount(text.count)) else {
      throw JSONError(.outOfMemory, offset: 0)
    }
    guard let start = text.baseAddress, let memory = unsafe scratch.start, text.count > 0 else {
      throw JSONError(.unexpectedEnd, offset: 0)
    }
    let source = unsafe start.assumingMemoryBound(to: UInt8.self)
    var feed = unsafe JSONFeed(source, text.count, memory: memory, kernel: .current)
    var sink = unsafe PlanTapeSink(
      nodes: nodes, capacity: capacity, around: around, aroundCapacity: aroundCapacity,
      maximumDepth: options.maximumDepth, source: source, count: text.count, code: code)
    let isGood = unsafe Self.walk(&feed, &sink)
    unsafe nodes = sink.nodes
    unsafe capacity = sink.capacity
    unsafe around = sink.around
    unsafe aroundCapacity = sink.aroundCapacity
    guard unsafe !sink.outOfMemory else { throw JSONError(.outOfMemory, offset: 0) }
    if unsafe !isGood || options.loneSurrogates == .reject && feed.hasUnicodeEscapes {
      if let error = unsafe JSONFault.find(text, options) { throw error }
    }
    return unsafe JSONTape(
      nodes: UnsafePointer(nodes.unsafelyUnwrapped), source: source, count: text.count,
      duplicateKeys: options.duplicateKeys)
  }

  @inline(never)
  private static func walk(_ feed: UnsafeMutablePointer<JSONFeed>, _ sink: inout PlanTapeSink) -> Bool {
    unsafe JSONWalk.run(feed, &sink)
  }
}
