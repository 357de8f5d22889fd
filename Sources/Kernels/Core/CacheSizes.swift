import CKernels
import Synchronization

/// Data cache sizes, in bytes, of the core that asks: what the blocking of the matrix product is computed from.
package struct CacheSizes: Hashable, Sendable {
  package var l1: Int
  package var l2: Int
  package var l3: Int

  package init(l1: Int, l2: Int, l3: Int) {
    (self.l1, self.l2, self.l3) = (l1, l2, l3)
  }

  /// Where the CPU does not say: the smallest of what servers of the last ten years have.
  package static let fallback = CacheSizes(l1: 32 << 10, l2: 256 << 10, l3: 4 << 20)
}

/// Sizes in KiB, 16 + 24 + 24 bits, or 0 before anybody asked. CPUID leaves the guest under a hypervisor, at tens of
/// microseconds a time, so that asking again at each call would cost more than many a product.
private let known = Atomic<UInt64>(0)

extension CacheSizes {
  /// This machine's. One relaxed load after the first call.
  package static var current: CacheSizes {
    var word = known.load(ordering: .relaxed)
    if word == 0 {
      let sizes = detect()
      word =
        UInt64(min(sizes.l1 >> 10, 0xFFFF)) | UInt64(min(sizes.l2 >> 10, 0xFF_FFFF)) << 16
        | UInt64(min(sizes.l3 >> 10, 0xFF_FFFF)) << 40
      known.store(word, ordering: .relaxed)
    }
    return CacheSizes(
      l1: Int(word & 0xFFFF) << 10, l2: Int(word >> 16 & 0xFF_FFFF) << 10, l3: Int(word >> 40) << 10)
  }

  private static func detect() -> CacheSizes {
    var result = CacheSizes(l1: 0, l2: 0, l3: 0)
    #if arch(x86_64)
      // Deterministic cache parameters: Intel's leaf 4 and AMD's leaf 0x8000001D have the same layout (Intel SDM volume 2A,
      // AMD64 APM volume 3, appendix E). A CPU that lacks one answers type 0.
      for leaf: UInt32 in [4, 0x8000_001D] where result.l1 == 0 {
        for index: UInt32 in 0..<16 {
          let r = ck_cpuid(leaf, index)
          let type = r.eax & 31
          if type == 0 { break }
          if type == 2 { continue }  // instructions
          let ways = Int(r.ebx >> 22) + 1
          let partitions = Int(r.ebx >> 12 & 0x3FF) + 1
          let line = Int(r.ebx & 0xFFF) + 1
          let bytes = ways * partitions * line * (Int(r.ecx) + 1)
          switch r.eax >> 5 & 7 {
          case 1: result.l1 = bytes
          case 2: result.l2 = bytes
          case 3: result.l3 = bytes
          default: break
          }
        }
      }
    #endif
    if result.l1 == 0 { result.l1 = fallback.l1 }
    if result.l2 == 0 { result.l2 = fallback.l2 }
    if result.l3 == 0 { result.l3 = max(result.l2, fallback.l3) }
    return result
  }
}
