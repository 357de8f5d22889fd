import CKernels

/// One way to run the passes of a resize. All rows give the same bits.
@safe
package struct ResampleKernel: KernelRow {
  package let name: StaticString
  package let requires: CPUFeatures

  /// Rows of 8-bit pixels to rows of as many columns as there are starts.
  ///
  /// Source, its stride, output, its stride, rows (1 ... 4), first pixel of each column, weights (of each column: `taps` low
  /// halves, then `taps` high ones), taps (a multiple of 4), columns, channels.
  ///
  /// - Of each row, pixels from a start on to `taps` more are readable.
  package typealias Columns =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, Int, Int, UnsafePointer<Int32>, UnsafePointer<Int16>, Int,
      Int,
      Int
    ) -> Void
  /// Rows of 8-bit samples to one.
  ///
  /// Rows, how many (even), weights (low halves, then high ones, `stride` apart), stride, output, samples.
  package typealias Rows =
    @Sendable @convention(c) (
      UnsafePointer<UnsafePointer<UInt8>>, Int, UnsafePointer<Int16>, Int, UnsafeMutablePointer<UInt8>, Int
    ) -> Void
  /// Rows of pixels in single precision to rows of as many columns as there are starts.
  ///
  /// Source, its stride, output, its stride, rows (1 ... 4), starts, weights, taps (a multiple of 4), columns, lanes of a pixel
  /// (1, 2, 4). Strides are in numbers.
  package typealias WideColumns =
    @Sendable @convention(c) (
      UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>, Int, Int, UnsafePointer<Int32>, UnsafePointer<Float>, Int,
      Int, Int
    ) -> Void
  /// Rows in single precision to one: rows, how many, weights, output, samples.
  package typealias WideRows =
    @Sendable @convention(c) (
      UnsafePointer<UnsafePointer<Float>>, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
    ) -> Void
  /// Pixels to single precision: source, output, pixels, channels, bits, whether the last channel is alpha.
  package typealias Widen =
    @Sendable @convention(c) (UnsafeRawPointer, UnsafeMutablePointer<Float>, Int, Int, Int, Int) -> Void
  /// And back.
  package typealias Narrow =
    @Sendable @convention(c) (UnsafePointer<Float>, UnsafeMutableRawPointer, Int, Int, Int, Int) -> Void

  let columns: Columns
  let rows: Rows
  let wideColumns: WideColumns
  let wideRows: WideRows
  let widen: Widen
  let narrow: Narrow

  /// THE TABLE, best first.
  #if arch(x86_64)
    static let table: [3 of ResampleKernel] = [
      unsafe ResampleKernel(
        name: "resample_avx512vnni", requires: [.avx512f, .avx512bw, .avx512vl, .avx512vnni],
        columns: ck_resample_columns_avx512vnni, rows: ck_resample_rows_avx512vnni,
        wideColumns: ck_resample_wide_columns_avx512vnni, wideRows: ck_resample_wide_rows_avx512vnni,
        widen: ck_resample_widen_avx2, narrow: ck_resample_narrow_avx2),
      unsafe ResampleKernel(
        name: "resample_avx2", requires: .avx2, columns: ck_resample_columns_avx2, rows: ck_resample_rows_avx2,
        wideColumns: ck_resample_wide_columns_avx2, wideRows: ck_resample_wide_rows_avx2,
        widen: ck_resample_widen_avx2, narrow: ck_resample_narrow_avx2),
      portable,
    ]
  #elseif arch(arm64)
    static let table: [2 of ResampleKernel] = [
      unsafe ResampleKernel(
        name: "resample_neon", requires: .neon, columns: ck_resample_columns_neon, rows: ck_resample_rows_neon,
        wideColumns: ck_resample_wide_columns_neon, wideRows: ck_resample_wide_rows_neon,
        widen: ck_resample_widen_neon, narrow: ck_resample_narrow_neon),
      portable,
    ]
  #else
    static let table: [1 of ResampleKernel] = [portable]
  #endif

  private static let portable = unsafe ResampleKernel(
    name: "resample_portable", requires: [],
    columns: { unsafe ResamplePortable.columns($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    rows: { unsafe ResamplePortable.rows($0, $1, $2, $3, $4, $5) },
    wideColumns: { unsafe ResamplePortable.wideColumns($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    wideRows: { unsafe ResamplePortable.wideRows($0, $1, $2, $3, $4) },
    widen: { unsafe ResamplePortable.widen($0, $1, $2, $3, $4, $5) },
    narrow: { unsafe ResamplePortable.narrow($0, $1, $2, $3, $4, $5) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [ResampleKernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> ResampleKernel { table.select(features) }
}
