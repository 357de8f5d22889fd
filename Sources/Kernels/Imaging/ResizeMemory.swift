/// In which numbers a resize is done.
struct ResizeMode: Hashable, Sendable {
  /// Nothing but pixels moved.
  let isNearest: Bool
  /// In integers and with intermediates of 8 bits, which gives Pillow's bits.
  let isExact: Bool
  /// In single precision: from the start, or from the first row on that is not opaque.
  let isWide: Bool
  let isLinear: Bool

  init(_ layout: PixelLayout, _ filter: ResizeFilter, linearLight: Bool) {
    isNearest = filter == .nearest
    isLinear = linearLight && !isNearest
    isExact = !isNearest && layout.bits == 8 && !isLinear
    isWide = !isNearest && (!isExact || layout.hasAlpha)
  }
}

/// Where everything lies in the memory of a resize, as offsets from its start.
struct ResizeMemory: Hashable, Sendable {
  /// Cache lines do not mix what different loops write.
  static let alignment = 64
  /// Rows that the horizontal pass takes at once, so that weights are read once for all.
  static let batch = 4

  /// From one row to the next, where a row has so many bytes: an odd number of cache lines, so that rows do not all share one set of
  /// the cache.
  static func rowStride(_ byteCount: Int) -> Int { (byteCount + alignment - 1) & ~(alignment - 1) | alignment }

  let mode: ResizeMode
  /// Of one pixel's numbers in single precision: three channels take the room of four.
  let lanes: Int
  /// Weights of one column: a multiple of 4, zeros after (or before) those that count; of one row: a multiple of 2.
  let columnTaps, rowTaps: Int
  /// Rows after the horizontal pass that are held, and the bytes of each.
  let ringRows, ringStride: Int

  private(set) var columnStarts = 0
  private(set) var columnWeights = 0
  private(set) var wideColumnWeights = 0
  private(set) var rowStarts = 0
  private(set) var rowWeights = 0
  private(set) var wideRowWeights = 0
  private(set) var ring = 0
  private(set) var rowPointers = 0
  private(set) var weights = 0
  /// Rows of the source with room after them.
  private(set) var prepared = 0
  /// Rows of the source in single precision; empty where they are not taken.
  let wideRowShape: ResizeWideRows.Shape
  private(set) var wideRows = 0
  private(set) var wideOutput = 0
  private(set) var transfer = 0
  private(set) var byteCount = 0

  /// Nil where a number of bytes does not fit an `Int`.
  ///
  /// - Parameter sharesRows: that rows in single precision come from elsewhere, and have no room here.
  init?(columns: ResampleAxis, rows: ResampleAxis, layout: PixelLayout, mode: ResizeMode, sharesRows: Bool) {
    self.mode = mode
    lanes = layout.channels == 3 ? 4 : layout.channels
    columnTaps = (columns.taps + 3) & ~3
    rowTaps = (rows.taps + 1) & ~1
    let (wide, exact) = (mode.isWide, mode.isExact)
    wideRowShape =
      wide && !columns.isCopy ? ResizeWideRows.Shape(columns, taps: columnTaps, lanes: lanes) : ResizeWideRows.Shape()
    var sum = ByteSum()

    let outputRow = sum.product(columns.output, wide ? lanes * 4 : layout.pixelByteCount)
    ringStride = Self.rowStride(outputRow)
    ringRows = mode.isNearest ? 0 : (rows.taps - 1 + Self.batch + Self.batch - 1) / Self.batch * Self.batch

    columnStarts = sum.add(columns.output, 4)
    if exact { columnWeights = sum.add(columns.output, columnTaps, 4) }
    if wide { wideColumnWeights = sum.add(columns.output, columnTaps, 4) }
    rowStarts = sum.add(rows.output, 8)
    if exact { rowWeights = sum.add(rows.output, rowTaps, 4) }
    if wide { wideRowWeights = sum.add(rows.output, rowTaps, 4) }
    ring = sum.add(ringRows, ringStride)
    rowPointers = sum.add(rowTaps, 8)
    weights = sum.add(max(columnTaps, rowTaps), 8)
    if exact && columns.range.count < columnTaps { prepared = sum.add(columnTaps, layout.pixelByteCount, Self.batch) }
    if wide {
      if !sharesRows { wideRows = sum.add(wideRowShape.stride, 4, Self.batch) }
      wideOutput = sum.add(1, ringStride)
    }
    if mode.isLinear { transfer = sum.add(SRGBTables.byteCount, 1) }
    guard let total = sum.total else { return nil }
    byteCount = total
  }
}

/// A sum of bytes that notices when it no longer fits.
private struct ByteSum {
  private var bytes = 0
  private var overflowed = false

  mutating func product(_ a: Int, _ b: Int, _ c: Int = 1) -> Int {
    let (ab, first) = a.multipliedReportingOverflow(by: b)
    let (abc, second) = ab.multipliedReportingOverflow(by: c)
    // A quarter of all addresses is more than any system gives, and leaves room for alignment.
    guard !first && !second && abc <= Int.max / 4 else {
      overflowed = true
      return 0
    }
    return abc
  }

  /// Room for a product of numbers, aligned: where it starts.
  mutating func add(_ a: Int, _ b: Int, _ c: Int = 1) -> Int {
    let start = bytes
    let aligned = (product(a, b, c) + ResizeMemory.alignment - 1) & ~(ResizeMemory.alignment - 1)
    if bytes + aligned > Int.max / 4 { overflowed = true } else { bytes += aligned }
    return start
  }

  var total: Int? { overflowed ? nil : bytes }
}
