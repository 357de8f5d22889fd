/// A window of one key, of those that overlap, and the slices in it.
struct SliceWindow {
  /// Milliseconds, the end exclusive.
  let start: Int64
  let end: Int64
  /// Positions among the key's slices, in the order of time; not empty.
  let slices: Range<Int>
  /// In the output.
  var row: UInt32 = 0
}

extension WindowSlices {
  /// Adds the windows of one key that were not closed at `before` and are at `watermark`; nil: none was, and all are.
  ///
  /// - Parameters:
  ///   - times: slices, which ascend within `run`, none twice.
  ///   - run: where the key's slices are.
  func windows(
    _ times: [Int64], _ run: Range<Int>, after before: Int64?, until watermark: Int64?,
    into windows: inout [SliceWindow]
  ) {
    switch kind {
    case .hopping(let size, let hop): hopping(size, hop, times, run, before, watermark, &windows)
    case .sliding(let size): sliding(size, times, run, before, watermark, &windows)
    case .tumbling, .session: break
    }
  }

  private func hopping(
    _ size: Int64, _ hop: Int64, _ times: [Int64], _ run: Range<Int>, _ before: Int64?, _ watermark: Int64?,
    _ windows: inout [SliceWindow]
  ) {
    let emitted = before.map { floorDivide(Self.clamped($0) - lateness - size, hop) + 1 } ?? .min
    var (first, end) = (run.lowerBound, run.lowerBound)
    var window = Int64.min
    while first < run.upperBound {
      // The first window that holds the slice, or the next one; windows count in hops.
      let earliest = floorDivide(times[first] - perWindow, perHop) + 1
      window = Swift.max(window, earliest, emitted)
      let start = window * perHop
      if let watermark, !isClosed(end: window * hop + size, watermark) { break }
      while first < run.upperBound && times[first] < start { first += 1 }
      guard first < run.upperBound else { break }
      if times[first] >= start + perWindow { continue }
      end = Swift.max(first, end)
      while end < run.upperBound && times[end] < start + perWindow { end += 1 }
      windows.append(SliceWindow(start: window * hop, end: window * hop + size, slices: first..<end))
      window += 1
    }
  }

  private func sliding(
    _ size: Int64, _ times: [Int64], _ run: Range<Int>, _ before: Int64?, _ watermark: Int64?,
    _ windows: inout [SliceWindow]
  ) {
    var first = run.lowerBound
    for position in run {
      let end = times[position] + 1
      if let before, isClosed(end: end, before) { continue }
      if let watermark, !isClosed(end: end, watermark) { break }
      while times[first] < end - size { first += 1 }
      windows.append(SliceWindow(start: end - size, end: end, slices: first..<position + 1))
    }
  }
}
