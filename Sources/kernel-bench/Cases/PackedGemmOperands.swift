import BenchHarness
import Kernels

// Products with B packed before.

extension GemmOperands<Float> {
  /// B, packed before.
  var packedB: KeptFactor<Float> {
    KeptFactor(PackedB(k: k, n: n, b: unsafe UnsafeBufferPointer(start: b, count: k * n).span, ldb: n))
  }

  /// `iterations` calls of sgemm with B packed.
  func multiplyPacked(_ iterations: Int, _ packed: borrowing PackedB<Float>) {
    unsafe Self.multiply(
      iterations, m: m, n: n, k: k, UnsafeBufferPointer(start: a, count: m * k).span, packed,
      UnsafeMutableBufferPointer(start: c, count: m * n), &scratch)
  }

  private static func multiply(
    _ iterations: Int, m: Int, n: Int, k: Int, _ a: Span<Float>, _ packed: borrowing PackedB<Float>,
    _ result: UnsafeMutableBufferPointer<Float>, _ scratch: inout Scratch
  ) {
    repeating(iterations) {
      var c = unsafe result.mutableSpan
      sgemm(m: m, a: a, lda: k, b: packed, c: &c, ldc: n, scratch: &scratch)
    }
  }
}

extension GemmOperands<Double> {
  /// B, packed before.
  var packedB: KeptFactor<Double> {
    KeptFactor(PackedB(k: k, n: n, b: unsafe UnsafeBufferPointer(start: b, count: k * n).span, ldb: n))
  }

  /// `iterations` calls of dgemm with B packed.
  func multiplyPacked(_ iterations: Int, _ packed: borrowing PackedB<Double>) {
    unsafe Self.multiply(
      iterations, m: m, n: n, k: k, UnsafeBufferPointer(start: a, count: m * k).span, packed,
      UnsafeMutableBufferPointer(start: c, count: m * n), &scratch)
  }

  private static func multiply(
    _ iterations: Int, m: Int, n: Int, k: Int, _ a: Span<Double>, _ packed: borrowing PackedB<Double>,
    _ result: UnsafeMutableBufferPointer<Double>, _ scratch: inout Scratch
  ) {
    repeating(iterations) {
      var c = unsafe result.mutableSpan
      dgemm(m: m, a: a, lda: k, b: packed, c: &c, ldc: n, scratch: &scratch)
    }
  }
}
