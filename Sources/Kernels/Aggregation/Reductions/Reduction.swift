/// Reductions of one column in one call. Exact ones allocate their state; keep a ``FloatStatistics`` to allocate nothing.
public enum Reduction {
  /// The exact sum of values, rounded once to nearest, ties to even: what Python's `math.fsum` gives. 0 of nothing.
  ///
  /// NaN propagates, and so does one infinity; both give NaN. A sum beyond the range of a double is an infinity.
  public static func sum(_ values: Span<Double>) -> Double {
    var statistics = FloatStatistics(.sum)
    statistics.update(values)
    return statistics.sum ?? 0
  }

  /// A sum that is rounded at every addition, in an order that depends on the count alone, and so is the same on every CPU: blocks
  /// of 1,024 values in sixteen sums side by side, and the blocks' sums in pairs.
  ///
  /// The error is at most about (64 + log2(n / 1024)) 2^-53 times the sum of the magnitudes (N. Higham, "The accuracy of floating
  /// point summation", 1993). Twice as fast as ``sum(_:)`` where the values are in the cache, and no faster from memory.
  public static func fastSum(_ values: Span<Double>) -> Double {
    // Partial sums of 2^i blocks each, as in counting.
    var partial = InlineArray<64, Double>(repeating: 0)
    var (blocks, start): (UInt64, Int) = (0, 0)
    unsafe values.withUnsafeBufferPointer { values in
      while start < values.count {
        let end = Swift.min(values.count, start &+ 1024)
        var sum = unsafe blockSum(UnsafeBufferPointer(rebasing: values[start..<end]))
        var level = 0
        while blocks >> UInt64(level) & 1 == 1 {
          sum = partial[level] + sum
          partial[level] = 0
          level &+= 1
        }
        partial[level] = sum
        blocks &+= 1
        start = end
      }
    }
    var sum = 0.0
    for level in 0..<64 where partial[level] != 0 { sum = partial[level] + sum }
    return sum
  }

  @unsafe
  private static func blockSum(_ values: UnsafeBufferPointer<Double>) -> Double {
    var (a, b) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    var i = 0
    while i &+ 16 <= values.count {
      let start = unsafe UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + i)
      unsafe a += start.loadUnaligned(as: SIMD8<Double>.self)
      unsafe b += start.loadUnaligned(fromByteOffset: 64, as: SIMD8<Double>.self)
      i &+= 16
    }
    a += b
    let halves = a.lowHalf + a.highHalf
    var sum = (halves[0] + halves[2]) + (halves[1] + halves[3])
    while i < values.count {
      unsafe sum += values[i]
      i &+= 1
    }
    return sum
  }

  /// The value of the least time, of several the least value, where NaN is above all others; nil of nothing.
  public static func first(_ values: Span<Double>, times: Span<Int64>) -> Double? {
    end(values, times: times) { $0 }
  }

  /// The value of the greatest time, of several the least value, where NaN is above all others; nil of nothing.
  public static func last(_ values: Span<Double>, times: Span<Int64>) -> Double? {
    end(values, times: times) { ~$0 }
  }

  /// The value of the least `order` of its time.
  @inline(__always)
  private static func end(_ values: Span<Double>, times: Span<Int64>, _ order: (Int64) -> Int64) -> Double? {
    precondition(values.count == times.count, "Reduction: times must have as many elements as values")
    if values.isEmpty { return nil }
    var best = (time: order(times[0]), key: values[0].orderKey)
    for i in 1..<values.count {
      let time = order(times[i])
      if time > best.time { continue }
      let key = values[i].orderKey
      if time < best.time || key < best.key { best = (time, key) }
    }
    return Double(orderKey: best.key)
  }

  /// How many values lie between bounds, added to `counts`: bucket 0 is below the first bound, bucket i from bound i - 1 up to but
  /// without bound i, the last from the last bound on. A NaN is in none.
  ///
  /// - Parameters:
  ///   - values: any number, in any order.
  ///   - bounds: finite, each above the one before.
  ///   - counts: one more than there are bounds.
  /// - Complexity: O(n log b), no allocation.
  public static func histogram(_ values: Span<Double>, bounds: Span<Double>, counts: inout MutableSpan<UInt64>) {
    precondition(counts.count == bounds.count + 1, "histogram: counts must have one element more than bounds")
    for i in bounds.indices {
      precondition(
        bounds[i].isFinite && (i == 0 || bounds[i - 1] < bounds[i]), "histogram: bounds must be finite and ascending")
    }
    unsafe bounds.withUnsafeBufferPointer { bounds in
      for i in values.indices {
        let value = values[i]
        if value == value { unsafe counts[histogramBucket(value, bounds)] &+= 1 }
      }
    }
  }
}
