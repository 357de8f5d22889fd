// The three polynomials. Constants are printed by `Scripts/derive_crc_constants.py`, which cites their standards.

extension CRC32 {
  package static let constants: [UInt64] = [
    0xb4e5b025f7011641, 0x00000001db710641, 0x0000000000000000, 0x00000000edb88320,
    0x00000000ae689191, 0x00000000ccaa009e, 0x00000000f1da05aa, 0x0000000081256527,
    0x000000008f352d95, 0x000000001d9513d7, 0x0000000033fff533, 0x00000000910eeec1,
    0x00000000ce3371cb, 0x00000000e95c1271, 0x000000001072db28, 0x000000000c30f51d,
  ]

  package static let powers = CRCModulus(constants).powers
  package static var kernels: [CRCKernel] { CRCKernel.crc32.rows }

  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> CRCKernel { CRCKernel.crc32.select(features) }
}

extension CRC32C {
  package static let constants: [UInt64] = [
    0x4869ec38dea713f1, 0x0000000105ec76f1, 0x0000000000000000, 0x0000000082f63b78,
    0x00000000f20c0dfe, 0x00000000493c7d27, 0x000000003da6d0cb, 0x00000000ba4fc28e,
    0x00000000740eef02, 0x000000009e4addf8, 0x000000006992cea2, 0x000000000d3b6092,
    0x00000000dcb17aa4, 0x00000000b9e02b86, 0x00000000bd6f81f8, 0x00000000dd7e3b0c,
  ]

  package static let powers = CRCModulus(constants).powers
  package static var kernels: [CRCKernel] { CRCKernel.crc32c.rows }

  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> CRCKernel { CRCKernel.crc32c.select(features) }
}

extension CRC64NVME {
  package static let constants: [UInt64] = [
    0x27ecfa329aef9f77, 0x34d926535897936b, 0xffffffffffffffff, 0x9a6c9329ac4bc9b5,
    0xeadc41fd2ba3d420, 0x21e9761e252621ac, 0xb0bc2e589204f500, 0xe1e0bb9d45d7a44c,
    0x0c32cdb31e18a84a, 0x62242240ace5045a, 0xa1ca681e733f9c40, 0x5f852fb61e8d92dc,
    0x37ccd3e14069cabc, 0xa043808c0f782663, 0xd0b3aa0ed6d54ae0, 0xc2409e2537aa5eb1,
  ]

  package static let powers = CRCModulus(constants).powers
  package static var kernels: [CRCKernel] { CRCKernel.crc64.rows }

  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> CRCKernel { CRCKernel.crc64.select(features) }
}
