/// The image data of a file, inflated into a strip of memory that stays in cache: the window first, then what has not been used yet.
///
/// By rows, an inflater never comes to its fast loop; by strips of many rows it seldom leaves it.
@safe
struct PNGStrip {
  /// What unfiltering may read beyond the last byte.
  static let slack = 64
  /// Fresh bytes at once: with the window, a third of a level-two cache.
  private static let freshByteCount = 128 << 10

  /// Bytes of memory for rows of up to `rowByteCount` bytes, of which two at least go in. No more than all rows are.
  static func byteCount(rowByteCount: Int, rows: Int) -> Int {
    let all = (rowByteCount + 1).multipliedReportingOverflow(by: rows)
    let wanted = max(freshByteCount, 2 * (rowByteCount + 1))
    // A byte more than the image shows that the stream goes on.
    return InflateCore.windowByteCount + min(all.overflow ? wanted : all.partialValue, wanted) + slack
  }

  private let memory: UnsafeMutableRawBufferPointer
  /// Inflated and not used: `start..<position`.
  private var start = 0
  private var position = 0
  /// The rest of the chunk that is being read.
  private var input: Range<Int>
  private var adler = Adler32()
  private var hasHeader = false
  private(set) var isFinished = false

  /// - `memory` is writable for its whole count and stays as long as the strip.
  @unsafe
  init(memory: UnsafeMutableRawBufferPointer, firstChunk: Range<Int>) {
    unsafe self.memory = UnsafeMutableRawBufferPointer(rebasing: memory[..<(memory.count - Self.slack)])
    input = firstChunk
  }

  /// Inflated bytes that wait.
  var available: Int { position - start }

  /// Where they are.
  var bytes: UnsafePointer<UInt8> {
    unsafe UnsafePointer((memory.baseAddress.unsafelyUnwrapped + start).assumingMemoryBound(to: UInt8.self))
  }

  /// Where in the file the data goes on.
  var offset: Int { input.lowerBound }

  mutating func use(_ count: Int) { start += count }

  /// Inflates until `count` bytes wait, and as many more as there is room for.
  mutating func require(
    _ count: Int, _ file: RawSpan, _ parser: inout PNGParser, _ core: inout InflateCore
  ) throws(PNGError) {
    guard available < count else { return }
    if !hasHeader { try readHeader(file, &parser) }
    makeRoom()
    while unsafe available < count || position < memory.count {
      if isFinished { break }
      if input.isEmpty {
        // More than is needed now may be in a chunk that is to come, or not at all.
        if available >= count { break }
        guard let next = try parser.nextImageData(file) else { break }
        input = next
        continue
      }
      let before = position
      let status = try inflate(file, &core)
      unsafe adler.update(UnsafeRawBufferPointer(rebasing: memory[before..<position]))
      if status == .finished { isFinished = true }
      if status == .outputFull { break }
    }
    guard available >= count else { throw PNGError(.imageData, at: input.lowerBound, in: .image) }
  }

  /// Takes the end of the stream, if it follows the last byte of the image, and holds the image against its checksum.
  ///
  /// What a stream has beyond the image is passed over.
  mutating func finish(
    _ file: RawSpan, _ parser: inout PNGParser, _ core: inout InflateCore, verify: Bool
  ) throws(PNGError) {
    guard available == 0 else { return }
    makeRoom()
    while !isFinished {
      if input.isEmpty {
        guard let next = try parser.nextImageData(file) else {
          if verify { throw PNGError(.compressed(.truncated), at: input.lowerBound, in: .image) }
          return
        }
        input = next
        continue
      }
      let before = position
      let status = try inflate(file, &core)
      if position > before { return }
      if status == .finished { isFinished = true }
    }
    guard verify else { return }
    // Bytes that the inflater has taken and not used come first.
    var spare = core.bits >> UInt64(core.bitCount & 7)
    var spareCount = core.bitCount / 8
    var expected: UInt32 = 0
    for _ in 0..<4 {
      let byte: UInt8
      if spareCount > 0 {
        byte = UInt8(truncatingIfNeeded: spare)
        (spare, spareCount) = (spare >> 8, spareCount - 1)
      } else {
        byte = try nextByte(file, &parser)
      }
      expected = expected << 8 | UInt32(byte)
    }
    guard adler.value == expected else { throw PNGError(.imageChecksum, at: input.lowerBound, in: .image) }
  }

  // MARK: - Parts

  private mutating func inflate(_ file: RawSpan, _ core: inout InflateCore) throws(PNGError) -> InflateStatus {
    let chunk = file.extracting(input)
    var consumed = 0
    let (at, memory) = unsafe (input.lowerBound, memory)
    var target = position
    let result: Result<InflateStatus, InflateError> = unsafe chunk.withUnsafeBytes { bytes in
      do throws(InflateError) {
        return .success(
          try unsafe core.decode(bytes, consumed: &consumed, into: memory, position: &target, isFinalInput: false))
      } catch {
        return .failure(error)
      }
    }
    position = target
    input = at + consumed..<input.upperBound
    switch result {
    case .success(let status): return status
    case .failure(let error):
      if error.reason == .outOfMemory { throw PNGError(.outOfMemory, at: 0) }
      throw PNGError(.compressed(error.reason), at: input.lowerBound, in: .image)
    }
  }

  /// Moves the window and what waits to the start of the memory, where that gives room worth the move.
  private mutating func makeRoom() {
    let kept = min(max(InflateCore.windowByteCount, available), position)
    guard position > kept else { return }
    unsafe memory.baseAddress.unsafelyUnwrapped.copyMemory(
      from: memory.baseAddress.unsafelyUnwrapped + (position - kept), byteCount: kept)
    start -= position - kept
    position = kept
  }

  private mutating func nextByte(_ file: RawSpan, _ parser: inout PNGParser) throws(PNGError) -> UInt8 {
    while input.isEmpty {
      guard let next = try parser.nextImageData(file) else {
        throw PNGError(.compressed(.truncated), at: input.lowerBound, in: .image)
      }
      input = next
    }
    let byte = file.uint8(input.lowerBound)
    input = input.lowerBound + 1..<input.upperBound
    return byte
  }

  /// RFC 1950, 2.2.
  private mutating func readHeader(_ file: RawSpan, _ parser: inout PNGParser) throws(PNGError) {
    let (method, flags) = (try nextByte(file, &parser), try nextByte(file, &parser))
    hasHeader = true
    let at = input.lowerBound
    guard method & 15 == 8 && method >> 4 <= 7 && (UInt(method) << 8 | UInt(flags)) % 31 == 0 else {
      throw PNGError(.compressed(.zlibHeader), at: at, in: .image)
    }
    guard flags & 0x20 == 0 else { throw PNGError(.compressed(.dictionary), at: at, in: .image) }
  }
}
