/// op(A), packed once to be multiplied often: by the left factor of `sgemm`, `dgemm` (`Float`, `Double`), `bf16gemm` (`BFloat16`) or
/// `u8s8gemm` (`UInt8`).
///
/// A value that the caller keeps: it owns its memory, is never written again, and may be read by several threads at the same
/// time. A product with it has the same bits as one with the matrix itself.
///
/// ```swift
/// let weights = PackedB<Int8>(k: 768, n: 3072, b: b.span, ldb: 3072)
/// for batch in batches { u8s8gemm(m: batch.rows, a: batch.span, lda: 768, b: weights, c: &c, ldc: 3072, scratch: &scratch) }
/// ```
///
/// - `Float` and `Double` lie as the row of the table wants them that was best when they were packed; a later
///   ``CPUFeatures/disable(_:)`` does not change the row. `BFloat16` and bytes lie the same for every row.
/// - Complexity: packing reads each element once and allocates once, `byteCount(m:k:)` bytes.
@safe
public struct PackedA<Element: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
  /// Rows and columns of op(A).
  public let m, k: Int
  let memory: PackedMemory
}

/// op(B), packed once to be multiplied often: the right factor of `sgemm`, `dgemm` (`Float`, `Double`), `bf16gemm` (`BFloat16`) or
/// `u8s8gemm` (`Int8`). All else as in ``PackedA``.
@safe
public struct PackedB<Element: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
  /// Rows and columns of op(B).
  public let k, n: Int
  let memory: PackedMemory
}

/// Packed elements, and what they were packed for.
struct PackedMemory: ~Copyable, Sendable {
  /// What the row of the table was chosen by.
  let features: CPUFeatures
  private let scratch: Scratch

  /// Traps when the system has no more memory, as arrays do.
  @unsafe
  init(byteCount: Int, features: CPUFeatures, pack: (UnsafeMutableRawPointer) -> Void) {
    var scratch = Scratch(capacity: byteCount)
    unsafe scratch.withMemory(bytes: byteCount) { memory in
      if let memory = unsafe memory { unsafe pack(memory) }
    }
    self.features = features
    self.scratch = scratch
  }

  /// The first packed byte; nil where there is none.
  ///
  /// - Valid as long as the value.
  @unsafe
  var start: UnsafeRawPointer? { unsafe UnsafeRawPointer(scratch.start) }
}

/// Checks the stored matrix of a packed one, rows x columns of op(X).
///
/// - Returns: its leading dimension; for a single stored row, where it leads nowhere and may be any number, the row's length.
func checkPackable(
  _ transpose: Transpose, rows: Int, columns: Int, ld: Int, elementSize: Int, count: Int
) -> Int {
  // As the A of a product with nothing: the same sizes cannot be.
  let shape = GemmShape(transpose, .no, m: rows, n: 0, k: columns, lda: ld, ldb: 0, ldc: 0)
  if let problem = shape.problem(elementSize: elementSize) { preconditionFailure("packing: \(problem)") }
  precondition(count >= shape.extentA, "packing: the span has fewer elements than (rows - 1) * ld + columns")
  return shape.compact.lda
}
