import BenchHarness
import Kernels

extension Catalogue {
  /// One message of several lengths, and batches.
  func sha256() -> [BenchmarkCase] { sha256Streams() + sha256Batches() }

  private func sha256Streams() -> [BenchmarkCase] {
    let variants = variants(SHA256Kernel.all.map { ($0.name, $0.requires) })
    var streams: [(name: String, bytes: Int, content: [UInt8]?)] = [
      ("64B", 64, nil), ("1KiB", 1 << 10, nil), ("16KiB", 16 << 10, nil), ("1MiB", 1 << 20, nil),
    ]
    if let input { streams.append(("input", input.bytes.count, input.bytes)) }
    return streams.flatMap { stream in
      variants.map { variant in
        var parameters: [BenchmarkCase.Parameter] = [.init("bytes", stream.bytes)]
        if stream.content != nil, let input { parameters.append(.init("file", input.path)) }
        return BenchmarkCase(
          name: "sha256/\(stream.name)\(variant.suffix)", parameters: parameters, unit: .bytes, row: variant.row,
          ceiling: ceiling(.sha256Stream, variant), disabled: variant.disabled, peers: SHA256Messages.peers
        ) {
          let messages = SHA256Messages(lengths: [stream.bytes], content: stream.content)
          return try messages.contenders(row: variant.row) { messages.hashOne($0) }
        }
      }
    }
  }

  private func sha256Batches() -> [BenchmarkCase] {
    var random = SplitMix64(seed: 64)
    var batches: [(name: String, lengths: [Int])] = (2...6).map { ("\($0)x1KiB", Array(repeating: 1 << 10, count: $0)) }
    batches.append(("16x4KiB", Array(repeating: 4 << 10, count: 16)))
    batches.append(("ragged64", (0..<64).map { _ in Int.random(in: 100...64 << 10, using: &random) }))
    return batches.flatMap { batch in
      // Rows that take as few streams, and the loop over one stream where none does.
      let rows = SHA256LanesKernel.all.filter { $0.minimumLive <= batch.lengths.count }.map { ($0.name, $0.requires) }
      return variants(rows + SHA256Kernel.all.map { ($0.name, $0.requires) }).map { variant in
        BenchmarkCase(
          name: "sha256-batch/\(batch.name)\(variant.suffix)",
          parameters: [.init("messages", batch.lengths.count), .init("bytes", batch.lengths.reduce(0, +))],
          unit: .bytes, row: variant.row, ceiling: ceiling(.sha256Streams, variant), disabled: variant.disabled,
          peers: SHA256Messages.peers
        ) {
          let messages = SHA256Messages(lengths: batch.lengths, content: nil)
          return try messages.contenders(row: variant.row) { messages.hashBatch($0) }
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
