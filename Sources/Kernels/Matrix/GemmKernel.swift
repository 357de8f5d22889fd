import CKernels

/// A row of the matrix tables: one register tile, written for one instruction set.
///
/// `body` computes a column panel, C[rows, columns] = alpha · A[rows, k] · B[k, columns] + beta · C, for any number of rows and
/// at most `tile.columns` columns, and beside it the same of a few rows: with any number of columns, and with a B whose columns
/// are contiguous. Their parameters are `CK_GEMM_PARAMETERS`, `CK_GEMM_STREAM_PARAMETERS` and `CK_GEMM_INNER_PARAMETERS` of
/// `CKernels.h`.
@safe
package struct GemmKernel<Element: GemmElement>: KernelRow {
  package let name: StaticString
  package let requires: CPUFeatures
  package let tile: GemmTile
  /// Elements of a vector.
  let lanes: Int
  let body: Element.GemmBody
}

extension GemmKernel {
  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var all: [GemmKernel] { Element.gemmKernels }

  /// The best row that `features` can run.
  @inline(__always)
  package static func select(_ features: CPUFeatures) -> GemmKernel { Element.gemmKernel(for: features) }
}

/// A register tile, in elements.
package struct GemmTile: Hashable, Sendable {
  package let rows: Int
  package let columns: Int
  /// Whether the panel of B that passes by is read from L2, which then feeds the tile as fast as it multiplies; else it stays in L1.
  package let readsPanelFromL2: Bool

  package init(rows: Int, columns: Int, readsPanelFromL2: Bool = false) {
    (self.rows, self.columns, self.readsPanelFromL2) = (rows, columns, readsPanelFromL2)
  }
}

// MARK: - f32

