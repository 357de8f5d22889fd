import BenchHarness
import Kernels

extension KernelCases {
  /// Square products of row-major matrices, alpha = 1, beta = 0, on one thread.
  func gemm(_ context: CaseContext) -> [CaseSeries] {
    squares("sgemm", .f32, sizes: [8, 16, 32, 64, 128, 256, 512, 1024, 2048], context, peer: \.sgemm) {
      (iterations, operands: GemmOperands<Float>) in operands.multiply(iterations)
    }
      + squares("dgemm", .f64, sizes: [8, 64, 256, 1024], context, peer: \.dgemm) {
        (iterations, operands: GemmOperands<Double>) in operands.multiply(iterations)
      }
  }

  private func squares<Element: GemmElement>(
    _ name: String, _ type: FloatType, sizes: [Int], _ context: CaseContext,
    peer: KeyPath<CBLAS, CBLAS.Batch<Element>>,
    multiply: @escaping (_ iterations: Int, _ operands: GemmOperands<Element>) -> Void
  ) -> [CaseSeries] {
    func workingSet(_ size: Int) -> Int { 3 * size * size * MemoryLayout<Element>.stride }
    return context.variants(Element.gemmKernels.map { ($0.name, $0.requires) }).map { variant in
      let title = name + variant.suffix
      return CaseSeries(
        name: name, suffix: variant.suffix, points: sizes.map { .init($0) }, workingSet: workingSet
      ) { point, name in
        let size = point.size
        let libraries = context.withPeers ? CBLAS.libraries : []
        return BenchmarkCase(
          name: name, series: title, size: size,
          parameters: [.init("m", size), .init("n", size), .init("k", size), .init("type", type.rawValue)],
          unit: .flops, row: variant.row,
          ceiling: ComputeCeiling.fma(type, features: variant.requires).map { .loop($0) }
            ?? .none(reason: "no multiply-add loop for this architecture"),
          workingSet: workingSet(size), disabled: variant.disabled, peers: libraries.map(\.peer)
        ) {
          let operands = GemmOperands<Element>.random(size)
          let work = 2 * Double(size) * Double(size) * Double(size)
          var contenders = [Contender(variant.row, role: .kernel, work: work) { multiply($0, operands) }]
          for case .success(let blas) in libraries {
            let batch = blas[keyPath: peer]
            contenders.append(Contender(blas.name, role: .peer, work: work) { batch($0, operands) })
          }
          try operands.checkAgreement(contenders)
          return contenders
        }
      }
    }
  }
}

extension GemmOperands where Element: GemmElement {
  /// Square, filled with random numbers in -1 ..< 1, the same ones at every run.
  fileprivate static func random(_ size: Int) -> GemmOperands {
    var random = SplitMix64(seed: UInt64(size))
    return GemmOperands(m: size, n: size, k: size) { _ in Element(Int64(bitPattern: random.next()) >> 40) / 8_388_608 }
  }

  /// Runs each contender once and compares: a figure for a wrong product is worth nothing.
  ///
  /// Two sums of k products of numbers below 1 that were rounded at each step differ by less than 2 · k² · eps/2, each partial
  /// sum being at most k (Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1).
  fileprivate func checkAgreement(_ contenders: [Contender]) throws {
    try contenders[0].body(1)
    let expected = result
    let bound = Element(k) * Element(k) * Element.ulpOfOne
    for contender in contenders.dropFirst() {
      try contender.body(1)
      // Not "greater": NaN must fail too.
      if zip(result, expected).contains(where: { !(abs($0 - $1) <= bound) }) {
        throw BenchError("\(contenders[0].name) and \(contender.name) give different products of \(m) x \(k) x \(n)")
      }
    }
  }
}

extension GemmOperands<Float> {
  /// `iterations` calls of sgemm.
  func multiply(_ iterations: Int) { unsafe Self.multiply(iterations, m, n, k, a, b, c, &scratch) }

  // The scratch is inout here, so that access to a class's property is checked once and not at each iteration.
  private static func multiply(
    _ iterations: Int, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ scratch: inout Scratch
  ) {
    repeating(iterations) {
      unsafe sgemm(m: m, n: n, k: k, a: a, lda: k, b: b, ldb: n, c: c, ldc: n, scratch: &scratch)
    }
  }
}

extension GemmOperands<Double> {
  /// `iterations` calls of dgemm.
  func multiply(_ iterations: Int) { unsafe Self.multiply(iterations, m, n, k, a, b, c, &scratch) }

  private static func multiply(
    _ iterations: Int, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    _ c: UnsafeMutablePointer<Double>, _ scratch: inout Scratch
  ) {
    repeating(iterations) {
      unsafe dgemm(m: m, n: n, k: k, a: a, lda: k, b: b, ldb: n, c: c, ldc: n, scratch: &scratch)
    }
  }
}
