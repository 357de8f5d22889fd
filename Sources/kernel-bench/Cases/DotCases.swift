import BenchHarness
import Kernels

extension KernelCases {
  /// Square products of bf16 numbers and of bytes, row-major, on one thread; with both factors as they are stored, and with B packed
  /// before, as a function does that multiplies by the same weights again and again.
  func dot(_ context: CaseContext) -> [CaseSeries] {
    bf16(context, "bf16gemm", prepacked: false) + bf16(context, "bf16gemm-prepacked", prepacked: true)
      + bytes(context, "u8s8gemm", prepacked: false) + bytes(context, "u8s8gemm-prepacked", prepacked: true)
  }

  private static let sizes = [64, 256, 1024]

  private func bf16(_ context: CaseContext, _ name: String, prepacked: Bool) -> [CaseSeries] {
    series(
      context, name, rows: BF16Dot.kernels.map { ($0.name, $0.requires) }, type: "bf16", unit: .flops,
      bytesPerElement: 2 + 2 + 4, peer: \.bf16,
      ceiling: { features in
        // Without instructions of its own bf16 is widened, and multiplied as f32.
        if features.contains(.amxBF16) { return ComputeCeiling.amx }
        return features.contains(.avx512bf16) ? nil : ComputeCeiling.fma(.f32, features: features)
      },
      operands: BF16Operands.random,
      kernel: { operands in
        let kept = prepacked ? operands.packedB : nil
        return { iterations in
          if let kept { operands.multiplyPacked(iterations, kept.packed) } else { operands.multiply(iterations) }
        }
      },
      // Sums of `size` exact products below 1, each addition rounded: see `checkAgreement` of sgemm.
      agrees: { abs($0 - $1) <= Float($2) * Float($2) * Float.ulpOfOne })
  }

  private func bytes(_ context: CaseContext, _ name: String, prepacked: Bool) -> [CaseSeries] {
    series(
      context, name, rows: U8S8Dot.kernels.map { ($0.name, $0.requires) }, type: "u8 s8 s32", unit: .elements,
      bytesPerElement: 1 + 1 + 4, peer: \.bytes, ceiling: { _ in nil }, operands: ByteOperands.random,
      kernel: { operands in
        let kept = prepacked ? operands.packedB : nil
        return { iterations in
          if let kept { operands.multiplyPacked(iterations, kept.packed) } else { operands.multiply(iterations) }
        }
      },
      agrees: { x, y, _ in x == y })
  }

  /// - Parameters:
  ///   - ceiling: what a row with these features is held against.
  ///   - agrees: whether an element of the kernel's and one of a peer's are the same number, at a size.
  private func series<A, B, C>(
    _ context: CaseContext, _ name: String, rows: [(name: StaticString, requires: CPUFeatures)], type: String,
    unit: BenchmarkCase.Unit, bytesPerElement: Int, peer: KeyPath<MatrixLibrary, MatrixLibrary.DotBatch<A, B, C>?>,
    ceiling: @escaping (CPUFeatures) -> ComputeCeiling?,
    operands: @escaping (Int) -> DotOperands<A, B, C>,
    kernel: @escaping (DotOperands<A, B, C>) -> (Int) -> Void, agrees: @escaping (C, C, Int) -> Bool
  ) -> [CaseSeries] {
    func workingSet(_ size: Int) -> Int { bytesPerElement * size * size }
    return context.variants(rows).map { variant in
      CaseSeries(
        name: name, suffix: variant.suffix, points: Self.sizes.map { .init($0) }, workingSet: workingSet
      ) { point, caseName in
        let size = point.size
        let peers = MatrixLibrary.libraries.filter { $0.has(peer) }
        return BenchmarkCase(
          name: caseName, series: name + variant.suffix, size: size,
          parameters: [.init("m", size), .init("n", size), .init("k", size), .init("type", type)],
          unit: unit, row: variant.row,
          ceiling: ceiling(variant.requires).map { .loop($0) }
            ?? .none(reason: "no loop of such products in registers"),
          workingSet: workingSet(size), disabled: variant.disabled,
          peers: context.kernelAlone ? [] : peers.map(\.peer)
        ) {
          let operands = operands(size)
          let work = 2 * Double(size) * Double(size) * Double(size)
          var contenders = [Contender(variant.row, role: .kernel, work: work, body: kernel(operands))]
          if context.kernelAlone { return contenders }
          for case .success(let blas) in peers {
            guard let batch = blas[keyPath: peer] else { continue }
            contenders.append(Contender(blas.name, role: .peer, work: work) { batch($0, operands) })
          }
          // A figure for a wrong product is worth nothing.
          try contenders[0].body(1)
          let expected = operands.result
          for contender in contenders.dropFirst() {
            try contender.body(1)
            if zip(operands.result, expected).contains(where: { !agrees($0, $1, size) }) {
              throw BenchError("\(contenders[0].name) and \(contender.name) give different products of \(size)^3")
            }
          }
          return contenders
        }
      }
    }
  }
}
