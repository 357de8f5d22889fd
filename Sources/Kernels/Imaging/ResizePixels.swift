/// Pixels to single precision and back: alpha multiplied in and divided out, sRGB's transfer off and on.
///
/// Numbers run from 0 to the samples' largest, `top`, whether they stand for values or for intensities. Three channels take the
/// room of four, the last one zero.
@safe
enum ResizePixels<Sample: FixedWidthInteger & UnsignedInteger> {
  @inline(__always)
  private static var top: Float { Float(Sample.max) }

  // MARK: - Values

  /// - `source` is readable for `count` pixels and aligned for its samples; `output` is writable for `count` pixels of `lanes`.
  @unsafe
  static func widen(
    _ source: UnsafeRawPointer, _ output: UnsafeMutablePointer<Float>, _ count: Int, channels: Int, hasAlpha: Bool,
    transfer: SRGBTables? = nil
  ) {
    let source = unsafe source.assumingMemoryBound(to: Sample.self)
    switch (channels, hasAlpha) {
    case (1, _): unsafe widen(source, output, count, 1, 1, false, transfer)
    case (2, false): unsafe widen(source, output, count, 2, 2, false, transfer)
    case (2, true): unsafe widen(source, output, count, 2, 2, true, transfer)
    case (3, _): unsafe widen(source, output, count, 3, 4, false, transfer)
    case (_, false): unsafe widen(source, output, count, 4, 4, false, transfer)
    case (_, true): unsafe widen(source, output, count, 4, 4, true, transfer)
    }
  }

  @inline(__always)
  private static func widen(
    _ source: UnsafePointer<Sample>, _ output: UnsafeMutablePointer<Float>, _ count: Int, _ channels: Int, _ lanes: Int,
    _ hasAlpha: Bool, _ transfer: SRGBTables?
  ) {
    for i in 0..<count {
      let pixel = unsafe source + i * channels
      let out = unsafe output + i * lanes
      let factor = hasAlpha ? unsafe Float(pixel[channels - 1]) * (1 / top) : 1
      for channel in 0..<channels {
        var value = unsafe Float(pixel[channel])
        if !hasAlpha || channel < channels - 1 {
          if let transfer { value = unsafe transfer.intensity(pixel[channel]) }
          if hasAlpha { value *= factor }
        }
        unsafe out[channel] = value
      }
      if channels < lanes { unsafe out[channels] = 0 }
    }
  }

  /// Rounds to the nearest sample. Where alpha rounds to 0, so do the colours.
  ///
  /// - `source` is readable for `count` pixels of `lanes`; `output` is writable for `count` pixels and aligned for its samples.
  @unsafe
  static func narrow(
    _ source: UnsafePointer<Float>, _ output: UnsafeMutableRawPointer, _ count: Int, channels: Int, hasAlpha: Bool,
    transfer: SRGBTables? = nil
  ) {
    let output = unsafe output.assumingMemoryBound(to: Sample.self)
    let lanes = channels == 3 ? 4 : channels
    let colours = hasAlpha ? channels - 1 : channels
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
        var value = unsafe hasAlpha ? pixel[channel] * factor : pixel[channel]
        if let transfer { value = transfer.value(value * (1 / top)) * top }
        unsafe out[channel] = rounded(value)
      }
    }
  }

  @inline(__always)
  private static func rounded(_ value: Float) -> Sample {
    Sample(truncatingIfNeeded: Int32(min(max(value, 0), top) + 0.5))
  }

  // MARK: - Opaque pixels

  /// Rows of opaque pixels after the integer passes, as ``widen(_:_:_:channels:hasAlpha:transfer:)`` would have them, in place.
  ///
  /// - `row` holds `samples` samples, and is writable for as many in single precision.
  @unsafe
  static func widenOpaque(_ row: UnsafeMutableRawPointer, samples: Int) {
    var i = samples - 1
    while i >= 0 {
      let value = unsafe Float(row.load(fromByteOffset: i * MemoryLayout<Sample>.stride, as: Sample.self))
      unsafe row.storeBytes(of: value, toByteOffset: 4 * i, as: Float.self)
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
