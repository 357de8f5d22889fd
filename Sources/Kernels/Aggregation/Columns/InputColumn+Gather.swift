import CKernels

extension InputColumn {
  /// The elements of rows, widened to 64 bits as ``wide(_:_:_:)`` does it.
  ///
  /// - `out` is writable for as many elements of 8 bytes, aligned to 8; the rows are within the column, whose elements are numbers.
  @unsafe
  func gather(_ part: GatheredRows, into out: UnsafeMutableRawPointer) {
    guard let values = unsafe values else { return }
    switch type {
    case .int8: unsafe gather(Int8.self, values, part, out) { Int64($0) }
    case .int16: unsafe gather(Int16.self, values, part, out) { Int64($0) }
    case .int32: unsafe gather(Int32.self, values, part, out) { Int64($0) }
    case .uint8: unsafe gather(UInt8.self, values, part, out) { Int64($0) }
    case .uint16: unsafe gather(UInt16.self, values, part, out) { Int64($0) }
    case .uint32: unsafe gather(UInt32.self, values, part, out) { Int64($0) }
    case .float: unsafe gather(Float.self, values, part, out) { Double($0) }
    default: unsafe gather(UInt64.self, values, part, out) { $0 }
    }
  }

  @inline(__always)
  @unsafe
  private func gather<T: BitwiseCopyable, Wide: BitwiseCopyable>(
    _: T.Type, _ values: UnsafeRawPointer, _ part: GatheredRows, _ out: UnsafeMutableRawPointer, _ widen: (T) -> Wide
  ) {
    let size = MemoryLayout<T>.size
    let values = unsafe values + (offset &+ part.first) &* size
    let out = unsafe out.assumingMemoryBound(to: Wide.self)
    // As far ahead as memory is away.
    let distance = 64
    let close = Swift.max(0, Swift.min(part.count, part.ahead &- distance))
    for i in 0..<close {
      unsafe ck_prefetch(values + Int(part.rows[i &+ distance]) &* size)
      unsafe out[i] = widen(values.loadUnaligned(fromByteOffset: Int(part.rows[i]) &* size, as: T.self))
    }
    for i in close..<part.count {
      unsafe out[i] = widen(values.loadUnaligned(fromByteOffset: Int(part.rows[i]) &* size, as: T.self))
    }
  }
}
