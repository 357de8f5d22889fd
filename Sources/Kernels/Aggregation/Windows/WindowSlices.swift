/// How a plan's windows are cut into slices: one partial state for each slice and key, put together when a window is emitted.
///
/// - tumbling: a slice is a window.
/// - hopping: a slice is as long as the greatest common divisor of size and hop, so that each window is a row of whole slices
///   (Krishnamurthy, Wu and Franklin, "On-the-fly sharing for streamed aggregation", 2006).
/// - sliding: a slice is a millisecond, since a window may start and end with any.
/// - session: a slice is as long as the gap. Rows in one slice are less than a gap apart, so that they are in one session; rows two slices apart
///   are never less than a gap from each other. So sessions are chains of neighbouring slices, whose first and last rows decide; the order
///   in which rows come decides nothing.
struct WindowSlices: Sendable {
  let kind: Aggregation.Window.Kind
  let lateness: Int64
  /// Milliseconds.
  let width: Int64
  private let inverse: Double
  /// Slices from one hopping window to the next, and in one.
  let perHop: Int64
  let perWindow: Int64

  init(_ window: Aggregation.Window) {
    kind = window.kind
    lateness = window.lateness
    switch window.kind {
    case .tumbling(let size): (width, perHop, perWindow) = (size, 1, 1)
    case .session(let gap): (width, perHop, perWindow) = (gap, 1, 1)
    case .sliding(let size): (width, perHop, perWindow) = (1, 1, size)
    case .hopping(let size, let hop):
      width = greatestCommonDivisor(size, hop)
      (perHop, perWindow) = (hop / width, size / width)
    }
    inverse = 1 / Double(width)
  }

  var isSession: Bool { if case .session = kind { true } else { false } }
  /// A slice may be in several windows.
  var overlap: Bool {
    switch kind {
    case .hopping, .sliding: true
    case .tumbling, .session: false
    }
  }

  /// A row that is in no window: between them, where the hop is longer than the size.
  var hasGaps: Bool { perHop > perWindow }
  func isInGap(_ slice: Int64) -> Bool { slice - floorDivide(slice, perHop) * perHop >= perWindow }

  /// Slices of times, floored.
  ///
  /// The quotient by a reciprocal is off by one at most as long as it and the time are below 2^51, and the remainder says which way.
  ///
  /// - `times` and `slices` are readable and writable for `count`; they may be the same.
  @unsafe
  func slices(_ times: UnsafePointer<Int64>, _ slices: UnsafeMutablePointer<Int64>, _ count: Int) {
    var outside: UInt64 = 0
    for i in 0..<count { unsafe outside |= UInt64(bitPattern: times[i] &+ 1 << 51) }
    if outside >> 52 != 0 {
      for i in 0..<count { unsafe slices[i] = floorDivide(times[i], width) }
      return
    }
    let (width, inverse) = (width, inverse)
    for i in 0..<count {
      let time = unsafe times[i]
      var quotient = Int64(Double(time) * inverse)
      let rest = time &- quotient &* width
      quotient &-= rest < 0 ? 1 : 0
      quotient &+= rest >= width ? 1 : 0
      unsafe slices[i] = quotient
    }
  }

  /// Slices below this are late at `watermark`: every window that they are in is closed. Not for sessions.
  func firstLive(_ watermark: Int64) -> Int64 {
    let watermark = Self.clamped(watermark)
    switch kind {
    case .tumbling(let size): return floorDivide(watermark - lateness, size)
    case .hopping(let size, let hop): return (floorDivide(watermark - lateness - size, hop) + 1) * perHop
    case .sliding(let size): return watermark - lateness - size + 1
    case .session: return .min
    }
  }

  /// Watermarks beyond what times can be are all the same.
  static func clamped(_ watermark: Int64) -> Int64 { Swift.min(Swift.max(watermark, -1 << 62), 1 << 62 - 1) }

  /// Whether a window that ends there is closed.
  func isClosed(end: Int64, _ watermark: Int64) -> Bool { end + lateness <= Self.clamped(watermark) }
}

@inline(__always)
func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
  let quotient = a / b
  return a % b < 0 ? quotient - 1 : quotient
}
