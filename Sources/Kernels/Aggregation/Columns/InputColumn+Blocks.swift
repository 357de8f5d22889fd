/// A block of integers as Int64, floats as Double, in place where they are that already.
extension InputColumn {
  /// Where elements `first ..< first + count` lie, widened to 64 bits into `scratch` where they are narrower.
  ///
  /// - `scratch` has room for `count` elements of 8 bytes, aligned to 8; the rows are within the column.
  /// - Unsigned integers of 64 bits keep their bits; of a null any value comes.
  @unsafe
  package func wide(_ first: Int, _ count: Int, _ scratch: UnsafeMutableRawPointer) -> UnsafeRawPointer {
    guard count > 0, let values = unsafe values else { return UnsafeRawPointer(scratch) }
    switch type {
    case .int64, .uint64, .double, .timestampSeconds, .timestampMilliseconds, .timestampMicroseconds,
      .timestampNanoseconds:
      let start = unsafe values + (offset + first) * 8
      // Arrow asks for alignment, but takes what comes; the loops below it do not.
      if UInt(bitPattern: start) & 7 == 0 { return unsafe start }
      unsafe scratch.copyMemory(from: start, byteCount: count * 8)
    case .int8: unsafe widen(Int8.self, values, first, count, scratch)
    case .int16: unsafe widen(Int16.self, values, first, count, scratch)
    case .int32: unsafe widen(Int32.self, values, first, count, scratch)
    case .uint8: unsafe widen(UInt8.self, values, first, count, scratch)
    case .uint16: unsafe widen(UInt16.self, values, first, count, scratch)
    case .uint32: unsafe widen(UInt32.self, values, first, count, scratch)
    case .float:
      let out = unsafe scratch.assumingMemoryBound(to: Double.self)
      let values = unsafe values + (offset + first) * 4
      for i in 0..<count { unsafe out[i] = Double(values.loadUnaligned(fromByteOffset: i * 4, as: Float.self)) }
    case .bool:
      let out = unsafe scratch.assumingMemoryBound(to: Int64.self)
      let bits = unsafe values.assumingMemoryBound(to: UInt8.self)
      for i in 0..<count { unsafe out[i] = bits.bit(offset &+ first &+ i) ? 1 : 0 }
    case .dictionary(let codes, _):
      switch codes {
      case .int8: unsafe widen(Int8.self, values, first, count, scratch)
      case .int16: unsafe widen(Int16.self, values, first, count, scratch)
      case .int32: unsafe widen(Int32.self, values, first, count, scratch)
      case .int64, .uint64: unsafe widen(Int64.self, values, first, count, scratch)
      case .uint8: unsafe widen(UInt8.self, values, first, count, scratch)
      case .uint16: unsafe widen(UInt16.self, values, first, count, scratch)
      case .uint32: unsafe widen(UInt32.self, values, first, count, scratch)
      }
    case .utf8, .largeUTF8: break
    }
    return UnsafeRawPointer(scratch)
  }

  @inline(__always)
  @unsafe
  private func widen<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type, _ values: UnsafeRawPointer, _ first: Int, _ count: Int, _ scratch: UnsafeMutableRawPointer
  ) {
    let size = MemoryLayout<T>.size
    let out = unsafe scratch.assumingMemoryBound(to: Int64.self)
    let values = unsafe values + (offset &+ first) &* size
    var i = 0
    while i < count {
      unsafe out[i] = Int64(truncatingIfNeeded: values.loadUnaligned(fromByteOffset: i &* size, as: T.self))
      i &+= 1
    }
  }
}
