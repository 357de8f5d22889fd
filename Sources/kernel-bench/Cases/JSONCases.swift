import BenchHarness
import Kernels

extension KernelCases {
  /// JSON: from the index to a document and back, and numbers both ways. Speed is of the text's bytes.
  func json(_ context: CaseContext) -> [CaseSeries] {
    JSONWork.Way.allCases.flatMap { way in
      let table: [(name: StaticString, requires: CPUFeatures)] =
        switch way {
        case .serialise: JSONCompactKernel.kernels.map { ($0.name, $0.requires) }
        case .numbersOut: JSONNumberKernel.kernels.map { ($0.name, $0.requires) }
        default: JSONIndexKernel.kernels.map { ($0.name, $0.requires) }
        }
      let rows = context.variants(table)
      let texts = way.isOfNumbers ? [JSONText.numbers] : JSONText.all
      let peers = context.kernelAlone ? [] : way.peers
      return rows.map { variant in
        let points = texts.map { CaseSeries.Point($0.byteCount, label: $0.label) }
        return CaseSeries(name: way.rawValue, suffix: variant.suffix, points: points, workingSet: { 2 * $0 }) {
          point, name in
          let text = texts.first { $0.label == point.label } ?? texts[0]
          return BenchmarkCase(
            name: name, series: "\(way.rawValue)\(variant.suffix)", size: point.size,
            parameters: [.init("bytes", point.size)], unit: .bytes, row: variant.row,
            ceiling: .copying(bytes: point.size), workingSet: 2 * point.size, disabled: variant.disabled,
            peers: peers
          ) {
            try JSONWork(text).contenders(row: variant.row, way, withPeers: !context.kernelAlone)
          }
        }
      }
    }
  }
}
