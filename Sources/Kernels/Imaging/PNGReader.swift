/// A file on its way to pixels: what has to be held for that is known before anything is allocated.
struct PNGReaderPlan {
  let info: PNGInfo
  let layout: PixelLayout
  /// As offsets into the memory of ``byteCount`` bytes.
  let table, zeros, ring, strip: Int
  let byteCount: Int
  let ringStride: Int

  /// Rows without their filters that are held: four that are written, and the one above them.
  static let ringRows = 8

  init(_ info: PNGInfo, layout: PixelLayout) {
    (self.info, self.layout) = (info, layout)
    let row = info.storedRowByteCount(info.width)
    func aligned(_ count: Int) -> Int { (count + 63) & ~63 }
    ringStride = aligned(row + 8)
    table = 0
    zeros = aligned(PNGPixelRows.tableByteCount)
    ring = zeros + ringStride
    strip = ring + Self.ringRows * ringStride
    byteCount = strip + PNGStrip.byteCount(rowByteCount: row, rows: info.height)
  }

  var stripByteCount: Int { byteCount - strip }
}

/// Rows of pixels out of a file, a few at a time.
@safe
struct PNGReader {
  let plan: PNGReaderPlan
  let pixels: PNGPixelRows
  private let kernel: PNGUnfilterKernel
  private let memory: UnsafeMutableRawPointer
  private var strip: PNGStrip
  /// Where in the ring the next rows go.
  private var slot = 0
  /// The row above the next; that of zeros at first.
  private var prior: UnsafePointer<UInt8>

  /// - `memory` is writable for the plan's bytes, aligned to 64, and stays as long as the reader.
  @unsafe
  init(
    _ plan: PNGReaderPlan, _ parser: borrowing PNGParser, _ file: RawSpan, firstChunk: Range<Int>,
    memory: UnsafeMutableRawPointer, kernel: PNGUnfilterKernel
  ) {
    (self.plan, self.kernel) = (plan, kernel)
    unsafe self.memory = memory
    pixels = unsafe PNGPixelRows(parser, plan.info, file, layout: plan.layout, table: memory + plan.table)
    strip = unsafe PNGStrip(
      memory: UnsafeMutableRawBufferPointer(start: memory + plan.strip, count: plan.stripByteCount),
      firstChunk: firstChunk)
    unsafe (memory + plan.zeros).initializeMemory(as: UInt8.self, repeating: 0, count: plan.ringStride)
    unsafe prior = UnsafePointer((memory + plan.zeros).assumingMemoryBound(to: UInt8.self))
  }

  /// Stored rows in a row of the ring, without their filters.
  @safe
  struct Rows {
    let start: UnsafePointer<UInt8>
    let stride: Int
    let count: Int
  }

  /// The next rows, 1 to 4 and at most `limit`: in the ring, or in `target`, where rows of the image follow each other.
  ///
  /// - `target` is writable for `limit` rows, `stride` apart; the rows of the call before are still above it.
  @unsafe
  mutating func next(
    _ limit: Int, width: Int, _ file: RawSpan, _ parser: inout PNGParser, _ core: inout InflateCore,
    target: UnsafeMutablePointer<UInt8>? = nil, stride targetStride: Int = 0
  ) throws(PNGError) -> Rows {
    let row = plan.info.storedRowByteCount(width)
    try strip.require(row + 1, file, &parser, &core)
    let count = min(limit, 4, strip.available / (row + 1))
    let rows: UnsafeMutablePointer<UInt8>
    let stride: Int
    if let target = unsafe target {
      unsafe (rows, stride) = (target, targetStride)
    } else {
      if slot + count > PNGReaderPlan.ringRows { slot = 0 }
      unsafe rows = (memory + plan.ring + slot * plan.ringStride).assumingMemoryBound(to: UInt8.self)
      stride = plan.ringStride
      slot += count
    }
    let isValid = unsafe kernel.unfilter(
      strip.bytes, count: count, byteCount: row, distance: plan.info.filterDistance, prior: prior, into: rows,
      stride: stride)
    guard isValid else { throw PNGError(.filter, at: strip.offset, in: .image) }
    strip.use(count * (row + 1))
    unsafe prior = UnsafePointer(rows + (count - 1) * stride)
    return unsafe Rows(start: UnsafePointer(rows), stride: stride, count: count)
  }

