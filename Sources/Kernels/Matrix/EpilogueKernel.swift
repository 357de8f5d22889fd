import CKernels

/// A row of the epilogues' table: what it does to a block of C, written for one instruction set. All rows give the same bits.
///
/// The parameters of the functions are `CK_F32_EPILOGUE_PARAMETERS` and `CK_S32_EPILOGUE_PARAMETERS` in `CKernels.h`.
@safe
package struct EpilogueKernel: KernelRow {
  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body

  @safe package struct Body: Sendable {
    let inPlace:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ epilogue: UnsafePointer<ck_epilogue>,
        _ c: UnsafeMutablePointer<Float>, _ cRow: Int
      ) -> Void
    let ofSums:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ epilogue: UnsafePointer<ck_epilogue>,
        _ sums: UnsafePointer<Int32>, _ sumsRow: Int, _ quantization: UnsafePointer<ck_quantization>,
        _ c: UnsafeMutableRawPointer, _ cRow: Int
      ) -> Void
  }

  #if arch(x86_64)
    static let table: [3 of EpilogueKernel] = [
      EpilogueKernel(
        name: "f32_epilogue_avx512f", requires: .avx512f,
        body: unsafe Body(inPlace: ck_f32_epilogue_avx512f, ofSums: ck_s32_epilogue_avx512f)),
      EpilogueKernel(
        name: "f32_epilogue_avx2", requires: [.avx2, .fma],
        body: unsafe Body(inPlace: ck_f32_epilogue_avx2, ofSums: ck_s32_epilogue_avx2)),
      portable,
    ]
  #elseif arch(arm64)
    static let table: [2 of EpilogueKernel] = [
      EpilogueKernel(
        name: "f32_epilogue_neon", requires: .neon,
        body: unsafe Body(inPlace: ck_f32_epilogue_neon, ofSums: ck_s32_epilogue_neon)),
      portable,
    ]
  #else
    static let table: [1 of EpilogueKernel] = [portable]
  #endif

  package static let portable = EpilogueKernel(
    name: "f32_epilogue_portable", requires: [],
    body: unsafe Body(
      inPlace: { unsafe epiloguePortable($0, $1, $2.pointee, $3, $4) },
      ofSums: { unsafe epiloguePortable($0, $1, $2.pointee, $3, $4, $5.pointee, $6, $7) }))

  /// Every row, best first. Allocates: for tests and documents.
  package static var all: [EpilogueKernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func select(_ features: CPUFeatures) -> EpilogueKernel { table.select(features) }
}

// MARK: - A pass of its own

extension EpilogueKernel {
  /// The epilogue of an m x n matrix that is there already: what tests hold fused ones against, and benchmarks.
  @unsafe
  package func finish(_ epilogue: Epilogue, m: Int, n: Int, c: UnsafeMutablePointer<Float>, ldc: Int) {
    unsafe withEpilogue(epilogue, m: m, n: n, kernel: self) {
      unsafe $0?.finish(row: 0, column: 0, rows: m, columns: n, c: c, cRow: ldc)
    }
  }

  /// The same of sums, m x n without gaps.
  @unsafe
  package func finish<Result: U8S8Result>(
    _ epilogue: Epilogue, m: Int, n: Int, sums: UnsafeMutablePointer<Int32>, bias: Span<Int32>?,
    c: UnsafeMutablePointer<Result>, ldc: Int, cZero: Int32
  ) {
    unsafe withSumsEpilogue(epilogue, self, m: m, n: n, bias, c, ldc: ldc, cZero: cZero) {
      unsafe $0.pointee.finish(row: 0, column: 0, rows: m, columns: n, c: sums, cRow: n)
    }
  }
}

// MARK: - The portable row

@unsafe
private func epiloguePortable(
  _ rows: Int, _ columns: Int, _ epilogue: ck_epilogue, _ c: UnsafeMutablePointer<Float>, _ cRow: Int
) {
  let activation = unsafe Activation(code: epilogue.activation)
  for i in 0..<rows {
    let row = unsafe c + i * cRow
    for j in 0..<columns { unsafe row[j] = finish(epilogue, activation, i, j, row[j]) }
  }
}

@unsafe
private func epiloguePortable(
  _ rows: Int, _ columns: Int, _ epilogue: ck_epilogue, _ sums: UnsafePointer<Int32>, _ sumsRow: Int,
  _ quantization: ck_quantization, _ c: UnsafeMutableRawPointer, _ cRow: Int
) {
  let activation = unsafe Activation(code: epilogue.activation)
  for i in 0..<rows {
    for j in 0..<columns {
      let sum = unsafe sums[i * sumsRow + j] &+ (quantization.bias?[j] ?? 0)
      let value = unsafe finish(epilogue, activation, i, j, Float(sum))
      let place = i * cRow + j
      if unsafe quantization.to_bytes != 0 {
        unsafe c.storeBytes(of: quantized(value, quantization), toByteOffset: place, as: UInt8.self)
      } else {
        unsafe c.storeBytes(of: value, toByteOffset: place * MemoryLayout<Float>.stride, as: Float.self)
      }
    }
  }
}

@unsafe @inline(__always)
private func finish(_ epilogue: ck_epilogue, _ activation: Activation, _ i: Int, _ j: Int, _ value: Float) -> Float {
  var value = value
  if let scale = unsafe epilogue.scale[i, j] { value *= scale }
  if let bias = unsafe epilogue.bias[i, j] { value += bias }
  value = activation(value)
  if let residual = unsafe epilogue.residual[i, j] { value += residual }
  if unsafe value < epilogue.lower { unsafe value = epilogue.lower }
  if unsafe value > epilogue.upper { unsafe value = epilogue.upper }
  return value
}

/// The byte nearest to value + zero, to even at a tie, within the bounds; NaN is 0.
@unsafe @inline(__always)
private func quantized(_ value: Float, _ quantization: ck_quantization) -> UInt8 {
  var value = value.isNaN ? 0 : value
  let lower = unsafe Float(quantization.lower &- quantization.zero)
  let upper = unsafe Float(quantization.upper &- quantization.zero)
  if value < lower { value = lower }
  if value > upper { value = upper }
  let integer = Int32(truncatingIfNeeded: (value + epilogueRounder).bitPattern &- epilogueRounder.bitPattern)
  return unsafe UInt8(truncatingIfNeeded: integer &+ quantization.zero)
}

extension ck_epilogue_term {
  @unsafe @inline(__always)
  fileprivate subscript(_ i: Int, _ j: Int) -> Float? {
    unsafe start.map { unsafe $0[i * row_stride + j * column_stride] }
  }
}

extension Activation {
  /// As `CKernels.h` numbers them.
  var code: Int32 {
    switch self {
    case .none: Int32(CK_NO_ACTIVATION)
    case .relu: Int32(CK_RELU)
    case .gelu: Int32(CK_GELU)
    case .geluTanh: Int32(CK_GELU_TANH)
    case .silu: Int32(CK_SILU)
    }
  }

  fileprivate init(code: Int32) { self = Activation.allCases.first { $0.code == code } ?? .none }
}
