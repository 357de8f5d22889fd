// Headers and trailers, a byte at a time: RFC 1950, section 2.2, and RFC 1952, section 2.3.

extension InflateStream {
  private static var hasHeaderSum: UInt8 { 1 << 1 }
  private static var hasExtra: UInt8 { 1 << 2 }
  private static var hasName: UInt8 { 1 << 3 }
  private static var hasComment: UInt8 { 1 << 4 }
  private static var reserved: UInt8 { 0b1110_0000 }

  /// The reason why the byte cannot be where it is, if it cannot.
  mutating func take(_ byte: UInt8) -> InflateError.Reason? {
    switch phase {
    case .zlibHeader: return zlibHeader(byte)
    case .trailer: return trailer(byte)
    case .betweenMembers:
      startMember()
      // What follows is a member or does not belong there.
      return byte == 0x1f ? take(byte) : .trailingBytes
    case .gzipHeaderSum:
      // Low byte first; the sum is of all before it.
      field = field >> 8 | UInt64(byte) << 8
      fieldCount += 1
      guard fieldCount == 2 else { return nil }
      if verifies && UInt16(field) != UInt16(truncatingIfNeeded: crc.value) { return .gzipHeader }
      startBlocks()
      return nil
    default:
      unsafe withUnsafeBytes(of: byte) { unsafe crc.update($0) }
      return gzipHeader(byte)
    }
  }

  private mutating func zlibHeader(_ byte: UInt8) -> InflateError.Reason? {
    field = field << 8 | UInt64(byte)
    fieldCount += 1
    if fieldCount == 2 {
      // Method 8, a window of at most 2^15 bytes, and 31 divides the whole.
      guard field % 31 == 0, field >> 8 & 15 == 8, field >> 12 <= 7 else { return .zlibHeader }
      if field & 0x20 != 0 { return .dictionary }
      startBlocks()
    }
    return nil
  }

  private mutating func gzipHeader(_ byte: UInt8) -> InflateError.Reason? {
    switch phase {
    case .gzipHeader:
      switch fieldCount {
      case 0: if byte != 0x1f { return .gzipHeader }
      case 1: if byte != 0x8b { return .gzipHeader }
      case 2: if byte != 8 { return .gzipHeader }
      case 3:
        if byte & Self.reserved != 0 { return .gzipHeader }
        gzipFlags = byte
      default: break  // time, extra flags and operating system
      }
      fieldCount += 1
      if fieldCount == 10 { nextField() }
    case .gzipExtraLength:
      field |= UInt64(byte) << UInt64(8 * fieldCount)
      fieldCount += 1
      if fieldCount == 2 {
        if field == 0 {
          nextField()
        } else {
          phase = .gzipExtra
        }
      }
    case .gzipExtra:
      field -= 1
      if field == 0 { nextField() }
    default:
      // Name and comment end with a zero.
      if byte == 0 { nextField() }
    }
    return nil
  }

  /// The next field that the flags announce, in their order in the stream.
  private mutating func nextField() {
    (field, fieldCount) = (0, 0)
    func take(_ flag: UInt8) -> Bool {
      defer { gzipFlags &= ~flag }
      return gzipFlags & flag != 0
    }
    if take(Self.hasExtra) {
      phase = .gzipExtraLength
    } else if take(Self.hasName) {
      phase = .gzipName
    } else if take(Self.hasComment) {
      phase = .gzipComment
    } else if take(Self.hasHeaderSum) {
      phase = .gzipHeaderSum
    } else {
      startBlocks()
    }
  }

  private mutating func startBlocks() {
    (field, fieldCount) = (0, 0)
    crc = CRC32()
    phase = .blocks
  }

  private mutating func trailer(_ byte: UInt8) -> InflateError.Reason? {
    fieldCount += 1
    if format == .zlib {
      field = field << 8 | UInt64(byte)
      guard fieldCount == 4 else { return nil }
      if verifies && UInt32(field) != adler.value { return .checksum }
      phase = .finished
      return nil
    }
    field |= UInt64(byte) << UInt64(8 * (fieldCount - 1))
    if fieldCount == 4 && verifies && UInt32(field) != crc.value { return .checksum }
    guard fieldCount == 8 else { return nil }
    if verifies && UInt32(field >> 32) != UInt32(truncatingIfNeeded: memberOutput) { return .length }
    phase = takesAllMembers ? .betweenMembers : .finished
    return nil
  }
}
