import BenchHarness
import Kernels

extension KernelCases {
  /// One message of several lengths, and batches.
  func sha256(_ context: CaseContext) -> [CaseSeries] { sha256Streams(context) + sha256Batches(context) }

  private func sha256Streams(_ context: CaseContext) -> [CaseSeries] {
    context.variants(SHA256Kernel.all.map { ($0.name, $0.requires) }).map { variant in
      var points: [CaseSeries.Point] = [
        .init(64, label: "64B"), .init(1 << 10, label: "1KiB"), .init(16 << 10, label: "16KiB"),
        .init(1 << 20, label: "1MiB"),
      ]
      if let input = context.input { points.append(.init(input.bytes.count, label: "input")) }
      return CaseSeries(name: "sha256", suffix: variant.suffix, points: points, workingSet: { $0 }) { point, name in
        let input = point.label == "input" ? context.input : nil
        return BenchmarkCase(
          name: name, series: "sha256\(variant.suffix)", size: point.size,
          parameters: [.init("bytes", point.size)] + (input.map { [.init("file", $0.path)] } ?? []), unit: .bytes,
          row: variant.row, ceiling: ceiling(.sha256Stream, variant), workingSet: point.size,
          disabled: variant.disabled, peers: context.withPeers ? SHA256Messages.peers : []
        ) {
          let messages = SHA256Messages(lengths: [point.size], content: input?.bytes)
          return try messages.contenders(row: variant.row, withPeers: context.withPeers) { messages.hashOne($0) }
        }
      }
    }
  }

  /// Batches of equal messages, and one of 64 with lengths between 100 B and 64 KiB.
  private func sha256Batches(_ context: CaseContext) -> [CaseSeries] {
    let equal: [(points: [CaseSeries.Point], length: Int)] = [
      ((2...6).map { .init($0, label: "\($0)x1KiB") }, 1 << 10), ([.init(16, label: "16x4KiB")], 4 << 10),
    ]
    var random = SplitMix64(seed: 64)
    let ragged = (0..<64).map { _ in Int.random(in: 100...64 << 10, using: &random) }
    return equal.flatMap { item in
      item.points.flatMap { point in
        sha256Batch(context, point, lengths: Array(repeating: item.length, count: point.size))
      }
    } + sha256Batch(context, .init(ragged.count, label: "ragged64"), lengths: ragged)
  }

  private func sha256Batch(_ context: CaseContext, _ point: CaseSeries.Point, lengths: [Int]) -> [CaseSeries] {
    // Rows that take as few streams, and the loop over one stream where none does.
    let rows = SHA256LanesKernel.all.filter { $0.minimumLive <= lengths.count }.map { ($0.name, $0.requires) }
    let bytes = lengths.reduce(0, +)
    return context.variants(rows + SHA256Kernel.all.map { ($0.name, $0.requires) }).map { variant in
      CaseSeries(name: "sha256-batch", suffix: variant.suffix, points: [point]) { point, name in
        BenchmarkCase(
          name: name, series: name, size: point.size,
          parameters: [.init("messages", lengths.count), .init("bytes", bytes)], unit: .bytes, row: variant.row,
          ceiling: ceiling(.sha256Streams, variant), workingSet: bytes, disabled: variant.disabled,
          peers: context.withPeers ? SHA256Messages.peers : []
        ) {
          let messages = SHA256Messages(lengths: lengths, content: nil)
          return try messages.contenders(row: variant.row, withPeers: context.withPeers) { messages.hashBatch($0) }
        }
      }
    }
  }

  /// The limit of the CPU's own SHA-256 instructions holds for the rows that use them, and for no other.
  private func ceiling(_ ceiling: ComputeCeiling?, _ variant: RowVariant) -> BenchmarkCase.CeilingChoice {
    if let ceiling, variant.requires.withNeeds.isSuperset(of: ceiling.requires) { return .loop(ceiling) }
    return .none(reason: "no limit is measured for SHA-256 without the CPU's instructions for it")
  }
}
