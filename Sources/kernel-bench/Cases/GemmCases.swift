import BenchHarness
import Kernels

extension KernelCases {
  /// Products of row-major matrices, alpha = 1, beta = 0, on one thread.
  func gemm(_ context: CaseContext) -> [CaseSeries] {
    let (single, double) = (GemmFamily<Float>.single, GemmFamily<Double>.double)
    return single.squares("sgemm", [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096], context)
      + double.squares("dgemm", [8, 64, 256, 1024], context)
      // With B packed before, as a function does that multiplies by the same weights again and again.
      + single.squares("sgemm-prepacked", [256, 1024], context, prepacked: true)
      + double.squares("dgemm-prepacked", [256, 1024], context, prepacked: true)
      // One beside the tiles' boundaries and the powers of two.
      + single.squares("sgemm-ragged", [31, 33, 127, 1000], context)
      // A few rows: what there is to do is to read B, as it is or transposed, as frameworks store weights.
      + single.series("sgemm-skinny", [1, 4, 16], context) { .init(m: $0, n: 4096, k: 4096) }
      + single.series("sgemm-skinny-nt", [1, 4], context) { .init(m: $0, n: 4096, k: 4096, transposesB: true) }
      + single.series("sgemm-column", [256, 4096], context) { .init(m: $0, n: 1, k: $0) }
      + single.series("sgemm-batch", [32], context) { .init(m: $0, n: $0, k: $0, count: 1000) }
      + single.series("sgemm-transformer", Array(MatrixShape.transformer.indices), context, canSweep: false) {
        MatrixShape.transformer[$0]
      }
      + [twoThreads(context)]
  }

  /// Two threads beside one: how far a product divides.
  private func twoThreads(_ context: CaseContext) -> CaseSeries {
    func workingSet(_ size: Int) -> Int { 3 * size * size * MemoryLayout<Float>.stride }
    let row = GemmKernel<Float>.select(context.features).name.description
    return CaseSeries(name: "sgemm-2-threads", points: [.init(1024)], workingSet: workingSet) { point, caseName in
      let size = point.size
      return BenchmarkCase(
        name: caseName, series: "sgemm-2-threads", size: size,
        parameters: [.init("m", size), .init("n", size), .init("k", size), .init("type", "f32")],
        unit: .flops, row: row, ceiling: .none(reason: "the loops that measure limits run on one CPU"),
        workingSet: workingSet(size), peers: []
      ) {
        let operands = GemmOperands<Float>.random(m: size, n: size, k: size)
        let work = 2 * Double(size) * Double(size) * Double(size)
        return [
          Contender("\(row), 2 threads", role: .kernel, work: work) { operands.multiply($0, threads: 2) },
          Contender("one thread", role: .peer, work: work) { operands.multiply($0) },
        ]
      }
    }
  }
}

/// What a case multiplies: `count` times an m x k by a k x n matrix, which may be stored transposed.
private struct MatrixShape {
  let m, n, k: Int
  var transposesB = false
  var count = 1
  /// For a table; nil to say the sizes.
  var name: String?

  var label: String { name ?? (count > 1 ? "\(count)x" : "") + "\(m)x\(n)x\(k)" }

  var elements: Int { count * (m * k + k * n + m * n) }

  var parameters: [BenchmarkCase.Parameter] {
    [.init("m", m), .init("n", n), .init("k", k)] + (transposesB ? [.init("b", "transposed")] : [])
      + (count > 1 ? [.init("count", count)] : [])
  }

  /// Multiplications and additions.
  var work: Double { 2 * Double(m) * Double(n) * Double(k) * Double(count) }

