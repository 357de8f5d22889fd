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
  private var shapes = PlanLineShapes()
  /// Of the elements of arrays.
  private var elements = PlanLineShapes()
  /// The text of the lines that were read last.
  private var batch: UnsafeRawBufferPointer
  /// Bytes from its begin that may be read.
  private var readable = 0
  /// How many line ends it has.
  private(set) var lineEnds = 0

  init() { unsafe batch = UnsafeRawBufferPointer(start: nil, count: 0) }

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
    _ text: UnsafeRawBufferPointer, _ code: PlanCode, _ options: JSONOptions, kernel: JSONIndexKernel = .current
  ) throws(JSONError) -> JSONTape {
    precondition(options.maximumDepth >= 0, "JSONPlan: maximumDepth must not be negative")
    let limit = min(options.maximumByteCount, JSONDocument.maximumByteCount)
    guard text.count <= limit else { throw JSONError(.byteLimit, offset: limit) }
    if code.readsElements { elements.begin(code, options) }
    let mayHaveShapes = code.readsElements && elements.isWorthIt
    let piece = unsafe mayHaveShapes ? Self.elementPieceByteCount : JSONFeed.pieceByteCount
    guard scratch.tryReserve(unsafe JSONFeed.scratchByteCount(text.count, piece: piece)) else {
      throw JSONError(.outOfMemory, offset: 0)
    }
    guard let start = text.baseAddress, let memory = unsafe scratch.start, text.count > 0 else {
      throw JSONError(.unexpectedEnd, offset: 0)
    }
    let source = unsafe start.assumingMemoryBound(to: UInt8.self)
    var feed = unsafe JSONFeed(source, text.count, memory: memory, kernel: kernel, piece: piece)
    var sink = unsafe PlanTapeSink(
      nodes: nodes, capacity: capacity, around: around, aroundCapacity: aroundCapacity,
      maximumDepth: options.maximumDepth, source: source, count: text.count, code: code)
    let isGood: Bool
    if mayHaveShapes {
      isGood = unsafe Self.walk(&feed, options.maximumDepth, &elements, &sink)
    } else {
      isGood = unsafe Self.walk(&feed, &elements, &sink)
    }
    unsafe nodes = sink.nodes
    unsafe capacity = sink.capacity
    unsafe around = sink.around
    unsafe aroundCapacity = sink.aroundCapacity
    guard unsafe !sink.outOfMemory else { throw JSONError(.outOfMemory, offset: 0) }
    if unsafe !isGood || options.loneSurrogates == .reject && feed.hasUnicodeEscapes {
      if let error = unsafe JSONFault.find(text, options) { throw error }
    }
    guard isGood else {
      // Nothing is wrong with the text, so something is with the row.
      guard !kernel.isPortable else { throw JSONError(.unexpectedByte, offset: 0) }
      return try unsafe read(text, code, options, kernel: .portable)
    }
    return unsafe JSONTape(
      nodes: UnsafePointer(nodes.unsafelyUnwrapped), source: source, count: text.count,
      duplicateKeys: options.duplicateKeys)
  }

  /// Bytes of a piece where elements are looked at, most of which are to be in one.
  private static var elementPieceByteCount: Int { 64 << 10 }

  @inline(never)
  private static func walk(
    _ feed: UnsafeMutablePointer<JSONFeed>, _ shapes: inout PlanLineShapes, _ sink: inout PlanTapeSink
  ) -> Bool {
    unsafe PlanWalk.run(feed, 0, &shapes, &sink, looksAtElements: false)
  }

  @inline(never)
  private static func walk(
    _ feed: UnsafeMutablePointer<JSONFeed>, _ maximumDepth: Int, _ shapes: inout PlanLineShapes,
    _ sink: inout PlanTapeSink
  ) -> Bool {
    unsafe PlanWalk.run(feed, maximumDepth, &shapes, &sink, looksAtElements: true)
  }
}

// MARK: - Lines

