import CKernels

/// One way to get the sum, the least and the greatest of integers of 64 bits in one pass.
@safe
package struct IntegerReductionKernel: KernelRow {
  /// Values, how many, what makes them unsigned, four results. As in `ck_aggregation.h`.
  package typealias Body =
    @Sendable @convention(c) (UnsafePointer<Int64>, Int, UInt64, UnsafeMutablePointer<Int64>) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  package let body: Body

  init(name: StaticString, requires: CPUFeatures, body: @escaping Body) {
    (self.name, self.requires) = (name, requires)
    unsafe self.body = body
  }

  /// THE TABLE, best first. NEON compares integers of 64 bits, so that what every compiler makes of the loop does on Arm.
  #if arch(x86_64)
    package static let all: [3 of IntegerReductionKernel] = [
      unsafe IntegerReductionKernel(name: "i64_reduce_avx512f", requires: .avx512f, body: ck_i64_reduce_avx512f),
      unsafe IntegerReductionKernel(name: "i64_reduce_avx2", requires: .avx2, body: ck_i64_reduce_avx2),
      portable,
    ]
  #else
    package static let all: [1 of IntegerReductionKernel] = [portable]
  #endif

  private static let portable = unsafe IntegerReductionKernel(
    name: "i64_reduce_portable", requires: [], body: { unsafe IntegerReductionPortable.reduce($0, $1, $2, $3) })
}

enum IntegerReductionPortable {
  /// - `x` is readable for `count`, `out` writable for 4.
  static func reduce(_ x: UnsafePointer<Int64>, _ count: Int, _ flip: UInt64, _ out: UnsafeMutablePointer<Int64>) {
    var (low, high): (UInt64, UInt64) = (0, 0)
    var (least, greatest) = (Int64.max, Int64.min)
    for i in 0..<count {
      let value = unsafe UInt64(bitPattern: x[i]) ^ flip
      low &+= value & 0xFFFF_FFFF
      high &+= value >> 32
      let key = Int64(bitPattern: value ^ 1 << 63)
      least = Swift.min(least, key)
      greatest = Swift.max(greatest, key)
    }
    unsafe (out[0], out[1], out[2], out[3]) = (Int64(bitPattern: low), Int64(bitPattern: high), least, greatest)
  }
}
