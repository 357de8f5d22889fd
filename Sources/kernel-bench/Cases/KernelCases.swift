import BenchHarness

/// The cases of this package, one file a family.
struct KernelCases: CaseSource {
  func series(_ context: CaseContext) -> [CaseSeries] {
    gemm(context) + precisions(context) + dot(context) + hashes(context) + checksums(context)
      + authentication(context) + aead(context) + uploads(context)
  }
}
