import CZlib

/// zlib, one shot: the oracle of this family.
enum ZlibOracle {
  /// As zlib's windowBits say it.
  enum Format: CInt, CaseIterable {
    case raw = -15
    case zlib = 15
    case gzip = 31
  }

  /// - Parameter memoryLevel: of 9; a block is the shorter, the lower it is.
  static func deflate(
    _ bytes: [UInt8], _ format: Format, level: CInt = 6, strategy: CInt = Z_DEFAULT_STRATEGY, memoryLevel: CInt = 8,
    flushEvery: Int? = nil
  ) -> [UInt8] {
    var stream = unsafe z_stream()
    let start = unsafe deflateInit2_(
      &stream, level, Z_DEFLATED, format.rawValue, memoryLevel, strategy, ZLIB_VERSION,
      CInt(MemoryLayout<z_stream>.size))
    precondition(start == Z_OK)
    defer { unsafe deflateEnd(&stream) }
    let bound =
      Int(unsafe deflateBound(&stream, UInt(bytes.count))) + 64 + (flushEvery.map { bytes.count / $0 * 16 } ?? 0)
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
      unsafe bytes.withUnsafeBufferPointer { input in
        let address = unsafe UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe (stream.next_out, stream.avail_out) = (output.baseAddress, CUnsignedInt(bound))
        var done = 0
        if let flushEvery {
          while done + flushEvery < input.count {
            unsafe (stream.next_in, stream.avail_in) = (address.map { unsafe $0 + done }, CUnsignedInt(flushEvery))
            let result = unsafe CZlib.deflate(&stream, done / flushEvery % 2 == 0 ? Z_FULL_FLUSH : Z_SYNC_FLUSH)
            precondition(result == Z_OK)
            done += flushEvery
          }
        }
        unsafe (stream.next_in, stream.avail_in) = (address.map { unsafe $0 + done }, CUnsignedInt(input.count - done))
        let result = unsafe CZlib.deflate(&stream, Z_FINISH)
        precondition(result == Z_STREAM_END)
        count = Int(unsafe stream.total_out)
      }
    }
  }

  struct Inflated: Equatable {
    /// What came out before the end or an error.
    var bytes: [UInt8]
    /// Bytes of the stream, where it ended well.
    var consumed: Int?
  }

  /// One stream from the start of `bytes`, of at most `limit` bytes.
  static func inflate(_ bytes: [UInt8], _ format: Format, limit: Int = 1 << 20) -> Inflated {
    var stream = unsafe z_stream()
    let start = unsafe inflateInit2_(
      &stream, format.rawValue, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    precondition(start == Z_OK)
    defer { unsafe inflateEnd(&stream) }
    var consumed: Int?
    let output = unsafe [UInt8](unsafeUninitializedCapacity: limit) { output, count in
      unsafe bytes.withUnsafeBufferPointer { input in
        unsafe (stream.next_in, stream.avail_in) = (
          UnsafeMutablePointer(mutating: input.baseAddress), CUnsignedInt(input.count)
        )
        unsafe (stream.next_out, stream.avail_out) = (output.baseAddress, CUnsignedInt(limit))
        if unsafe CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END { consumed = Int(unsafe stream.total_in) }
        count = Int(unsafe stream.total_out)
      }
    }
    return Inflated(bytes: output, consumed: consumed)
  }
}