  /// The next row has none above: a pass of Adam7 starts.
  mutating func beginPass() {
    unsafe prior = UnsafePointer((memory + plan.zeros).assumingMemoryBound(to: UInt8.self))
  }

  mutating func finish(
    _ file: RawSpan, _ parser: inout PNGParser, _ core: inout InflateCore
  ) throws(PNGError) {
    try strip.finish(file, &parser, &core, verify: parser.verification != .none)
    try parser.trailer(file)
  }

  // MARK: - Whole images

  /// Decodes all of the image to `target`, to the end of the file.
  ///
  /// - `target` is writable for the image's rows in the plan's layout, `stride` apart, and aligned for its samples.
  @unsafe
  mutating func decodeImage(
    _ file: RawSpan, _ parser: inout PNGParser, _ core: inout InflateCore, into target: UnsafeMutableRawPointer,
    stride: Int
  ) throws(PNGError) {
    let info = plan.info
    if info.isInterlaced {
      unsafe try decodePasses(file, &parser, &core, into: target, stride: stride)
    } else if pixels.isIdentity {
      var y = 0
      while y < info.height {
        y += unsafe try next(
          info.height - y, width: info.width, file, &parser, &core,
          target: (target + y * stride).assumingMemoryBound(to: UInt8.self), stride: stride
        ).count
      }
    } else {
      var y = 0
      while y < info.height {
        let rows = unsafe try next(info.height - y, width: info.width, file, &parser, &core)
        for i in 0..<rows.count {
          unsafe pixels.convert(rows.start + i * rows.stride, target + (y + i) * stride, width: info.width)
        }
        y += rows.count
      }
    }
    try finish(file, &parser, &core)
  }

  /// Adam7 (W3C PNG, 8): seven images, each of every so-manieth pixel.
  private mutating func decodePasses(
    _ file: RawSpan, _ parser: inout PNGParser, _ core: inout InflateCore, into target: UnsafeMutableRawPointer,
    stride: Int
  ) throws(PNGError) {
    let info = plan.info
    let pixelByteCount = plan.layout.pixelByteCount
    for pass in 0..<7 {
      let grid = Adam7(pass)
      let width = grid.width(of: info.width)
      let height = grid.height(of: info.height)
      if width == 0 || height == 0 { continue }
      beginPass()
      var y = 0
      while y < height {
        let rows = unsafe try next(height - y, width: width, file, &parser, &core)
        for i in 0..<rows.count {
          let line = unsafe target + ((y + i) * grid.stepY + grid.top) * stride
          unsafe pixels.scatter(
            rows.start + i * rows.stride, line + grid.left * pixelByteCount, width: width, step: grid.stepX)
        }
        y += rows.count
      }
    }
  }
}

/// Where the pixels of a pass of Adam7 lie.
struct Adam7 {
  let left, top, stepX, stepY: Int

  init(_ pass: Int) {
    switch pass {
    case 0: (left, top, stepX, stepY) = (0, 0, 8, 8)
    case 1: (left, top, stepX, stepY) = (4, 0, 8, 8)
    case 2: (left, top, stepX, stepY) = (0, 4, 4, 8)
    case 3: (left, top, stepX, stepY) = (2, 0, 4, 4)
    case 4: (left, top, stepX, stepY) = (0, 2, 2, 4)
    case 5: (left, top, stepX, stepY) = (1, 0, 2, 2)
    default: (left, top, stepX, stepY) = (0, 1, 1, 2)
    }
  }

  func width(of image: Int) -> Int { (image - left + stepX - 1) / stepX }
  func height(of image: Int) -> Int { (image - top + stepY - 1) / stepY }
}
