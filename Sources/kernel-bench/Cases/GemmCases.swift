import BenchHarness
import Kernels

extension KernelCases {
  /// Products of row-major matrices, alpha = 1, beta = 0, on one thread.
  func gemm(_ context: CaseContext) -> [CaseSeries] {
    let (single, double) = (GemmFamily<Float>.single, GemmFamily<Double>.double)
    return single.squares("sgemm", [8, 16, 32, 64, 128, 256, 512, 1024, 2048], context)
      + double.squares("dgemm", [8, 64, 256, 1024], context)
      // One beside the tiles' boundaries and the powers of two.
      + single.squares("sgemm-ragged", [31, 33, 127, 1000], context)
      // A few rows: what there is to do is to read B.
      + single.series("sgemm-skinny", [1, 4, 16], context, label: { "\($0)x4096x4096" }, shape: { ($0, 4096, 4096) })
      + single.series("sgemm-column", [4096], context, label: { "\($0)x1x4096" }, shape: { ($0, 1, 4096) })
  }
}

/// A precision: its name in a table, its ceiling, its entry point and the peers' one.
private struct GemmFamily<Element: GemmElement> {
  let type: FloatType
  let peer: @Sendable (CBLAS) -> CBLAS.Batch<Element>
  let multiply: (_ iterations: Int, _ operands: GemmOperands<Element>) -> Void

  /// Rows or columns up to which reading the other operand takes longer than multiplying it.
  private static var mostForReading: Int { 4 }

  func squares(_ name: String, _ sizes: [Int], _ context: CaseContext) -> [CaseSeries] {
    series(name, sizes, context, label: \.description, shape: { ($0, $0, $0) })
  }

  /// - Parameter shape: m, n and k at a size.
  func series(
    _ name: String, _ sizes: [Int], _ context: CaseContext, label: (Int) -> String,
    shape: @escaping (Int) -> (m: Int, n: Int, k: Int)
  ) -> [CaseSeries] {
    func workingSet(_ size: Int) -> Int {
      let (m, n, k) = shape(size)
      return (m * k + k * n + m * n) * MemoryLayout<Element>.stride
    }
    return context.variants(Element.gemmKernels.map { ($0.name, $0.requires) }).map { variant in
      CaseSeries(
        name: name, suffix: variant.suffix, points: sizes.map { .init($0, label: label($0)) }, workingSet: workingSet
      ) { point, caseName in
        let (m, n, k) = shape(point.size)
        let work = 2 * Double(m) * Double(n) * Double(k)
        let bytes = workingSet(point.size)
        return BenchmarkCase(
          name: caseName, series: name + variant.suffix, size: point.size,
          parameters: [.init("m", m), .init("n", n), .init("k", k), .init("type", type.rawValue)],
          unit: .flops, row: variant.row,
          ceiling: min(m, n) <= Self.mostForReading
            ? .reading(bytes: bytes)
            : ComputeCeiling.fma(type, features: variant.requires).map { .loop($0) }
              ?? .none(reason: "no multiply-add loop for this architecture"),
          workingSet: bytes, disabled: variant.disabled, peers: context.kernelAlone ? [] : CBLAS.libraries.map(\.peer)
        ) {
          let operands = GemmOperands<Element>.random(m: m, n: n, k: k)
          var contenders = [Contender(variant.row, role: .kernel, work: work) { multiply($0, operands) }]
          if context.kernelAlone { return contenders }
          for case .success(let blas) in CBLAS.libraries {
            let batch = peer(blas)
            contenders.append(Contender(blas.name, role: .peer, work: work) { batch($0, operands) })
          }
          try operands.checkAgreement(contenders)
          return contenders
        }
      }
    }
  }
}

extension GemmFamily<Float> {
  static var single: GemmFamily { GemmFamily(type: .f32, peer: { $0.sgemm }, multiply: { $1.multiply($0) }) }
}

extension GemmFamily<Double> {
  static var double: GemmFamily { GemmFamily(type: .f64, peer: { $0.dgemm }, multiply: { $1.multiply($0) }) }
}

extension GemmOperands where Element: GemmElement {
  /// Filled with random numbers in -1 ..< 1, the same ones at every run.
  static func random(m: Int, n: Int, k: Int) -> GemmOperands {
    var random = SplitMix64(seed: UInt64(m))
    return GemmOperands(m: m, n: n, k: k) { _ in Element(Int64(bitPattern: random.next()) >> 40) / 8_388_608 }
  }

  /// Runs each contender once and compares: a figure for a wrong product is worth nothing.
  ///
  /// Two sums of k products of numbers below 1 that were rounded at each step differ by less than 2 · k² · eps/2, each partial
  /// sum being at most k (Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1).
  ///
  /// - Parameter error: what each product may be wrong by besides.
  func checkAgreement(_ contenders: [Contender], error: Element = 0) throws {
    try contenders[0].body(1)
    let expected = result
    let bound = Element(k) * (Element(k) * Element.ulpOfOne + error)
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
  func multiply(_ iterations: Int, _ precision: GemmPrecision = .native) {
    unsafe Self.multiply(iterations, m, n, k, a, b, c, precision, &scratch)
  }

  // The scratch is inout here, so that access to a class's property is checked once and not at each iteration.
  private static func multiply(
    _ iterations: Int, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ precision: GemmPrecision, _ scratch: inout Scratch
  ) {
    repeating(iterations) {
      unsafe sgemm(
        m: m, n: n, k: k, a: a, lda: k, b: b, ldb: n, c: c, ldc: n, precision: precision, scratch: &scratch)
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
