import CKernels

extension Base64.Alphabet {
  /// What the rows look up of the alphabet: constants of the C leaf.
  @inline(__always)
  @unsafe
  var tables: UnsafePointer<ck_base64_tables> {
    switch self {
    case .standard: unsafe ck_base64_standard()
    case .url: unsafe ck_base64_url()
    }
  }
}

extension UnsafePointer<ck_base64_tables> {
  /// The 64 characters.
  @inline(__always)
  var alphabet: UnsafePointer<UInt8> { unsafe field(MemoryLayout<ck_base64_tables>.offset(of: \.alphabet)) }

  /// The value of each ASCII character, or 0x80: 128 of them.
  @inline(__always)
  var values: UnsafePointer<UInt8> { unsafe field(MemoryLayout<ck_base64_tables>.offset(of: \.values)) }

  @inline(__always)
  private func field(_ offset: Int?) -> UnsafePointer<UInt8> {
    unsafe (UnsafeRawPointer(self) + offset.unsafelyUnwrapped).assumingMemoryBound(to: UInt8.self)
  }
}
