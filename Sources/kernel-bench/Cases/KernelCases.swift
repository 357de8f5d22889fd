import BenchHarness

/// The cases of this package, one file a family.
struct KernelCases: CaseSource {
  func series(_ context: CaseContext) -> [CaseSeries] {
    let matrices = gemm(context) + precisions(context) + dot(context) + epilogues(context)
    let digests = hashes(context) + blake3(context) + authentication(context)
    let images = png(context) + resizes(context) + compressions(context)
    let bytes = checksums(context) + aead(context) + uploads(context) + encodings(context)
    let columns = reductions(context) + sketches(context) + aggregations(context)
    let texts = json(context) + jsonPlans(context)
    return matrices + digests + bytes + images + columns + texts
  }
}
