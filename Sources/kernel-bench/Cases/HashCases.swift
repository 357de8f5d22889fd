import BenchHarness
import Kernels

extension KernelCases {
  /// One message of several lengths, and batches, of every hash function.
  func hashes(_ context: CaseContext) -> [CaseSeries] {
    let (kilobyte, fourKilobytes) = (1 << 10, 4 << 10)
    return hash(
      context, SHA256.self, "sha256", libcrypto: "SHA256",
      batches: [(2...6, kilobyte), (16...16, fourKilobytes), (64...64, kilobyte)],
      ceilings: (.sha256Stream, .sha256Streams))
      + hash(context, SHA512.self, "sha512", libcrypto: "SHA512", batches: [(2...4, kilobyte), (8...8, fourKilobytes)])
      + hash(
        context, SHA3_256.self, "sha3-256", libcrypto: "SHA3-256", batches: [(2...4, kilobyte), (8...8, fourKilobytes)])
      + hash(
        context, Insecure.SHA1.self, "sha1", libcrypto: "SHA1", batches: [(2...2, kilobyte), (16...16, fourKilobytes)])
      + hash(
        context, Insecure.MD5.self, "md5", libcrypto: "MD5", batches: [(2...2, kilobyte), (16...16, fourKilobytes)])
  }

  private func hash<Hash: BlockHash>(
    _ context: CaseContext, _: Hash.Type, _ series: String, libcrypto: String,
    batches: [(counts: ClosedRange<Int>, length: Int)], ceilings: (ComputeCeiling?, ComputeCeiling?) = (nil, nil)
  ) -> [CaseSeries] {
    let cases = HashCases<Hash>(context: context, series: series, libcrypto: libcrypto, ceilings: ceilings)
    return cases.streams() + cases.batches(batches)
  }
}

/// The cases of one function.
private struct HashCases<Hash: BlockHash> {
  let context: CaseContext
  let series: String
  /// libcrypto's name of the function.
  let libcrypto: String
  /// What the CPU's own instructions for it allow: one stream, and several.
  let ceilings: (ComputeCeiling?, ComputeCeiling?)

  /// Whether another library hashes messages side by side.
  private var multiBuffer: Bool { Hash.self == SHA256.self }
  private var multiBufferPeer: Peer { MultiBufferPeer.found?.peer ?? MultiBufferPeer.absent }

  private var rows: [(name: StaticString, requires: CPUFeatures)] { Hash.Kernel.all.map { ($0.name, $0.requires) } }

  func streams() -> [CaseSeries] {
    context.variants(rows).map { variant in
      var points: [CaseSeries.Point] = [
        .init(8, label: "8B"), .init(64, label: "64B"), .init(1 << 10, label: "1KiB"), .init(16 << 10, label: "16KiB"),
        .init(1 << 20, label: "1MiB"), .init(64 << 20, label: "64MiB", isLong: true),
      ]
      if let input = context.input { points.append(.init(input.bytes.count, label: "input")) }
      return CaseSeries(name: series, suffix: variant.suffix, points: points, workingSet: { $0 }) { point, name in
        let input = point.label == "input" ? context.input : nil
        return BenchmarkCase(
          name: name, series: "\(series)\(variant.suffix)", size: point.size,
          parameters: [.init("bytes", point.size)] + (input.map { [.init("file", $0.path)] } ?? []), unit: .bytes,
          row: variant.row, ceiling: ceiling(ceilings.0, variant), workingSet: point.size,
          disabled: variant.disabled, peers: context.kernelAlone ? [] : Libcrypto.digestPeers
        ) {
          let work = HashWork<Hash>(libcrypto: libcrypto, lengths: [point.size], content: input?.bytes)
          return try work.contenders(row: variant.row, alone: context.kernelAlone) { work.hashOne($0) }
        }
      }
    }
  }

  /// Batches of equal messages, and one of 64 with lengths between 100 B and 64 KiB.
  func batches(_ equal: [(counts: ClosedRange<Int>, length: Int)]) -> [CaseSeries] {
    var random = SplitMix64(seed: 64)
    let ragged = (0..<64).map { _ in Int.random(in: 100...64 << 10, using: &random) }
    return equal.flatMap { item in
      item.counts.flatMap { count in
        batch(
          .init(count, label: "\(count)x\(item.length >> 10)KiB"), lengths: Array(repeating: item.length, count: count))
      }
    } + batch(.init(ragged.count, label: "ragged64"), lengths: ragged)
  }

  private func batch(_ point: CaseSeries.Point, lengths: [Int]) -> [CaseSeries] {
    // Rows that take as few streams, and the loop over one stream where none does.
    let lanes = Hash.Lanes.all.filter { $0.minimumLive <= lengths.count }.map { ($0.name, $0.requires) }
    let bytes = lengths.reduce(0, +)
    return context.variants(lanes + rows).map { variant in
      CaseSeries(name: "\(series)-batch", suffix: variant.suffix, points: [point]) { point, name in
        BenchmarkCase(
          name: name, series: name, size: point.size,
          parameters: [.init("messages", lengths.count), .init("bytes", bytes)], unit: .bytes, row: variant.row,
          ceiling: ceiling(ceilings.1, variant), workingSet: bytes, disabled: variant.disabled,
          peers: context.kernelAlone ? [] : Libcrypto.digestPeers + (multiBuffer ? [multiBufferPeer] : [])
        ) {
          let work = HashWork<Hash>(libcrypto: libcrypto, lengths: lengths, content: nil)
          return try work.contenders(
            row: variant.row, alone: context.kernelAlone, multiBuffer: multiBuffer ? MultiBufferPeer.found : nil
          ) { work.hashBatch($0) }
        }
      }
    }
  }

  /// The limit of the CPU's own instructions holds for the rows that use them, and for no other.
  private func ceiling(_ ceiling: ComputeCeiling?, _ variant: RowVariant) -> BenchmarkCase.CeilingChoice {
    if let ceiling, variant.requires.withNeeds.isSuperset(of: ceiling.requires) { return .loop(ceiling) }
    return .none(reason: "no limit is measured for this hash without the CPU's instructions for it")
  }
}
