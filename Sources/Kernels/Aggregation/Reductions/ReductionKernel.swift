import CKernels

/// One way to reduce a block of doubles: its range, its exact sum, and the exact sums of its values and their squares.
@safe
package struct ReductionKernel: KernelRow {
  /// Values, how many, where the least and the greatest go; what else there is, as in `ck_aggregation.h`.
  package typealias Range =
    @Sendable @convention(c) (UnsafePointer<Double>, Int, UnsafeMutablePointer<Double>) -> UInt32
  /// Values, how many, biases, integer sums, what did not fit; how many of those there are. As in `ck_aggregation.h`.
  package typealias Sums =
    @Sendable @convention(c) (
      UnsafePointer<Double>, Int, UnsafePointer<Double>, UnsafeMutablePointer<Int64>, UnsafeMutablePointer<Double>
    ) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  /// How many doubles stand side by side: 256 times as many may come to ``moments`` at once.
  package let lanes: Int
  package let range: Range
  package let sum: Sums
  package let moments: Sums

  /// Doubles that ``sum`` and ``moments`` take a multiple of.
  static var step: Int { Int(CK_REDUCE_STEP) }

  init(
    name: StaticString, requires: CPUFeatures, lanes: Int, range: @escaping Range, sum: @escaping Sums,
    moments: @escaping Sums
  ) {
    (self.name, self.requires, self.lanes) = (name, requires, lanes)
    unsafe (self.range, self.sum, self.moments) = (range, sum, moments)
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    package static let all: [3 of ReductionKernel] = [
      unsafe ReductionKernel(
        name: "f64_reduce_avx512f", requires: .avx512f, lanes: 8, range: ck_f64_range_avx512f, sum: ck_f64_sum_avx512f,
        moments: ck_f64_moments_avx512f),
      unsafe ReductionKernel(
        name: "f64_reduce_avx2", requires: [.avx2, .fma], lanes: 4, range: ck_f64_range_avx2, sum: ck_f64_sum_avx2,
        moments: ck_f64_moments_avx2),
      portable,
    ]
  #elseif arch(arm64)
    package static let all: [2 of ReductionKernel] = [
      unsafe ReductionKernel(
        name: "f64_reduce_neon", requires: .neon, lanes: 2, range: ck_f64_range_neon, sum: ck_f64_sum_neon,
        moments: ck_f64_moments_neon),
      portable,
    ]
  #else
    package static let all: [1 of ReductionKernel] = [portable]
  #endif

  private static let portable = unsafe ReductionKernel(
    name: "f64_reduce_portable", requires: [], lanes: 8, range: { unsafe ReductionPortable.range($0, $1, $2) },
    sum: { unsafe ReductionPortable.sum($0, $1, $2, $3, $4) },
    moments: { unsafe ReductionPortable.moments($0, $1, $2, $3, $4) })
}

extension GroupRun {
  /// What a row answers of a range.
  static var negative: UInt32 { UInt32(CK_NEGATIVE) }
  static var positive: UInt32 { UInt32(CK_POSITIVE) }
  static var notANumber: UInt32 { UInt32(CK_NOT_A_NUMBER) }
}
