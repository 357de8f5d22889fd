/// A pair of element types that is multiplied in groups of four bytes of k, and what becomes of the sums:
/// ``BF16Dot`` and ``U8S8Dot``, each with a table of kernels.
package protocol DotFormat: Sendable {
  associatedtype A: BitwiseCopyable, Sendable
  associatedtype B: BitwiseCopyable, Sendable
  associatedtype C: BitwiseCopyable, Sendable
  /// What the caller says of C beside the sums: alpha and beta, or zero points.
  associatedtype Factors: Sendable
  associatedtype Body: Sendable
  /// What a product may end with.
  associatedtype Epilogue: TileEpilogue where Epilogue.C == C

  /// Every row of the table, best first. Allocates: for tests, benchmarks and documents.
  static var kernels: [DotKernel<Self>] { get }

  /// The first row of the table that `features` allow. The last row runs anywhere.
  static func kernel(for features: CPUFeatures) -> DotKernel<Self>

  /// Whether a product with an epilogue has its sums elsewhere than in C, which holds what the epilogue makes of them.
  static var keepsSumsApart: Bool { get }

  /// What is to be added to the sums of a part of k, or nil where nothing is.
  static func correction(_ factors: Factors) -> DotCorrection?

  /// Whether the factors say that A and B are not to be read.
  static func ignoresProduct(_ factors: Factors) -> Bool

  /// C without a product.
  @unsafe
  static func writeNothing(_ factors: Factors, row: UnsafeMutablePointer<C>, count: Int)

  /// Calls a kernel on one block; `terms` are nil where ``correction(_:)`` is.
  ///
  /// - `isFirst`: the block is of the first part of k; the others add to C.
  @unsafe
  static func run(
    _ body: Body, _ block: DotBlock, _ factors: Factors, isFirst: Bool, terms: DotTerms?, c: UnsafeMutablePointer<C>,
    cRow: Int)
}

/// C += rows · (sum of a row of A) + columns · (sum of a column of B) + perDepth · k, modulo 2^32.
package struct DotCorrection: Sendable {
  var rows: Int32
  var columns: Int32
  var perDepth: Int32
}

/// One column panel of C, and its factors as they are packed: `CK_DOT_OPERANDS` in `CKernels.h`.
@unsafe
package struct DotBlock {
  var rows, columns, slabs: Int
  var a: UnsafePointer<UInt8>
  var aStrip: Int
  var b: UnsafePointer<UInt8>
  var bPanel: Int
}

/// What is added to the sums of each row and of each column.
@unsafe
package struct DotTerms {
  var rows: UnsafePointer<Int32>
  var columns: UnsafePointer<Int32>
}

// MARK: - bf16

package enum BF16Dot: DotFormat {
  package typealias Epilogue = FloatEpilogue
  package typealias A = BFloat16
  package typealias B = BFloat16
  package typealias C = Float

  package struct Factors: Sendable {
    package var alpha: Float
    package var beta: Float

    package init(alpha: Float, beta: Float) { (self.alpha, self.beta) = (alpha, beta) }
  }

  package static var keepsSumsApart: Bool { false }

  @inline(__always)
  package static func correction(_ factors: Factors) -> DotCorrection? { nil }

  package static func ignoresProduct(_ factors: Factors) -> Bool { factors.alpha == 0 }

  @unsafe
  package static func writeNothing(_ factors: Factors, row: UnsafeMutablePointer<Float>, count: Int) {
    if factors.beta == 0 {
      unsafe row.update(repeating: 0, count: count)
    } else {
      for j in 0..<count { unsafe row[j] *= factors.beta }
    }
  }

  @unsafe @inline(__always)
  package static func run(
    _ body: Body, _ block: DotBlock, _ factors: Factors, isFirst: Bool, terms: DotTerms?,
    c: UnsafeMutablePointer<Float>, cRow: Int
  ) {
    unsafe body.call(
      block.rows, block.columns, block.slabs, block.a, block.aStrip, block.b, block.bPanel, factors.alpha,
      isFirst ? factors.beta : 1, c, cRow)
  }
}

// MARK: - u8 and s8

package enum U8S8Dot: DotFormat {
  package typealias Epilogue = SumsEpilogue
  package typealias A = UInt8
  package typealias B = Int8
  package typealias C = Int32

  package struct Factors: Sendable {
    package var aZero: Int32
    package var bZero: Int32
    package var accumulate: Bool

    package init(aZero: Int32, bZero: Int32, accumulate: Bool) {
      (self.aZero, self.bZero, self.accumulate) = (aZero, bZero, accumulate)
    }
  }

  package static var keepsSumsApart: Bool { true }

  /// (A - a)(B - b) = AB - b · (sums of rows of A) - a · (sums of columns of B) + k · a · b.
  @inline(__always)
  package static func correction(_ factors: Factors) -> DotCorrection? {
    DotCorrection(
      rows: 0 &- factors.bZero, columns: 0 &- factors.aZero, perDepth: factors.aZero &* factors.bZero)
  }

  package static func ignoresProduct(_ factors: Factors) -> Bool { false }

  @unsafe
  package static func writeNothing(_ factors: Factors, row: UnsafeMutablePointer<Int32>, count: Int) {
    if !factors.accumulate { unsafe row.update(repeating: 0, count: count) }
  }

  @unsafe @inline(__always)
  package static func run(
    _ body: Body, _ block: DotBlock, _ factors: Factors, isFirst: Bool, terms: DotTerms?,
    c: UnsafeMutablePointer<Int32>, cRow: Int
  ) {
    guard let terms = unsafe terms else { preconditionFailure("u8s8 products have terms") }
    unsafe body.call(
      block.rows, block.columns, block.slabs, block.a, block.aStrip, block.b, block.bPanel, terms.rows, terms.columns,
      factors.accumulate || !isFirst ? 1 : 0, c, cRow)
  }
}
