import CKernels

/// A row of the tables of products in groups of four bytes of k: one register tile, written for one instruction set.
///
/// `body` computes a column panel of C from packed factors, for any number of rows and at most `tile.columns` columns; its
/// parameters are `CK_DOT_OPERANDS` and what follows them in `CKernels.h`.
@safe
package struct DotKernel<Format: DotFormat>: KernelRow {
  package let name: StaticString
  package let requires: CPUFeatures
  /// Its columns are a multiple of 16.
  package let tile: GemmTile
  let body: Format.Body
}

extension DotKernel {
  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var all: [DotKernel] { Format.kernels }

  /// The best row that `features` can run.
  @inline(__always)
  package static func select(_ features: CPUFeatures) -> DotKernel { Format.kernel(for: features) }
}

// MARK: - bf16

extension BF16Dot {
  @safe package struct Body: Sendable {
    let call:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ slabs: Int,
        _ a: UnsafePointer<UInt8>, _ aStrip: Int, _ b: UnsafePointer<UInt8>, _ bPanel: Int,
        _ alpha: Float, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ cRow: Int
      ) -> Void
  }

  #if arch(x86_64)
    static let table: [4 of DotKernel<BF16Dot>] = [
      DotKernel(
        name: "bf16_gemm_32x32_amx", requires: [.amxTile, .amxBF16, .avx512f], tile: GemmTile(rows: 32, columns: 32),
        body: unsafe Body(call: ck_bf16_gemm_32x32_amx)),
      DotKernel(
        name: "bf16_gemm_8x48_avx512bf16", requires: [.avx512f, .avx512bw, .avx512bf16],
        tile: GemmTile(rows: 8, columns: 48), body: unsafe Body(call: ck_bf16_gemm_8x48_avx512bf16)),
      DotKernel(
        name: "bf16_gemm_4x16_avx2", requires: [.avx2, .fma], tile: GemmTile(rows: 4, columns: 16),
        body: unsafe Body(call: ck_bf16_gemm_4x16_avx2)),
      portable,
    ]
  #elseif arch(arm64)
    static let table: [2 of DotKernel<BF16Dot>] = [
      DotKernel(
        name: "bf16_gemm_4x16_neon", requires: .neon, tile: GemmTile(rows: 4, columns: 16),
        body: unsafe Body(call: ck_bf16_gemm_4x16_neon)),
      portable,
    ]
  #else
    static let table: [1 of DotKernel<BF16Dot>] = [portable]
  #endif

  private static let portable = DotKernel<BF16Dot>(
    name: "bf16_gemm_1x16_portable", requires: [], tile: GemmTile(rows: 1, columns: 16),
    body: unsafe Body { unsafe bf16GemmPortable($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) })

  package static var kernels: [DotKernel<BF16Dot>] { table.rows }

  @inline(__always)
  package static func kernel(for features: CPUFeatures) -> DotKernel<BF16Dot> { table.select(features) }
}

// MARK: - u8 and s8

extension U8S8Dot {
  @safe package struct Body: Sendable {
    let call:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ slabs: Int,
        _ a: UnsafePointer<UInt8>, _ aStrip: Int, _ b: UnsafePointer<UInt8>, _ bPanel: Int,
        _ rowTerms: UnsafePointer<Int32>, _ columnTerms: UnsafePointer<Int32>, _ accumulate: Int32,
        _ c: UnsafeMutablePointer<Int32>, _ cRow: Int
      ) -> Void
  }

  #if arch(x86_64)
    static let table: [4 of DotKernel<U8S8Dot>] = [
      DotKernel(
        name: "u8s8_gemm_32x32_amx", requires: [.amxTile, .amxInt8, .avx512f], tile: GemmTile(rows: 32, columns: 32),
        body: unsafe Body(call: ck_u8s8_gemm_32x32_amx)),
      DotKernel(
        name: "u8s8_gemm_8x48_avx512vnni", requires: [.avx512f, .avx512vnni],
        tile: GemmTile(rows: 8, columns: 48, readsPanelFromL2: true),
        body: unsafe Body(call: ck_u8s8_gemm_8x48_avx512vnni)),
      DotKernel(
        name: "u8s8_gemm_4x16_avx2", requires: .avx2, tile: GemmTile(rows: 4, columns: 16),
        body: unsafe Body(call: ck_u8s8_gemm_4x16_avx2)),
      portable,
    ]
  #elseif arch(arm64)
    static let table: [2 of DotKernel<U8S8Dot>] = [
      DotKernel(
        name: "u8s8_gemm_4x16_dotprod", requires: [.neon, .dotprod], tile: GemmTile(rows: 4, columns: 16),
        body: unsafe Body(call: ck_u8s8_gemm_4x16_dotprod)),
      portable,
    ]
  #else
    static let table: [1 of DotKernel<U8S8Dot>] = [portable]
  #endif

  private static let portable = DotKernel<U8S8Dot>(
    name: "u8s8_gemm_1x16_portable", requires: [], tile: GemmTile(rows: 1, columns: 16),
    body: unsafe Body { unsafe u8s8GemmPortable($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) })

  package static var kernels: [DotKernel<U8S8Dot>] { table.rows }

  @inline(__always)
  package static func kernel(for features: CPUFeatures) -> DotKernel<U8S8Dot> { table.select(features) }
}
