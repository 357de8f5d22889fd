/// An element type with a table of kernels: `Float` and `Double`.
///
/// The C calling convention cannot be spelled for a generic element; each type spells its own, here and nowhere else.
package protocol GemmElement: BinaryFloatingPoint, SIMDScalar, Codable, BitwiseCopyable, Sendable {
  associatedtype GemmBody: Sendable
  /// What its products may end with.
  associatedtype GemmEpilogue: TileEpilogue where GemmEpilogue.C == Self

  /// Every row of the table, best first. Allocates: for tests, benchmarks and documents.
  static var gemmKernels: [GemmKernel<Self>] { get }

  /// The first row of the table that `features` allow. The last row runs anywhere.
  static func gemmKernel(for features: CPUFeatures) -> GemmKernel<Self>

  /// Calls a kernel on one column panel.
  @unsafe
  static func run(
    _ body: GemmBody, rows: Int, columns: Int, k: Int, a: GemmOperandA<Self>, b: UnsafePointer<Self>, bRow: Int,
    alpha: Self, beta: Self, c: UnsafeMutablePointer<Self>, cRow: Int)

  /// Calls a kernel on a few rows of A and as many rows of B, whose sums stay in `sums` until the last.
  @unsafe
  static func stream(
    _ body: GemmBody, rows: Int, columns: Int, k: Int, a: GemmOperandA<Self>, b: UnsafePointer<Self>, bRow: Int,
    alpha: Self, beta: Self, c: UnsafeMutablePointer<Self>, cRow: Int, isFirst: Bool, isLast: Bool,
    sums: UnsafeMutablePointer<Self>, sumsRow: Int)

  /// Calls a kernel on a few rows of A and a panel of a B whose columns are contiguous.
  @unsafe
  static func inner(
    _ body: GemmBody, rows: Int, columns: Int, k: Int, a: GemmOperandA<Self>, b: UnsafePointer<Self>, bColumn: Int,
    alpha: Self, beta: Self, c: UnsafeMutablePointer<Self>, cRow: Int, cColumn: Int)
}

/// A as the kernels read it: element (i, p) is at `start[i * row + p * column]`.
@unsafe
package struct GemmOperandA<Element> {
  var start: UnsafePointer<Element>
  var row: Int
  var column: Int
}

extension Float {
  package typealias GemmEpilogue = FloatEpilogue

  @unsafe @inline(__always)
  package static func run(
    _ body: GemmBody, rows: Int, columns: Int, k: Int, a: GemmOperandA<Float>, b: UnsafePointer<Float>, bRow: Int,
    alpha: Float, beta: Float, c: UnsafeMutablePointer<Float>, cRow: Int
  ) {
    unsafe body.call(rows, columns, k, a.start, a.row, a.column, b, bRow, alpha, beta, c, cRow)
  }

  @unsafe @inline(__always)
  package static func stream(
    _ body: GemmBody, rows: Int, columns: Int, k: Int, a: GemmOperandA<Float>, b: UnsafePointer<Float>, bRow: Int,
    alpha: Float, beta: Float, c: UnsafeMutablePointer<Float>, cRow: Int, isFirst: Bool, isLast: Bool,
    sums: UnsafeMutablePointer<Float>, sumsRow: Int
  ) {
    unsafe body.stream(
      rows, columns, k, a.start, a.row, a.column, b, bRow, alpha, beta, c, cRow, isFirst ? 1 : 0, isLast ? 1 : 0, sums,
      sumsRow)
  }

  @unsafe @inline(__always)
  package static func inner(
    _ body: GemmBody, rows: Int, columns: Int, k: Int, a: GemmOperandA<Float>, b: UnsafePointer<Float>, bColumn: Int,
    alpha: Float, beta: Float, c: UnsafeMutablePointer<Float>, cRow: Int, cColumn: Int
  ) {
    unsafe body.inner(rows, columns, k, a.start, a.row, a.column, b, bColumn, alpha, beta, c, cRow, cColumn)
  }
}

extension Double {
  package typealias GemmEpilogue = Never

  @unsafe @inline(__always)
  package static func run(
    _ body: GemmBody, rows: Int, columns: Int, k: Int, a: GemmOperandA<Double>, b: UnsafePointer<Double>, bRow: Int,
    alpha: Double, beta: Double, c: UnsafeMutablePointer<Double>, cRow: Int
  ) {
    unsafe body.call(rows, columns, k, a.start, a.row, a.column, b, bRow, alpha, beta, c, cRow)
  }

  @unsafe @inline(__always)
  package static func stream(
    _ body: GemmBody, rows: Int, columns: Int, k: Int, a: GemmOperandA<Double>, b: UnsafePointer<Double>, bRow: Int,
    alpha: Double, beta: Double, c: UnsafeMutablePointer<Double>, cRow: Int, isFirst: Bool, isLast: Bool,
    sums: UnsafeMutablePointer<Double>, sumsRow: Int
  ) {
    unsafe body.stream(
      rows, columns, k, a.start, a.row, a.column, b, bRow, alpha, beta, c, cRow, isFirst ? 1 : 0, isLast ? 1 : 0, sums,
      sumsRow)
  }

  @unsafe @inline(__always)
  package static func inner(
    _ body: GemmBody, rows: Int, columns: Int, k: Int, a: GemmOperandA<Double>, b: UnsafePointer<Double>, bColumn: Int,
    alpha: Double, beta: Double, c: UnsafeMutablePointer<Double>, cRow: Int, cColumn: Int
  ) {
    unsafe body.inner(rows, columns, k, a.start, a.row, a.column, b, bColumn, alpha, beta, c, cRow, cColumn)
  }
}