  /// Products of one layer on 128 tokens, weights stored out x in as PyTorch's `Linear` does: BERT-base (Devlin et al., "BERT", NAACL
  /// 2019, section 3: hidden size 768, 12 heads of 64, 3072 between) and, of one token, LLaMA 7B (Touvron et al., "LLaMA", 2023,
  /// table 2: dimension 4096; 11008 between by its section 2.2).
  static let transformer: [MatrixShape] = [
    .init(m: 128, n: 768, k: 768, transposesB: true, name: "bert-projection"),
    .init(m: 128, n: 3072, k: 768, transposesB: true, name: "bert-up"),
    .init(m: 128, n: 768, k: 3072, transposesB: true, name: "bert-down"),
    .init(m: 128, n: 128, k: 64, transposesB: true, count: 12, name: "bert-scores"),
    .init(m: 128, n: 64, k: 128, count: 12, name: "bert-values"),
    .init(m: 1, n: 11008, k: 4096, transposesB: true, name: "llama-up-token"),
  ]
}

/// A precision: its name in a table, its ceiling, its entry point and the peers' one.
private struct GemmFamily<Element: GemmElement> {
  let type: FloatType
  let peer: @Sendable (MatrixLibrary, _ count: Int) -> MatrixLibrary.Batch<Element>?
  let multiply: (_ iterations: Int, _ operands: GemmOperands<Element>) -> Void
  /// Packs B, and gives what multiplies by it.
  let packed: (_ operands: GemmOperands<Element>) -> (_ iterations: Int) -> Void

  /// Rows or columns up to which reading the other operand takes longer than multiplying it.
  private static var mostForReading: Int { 4 }

  func squares(_ name: String, _ sizes: [Int], _ context: CaseContext, prepacked: Bool = false) -> [CaseSeries] {
    series(name, sizes, context, prepacked: prepacked) { MatrixShape(m: $0, n: $0, k: $0, name: $0.description) }
  }

  /// - Parameters:
  ///   - canSweep: whether a larger size is a larger product, and sizes between are products as well.
  ///   - prepacked: whether the kernel's B is packed before. Beside it stands the same product with B as it lies.
  ///   - shape: at a size.
  func series(
    _ name: String, _ sizes: [Int], _ context: CaseContext, canSweep: Bool = true,
    prepacked: Bool = false, _ shape: @escaping (Int) -> MatrixShape
  ) -> [CaseSeries] {
    context.variants(Element.gemmKernels.map { ($0.name, $0.requires) }).map { variant in
      CaseSeries(
        name: name, suffix: variant.suffix,
        points: sizes.map { .init($0, label: shape($0).label, isLong: shape($0).work > 1e11) },
        workingSet: canSweep ? { shape($0).elements * MemoryLayout<Element>.stride } : nil
      ) { point, caseName in
        let shape = shape(point.size)
        let bytes = shape.elements * MemoryLayout<Element>.stride
        return BenchmarkCase(
          // What is not one product at several sizes is each a series of its own: no time is fitted to sizes.
          name: caseName, series: canSweep ? name + variant.suffix : caseName, size: max(1, point.size),
          parameters: shape.parameters + [.init("type", type.rawValue)],
          unit: .flops, row: variant.row,
          ceiling: min(shape.m, shape.n) <= Self.mostForReading
            ? .reading(bytes: bytes)
            : ComputeCeiling.fma(type, features: variant.requires).map { .loop($0) }
              ?? .none(reason: "no multiply-add loop for this architecture"),
          workingSet: bytes, disabled: variant.disabled,
          peers: context.kernelAlone
            ? [] : MatrixLibrary.libraries.filter { $0.multiplies(peer) }.map(\.peer)
        ) {
          let operands = GemmOperands<Element>.random(shape)
          let kernel = prepacked ? packed(operands) : { multiply($0, operands) }
          var contenders = [Contender(variant.row, role: .kernel, work: shape.work, body: kernel)]
          if context.kernelAlone { return contenders }
          if prepacked {
            contenders.append(Contender("not packed", role: .peer, work: shape.work) { multiply($0, operands) })
          }
          for case .success(let library) in MatrixLibrary.libraries {
            guard let batch = peer(library, shape.count) else { continue }
            contenders.append(Contender(library.name, role: .peer, work: shape.work) { batch($0, operands) })
          }
          try operands.checkAgreement(contenders)
          return contenders
        }
      }
    }
  }
}