extension Float: GemmElement {
  @safe package struct GemmBody: Sendable {
    let call:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ k: Int,
        _ a: UnsafePointer<Float>, _ aRow: Int, _ aColumn: Int,
        _ b: UnsafePointer<Float>, _ bRow: Int,
        _ alpha: Float, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ cRow: Int
      ) -> Void
    let stream:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ k: Int,
        _ a: UnsafePointer<Float>, _ aRow: Int, _ aColumn: Int,
        _ b: UnsafePointer<Float>, _ bRow: Int,
        _ alpha: Float, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ cRow: Int,
        _ first: Int32, _ last: Int32, _ sums: UnsafeMutablePointer<Float>, _ sumsRow: Int
      ) -> Void
    let inner:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ k: Int,
        _ a: UnsafePointer<Float>, _ aRow: Int, _ aColumn: Int,
        _ b: UnsafePointer<Float>, _ bColumn: Int,
        _ alpha: Float, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ cColumn: Int
      ) -> Void
  }

  #if arch(x86_64)
    static let gemmTable: [3 of GemmKernel<Float>] = [
      GemmKernel(
        name: "f32_gemm_6x64_avx512f", requires: .avx512f,
        tile: GemmTile(rows: 6, columns: 64, readsPanelFromL2: true), lanes: 16,
        body: unsafe GemmBody(
          call: ck_f32_gemm_6x64_avx512f, stream: ck_f32_gemm_stream_avx512f, inner: ck_f32_gemm_inner_avx512f)),
      GemmKernel(
        name: "f32_gemm_6x16_avx2", requires: [.avx2, .fma], tile: GemmTile(rows: 6, columns: 16), lanes: 8,
        body: unsafe GemmBody(
          call: ck_f32_gemm_6x16_avx2, stream: ck_f32_gemm_stream_avx2, inner: ck_f32_gemm_inner_avx2)),
      f32Portable,
    ]
  #elseif arch(arm64)
    static let gemmTable: [2 of GemmKernel<Float>] = [
      GemmKernel(
        name: "f32_gemm_8x12_neon", requires: .neon, tile: GemmTile(rows: 8, columns: 12), lanes: 4,
        body: unsafe GemmBody(
          call: ck_f32_gemm_8x12_neon, stream: ck_f32_gemm_stream_neon, inner: ck_f32_gemm_inner_neon)),
      f32Portable,
    ]
  #else
    static let gemmTable: [1 of GemmKernel<Float>] = [f32Portable]
  #endif

  private static let f32Portable = GemmKernel<Float>(
    name: "f32_gemm_4x8_portable", requires: [], tile: GemmTile(rows: 4, columns: 8), lanes: 8,
    body: unsafe GemmBody(
      call: { unsafe gemmPortable($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
      stream: {
        unsafe gemmStreamPortable($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      },
      inner: { unsafe gemmInnerPortable($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) }))

  package static var gemmKernels: [GemmKernel<Float>] { gemmTable.rows }

  @inline(__always)
  package static func gemmKernel(for features: CPUFeatures) -> GemmKernel<Float> { gemmTable.select(features) }
}

// MARK: - f64

extension Double: GemmElement {
  @safe package struct GemmBody: Sendable {
    let call:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ k: Int,
        _ a: UnsafePointer<Double>, _ aRow: Int, _ aColumn: Int,
        _ b: UnsafePointer<Double>, _ bRow: Int,
        _ alpha: Double, _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ cRow: Int
      ) -> Void
    let stream:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ k: Int,
        _ a: UnsafePointer<Double>, _ aRow: Int, _ aColumn: Int,
        _ b: UnsafePointer<Double>, _ bRow: Int,
        _ alpha: Double, _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ cRow: Int,
        _ first: Int32, _ last: Int32, _ sums: UnsafeMutablePointer<Double>, _ sumsRow: Int
      ) -> Void
    let inner:
      @Sendable @convention(c) (
        _ rows: Int, _ columns: Int, _ k: Int,
        _ a: UnsafePointer<Double>, _ aRow: Int, _ aColumn: Int,
        _ b: UnsafePointer<Double>, _ bColumn: Int,
        _ alpha: Double, _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ cRow: Int, _ cColumn: Int
      ) -> Void
  }

  #if arch(x86_64)
    static let gemmTable: [3 of GemmKernel<Double>] = [
      GemmKernel(
        name: "f64_gemm_6x32_avx512f", requires: .avx512f,
        tile: GemmTile(rows: 6, columns: 32, readsPanelFromL2: true), lanes: 8,
        body: unsafe GemmBody(
          call: ck_f64_gemm_6x32_avx512f, stream: ck_f64_gemm_stream_avx512f, inner: ck_f64_gemm_inner_avx512f)),
      GemmKernel(
        name: "f64_gemm_4x12_avx2", requires: [.avx2, .fma], tile: GemmTile(rows: 4, columns: 12), lanes: 4,
        body: unsafe GemmBody(
          call: ck_f64_gemm_4x12_avx2, stream: ck_f64_gemm_stream_avx2, inner: ck_f64_gemm_inner_avx2)),
      f64Portable,
    ]
  #elseif arch(arm64)
    static let gemmTable: [2 of GemmKernel<Double>] = [
      GemmKernel(
        name: "f64_gemm_6x8_neon", requires: .neon, tile: GemmTile(rows: 6, columns: 8), lanes: 2,
        body: unsafe GemmBody(
          call: ck_f64_gemm_6x8_neon, stream: ck_f64_gemm_stream_neon, inner: ck_f64_gemm_inner_neon)),
      f64Portable,
    ]
  #else
    static let gemmTable: [1 of GemmKernel<Double>] = [f64Portable]
  #endif

  private static let f64Portable = GemmKernel<Double>(
    name: "f64_gemm_4x8_portable", requires: [], tile: GemmTile(rows: 4, columns: 8), lanes: 8,
    body: unsafe GemmBody(
      call: { unsafe gemmPortable($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
      stream: {
        unsafe gemmStreamPortable($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      },
      inner: { unsafe gemmInnerPortable($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) }))

  package static var gemmKernels: [GemmKernel<Double>] { gemmTable.rows }

  @inline(__always)
  package static func gemmKernel(for features: CPUFeatures) -> GemmKernel<Double> { gemmTable.select(features) }
}
