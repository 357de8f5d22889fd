import BenchHarness
import Kernels

extension KernelCases {
  /// One message of several lengths.
  func checksums(_ context: CaseContext) -> [CaseSeries] {
    crc(context, CRC32.self, "crc32", peers: ChecksumPeer.crc32)
      + crc(context, CRC32C.self, "crc32c", peers: ChecksumPeer.crc32c)
      + crc(context, CRC64NVME.self, "crc64nvme", peers: ChecksumPeer.crc64nvme)
  }

  private func crc<Code: ReflectedCRC>(
    _ context: CaseContext, _: Code.Type, _ series: String, peers: @autoclosure () -> [ChecksumPeer]
  ) -> [CaseSeries] {
    checksum(context, Code.self, rows: Code.kernels.map { ($0.name, $0.requires) }, series, peers: peers())
  }

  /// - Parameter rows: the table, best first.
  func checksum<Code: Checksum>(
    _ context: CaseContext, _: Code.Type, rows: [(name: StaticString, requires: CPUFeatures)], _ series: String,
    peers: @autoclosure () -> [ChecksumPeer]
  ) -> [CaseSeries] {
    let peers = context.kernelAlone ? [] : peers()
    return context.variants(rows).map { variant in
      let points: [CaseSeries.Point] = [
        .init(8, label: "8B"), .init(64, label: "64B"), .init(1 << 10, label: "1KiB"), .init(64 << 10, label: "64KiB"),
        .init(1 << 20, label: "1MiB"), .init(64 << 20, label: "64MiB", isLong: true),
      ]
      return CaseSeries(name: series, suffix: variant.suffix, points: points, workingSet: { $0 }) { point, name in
        BenchmarkCase(
          name: name, series: "\(series)\(variant.suffix)", size: point.size, parameters: [.init("bytes", point.size)],
          unit: .bytes, row: variant.row, ceiling: .reading(bytes: point.size), workingSet: point.size,
          disabled: variant.disabled, peers: peers.map(\.peer)
        ) {
          try ChecksumWork(byteCount: point.size).contenders(row: variant.row, Code.self, peers: peers)
        }
      }
    }
  }
}

/// Bytes in memory and their checksum, by the kernel or another library.
@safe
final class ChecksumWork {
  let bytes: UnsafeRawBufferPointer
  var checksum: UInt64 = 0

  init(byteCount: Int) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    var random = SplitMix64(seed: UInt64(byteCount))
    for i in memory.indices { unsafe memory[i] = UInt8(truncatingIfNeeded: random.next()) }
    unsafe bytes = UnsafeRawBufferPointer(memory)
  }

  deinit { unsafe bytes.deallocate() }

  /// The kernel and its peers, after each has given the same checksum, but for those whose checksum is another one.
  func contenders<Code: Checksum>(row: String, _: Code.Type, peers: [ChecksumPeer]) throws -> [Contender] {
    let byteCount = unsafe Double(bytes.count)
    var contenders = [
      Contender(row, role: .kernel, work: byteCount) { iterations in
        let bytes = unsafe self.bytes
        var value = Code.Value.zero
        repeating(iterations) { value = unsafe Code.checksum(of: bytes) }
        self.checksum = UInt64(value)
      }
    ]
    var others: [Contender] = []
    for peer in peers {
      guard let batch = peer.batch else { continue }
      let contender = Contender(peer.peer.name, role: .peer, work: byteCount) { batch($0, self) }
      if peer.isSameChecksum { contenders.append(contender) } else { others.append(contender) }
    }
    return try contenders.inAgreement { checksum } + others
  }
}
