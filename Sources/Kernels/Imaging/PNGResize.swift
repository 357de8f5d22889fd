/// What an image is to be made into: the box, how it gets there, and how it is stored.
public struct PNGResizeTarget: Hashable, Sendable {
  /// Of the box, in pixels of the image as it is seen; 0 for one of them keeps the aspect ratio.
  public var width, height: Int
  public var fit: ResizeFit = .inside
  public var gravity = ResizeGravity.center
  public var filter: ResizeFilter = .lanczos3
  /// Whether the output may be larger than the source.
  public var enlarges = false
  /// Whether samples are weighed as intensities (sRGB's transfer).
  public var linearLight = false
  /// 0 fastest to 9 smallest.
  public var compression = 6
  /// What of the source's chunks is kept.
  public var metadata: PNGMetadata = .color
  /// Whether a palette or fewer bits may be used where nothing is lost.
  public var reducesDepth = true

  public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  /// What is made of a source: turned, but where eXIf is kept and tells it.
  func seen(_ info: PNGInfo) -> PNGInfo {
    var info = info
    if metadata.contains(.exif) { info.orientation = 1 }
    return info
  }
}

extension PNG {
  /// A PNG file made into a smaller or larger one, fused by strips: no more of the image is held than the filter needs.
  ///
  /// ``PNGResizer`` keeps the memory for the next file.
  ///
  /// - Complexity: O(bytes + pixels); allocates the file and what the decoder, the filter and the encoder hold.
  public static func resize(
    _ file: RawSpan, to target: PNGResizeTarget, limits: PNGLimits = .default, verification: PNGVerification = .all
  ) throws(PNGError) -> [UInt8] {
    var resizer = PNGResizer()
    try resizer.resize(file, to: [target], limits: limits, verification: verification)
    return resizer.output(0)
  }

  /// Several files out of one, which is decoded once.
  public static func resize(
    _ file: RawSpan, to targets: [PNGResizeTarget], limits: PNGLimits = .default,
    verification: PNGVerification = .all, threads: Int = 1
  ) throws(PNGError) -> [[UInt8]] {
    var resizer = PNGResizer()
    try resizer.resize(file, to: targets, limits: limits, verification: verification, threads: threads)
    return targets.indices.map { resizer.output($0) }
  }
}

/// Resizes files, and keeps its memory for the next.
///
/// A call whose files have the shape of ones before, and make no longer files, allocates nothing.
@safe
public struct PNGResizer: ~Copyable, @unchecked Sendable {
  private var scratch = Scratch()
  private var whole = Scratch()
  private var core = InflateCore()
  private var lanes: [PNGResizeLane] = []

  public init() {}

  /// Bytes of memory that a call holds beyond its file and the files that it makes.
  public static func memory(
    _ file: RawSpan, to targets: [PNGResizeTarget], limits: PNGLimits = .default
  ) throws(PNGError) -> Int {
    var parser = PNGParser(limits: limits, verification: .all)
    _ = try parser.header(file)
    guard var info = parser.info else { throw PNGError(.chunkOrder, at: 8, in: .header) }
    info.orientation = parser.orientation(file)
    var sum = PNGResizeSource(info).byteCount
    var rows = PNGResizeRowsPlan()
    for target in targets {
      let plan = try PNGResizePlan(target.seen(info), target, limits)
      rows.add(plan.resize)
      sum += plan.byteCount + parser.keptByteCount(target.metadata, file)
    }
    return sum + rows.byteCount
  }

