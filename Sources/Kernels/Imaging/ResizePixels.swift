/// Pixels to single precision and back: alpha multiplied in and divided out, sRGB's transfer off and on.
///
/// Numbers run from 0 to the samples' largest, `top`, whether they stand for values or for intensities.
@safe
struct ResizePixels<Sample: FixedWidthInteger & UnsignedInteger> {
  let channels: Int
  let hasAlpha: Bool
  let transfer: SRGBTables?

  private var lanes: Int { channels == 3 ? 4 : channels }
  private var colours: Int { hasAlpha ? channels - 1 : channels }
  private var top: Float { Float(Sample.max) }

  /// - `source` is readable for `count` pixels and aligned for its samples; `output` is writable for `count` pixels of `lanes`.
  @unsafe
  func widen(_ source: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Float>) {
    let source = unsafe source.assumingMemoryBound(to: Sample.self)
    for i in 0..<count {
      let pixel = unsafe source + i * channels
      let out = unsafe output + i * lanes
      let alpha = hasAlpha ? unsafe Float(pixel[channels - 1]) : top
      let factor = alpha * (1 / top)
      for channel in 0..<colours {
        var value = unsafe Float(pixel[channel])
        if let transfer { value = unsafe transfer.intensity(Int(pixel[channel]) * (65535 / Int(Sample.max))) * top }
        unsafe out[channel] = hasAlpha ? value * factor : value
      }
      if hasAlpha { unsafe out[channels - 1] = alpha }
      if channels == 3 { unsafe out[3] = 0 }
    }
  }

  /// Rounds to the nearest sample. Where alpha rounds to 0, so do the colours.
  ///
  /// - `source` is readable for `count` pixels of `lanes`; `output` is writable for `count` pixels and aligned for its samples.
  @unsafe
  func narrow(_ source: UnsafePointer<Float>, _ count: Int, _ output: UnsafeMutableRawPointer) {
    let output = unsafe output.assumingMemoryBound(to: Sample.self)
    for i in 0..<count {
      let pixel = unsafe source + i * lanes
      let out = unsafe output + i * channels
      var factor: Float = 1
      if hasAlpha {
        let alpha = rounded(unsafe pixel[channels - 1])
        unsafe out[channels - 1] = alpha
        factor = alpha == 0 ? 0 : unsafe top / pixel[channels - 1]
      }
      for channel in 0..<colours {
        var value = unsafe pixel[channel] * factor
        if let transfer { value = transfer.value(value * (1 / top)) * top }
        unsafe out[channel] = rounded(value)
      }
    }
  }

  @inline(__always)
  private func rounded(_ value: Float) -> Sample { Sample(min(max(value, 0), top) + 0.5) }

  /// Rows of opaque pixels after the integer passes, as ``widen(_:_:_:)`` would have them, in place.
  ///
  /// - `row` holds `count` pixels as samples, and is writable for as many in single precision.
  @unsafe
  static func widenOpaque(_ row: UnsafeMutableRawPointer, samples: Int) {
    let source = unsafe row.assumingMemoryBound(to: Sample.self)
    let output = unsafe row.assumingMemoryBound(to: Float.self)
    var i = samples - 1
    while i >= 0 {
      let value = unsafe Float(source[i])
      unsafe output[i] = value
      i -= 1
    }
  }

  /// Whether every pixel's last channel is the largest.
  ///
  /// - `source` is readable for `count` pixels and aligned for its samples.
  @unsafe
  static func isOpaque(_ source: UnsafeRawPointer, _ count: Int, channels: Int) -> Bool {
    let source = unsafe source.assumingMemoryBound(to: Sample.self)
    var i = channels - 1
    // Some at a time: a loop that may end at each pixel does not vectorise.
    while i + 16 * channels <= count * channels {
      var all = Sample.max
      for j in 0..<16 { all &= unsafe source[i + j * channels] }
      if all != .max { return false }
      i += 16 * channels
    }
    while i < count * channels {
      if unsafe source[i] != .max { return false }
      i += channels
    }
    return true
  }
}