extension PlanReader {
  /// Reads the values of many lines; how many there are, or -1 where the lines must be read one by one.
  ///
  /// - `text` is no longer than ``JSONLineBatch/byteCount``, and ends behind a line end or where its last line ends. It stays readable
  ///   and unchanged as long as a tape is used; of what comes after it as much may be read as `readable` says, counted from its begin.
  /// - Keys that come twice are not rejected, and lone surrogates not replaced.
  /// - `makesPrograms`: lines may come without a tape, for ``run(_:_:)``.
  @unsafe
  mutating func readLines(
    _ text: UnsafeRawBufferPointer, readable: Int, _ code: PlanCode, _ options: JSONOptions,
    makesPrograms: Bool = false
  ) -> Int {
    precondition(options.maximumDepth >= 0, "JSONPlan: maximumDepth must not be negative")
    guard let start = text.baseAddress, text.count <= options.maximumByteCount,
      scratch.tryReserve(JSONLineBatch.scratchByteCount(text.count)), let memory = unsafe scratch.start
    else { return -1 }
    unsafe batch = text
    self.readable = readable
    shapes.begin(code, options, makesPrograms: makesPrograms)
    lineEnds = 0
    let source = unsafe start.assumingMemoryBound(to: UInt8.self)
    // No text has more tokens than bytes.
    guard code.isSelective else {
      var sink = unsafe JSONTapeSink(nodes: nodes, capacity: capacity, maximumDepth: options.maximumDepth)
      let hasRoom = unsafe sink.reserve(text.count)
      unsafe nodes = sink.nodes
      unsafe capacity = sink.capacity
      return unsafe hasRoom ? Self.read(source, text.count, readable, options, memory, &shapes, &lineEnds, &sink) : -1
    }
    var sink = unsafe PlanTapeSink(
      nodes: nodes, capacity: capacity, around: around, aroundCapacity: aroundCapacity,
      maximumDepth: options.maximumDepth, source: source, count: text.count, code: code)
    let hasRoom = unsafe sink.reserve(text.count)
    unsafe nodes = sink.nodes
    unsafe capacity = sink.capacity
    let found =
      unsafe hasRoom
      ? Self.read(source, text.count, readable, options, memory, &shapes, &lineEnds, &sink) : -1
    unsafe around = sink.around
    unsafe aroundCapacity = sink.aroundCapacity
    return found
  }

  @inline(never)
  private static func read(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ readable: Int, _ options: JSONOptions,
    _ memory: UnsafeMutableRawPointer, _ shapes: inout PlanLineShapes,
    _ lineEnds: inout Int, _ sink: inout JSONTapeSink
  ) -> Int {
    unsafe JSONLineBatch.read(
      text, count, readable: readable, options, memory: memory, kernel: .current, &shapes, &lineEnds, &sink)
  }

  @inline(never)
  private static func read(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ readable: Int, _ options: JSONOptions,
    _ memory: UnsafeMutableRawPointer, _ shapes: inout PlanLineShapes,
    _ lineEnds: inout Int, _ sink: inout PlanTapeSink
  ) -> Int {
    unsafe JSONLineBatch.read(
      text, count, readable: readable, options, memory: memory, kernel: .current, &shapes, &lineEnds, &sink)
  }

  /// The tape of a line that ``readLines(_:readable:_:_:)`` found, where it begins, where the next line's nodes do, and the name of its
  /// shape, or 0.
  ///
  /// - `nodes` is 0 for the first line.
  @inline(__always)
  @unsafe
  func line(
    _ index: Int, nodes at: Int, _ options: JSONOptions
  ) -> (tape: JSONTape, start: Int, nodes: Int, shape: UInt32) {
    let memory = unsafe scratch.start.unsafelyUnwrapped
    let line = unsafe JSONLineBatch.lines(memory, batch.count)[index]
    let start = Int(line.start)
    let nodes = unsafe UnsafePointer(nodes.unsafelyUnwrapped) + at
    let tape = unsafe JSONTape(
      nodes: nodes, source: batch.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self) + start,
      count: readable &- start, duplicateKeys: options.duplicateKeys)
    return unsafe (tape, start, at &+ nodes[JSONTape.root].next, line.shape)
  }

  /// Runs the plan in hand over a line that has a program and writes the result; whether it is anything but null, or nil where it has
  /// none.
  @inline(__always)
  @unsafe
  func run(_ index: Int, _ machine: inout PlanMachine) throws(PlanStop) -> Bool? {
    let memory = unsafe scratch.start.unsafelyUnwrapped
    let line = unsafe JSONLineBatch.lines(memory, batch.count)[index]
    guard line.program > 0 else { return nil }
    let source = unsafe batch.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    let (program, tokens) = unsafe shapes.program(line)
    return try unsafe machine.run(program, source, readable, tokens)
  }

  /// Where a line begins in the batch.
  func start(_ index: Int) -> Int {
    unsafe Int(JSONLineBatch.lines(scratch.start.unsafelyUnwrapped, batch.count)[index].start)
  }
}
