/// The weights of a resize, written to its memory.
extension ResizePlan {
  /// - `base` is the resize's memory.
  /// - Complexity: O(taps of all columns and rows), without allocation.
  @unsafe
  func writeTables(_ base: UnsafeMutableRawPointer) {
    let scratch = unsafe (base + memory.weights).assumingMemoryBound(to: Double.self)
    let starts = unsafe (base + memory.columnStarts).assumingMemoryBound(to: Int32.self)
    let bounds = unsafe (base + memory.rowStarts).assumingMemoryBound(to: Int32.self)
    // Windows end where the row ends, so that as many pixels as there are taps can be read from any start.
    let origin = columns.range.lowerBound
    let last = max(columns.range.count - memory.columnTaps, 0)
    for x in 0..<output.width {
      let window = columns.window(x)
      let start = memory.mode.isNearest ? window.lowerBound - origin : min(window.lowerBound - origin, last)
      unsafe starts[x] = Int32(start)
      if memory.mode.isNearest { continue }
      unsafe columns.weights(x, window, scratch)
      unsafe write(
        scratch, window.count, skipping: window.lowerBound - origin - start, taps: memory.columnTaps, at: x,
        base + memory.columnWeights, base + memory.wideColumnWeights)
    }
    for y in 0..<output.height {
      let window = rows.window(y)
      unsafe bounds[2 * y] = Int32(window.lowerBound)
      unsafe bounds[2 * y + 1] = Int32(window.count)
      if memory.mode.isNearest { continue }
      unsafe rows.weights(y, window, scratch)
      unsafe write(
        scratch, window.count, skipping: 0, taps: memory.rowTaps, at: y, base + memory.rowWeights,
        base + memory.wideRowWeights)
    }
    if memory.mode.isLinear { unsafe SRGBTables.write(base + memory.transfer) }
  }

  /// The weights of one pixel, zeros before and after.
  @unsafe
  private func write(
    _ weights: UnsafePointer<Double>, _ count: Int, skipping: Int, taps: Int, at index: Int,
    _ exact: UnsafeMutableRawPointer, _ wide: UnsafeMutableRawPointer
  ) {
    if memory.mode.isExact {
      let low = unsafe exact.assumingMemoryBound(to: Int16.self) + 2 * taps * index
      unsafe low.update(repeating: 0, count: 2 * taps)
      for j in 0..<count {
        let scaled = unsafe weights[j] * Double(1 << ResamplePortable.precision)
        let weight = Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
        let half = Int16(truncatingIfNeeded: weight)
        unsafe low[skipping + j] = half
        unsafe low[taps + skipping + j] = Int16(truncatingIfNeeded: (weight - Int32(half)) >> 16)
      }
    }
    if memory.mode.isWide {
      let out = unsafe wide.assumingMemoryBound(to: Float.self) + taps * index
      unsafe out.update(repeating: 0, count: taps)
      for j in 0..<count { unsafe out[skipping + j] = Float(weights[j]) }
    }
  }
}
