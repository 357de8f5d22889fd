/// What becomes of the elements of C when their sums are complete, while they are in the cache: fused into the product that it is
/// given to.
///
/// In this order, each step optional and each rounded once:
///
/// 1. times `scale`
/// 2. plus `bias`
/// 3. the `activation`
/// 4. plus `residual`, a matrix of C's shape
/// 5. bounded by `clip`
///
/// ```swift
/// let epilogue = Epilogue(bias: .perColumn(bias.span), activation: .gelu)
/// sgemm(m: m, n: n, k: k, a: a.span, lda: k, b: weights, c: &c, ldc: n, epilogue: epilogue, scratch: &scratch)
/// ```
///
/// - It borrows what it is made of: spans of `m` elements a row, `n` a column, and a residual of at least
///   `(m - 1) * ld + n`. None of them overlaps C.
/// - An element's bits depend on its sum and on the elements of the terms that belong to it. They are the same on every CPU for
///   the same sum; ``Activation`` states the errors.
/// - alpha, beta and the old C come before it: a product that reads no A and B (k == 0, alpha == 0) has its epilogue as any other.
/// - NaN stays NaN. Bounds leave it as it is.
/// - Complexity: O(m · n), beside the product's own. Allocates nothing.
@safe
public struct Epilogue: ~Escapable {
  /// A factor or a summand: none, or one number for all of C, for each row, or for each column.
  public enum Term: ~Escapable {
    case none
    case uniform(Float)
    case perRow(Span<Float>)
    case perColumn(Span<Float>)
  }

  let scale: Term
  let bias: Term
  let activation: Activation
  let residual: Span<Float>?
  let residualStride: Int
  let clip: ClosedRange<Float>?

  /// - Parameters:
  ///   - scale: what each sum is multiplied by.
  ///   - bias: what is added then.
  ///   - activation: what follows the bias.
  ///   - residual: row-major, `ldr` elements from row to row.
  ///   - ldr: at least n.
  ///   - clip: what the result is brought into, last of all.
  @_lifetime(copy scale, copy bias, copy residual)
  public init(
    scale: Term = .none, bias: Term = .none, activation: Activation = .none, residual: Span<Float>? = nil,
    ldr: Int = 0, clip: ClosedRange<Float>? = nil
  ) {
    self.scale = scale
    self.bias = bias
    self.activation = activation
    self.residual = residual
    residualStride = ldr
    self.clip = clip
  }
}

/// A function of one number, as networks have it between their layers.
///
/// Errors are measured against the exact function in units of the last place of the result, for every finite number, subnormal
/// results included. NaN gives NaN.
public enum Activation: Hashable, Sendable, CaseIterable {
  /// x.
  case none
  /// x where it is above 0, else 0. Exact; -0 gives 0.
  case relu
  /// x · Φ(x) = x / 2 · (1 + erf(x / √2)), Φ the normal distribution: within 6 units. +∞ gives +∞, -∞ gives -0.
  ///
  /// Source: D. Hendrycks, K. Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv:1606.08415.
  case gelu
  /// x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 x³))), which is near to ``gelu``: within 4 units. +∞ gives +∞, -∞ gives -0.
  case geluTanh
  /// x / (1 + e^-x), the sigmoid-weighted linear unit: within 4 units. +∞ gives +∞, -∞ gives -0.
  ///
  /// Source: S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-Weighted Linear Units", arXiv:1702.03118.
  case silu
}
