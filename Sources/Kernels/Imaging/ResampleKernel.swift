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
  /// A row of pixels in single precision to one of as many columns as there are starts.
  ///
  /// Source, output, starts, weights, taps (a multiple of 4), columns, lanes of a pixel (1, 2, 4).
  package typealias WideColumns =
    @Sendable @convention(c) (
      UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Int32>, UnsafePointer<Float>, Int, Int, Int
    ) -> Void
  /// Rows in single precision to one: rows, how many, weights, output, samples.
  package typealias WideRows =
    @Sendable @convention(c) (
      UnsafePointer<UnsafePointer<Float>>, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
    ) -> Void

  let columns: Columns
  let rows: Rows
  let wideColumns: WideColumns
  let wideRows: WideRows

  /// THE TABLE, best first.
  static let table: [1 of ResampleKernel] = [portable]

  private static let portable = unsafe ResampleKernel(
    name: "resample_portable", requires: [],
    columns: { unsafe ResamplePortable.columns($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    rows: { unsafe ResamplePortable.rows($0, $1, $2, $3, $4, $5) },
    wideColumns: { unsafe ResamplePortable.wideColumns($0, $1, $2, $3, $4, $5, $6) },
    wideRows: { unsafe ResamplePortable.wideRows($0, $1, $2, $3, $4) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [ResampleKernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> ResampleKernel { table.select(features) }
}
