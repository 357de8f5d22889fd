import CKernels

/// One way to add the values of a block to the exact sums of their groups.
@safe
package struct GroupSumKernel: KernelRow {
  /// Groups, values, how many, biases, sums, the rows that did not fit; how many of those there are. As in `ck_aggregation.h`.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafePointer<UInt32>, UnsafePointer<Double>, Int, UnsafePointer<Double>, UnsafeMutablePointer<Int64>,
      UnsafeMutablePointer<UInt32>
    ) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  package let body: Body

  init(name: StaticString, requires: CPUFeatures, body: @escaping Body) {
    (self.name, self.requires) = (name, requires)
    unsafe self.body = body
  }

  /// THE TABLE, best first. Two doubles at a time, which every compiler has, are as good on Arm as intrinsics.
  #if arch(x86_64)
    package static let all: [2 of GroupSumKernel] = [
      unsafe GroupSumKernel(name: "f64_group_sum_avx2", requires: .avx2, body: ck_f64_group_sum_avx2),
      portable,
    ]
  #else
    package static let all: [1 of GroupSumKernel] = [portable]
  #endif

  private static let portable = unsafe GroupSumKernel(
    name: "f64_group_sum_portable", requires: [], body: { unsafe GroupSumPortable.add($0, $1, $2, $3, $4, $5) })
}

enum GroupSumPortable {
  /// - `groups` and `values` are readable for `count`; `sums` is writable for every group among them, `rest` for `count`.
  static func add(
    _ groups: UnsafePointer<UInt32>, _ values: UnsafePointer<Double>, _ count: Int, _ bias: UnsafePointer<Double>,
    _ sums: UnsafeMutablePointer<Int64>, _ rest: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let (first, second, limit) = unsafe (bias[0], bias[1], bias[2])
    let zero = SIMD2(Int64(bitPattern: first.bitPattern), Int64(bitPattern: second.bitPattern) &* 2)
    var left = 0
    for row in 0..<count {
      let value = unsafe values[row]
      let a = first + value
      let remainder = value - (a - first)
      let b = second + remainder
      let over = remainder - (b - second)
      guard value.magnitude < limit, over == 0 else {
        unsafe rest[left] = UInt32(truncatingIfNeeded: row)
        left &+= 1
        continue
      }
      let pair = SIMD2(Int64(bitPattern: a.bitPattern), Int64(bitPattern: b.bitPattern) &* 2) &- zero
      let at = unsafe UnsafeMutableRawPointer(sums + 2 &* Int(groups[row]))
      let sum = unsafe at.loadUnaligned(as: SIMD2<Int64>.self) &+ pair | SIMD2(0, 1)
      unsafe at.storeBytes(of: sum, as: SIMD2<Int64>.self)
    }
    return left
  }
}
