/// Integers of one group side by side, all that sums and extrema want of them made in one pass by a row of ``IntegerReductionKernel``.
struct IntegerRun {
  let count: Int
  /// Exact.
  let sum: Int128
  /// Order keys.
  let least: Int64
  let greatest: Int64

  /// - `values` is readable for `count`, at most 2^31, and of at least one.
  @unsafe
  init<Value: AggregationInteger>(
    _ values: UnsafePointer<Value>, _ count: Int,
    kernel: IntegerReductionKernel = IntegerReductionKernel.all.select(.current)
  ) {
    // Signed ones counted from the least, so that halves of 32 bits are unsigned.
    let flip: UInt64 = Value.isSigned ? 1 << 63 : 0
    var out = InlineArray<4, Int64>(repeating: 0)
    var span = out.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { out in
      unsafe kernel.body(
        UnsafeRawPointer(values).assumingMemoryBound(to: Int64.self), count, flip,
        out.baseAddress.unsafelyUnwrapped)
    }
    self.count = count
    sum =
      Int128(UInt64(bitPattern: out[1])) << 32 &+ Int128(UInt64(bitPattern: out[0])) &- Int128(flip) &* Int128(count)
    (least, greatest) = (out[2], out[3])
  }
}
