/// CRCs as slowly and plainly as they are defined, sharing nothing with the library: bits in the order in which they are sent,
/// least significant of each byte first, divided by the polynomial in its usual writing.
struct CRCReference: Sendable {
  let width: Int
  /// Without the leading term, the highest coefficient first.
  let polynomial: UInt64

  static let crc32 = CRCReference(width: 32, polynomial: 0x04c1_1db7)
  static let crc32c = CRCReference(width: 32, polynomial: 0x1edc_6f41)
  static let crc64nvme = CRCReference(width: 64, polynomial: 0xad93_d235_94c9_3659)

  func callAsFunction(_ bytes: some Sequence<UInt8>) -> UInt64 { finished(bytes.reduce(initial, after)) }

  /// The checksums of the first 0, 1, 2 ... bytes.
  func prefixes(_ bytes: [UInt8]) -> [UInt64] {
    bytes.reduce(into: [initial]) { $0.append(after($0.last!, $1)) }.map(finished)
  }

  private var ones: UInt64 { ~0 >> UInt64(64 - width) }
  private var initial: UInt64 { ones }

  private func after(_ register: UInt64, _ byte: UInt8) -> UInt64 {
    var register = register
    for bit in 0..<8 {
      let leaving = register >> UInt64(width - 1) & 1 ^ UInt64(byte >> UInt8(bit) & 1)
      register = (register << 1 ^ (leaving == 1 ? polynomial : 0)) & ones
    }
    return register
  }

  private func finished(_ register: UInt64) -> UInt64 {
    (0..<width).reduce(0) { $0 << 1 | (register ^ ones) >> UInt64($1) & 1 }
  }
}
