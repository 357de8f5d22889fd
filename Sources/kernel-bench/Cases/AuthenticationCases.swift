import BenchHarness
import Kernels

extension KernelCases {
  /// HMAC-SHA256 with a key that is kept, of one message and of batches; and HKDF-SHA256.
  func authentication(_ context: CaseContext) -> [CaseSeries] {
    hmac(context) + hmacBatches(context) + hkdf(context)
  }

  private var rows: [(name: StaticString, requires: CPUFeatures)] { SHA256Kernel.all.map { ($0.name, $0.requires) } }
  private var noCeiling: BenchmarkCase.CeilingChoice { .none(reason: "no limit is measured for HMAC and HKDF") }

  private func hmac(_ context: CaseContext) -> [CaseSeries] {
    context.variants(rows).map { variant in
      let points: [CaseSeries.Point] = [
        .init(32, label: "32B"), .init(64, label: "64B"), .init(1 << 10, label: "1KiB"),
      ]
      return CaseSeries(name: "hmac-sha256", suffix: variant.suffix, points: points) { point, name in
        BenchmarkCase(
          name: name, series: "hmac-sha256\(variant.suffix)", size: point.size,
          parameters: [.init("bytes", point.size)],
          unit: .bytes, row: variant.row, ceiling: noCeiling, workingSet: point.size, disabled: variant.disabled,
          peers: context.kernelAlone ? [] : Libcrypto.authenticationPeers
        ) {
          let work = AuthenticationWork(count: 1, length: point.size)
          return try work.contenders(row: variant.row, alone: context.kernelAlone) { work.authenticateOne($0) }
        }
      }
    }
  }

  private func hmacBatches(_ context: CaseContext) -> [CaseSeries] {
    [(16, 32), (64, 256)].flatMap { count, length in
      let lanes = SHA256LanesKernel.all.filter { $0.minimumLive <= count }.map { ($0.name, $0.requires) }
      return context.variants(lanes + rows).map { variant in
        let point = CaseSeries.Point(count, label: "\(count)x\(length)B")
        return CaseSeries(name: "hmac-sha256-batch", suffix: variant.suffix, points: [point]) { point, name in
          BenchmarkCase(
            name: name, series: name, size: point.size,
            parameters: [.init("messages", count), .init("bytes", count * length)], unit: .bytes, row: variant.row,
            ceiling: noCeiling, workingSet: count * length, disabled: variant.disabled,
            peers: context.kernelAlone ? [] : Libcrypto.authenticationPeers
          ) {
            let work = AuthenticationWork(count: count, length: length)
            return try work.contenders(row: variant.row, alone: context.kernelAlone) { work.authenticateBatch($0) }
          }
        }
      }
    }
  }

  private func hkdf(_ context: CaseContext) -> [CaseSeries] {
    context.variants(rows).map { variant in
      CaseSeries(name: "hkdf-sha256", suffix: variant.suffix, points: [.init(32, label: "32B")]) { point, name in
        BenchmarkCase(
          name: name, series: "hkdf-sha256\(variant.suffix)", size: point.size,
          parameters: [.init("bytes", point.size)],
          unit: .bytes, row: variant.row, ceiling: noCeiling, workingSet: point.size, disabled: variant.disabled,
          peers: context.kernelAlone ? [] : [Libcrypto.peer("EVP_KDF")]
        ) {
          try DerivationWork(count: point.size).contenders(row: variant.row, alone: context.kernelAlone)
        }
      }
    }
  }
}
