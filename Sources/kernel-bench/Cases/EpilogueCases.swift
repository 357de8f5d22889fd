import BenchHarness
import Kernels

extension KernelCases {
  /// Layers of networks: a product with its epilogue fused, beside the same product and the epilogue in a pass of its own.
  func epilogues(_ context: CaseContext) -> [CaseSeries] {
    let rows = context.variants(Float.gemmKernels.map { ($0.name, $0.requires) })
    let byteRows = context.variants(U8S8Dot.kernels.map { ($0.name, $0.requires) })
    return rows.map { variant in
      series(context, "sgemm-bias-gelu", variant, type: "f32", unit: .flops, bytes: 3 * 4) { size in
        let layer = LayerOperands(GemmOperands<Float>.random(m: size, n: size, k: size))
        return (layer.fused, layer.apart, { layer.operands.result.map(\.bitPattern) })
      }
    }
      + byteRows.map { variant in
        series(context, "u8s8gemm-requantised", variant, type: "u8 s8 u8", unit: .elements, bytes: 1 + 1 + 1) { size in
          let layer = ByteLayerOperands(ByteOperands.random(size))
          return (layer.fused, layer.apart, { layer.result.map { UInt32($0) } })
        }
      }
  }

  private typealias Layer = (
    fused: (_ iterations: Int) -> Void, apart: (_ iterations: Int) -> Void, result: () -> [UInt32]
  )

  /// - Parameter bytes: of an element of A, one of B and one of C.
  private func series(
    _ context: CaseContext, _ name: String, _ variant: RowVariant, type: String, unit: BenchmarkCase.Unit,
    bytes: Int, layer: @escaping (Int) -> Layer
  ) -> CaseSeries {
    let peer = Peer(name: "product, then a pass", version: "this package", library: "Kernels")
    func workingSet(_ size: Int) -> Int { bytes * size * size }
    return CaseSeries(name: name, suffix: variant.suffix, points: [.init(64), .init(512)], workingSet: workingSet) {
      point, caseName in
      let size = point.size
      return BenchmarkCase(
        name: caseName, series: name + variant.suffix, size: size,
        parameters: [.init("m", size), .init("n", size), .init("k", size), .init("type", type)], unit: unit,
        row: variant.row, ceiling: .none(reason: "no limit is measured for a product and its epilogue"),
        workingSet: workingSet(size), disabled: variant.disabled, peers: context.kernelAlone ? [] : [peer]
      ) {
        let layer = layer(size)
        let work = 2 * Double(size) * Double(size) * Double(size)
        let kernel = Contender(variant.row, role: .kernel, work: work, body: layer.fused)
        if context.kernelAlone { return [kernel] }
        layer.fused(1)
        let expected = layer.result()
        layer.apart(1)
        // A figure for a wrong layer is worth nothing.
        if layer.result() != expected { throw BenchError("\(caseName): fused and apart give different bits") }
        return [kernel, Contender(peer.name, role: .peer, work: work, body: layer.apart)]
      }
    }
  }
}

/// A layer of single precision: a product, a bias a column, and GELU.
private final class LayerOperands {
  let operands: GemmOperands<Float>
  private let bias: [Float]

  init(_ operands: GemmOperands<Float>) {
    self.operands = operands
    bias = (0..<operands.n).map { Float($0 % 7) / 8 - 0.375 }
  }

  func fused(_ iterations: Int) {
    let bias = bias
    let epilogue = Epilogue(bias: .perColumn(bias.span), activation: .gelu)
    Self.multiply(iterations, operands, epilogue, &operands.scratch)
  }

  func apart(_ iterations: Int) {
    let bias = bias
    let epilogue = Epilogue(bias: .perColumn(bias.span), activation: .gelu)
    let (kernel, n) = (EpilogueKernel.select(.current), operands.n)
    for _ in 0..<iterations {
      Self.multiply(1, operands, nil, &operands.scratch)
      unsafe kernel.finish(epilogue, m: operands.m, n: n, c: operands.c, ldc: n)
    }
  }

  private static func multiply(
    _ iterations: Int, _ x: GemmOperands<Float>, _ epilogue: Epilogue?, _ scratch: inout Scratch
  ) {
    let (m, n, k, a, b, c) = unsafe (x.m, x.n, x.k, x.a, x.b, x.c)
    repeating(iterations) {
      unsafe sgemm(
        m: m, n: n, k: k, a: a, lda: k, b: b, ldb: n, c: c, ldc: n, epilogue: epilogue, scratch: &scratch)
    }
  }
}

/// A quantised layer: a product of bytes, a scale a column, and bytes again.
private final class ByteLayerOperands {
  private let operands: ByteOperands
  private let scales: [Float]
  private(set) var result: [UInt8]

  init(_ operands: ByteOperands) {
    self.operands = operands
    let n = operands.size
    scales = (0..<n).map { (1 + Float($0 % 5) / 8) / Float(64 * n) }
    result = [UInt8](repeating: 0, count: n * n)
  }

  func fused(_ iterations: Int) {
    let scales = scales
    Self.multiply(iterations, operands, Epilogue(scale: .perColumn(scales.span)), &result, &operands.scratch)
  }

  func apart(_ iterations: Int) {
    let scales = scales
    let epilogue = Epilogue(scale: .perColumn(scales.span))
    let (kernel, n) = (EpilogueKernel.select(.current), operands.size)
    unsafe result.withUnsafeMutableBufferPointer { result in
      guard let start = result.baseAddress else { return }
      for _ in 0..<iterations {
        operands.multiply(1)
        unsafe kernel.finish(
          epilogue, m: n, n: n, sums: operands.c, bias: nil, c: start, ldc: n, cZero: Self.zero)
      }
    }
  }

  private static let zero: Int32 = 128

  private static func multiply(
    _ iterations: Int, _ x: ByteOperands, _ epilogue: Epilogue, _ result: inout [UInt8], _ scratch: inout Scratch
  ) {
    let n = x.size
    let (a, b) = unsafe (
      UnsafeBufferPointer(start: x.a, count: n * n).span, UnsafeBufferPointer(start: x.b, count: n * n).span
    )
    var c = result.mutableSpan
    repeating(iterations) {
      u8s8gemm(
        m: n, n: n, k: n, a: a, lda: n, b: b, ldb: n, c: &c, ldc: n, cZero: zero, epilogue: epilogue,
        scratch: &scratch)
    }
  }
}
