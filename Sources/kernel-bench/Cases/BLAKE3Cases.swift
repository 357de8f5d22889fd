import BenchHarness
import Kernels

extension KernelCases {
  /// One message of several lengths, and batches of short ones.
  func blake3(_ context: CaseContext) -> [CaseSeries] {
    let peers = context.kernelAlone ? [] : [BLAKE3Peer.found]
    return context.variants(BLAKE3Kernel.all.map { ($0.name, $0.requires) }).flatMap { variant in
      let one: [CaseSeries.Point] = [
        .init(8, label: "8B"), .init(64, label: "64B"), .init(1 << 10, label: "1KiB"), .init(16 << 10, label: "16KiB"),
        .init(1 << 20, label: "1MiB"), .init(64 << 20, label: "64MiB", isLong: true),
      ]
      let several: [CaseSeries.Point] = [.init(64, label: "64x64B"), .init(1000, label: "64x1000B")]
      return [("blake3", one, 1), ("blake3-batch", several, 64)].map { series, points, count in
        CaseSeries(name: series, suffix: variant.suffix, points: points, workingSet: { $0 * count }) { point, name in
          BenchmarkCase(
            name: name, series: "\(series)\(variant.suffix)", size: point.size,
            parameters: [.init("messages", count), .init("bytes", point.size * count)], unit: .bytes, row: variant.row,
            ceiling: .none(reason: "no limit is measured for BLAKE3"), workingSet: point.size * count,
            disabled: variant.disabled, peers: peers.map(\.peer)
          ) {
            try BLAKE3Work(count: count, length: point.size).contenders(row: variant.row, peers: peers)
          }
        }
      }
    }
  }
}

/// Equal messages one after the other, and their digests, by the kernel or the official implementation.
@safe
private final class BLAKE3Work {
  private let memory: UnsafeMutableRawBufferPointer
  private let digests: UnsafeMutableBufferPointer<BLAKE3.Digest>
  private let hasher = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 64)
  private let (count, length): (Int, Int)

  init(count: Int, length: Int) {
    (self.count, self.length) = (count, length)
    unsafe memory = .allocate(byteCount: count * length, alignment: 64)
    unsafe digests = .allocate(capacity: count)
    var random = SplitMix64(seed: UInt64(length))
    for i in unsafe memory.indices { unsafe memory[i] = UInt8(truncatingIfNeeded: random.next()) }
    unsafe digests.initialize(repeating: BLAKE3().finish())
  }

  deinit {
    unsafe memory.deallocate()
    unsafe digests.deallocate()
    unsafe hasher.deallocate()
  }

  private func kernel(_ iterations: Int) {
    let (bytes, digests) = unsafe (UnsafeRawBufferPointer(memory), digests.baseAddress!)
    if count == 1 {
      repeating(iterations) { unsafe digests.pointee = BLAKE3.hash(bytes) }
    } else {
      let messages = unsafe HashMessages.equal(start: bytes.baseAddress!, byteCount: length, count: count)
      repeating(iterations) { unsafe BLAKE3.hash(batch: messages, after: nil, into: digests) }
    }
  }

  private func peer(_ iterations: Int, _ peer: BLAKE3Peer) {
    let output = unsafe UnsafeMutableRawPointer(digests.baseAddress!).assumingMemoryBound(to: UInt8.self)
    repeating(iterations) {
      for i in 0..<count {
        let message = unsafe UnsafeRawBufferPointer(rebasing: memory[(length * i)..<(length * i + length)])
        unsafe peer.hash(message, memory: hasher, into: output + 32 * i)
      }
    }
  }

  /// The kernel and its peers, after each has given the same digests.
  func contenders(row: String, peers: [Result<BLAKE3Peer, BLAKE3Peer.Absence>]) throws -> [Contender] {
    let byteCount = Double(count * length)
    var contenders = [Contender(row, role: .kernel, work: byteCount, body: kernel)]
    for case .success(let found) in peers {
      contenders.append(Contender(found.peer.name, role: .peer, work: byteCount) { self.peer($0, found) })
    }
    return try contenders.inAgreement { unsafe Array(digests) }
  }
}