extension Result<MatrixLibrary, MatrixLibrary.Absence> {
  /// Whether the library has such products, or might have them if it were there.
  fileprivate func multiplies<Element>(
    _ product: (MatrixLibrary, _ count: Int) -> MatrixLibrary.Batch<Element>?
  ) -> Bool {
    switch self {
    case .success(let library): product(library, 1) != nil
    case .failure: true
    }
  }
}

extension GemmFamily<Float> {
  static var single: GemmFamily {
    GemmFamily(
      type: .f32, peer: { $1 > 1 ? $0.stridedBatch ?? $0.sgemm : $0.sgemm }, multiply: { $1.multiply($0) },
      packed: { operands in
        let kept = operands.packedB
        return { operands.multiplyPacked($0, kept.packed) }
      })
  }
}

extension GemmFamily<Double> {
  static var double: GemmFamily {
    GemmFamily(
      type: .f64, peer: { library, _ in library.dgemm }, multiply: { $1.multiply($0) },
      packed: { operands in
        let kept = operands.packedB
        return { operands.multiplyPacked($0, kept.packed) }
      })
  }
}

extension GemmOperands where Element: GemmElement {
  fileprivate static func random(_ shape: MatrixShape) -> GemmOperands {
    random(m: shape.m, n: shape.n, k: shape.k, transposesB: shape.transposesB, count: shape.count)
  }

  /// Filled with random numbers in -1 ..< 1, the same ones at every run.
  static func random(m: Int, n: Int, k: Int, transposesB: Bool = false, count: Int = 1) -> GemmOperands {
    var random = SplitMix64(seed: UInt64(m))
    return GemmOperands(m: m, n: n, k: k, transposesB: transposesB, count: count) { _ in
      Element(Int64(bitPattern: random.next()) >> 40) / 8_388_608
    }
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
  /// `iterations` calls of sgemm, or of sgemmStridedBatch.
  func multiply(_ iterations: Int, _ precision: GemmPrecision = .native, threads: Int = 1) {
    multiply(iterations, precision, threads, &scratch)
  }

  // The scratch is inout here, so that access to a class's property is checked once and not at each iteration.
  private func multiply(_ iterations: Int, _ precision: GemmPrecision, _ threads: Int, _ scratch: inout Scratch) {
    let (m, n, k, ldb, a, b, c) = unsafe (m, n, k, ldb, a, b, c)
    let transposeB = transposesB ? Transpose.yes : .no
    if count == 1 {
      repeating(iterations) {
        unsafe sgemm(
          .no, transposeB, m: m, n: n, k: k, a: a, lda: k, b: b, ldb: ldb, c: c, ldc: n, precision: precision,
          threads: threads, scratch: &scratch)
      }
    } else {
      repeating(iterations) {
        unsafe sgemmStridedBatch(
          .no, transposeB, m: m, n: n, k: k, a: a, lda: k, strideA: strideA, b: b, ldb: ldb, strideB: strideB, c: c,
          ldc: n, strideC: strideC, batches: count, scratch: &scratch)
      }
    }
  }
}

extension GemmOperands<Double> {
  /// `iterations` calls of dgemm.
  func multiply(_ iterations: Int) { multiply(iterations, &scratch) }

  private func multiply(_ iterations: Int, _ scratch: inout Scratch) {
    let (m, n, k, ldb, a, b, c) = unsafe (m, n, k, ldb, a, b, c)
    let transposeB = transposesB ? Transpose.yes : .no
    repeating(iterations) {
      unsafe dgemm(
        .no, transposeB, m: m, n: n, k: k, a: a, lda: k, b: b, ldb: ldb, c: c, ldc: n, scratch: &scratch)
    }
  }
}
