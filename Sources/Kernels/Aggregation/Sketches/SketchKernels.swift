import CKernels

/// One way to count many doubles in the buckets of a ``DDSketch``.
@safe
package struct DDCountKernel: KernelRow {
  /// As in `ck_aggregation.h`.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafePointer<Double>, Int, UnsafePointer<Int64>, UnsafePointer<Int64>, UnsafeMutablePointer<UInt64>?,
      UnsafeMutablePointer<UInt64>?, UnsafeMutablePointer<Int>
    ) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  package let body: Body

  init(name: StaticString, requires: CPUFeatures, body: @escaping Body) {
    (self.name, self.requires) = (name, requires)
    unsafe self.body = body
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    package static let all: [2 of DDCountKernel] = [
      unsafe DDCountKernel(name: "dd_count_avx2", requires: .avx2, body: ck_dd_count_avx2), portable,
    ]
  #else
    package static let all: [1 of DDCountKernel] = [portable]
  #endif

  private static let portable = unsafe DDCountKernel(
    name: "dd_count_portable", requires: [], body: { unsafe DDBuckets.count($0, $1, $2, $3, $4, $5, $6) })
}

/// One way to find the next of many words that raises a register of an ``HLLSketch``.
@safe
package struct HLLScanKernel: KernelRow {
  /// As in `ck_aggregation.h`.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafePointer<UInt64>, Int, UnsafePointer<UInt8>, UInt64, Bool, UnsafeMutablePointer<UInt64>,
      UnsafeMutablePointer<UInt64>
    ) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  package let body: Body

  init(name: StaticString, requires: CPUFeatures, body: @escaping Body) {
    (self.name, self.requires) = (name, requires)
    unsafe self.body = body
  }

  /// THE TABLE, best first. Six products of 64 bits a word: fewer than eight side by side do not pay.
  #if arch(x86_64)
    package static let all: [2 of HLLScanKernel] = [
      unsafe HLLScanKernel(name: "hll_scan_avx512f", requires: .avx512f, body: ck_hll_scan_avx512f),
      portable,
    ]
  #else
    package static let all: [1 of HLLScanKernel] = [portable]
  #endif

  private static let portable = unsafe HLLScanKernel(
    name: "hll_scan_portable", requires: [],
    body: { words, count, ranks, mask, isDouble, high, slot in
      unsafe isDouble
        ? HLLScanPortable.scan(words, count, ranks, mask, high, slot) { HLLHash.bits(Double(bitPattern: $0)) }
        : HLLScanPortable.scan(words, count, ranks, mask, high, slot) { $0 }
    })
}

enum HLLScanPortable {
  /// - `words` is readable for `count`, `ranks` for `mask` + 1.
  @inline(__always)
  static func scan(
    _ words: UnsafePointer<UInt64>, _ count: Int, _ ranks: UnsafePointer<UInt8>, _ mask: UInt64,
    _ high: UnsafeMutablePointer<UInt64>, _ slot: UnsafeMutablePointer<UInt64>, _ canonical: (UInt64) -> UInt64
  ) -> Int {
    var done = 0
    while done < count {
      let hash = unsafe HLLHash.hash(canonical(words[done]))
      let at = hash.0 & mask
      let old = unsafe ranks[Int(truncatingIfNeeded: at)]
      // As many leading zeros as the rank that is there are one more than it. A register of 63 cannot rise.
      if (hash.1 &>> 1) &>> (63 &- UInt64(old)) == 0 {
        unsafe (high.pointee, slot.pointee) = (hash.1, at)
        return done
      }
      done &+= 1
    }
    return count
  }
}
