import BenchHarness
import KernelBenchmark
import Kernels

extension KernelCases {
  /// The checksums of an upload in one pass, beside the slowest of them alone; and of a file.
  func uploads(_ context: CaseContext) -> [CaseSeries] { onePass(context) + [file(context)] }

  private func onePass(_ context: CaseContext) -> [CaseSeries] {
    let choices: [(name: String, kinds: UploadChecksums.Kinds, slowest: UploadChecksums.Kinds)] = [
      ("upload-sha256-crc64nvme", [.sha256, .crc64NVME], .sha256),
      ("upload-sha256-crc64nvme-md5", [.sha256, .crc64NVME, .md5], .md5),
    ]
    return choices.map { choice in
      CaseSeries(
        name: choice.name, points: [.init(64 << 10, label: "64KiB"), .init(8 << 20, label: "8MiB")], workingSet: { $0 }
      ) { point, name in
        BenchmarkCase(
          name: name, series: choice.name, size: point.size, parameters: [.init("bytes", point.size)], unit: .bytes,
          row: "one pass", ceiling: .none(reason: "the slowest checksum alone, beside it, is the limit"),
          workingSet: point.size, peers: context.kernelAlone ? [] : [Self.alone(choice.slowest)]
        ) {
          let work = UploadWork(count: point.size)
          let bytes = Double(point.size)
          let kernel = Contender("one pass", role: .kernel, work: bytes) { work.sum(choice.kinds, $0) }
          if context.kernelAlone { return [kernel] }
          let slowest = Contender(Self.alone(choice.slowest).name, role: .peer, work: bytes) {
            choice.slowest == .sha256 ? work.hash(SHA256.self, $0) : work.hash(Insecure.MD5.self, $0)
          }
          return [kernel, slowest]
        }
      }
    }
  }

  /// SHA-256 of a file that is in the page cache, beside the same bytes in memory.
  private func file(_ context: CaseContext) -> CaseSeries {
    let row = SHA256Kernel.select(context.features).name.description
    let peers = context.kernelAlone ? [] : [Peer(name: "in memory", version: "of this package", library: "linked")]
    let points: [CaseSeries.Point] = [.init(64 << 20, label: "64MiB")]
    return CaseSeries(name: "sha256-file", suffix: "", points: points) { point, name in
      BenchmarkCase(
        name: name, series: "sha256-file", size: point.size, parameters: [.init("bytes", point.size)], unit: .bytes,
        row: row, ceiling: .none(reason: "the same bytes in memory, beside it, are the limit"), workingSet: point.size,
        peers: peers
      ) {
        let work = UploadWork(count: point.size)
        let file = try unsafe TemporaryFile(work.bytes)
        let bytes = Double(point.size)
        let kernel = Contender(row, role: .kernel, work: bytes) { try file.hash($0) }
        if context.kernelAlone { return [kernel] }
        return [kernel, Contender("in memory", role: .peer, work: bytes) { work.hash(SHA256.self, $0) }]
      }
    }
  }

  private static func alone(_ kind: UploadChecksums.Kinds) -> Peer {
    Peer(name: kind == .sha256 ? "SHA-256 alone" : "MD5 alone", version: "of this package", library: "linked")
  }
}

/// An upload's bytes.
@safe
private final class UploadWork {
  private let memory: UnsafeMutableRawBufferPointer

  init(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    unsafe memory = .allocate(byteCount: count, alignment: 64)
    for i in unsafe memory.indices { unsafe memory[i] = UInt8(truncatingIfNeeded: random.next()) }
  }

  deinit { unsafe memory.deallocate() }

  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(memory) }

  func sum(_ kinds: UploadChecksums.Kinds, _ iterations: Int) {
    let bytes = unsafe UnsafeRawBufferPointer(memory)
    repeating(iterations) {
      var checksums = UploadChecksums(kinds)
      unsafe checksums.update(bytes)
      blackHole(checksums)
    }
  }

  func hash<Hash: HashFunction>(_: Hash.Type, _ iterations: Int) {
    let bytes = unsafe UnsafeRawBufferPointer(memory)
    repeating(iterations) { unsafe blackHole(Hash.hash(bytes)) }
  }
}
