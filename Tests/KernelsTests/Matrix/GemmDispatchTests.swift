import Kernels
import Testing

/// The public functions: the row that the features allow, through pointers and through spans.
@Suite(.serialized, .cpuFeatureMask) struct GemmDispatchTests {
  static let masks: [CPUFeatures] = [
    [], .avx512f, .avx2, .fma, [.avx512f, .avx2, .fma], .ssse3, .neon, CPUFeatures(rawValue: .max),
  ]

  @Test(arguments: masks)
  func theRowIsTheFirstThatTheMaskLeaves(_ mask: CPUFeatures) throws {
    CPUFeatures.disable(mask)
    let features = CPUFeatures.current
    func first<Element: GemmElement>(_ rows: [GemmKernel<Element>]) -> String? {
      rows.first { $0.requires.isSubset(of: features) }?.name.description
    }
    #expect(GemmKernel<Float>.select(features).name.description == first(GemmKernel<Float>.all))
    #expect(GemmKernel<Double>.select(features).name.description == first(GemmKernel<Double>.all))
    if mask == CPUFeatures(rawValue: .max) {
      #expect(GemmKernel<Float>.select(features).name.description.hasSuffix("portable"))
      #expect(GemmKernel<Double>.select(features).name.description.hasSuffix("portable"))
    }
  }

  /// For each set of features that some rows need, on whatever machine this is.
  @Test func everyRowIsReachable() {
    for row in GemmKernel<Float>.all {
      #expect(GemmKernel<Float>.select(row.requires).name.description == row.name.description)
    }
    for row in GemmKernel<Double>.all {
      #expect(GemmKernel<Double>.select(row.requires).name.description == row.name.description)
    }
  }

  @Test(arguments: masks)
  func singlePrecision(_ mask: CPUFeatures) throws {
    CPUFeatures.disable(mask)
    for input in Self.inputs(Float.self) {
      let (m, n, k) = (input.m, input.n, input.k)
      let expected = try GemmCase(kernel: .select(.current), alpha: -0.7, beta: 0.5).run(input)
      var scratch = Scratch()
      var byPointers = input.c
      unsafe sgemm(
        m: m, n: n, k: k, alpha: -0.7, a: input.a, lda: k, b: input.b, ldb: n, beta: 0.5, c: &byPointers, ldc: n,
        scratch: &scratch)
      #expect(sameBits(byPointers, expected), "\(m) x \(n) x \(k)")
      var bySpans = input.c
      var c = bySpans.mutableSpan
      sgemm(
        m: m, n: n, k: k, alpha: -0.7, a: input.a.span, lda: k, b: input.b.span, ldb: n, beta: 0.5, c: &c, ldc: n,
        scratch: &scratch)
      #expect(sameBits(bySpans, expected), "\(m) x \(n) x \(k)")
    }
  }

  @Test(arguments: masks)
  func doublePrecision(_ mask: CPUFeatures) throws {
    CPUFeatures.disable(mask)
    for input in Self.inputs(Double.self) {
      let (m, n, k) = (input.m, input.n, input.k)
      let expected = try GemmCase(kernel: .select(.current), alpha: -0.7, beta: 0.5).run(input)
      var scratch = Scratch()
      var byPointers = input.c
      unsafe dgemm(
        m: m, n: n, k: k, alpha: -0.7, a: input.a, lda: k, b: input.b, ldb: n, beta: 0.5, c: &byPointers, ldc: n,
        scratch: &scratch)
      #expect(sameBits(byPointers, expected), "\(m) x \(n) x \(k)")
      var bySpans = input.c
      var c = bySpans.mutableSpan
      dgemm(
        m: m, n: n, k: k, alpha: -0.7, a: input.a.span, lda: k, b: input.b.span, ldb: n, beta: 0.5, c: &c, ldc: n,
        scratch: &scratch)
      #expect(sameBits(bySpans, expected), "\(m) x \(n) x \(k)")
    }
  }

  /// Without defaults changed: C = A · B, and transposes, against numbers worked out by hand.
  @Test func byHand() {
    let a: [Float] = [1, 2, 3, 4, 5, 6]
    let b: [Float] = [1, 0, 2, -1, 0, 1]
    var scratch = Scratch()
    var product = [Float](repeating: .nan, count: 4)
    unsafe sgemm(m: 2, n: 2, k: 3, a: a, lda: 3, b: b, ldb: 2, c: &product, ldc: 2, scratch: &scratch)
    #expect(product == [5, 1, 14, 1])
    var both = [Double](repeating: 1, count: 4)
    unsafe dgemm(
      .yes, .yes, m: 2, n: 2, k: 3, alpha: 2, a: a.map(Double.init), lda: 2, b: b.map(Double.init), ldb: 3, beta: 1,
      c: &both, ldc: 2, scratch: &scratch)
    #expect(both == [23, 9, 29, 9])
  }

  private static func inputs<Element: GemmTestElement>(_: Element.Type) -> [GemmInput<Element>] {
    [(1, 1, 1), (8, 8, 8), (1, 40, 7), (40, 1, 7), (13, 33, 300), (0, 4, 4), (4, 0, 4), (4, 4, 0)].map { m, n, k in
      GemmInput(m: m, n: n, k: k, seed: m + n + k)
    }
  }
}
