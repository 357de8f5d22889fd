import BenchHarness

/// The cases of this package, one file a family.
struct KernelCases: CaseSource {
  func series(_ context: CaseContext) -> [CaseSeries] {
    let matrices = gemm(context) + precisions(context) + dot(context) + epilogues(context)
    let digests = hashes(context) + blake3(context) + authentication(context)
    return matrices + digests + checksums(context) + aead(context) + uploads(context) + encodings(context)
      + png(context)
      + resizes(context)
  }
}