  /// Makes a file for each target; ``output(_:)`` has them.
  ///
  /// eXIf orientation is applied, unless eXIf is kept. The layout is the source's, palette expanded and transparency as alpha; bits are its own, 8 or 16.
  /// ``ResizeFit/contain`` pads with transparent pixels, or black where there is no alpha.
  ///
  /// - Parameters:
  ///   - file: the whole PNG file.
  ///   - targets: at least one: size, fit, filter and compression of each.
  ///   - limits: ``PNGLimits/memory`` bounds all that is held beyond the file and those that are made, by what IHDR says, before it
  ///     is allocated; ``PNGLimits/pixels`` bounds the source and each output.
  ///   - verification: which checksums are looked at.
  ///   - threads: at least 1; the outputs are made by as many, and are the same for any number.
  public mutating func resize(
    _ file: RawSpan, to targets: [PNGResizeTarget], limits: PNGLimits = .default,
    verification: PNGVerification = .all, threads: Int = 1
  ) throws(PNGError) {
    precondition(!targets.isEmpty, "PNG: targets must not be empty")
    precondition(threads >= 1, "PNG: threads must be at least 1")
    var parser = PNGParser(limits: limits, verification: verification)
    let firstChunk = try parser.header(file)
    guard var info = parser.info else { throw PNGError(.chunkOrder, at: 8, in: .header) }
    info.orientation = parser.orientation(file)
    let source = PNGResizeSource(info)
    guard source.byteCount <= limits.memory else { throw PNGError(.memoryLimit, at: 16, in: .header) }
    var left = limits.memory - source.byteCount
    while lanes.count < targets.count { lanes.append(PNGResizeLane()) }
    var rowsPlan = PNGResizeRowsPlan()
    for (lane, target) in zip(lanes, targets) {
      try lane.prepare(target.seen(info), target, limits)
      let needed = lane.byteCount + parser.keptByteCount(target.metadata, file)
      guard needed <= left else { throw PNGError(.memoryLimit, at: 16, in: .header) }
      left -= needed
      if let resize = lane.resize { rowsPlan.add(resize) }
    }
    guard rowsPlan.byteCount <= left else { throw PNGError(.memoryLimit, at: 16, in: .header) }
    // Here the first memory is taken.
    guard scratch.tryReserve(source.scratchByteCount + rowsPlan.byteCount),
      whole.tryReserve(source.wholeByteCount)
    else { throw PNGError(.outOfMemory, at: 0) }
    for lane in lanes.prefix(targets.count) {
      guard lane.begin(parser, file) else { throw PNGError(.outOfMemory, at: 0) }
    }
    core.reset()
    let memory = unsafe scratch.start.unsafelyUnwrapped
    var reader = unsafe PNGReader(
      source.reader, parser, file, firstChunk: firstChunk, memory: memory, kernel: .kernel(.current))
    var wide = unsafe PNGResizeRows(rowsPlan, info.layout, memory: memory + source.scratchByteCount)
    if info.isInterlaced {
      let image = unsafe whole.start.unsafelyUnwrapped
      unsafe try reader.decodeImage(file, &parser, &core, into: image, stride: source.rowByteCount)
      for y in stride(from: 0, to: info.height, by: ResizeMemory.batch) {
        unsafe feed(
          image + y * source.rowByteCount, source.rowByteCount, min(info.height - y, ResizeMemory.batch),
          targets.count, &wide)
      }
    } else {
      unsafe try stream(source, &reader, file, &parser, targets.count, memory + source.converted, &wide)
      try reader.finish(file, &parser, &core)
    }
    let lanes = lanes
    let count = targets.count
    let workers = min(Threads.cap(threads), count)
    Threads.run(workers) { worker in
      for i in stride(from: worker, to: count, by: workers) { lanes[i].finish() }
    }
    for lane in lanes.prefix(count) where !lane.isDone { throw PNGError(.outOfMemory, at: 0) }
  }

  /// Decodes a few rows at a time, and gives them to all.
  @unsafe
  private mutating func stream(
    _ source: PNGResizeSource, _ reader: inout PNGReader, _ file: RawSpan, _ parser: inout PNGParser, _ count: Int,
    _ converted: UnsafeMutableRawPointer, _ wide: inout PNGResizeRows
  ) throws(PNGError) {
    let info = source.reader.info
    var y = 0
    while y < info.height {
      let rows = unsafe try reader.next(info.height - y, width: info.width, file, &parser, &core)
      var (start, stride) = unsafe (UnsafeRawPointer(rows.start), rows.stride)
      if !reader.pixels.isIdentity {
        for i in 0..<rows.count {
          unsafe reader.pixels.convert(
            rows.start + i * rows.stride, converted + i * source.rowByteCount, width: info.width)
        }
        unsafe (start, stride) = (UnsafeRawPointer(converted), source.rowByteCount)
      }
      unsafe feed(start, stride, rows.count, count, &wide)
      y += rows.count
    }
  }

  /// Gives rows to all, at most ``ResizeMemory/batch``.
  @unsafe
  private func feed(
    _ rows: UnsafeRawPointer, _ stride: Int, _ count: Int, _ laneCount: Int, _ wide: inout PNGResizeRows
  ) {
    unsafe wide.begin(rows, stride: stride)
    for i in 0..<laneCount { unsafe lanes[i].feed(rows, stride: stride, count: count, wide: &wide) }
  }

  /// The file that the last call made for a target. Allocates; `withOutput` and `write` do not.
  public func output(_ index: Int) -> [UInt8] {
    withOutput(index) { bytes in unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }
  }

  /// The file that the last call made for a target.
  public func withOutput<R, E: Error>(_ index: Int, _ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    precondition(lanes.indices.contains(index), "PNG: index must be that of a target")
    return try body(unsafe RawSpan(_unsafeBytes: lanes[index].output.bytes))
  }

  /// Appends the file that the last call made for a target to `output`; false, with nothing done, where it has no room for it.
  public func write(_ index: Int, to output: inout OutputSpan<UInt8>) -> Bool {
    precondition(lanes.indices.contains(index), "PNG: index must be that of a target")
    return lanes[index].output.write(to: &output)
  }

  /// The memory of such a file, which the caller frees.
  @unsafe
  package func releaseOutput(_ index: Int) -> (memory: UnsafeMutableRawPointer?, count: Int) {
    let count = lanes[index].output.count
    return unsafe (lanes[index].output.release(), count)
  }
}
