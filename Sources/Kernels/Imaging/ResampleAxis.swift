/// One direction of a resize: which pixels of the source each pixel of the output takes.
struct ResampleAxis: Hashable, Sendable {
  let filter: ResizeFilter
  /// Pixels of the source and of the output.
  let source, output: Int
  /// Where the crop starts in the source, and pixels of the source to one of the output.
  let start, scale: Double
  /// `scale`, but at least 1: what stretches the filter.
  private let stretch: Double
  private let radius: Double

  /// The largest number of pixels that one of the output takes.
  private(set) var taps = 1
  /// The pixels of the source that are taken at all.
  private(set) var range = 0..<1

  /// - `source` and `output` are positive, and `0 <= from < to <= source`.
  /// - Complexity: O(output).
  init(filter: ResizeFilter, source: Int, from: Double, to: Double, output: Int) {
    (self.filter, self.source, self.output) = (filter, source, output)
    // Pillow holds the edges of a crop in single precision; up to 2^24 whole pixels are exact in it.
    if source <= 1 << 24, Float(from) < Float(to) {
      start = Double(Float(from))
      scale = Double(Float(to) - Float(from)) / Double(output)
    } else {
      start = from
      scale = (to - from) / Double(output)
    }
    stretch = max(scale, 1)
    radius = filter.support * stretch
    for i in 0..<output { taps = max(taps, window(i).count) }
    range = window(0).lowerBound..<window(output - 1).upperBound
  }

  /// Nothing to be filtered: pixels are taken as they are, from a whole pixel on.
  var isCopy: Bool { filter != .nearest && scale == 1 && start == start.rounded(.down) }

  /// The pixels of the source that pixel `i` of the output takes: at least one, in order of `i`.
  func window(_ i: Int) -> Range<Int> {
    if filter == .nearest {
      let at = min(max(Int(start + (Double(i) + 0.5) * scale), 0), source - 1)
      return at..<at + 1
    }
    if isCopy {
      let at = min(Int(start) + i, source - 1)
      return at..<at + 1
    }
    let center = start + (Double(i) + 0.5) * scale
    // Towards zero, as a conversion in C is; the lower one is not below zero then.
    let lower = min(max(Int(center - radius + 0.5), 0), source - 1)
    let upper = max(min(Int(center + radius + 0.5), source), lower + 1)
    return lower..<upper
  }

  /// The weights of the pixels of `window`, whose sum is 1, to `weights`.
  ///
  /// - `weights` is writable for the window's count.
  func weights(_ i: Int, _ window: Range<Int>, _ weights: UnsafeMutablePointer<Double>) {
    guard filter != .nearest && !isCopy else {
      unsafe weights[0] = 1
      return
    }
    let center = start + (Double(i) + 0.5) * scale
    let inverse = 1 / stretch
    var sum = 0.0
    for x in window {
      let weight = filter.weight((Double(x) - center + 0.5) * inverse)
      unsafe weights[x - window.lowerBound] = weight
      sum += weight
    }
    guard sum != 0 else { return }
    for j in 0..<window.count { unsafe weights[j] /= sum }
  }
}
