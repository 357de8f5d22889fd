import BenchHarness
import KernelBenchmark
import Kernels

extension KernelCases {
  /// Hexadecimal digits and base64, both ways. Speed is of the bytes, not of the text.
  func encodings(_ context: CaseContext) -> [CaseSeries] {
    EncodingWork.Way.allCases.flatMap { way in
      context.variants(EncodingKernel.kernels.map { ($0.name, $0.requires) }).map { variant in
        let points: [CaseSeries.Point] = [
          .init(32, label: "32B"), .init(1 << 10, label: "1KiB"), .init(4 << 10, label: "4KiB"),
          .init(1 << 20, label: "1MiB"),
        ]
        let hasPeer = way.isBase64 && !context.kernelAlone
        return CaseSeries(name: way.rawValue, suffix: variant.suffix, points: points, workingSet: { 3 * $0 }) {
          point, name in
          BenchmarkCase(
            name: name, series: "\(way.rawValue)\(variant.suffix)", size: point.size,
            parameters: [.init("bytes", point.size)], unit: .bytes, row: variant.row,
            ceiling: .copying(bytes: point.size), workingSet: 3 * point.size, disabled: variant.disabled,
            peers: hasPeer ? [Libcrypto.peer(way.libcryptoName)] : []
          ) {
            try EncodingWork(byteCount: point.size).contenders(row: variant.row, way, withPeer: hasPeer)
          }
        }
      }
    }
  }
}
