/// How exactly `sgemm` multiplies. The others than native allow a faster way where the CPU has one; each is at least as exact as it
/// says, by whichever row is fastest.
///
/// Errors are those of an element of C over |alpha| |A| |B|, the rounding of the result apart.
public enum GemmPrecision: Hashable, Sendable, CaseIterable {
  /// Single precision throughout.
  case native
  /// Each number in three bf16 parts, which hold all of it; of nine products of parts the six largest. Within 4 times the bound of native.
  case bf16x3
  /// In two parts, and three products: within 2^-15, and native's bound.
  case bf16x2
  /// In one part, rounded to nearest: within 2^-7, and native's bound.
  case bf16
}

extension GemmPrecision {
  /// The row that computes a product at this precision: of the bf16 table, or of single precision.
  package func row(for features: CPUFeatures) -> any KernelRow {
    if let kernel = splitKernel(for: features) { return kernel }
    return GemmKernel<Float>.select(features)
  }

  /// The row that computes a product of split numbers faster than single precision does, or nil for native.
  ///
  /// Split in n parts a number takes n(n + 1)/2 products. AMX multiplies bf16 sixteen times as fast as AVX-512 does single
  /// precision, AVX512-BF16 twice as fast: that pays for one part alone.
  func splitKernel(for features: CPUFeatures) -> DotKernel<BF16Dot>? {
    guard self != .native else { return nil }
    let kernel = DotKernel<BF16Dot>.select(features)
    let isFaster =
      kernel.requires.isSuperset(of: .amxBF16) || (self == .bf16 && kernel.requires.isSuperset(of: .avx512bf16))
    return isFaster ? kernel : nil
  }
}
