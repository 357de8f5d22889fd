import BenchHarness
import Kernels

extension KernelCases {
  /// Square products of single precision at each precision below native, beside the peers' native ones: where the CPU has nothing faster,
  /// the row is that of native.
  func precisions(_ context: CaseContext) -> [CaseSeries] {
    func workingSet(_ size: Int) -> Int { 3 * size * size * MemoryLayout<Float>.stride }
    return GemmPrecision.allCases.filter { $0 != .native }.map { precision in
      let name = "sgemm-\(precision)"
      let row = precision.row(for: context.features).name.description
      // Where it is the row of native, the large size says nothing that sgemm's does not.
      let isNative = row == GemmPrecision.native.row(for: context.features).name.description
      let sizes = isNative ? [256, 1024] : [256, 1024, 2048]
      return CaseSeries(name: name, points: sizes.map { .init($0) }, workingSet: workingSet) {
        point, caseName in
        let size = point.size
        return BenchmarkCase(
          name: caseName, series: name, size: size,
          parameters: [.init("m", size), .init("n", size), .init("k", size), .init("type", "f32")],
          unit: .flops, row: row,
          ceiling: ComputeCeiling.fma(.f32, features: context.features).map { .loop($0) }
            ?? .none(reason: "no multiply-add loop for this architecture"),
          workingSet: workingSet(size), peers: context.kernelAlone ? [] : MatrixLibrary.libraries.map(\.peer)
        ) {
          let operands = GemmOperands<Float>.random(m: size, n: size, k: size)
          let work = 2 * Double(size) * Double(size) * Double(size)
          var contenders = [Contender(row, role: .kernel, work: work) { operands.multiply($0, precision) }]
          if context.kernelAlone { return contenders }
          for case .success(let blas) in MatrixLibrary.libraries {
            contenders.append(Contender(blas.name, role: .peer, work: work) { blas.sgemm($0, operands) })
          }
          try operands.checkAgreement(contenders, error: precision.error)
          return contenders
        }
      }
    }
  }
}

extension GemmPrecision {
  /// What a product of two numbers below 1 may be wrong by.
  fileprivate var error: Float {
    switch self {
    case .native, .bf16x3: 0
    case .bf16x2: 0x1p-15
    case .bf16: 0x1p-7
    }
  }
}
