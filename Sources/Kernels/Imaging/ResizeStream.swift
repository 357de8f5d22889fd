/// A resize that takes the source by rows, from top to bottom, and gives the output by rows, holding those that are live.
///
/// ```swift
/// while more rows {
///   row += stream.push(pointer, stride: stride, count: rowsThere)
///   while stream.hasOutput { stream.pop(into: pointer) }
/// }
/// ```
///
/// Several streams can be fed from the same rows.
@safe
package struct ResizeStream: ~Copyable {
  package let plan: ResizePlan
  package let kernel: ResampleKernel
  private let base: UnsafeMutableRawPointer
  /// The row of the source that comes next.
  package private(set) var nextRow = 0
  /// The row of the output that comes next.
  package private(set) var nextOutput = 0
  /// In single precision from here on.
  private var isWide: Bool
  /// Nearest: the last row pushed.
  private var heldRow: UnsafeRawPointer?

  /// Writes the tables of `plan`.
  ///
  /// - `memory` is writable for the plan's `scratchByteCount`, aligned to 64 bytes, and stays as long as the stream.
  /// - The CPU has what `kernel` requires.
  @unsafe
  package init(_ plan: ResizePlan, memory: UnsafeMutableRawPointer, kernel: ResampleKernel = .kernel(.current)) {
    (self.plan, self.kernel) = (plan, kernel)
    unsafe base = memory
    isWide = !plan.memory.mode.isExact
    unsafe plan.writeTables(memory)
  }

  /// Ready for another image of the same shape; the tables stay.
  package mutating func restart() {
    (nextRow, nextOutput) = (0, 0)
    isWide = !plan.memory.mode.isExact
    unsafe heldRow = nil
  }

  /// Every row of the output has been taken.
  package var isComplete: Bool { nextOutput == plan.output.height }

  /// A row of the output is ready to be taken.
  package var hasOutput: Bool {
    guard nextOutput < plan.output.height else { return false }
    let window = window(nextOutput)
    return window.upperBound <= nextRow
  }

  /// Rows of the source before this one will not be read any more, and need not be decoded: `skip` passes over them.
  package var nextNeededRow: Int {
    isComplete ? plan.source.height : max(nextRow, window(nextOutput).lowerBound)
  }

  /// Passes over rows that are not needed.
  package mutating func skip(_ count: Int) {
    precondition(count >= 0 && nextRow + count <= nextNeededRow, "ResizeStream: rows that are needed cannot be skipped")
    nextRow += count
  }

  // MARK: - In

  /// Takes up to `count` rows and says how many: at least one. Not to be called while there is output to be taken.
  ///
  /// - `rows` is readable for `count` rows, `stride` bytes apart, and aligned for its samples. The rows stay until all output
  ///   that they make ready has been taken.
  @unsafe
  package mutating func push(_ rows: UnsafeRawPointer, stride: Int, count: Int) -> Int {
    let memory = plan.memory
    var wide = unsafe ResizeWideRows(memory.wideRowShape, lanes: memory.lanes, memory: base + memory.wideRows)
    unsafe wide.begin(rows, stride: stride)
    return unsafe push(rows, stride: stride, count: count, wide: &wide, at: 0)
  }

  /// The same of a plan that shares rows.
  ///
  /// - `wide` has the columns of the plan, and began with the row that is `index` rows above the first of `rows`; at most
  ///   ``ResizeMemory/batch`` rows are taken from there on.
  @unsafe
  mutating func push(
    _ rows: UnsafeRawPointer, stride: Int, count: Int, wide: inout ResizeWideRows, at index: Int
  ) -> Int {
    precondition(count > 0 && count <= plan.source.height - nextRow, "ResizeStream: more rows than the source has")
    precondition(!hasOutput, "ResizeStream: output must be taken before more rows are pushed")
    let unneeded = min(nextNeededRow - nextRow, count)
    if unneeded > 0 {
      nextRow += unneeded
      return unneeded
    }
    if plan.memory.mode.isNearest {
      unsafe heldRow = rows
      nextRow += 1
      return 1
    }
    let slot = (nextRow - plan.rows.range.lowerBound) % plan.memory.ringRows
    var taken = min(
      count, ResizeMemory.batch - index, plan.memory.ringRows - slot, plan.rows.range.upperBound - nextRow)
    let source = unsafe rows + plan.columns.range.lowerBound * plan.layout.pixelByteCount
    let target = unsafe ringRow(nextRow)
    if !isWide && plan.layout.hasAlpha {
      // Rows before the first that is not opaque stay bytes, however many are pushed at once.
      let opaque = unsafe opaqueRows(source, stride, taken)
      if opaque == 0 { unsafe widenRing() } else { taken = opaque }
    }
    if isWide && plan.columns.isCopy {
      for i in 0..<taken {
        let row = unsafe (target + i * plan.memory.ringStride).assumingMemoryBound(to: Float.self)
        unsafe widen(source + i * stride, row, plan.columns.range.count)
      }
    } else if isWide {
      unsafe pushWide(&wide, index, taken, target)
    } else {
      unsafe pushExact(source, stride, taken, target)
    }
    nextRow += taken
    return taken
  }

  @unsafe
  private func pushExact(_ source: UnsafeRawPointer, _ stride: Int, _ count: Int, _ target: UnsafeMutableRawPointer) {
    let pixel = plan.layout.pixelByteCount
    let width = plan.columns.range.count
    let memory = plan.memory
    if plan.columns.isCopy {
      for i in 0..<count {
        unsafe (target + i * memory.ringStride).copyMemory(from: source + i * stride, byteCount: width * pixel)
      }
      return
    }
    var (source, stride) = unsafe (source, stride)
    if width < memory.columnTaps {
      let padded = unsafe base + memory.prepared
      let row = memory.columnTaps * pixel
      for i in 0..<count {
        unsafe (padded + i * row).copyMemory(from: source + i * stride, byteCount: width * pixel)
        unsafe (padded + i * row + width * pixel).initializeMemory(
          as: UInt8.self, repeating: 0, count: row - width * pixel)
      }
      unsafe (source, stride) = (UnsafeRawPointer(padded), row)
    }
    unsafe kernel.columns(
      source.assumingMemoryBound(to: UInt8.self), stride, target.assumingMemoryBound(to: UInt8.self), memory.ringStride,
      count, pointer(memory.columnStarts), pointer(memory.columnWeights), memory.columnTaps, plan.output.width,
      plan.layout.channels)
  }

  @unsafe
  private func pushWide(_ wide: inout ResizeWideRows, _ first: Int, _ count: Int, _ target: UnsafeMutableRawPointer) {
    let memory = plan.memory
    let rows = unsafe wide.rows(
      first, upTo: first + count, from: plan.columns.range.lowerBound, pixelByteCount: plan.layout.pixelByteCount,
      widen: { unsafe widen($0, $1, $2) })
    unsafe kernel.wideColumns(
      rows, wide.shape.stride, target.assumingMemoryBound(to: Float.self), memory.ringStride / 4, count,
      pointer(memory.columnStarts), pointer(memory.wideColumnWeights), memory.columnTaps, plan.output.width,
      memory.lanes)
  }

  @unsafe
  private func widen(_ source: UnsafeRawPointer, _ row: UnsafeMutablePointer<Float>, _ width: Int) {
    let (channels, hasAlpha) = (plan.layout.channels, plan.layout.hasAlpha)
    if !plan.memory.mode.isLinear {
      unsafe kernel.widen(source, row, width, channels, plan.layout.bits, hasAlpha ? 1 : 0)
    } else if plan.layout.bits == 8 {
      unsafe ResizePixels<UInt8>.widen(
        source, row, width, channels: channels, hasAlpha: hasAlpha, transfer: transferTables)
    } else {
      unsafe ResizePixels<UInt16>.widen(
        source, row, width, channels: channels, hasAlpha: hasAlpha, transfer: transferTables)
    }
  }

  // MARK: - Out

  /// Writes the next row of the output, which must be ready.
  ///
  /// - `row` is writable for the plan's `outputRowByteCount` and aligned for its samples.
  @unsafe
  package mutating func pop(into row: UnsafeMutableRawPointer) {
    precondition(hasOutput, "ResizeStream: no output is ready")
    let window = window(nextOutput)
    let memory = plan.memory
    if memory.mode.isNearest {
      unsafe popNearest(into: row)
    } else if isWide {
      let result: UnsafeMutablePointer<Float>
      if plan.rows.isCopy {
        unsafe result = ringRow(window.lowerBound).assumingMemoryBound(to: Float.self)
      } else {
        unsafe result = pointer(memory.wideOutput)
        let rows: UnsafeMutablePointer<UnsafePointer<Float>> = unsafe pointer(memory.rowPointers)
        for j in 0..<window.count {
          unsafe rows[j] = UnsafePointer(ringRow(window.lowerBound + j).assumingMemoryBound(to: Float.self))
        }
        let weights: UnsafeMutablePointer<Float> = unsafe pointer(memory.wideRowWeights)
        unsafe kernel.wideRows(
          rows, window.count, weights + memory.rowTaps * nextOutput, result, plan.output.width * memory.lanes)
      }
      unsafe narrow(result, row)
    } else if plan.rows.isCopy {
      unsafe row.copyMemory(from: ringRow(window.lowerBound), byteCount: plan.outputRowByteCount)
    } else {
      let rows: UnsafeMutablePointer<UnsafePointer<UInt8>> = unsafe pointer(memory.rowPointers)
      // An odd number of rows is made even by the last one with a weight of zero.
      let count = (window.count + 1) & ~1
      for j in 0..<count {
        let at = window.lowerBound + min(j, window.count - 1)
        unsafe rows[j] = UnsafePointer(ringRow(at).assumingMemoryBound(to: UInt8.self))
      }
      let weights: UnsafeMutablePointer<Int16> = unsafe pointer(memory.rowWeights)
      unsafe kernel.rows(
        rows, count, weights + 2 * memory.rowTaps * nextOutput, memory.rowTaps, row.assumingMemoryBound(to: UInt8.self),
        plan.outputRowByteCount)
    }
    nextOutput += 1
  }

  @unsafe
  private func narrow(_ source: UnsafePointer<Float>, _ row: UnsafeMutableRawPointer) {
    let (channels, hasAlpha) = (plan.layout.channels, plan.layout.hasAlpha)
    let width = plan.output.width
    if !plan.memory.mode.isLinear {
      unsafe kernel.narrow(source, row, width, channels, plan.layout.bits, hasAlpha ? 1 : 0)
    } else if plan.layout.bits == 8 {
      unsafe ResizePixels<UInt8>.narrow(
        source, row, width, channels: channels, hasAlpha: hasAlpha, transfer: transferTables)
    } else {
      unsafe ResizePixels<UInt16>.narrow(
        source, row, width, channels: channels, hasAlpha: hasAlpha, transfer: transferTables)
    }
  }

  @unsafe
  private func popNearest(into row: UnsafeMutableRawPointer) {
    let pixel = plan.layout.pixelByteCount
    let starts: UnsafeMutablePointer<Int32> = unsafe pointer(plan.memory.columnStarts)
    let source = unsafe heldRow.unsafelyUnwrapped + plan.columns.range.lowerBound * pixel
    for x in 0..<plan.output.width {
      let from = unsafe source + Int(starts[x]) * pixel
      let to = unsafe row + x * pixel
      for i in 0..<pixel {
        unsafe to.storeBytes(of: from.load(fromByteOffset: i, as: UInt8.self), toByteOffset: i, as: UInt8.self)
      }
    }
  }

  // MARK: - Memory

  @unsafe
  private func pointer<T>(_ offset: Int) -> UnsafeMutablePointer<T> {
    unsafe (base + offset).assumingMemoryBound(to: T.self)
  }

  private func window(_ y: Int) -> Range<Int> {
    let bounds: UnsafeMutablePointer<Int32> = unsafe pointer(plan.memory.rowStarts)
    let start = unsafe Int(bounds[2 * y])
    return unsafe start..<start + Int(bounds[2 * y + 1])
  }

  /// Where row `y` of the source is held after the horizontal pass.
  @unsafe
  private func ringRow(_ y: Int) -> UnsafeMutableRawPointer {
    let slot = (y - plan.rows.range.lowerBound) % plan.memory.ringRows
    return unsafe base + plan.memory.ring + slot * plan.memory.ringStride
  }

  private var transferTables: SRGBTables { unsafe SRGBTables(base + plan.memory.transfer) }

  // MARK: - The first row that is not opaque

  /// How many of `count` rows come before one that is not opaque.
  @unsafe
  private func opaqueRows(_ source: UnsafeRawPointer, _ stride: Int, _ count: Int) -> Int {
    let (width, channels) = (plan.columns.range.count, plan.layout.channels)
    for i in 0..<count {
      let isOpaque = unsafe ResizePixels<UInt8>.isOpaque(source + i * stride, width, channels: channels)
      if !isOpaque { return i }
    }
    return count
  }

  /// What is held and will be read again goes over to single precision.
  @unsafe
  private mutating func widenRing() {
    isWide = true
    for y in window(nextOutput).lowerBound..<max(nextRow, window(nextOutput).lowerBound) {
      unsafe ResizePixels<UInt8>.widenOpaque(ringRow(y), samples: plan.output.width * plan.layout.channels)
    }
  }
}
