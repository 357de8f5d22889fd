import CMachineCeilings
package import Kernels

/// A limit of the machine's execution units, measured in registers alone.
package struct ComputeCeiling: Sendable {
  /// "f32 FMA avx2".
  package let name: String
  package let requires: CPUFeatures
  package let unit: BenchmarkCase.Unit
  /// Operations or bytes of one iteration.
  package let work: Double
  /// Does its argument's number of iterations.
  let body: @Sendable (UInt64) -> Void

  /// As a contender: each sample shows the machine's limit at that moment.
  package var contender: Contender {
    let body = body
    return Contender(name, role: .ceiling, work: work) { body(UInt64($0)) }
  }
}

// MARK: - Multiply-add

/// Element types with a multiply-add ceiling.
package enum FloatType: String, CaseIterable, Sendable {
  case f32, f64
}

extension ComputeCeiling {
  /// The best multiply-add ceiling for code that may use `features` alone.
  package static func fma(_ type: FloatType, features: CPUFeatures) -> ComputeCeiling? {
    fma(type).first { features.withNeeds.isSuperset(of: $0.requires) }
  }

  /// One an instruction set, best first.
  package static func fma(_ type: FloatType) -> [ComputeCeiling] {
    typealias Loop = @Sendable @convention(c) (UInt64) -> Double
    func row(_ operation: String, _ requires: CPUFeatures, bits: Int, f32: Loop, f64: Loop) -> ComputeCeiling {
      let lanes = bits / (type == .f32 ? 32 : 64)
      let loop = type == .f32 ? f32 : f64
      return ComputeCeiling(
        name: "\(type.rawValue) \(operation)", requires: requires, unit: .flops,
        work: Double(2 * lanes * CM_FMA_PER_STEP)
      ) { _ = loop($0) }
    }
    #if arch(x86_64)
      return [
        row("FMA avx512f", .avx512f, bits: 512, f32: cm_f32_fma_avx512f, f64: cm_f64_fma_avx512f),
        row("FMA avx2", [.avx2, .fma], bits: 256, f32: cm_f32_fma_avx2, f64: cm_f64_fma_avx2),
        row("mul+add sse2", [], bits: 128, f32: cm_f32_fma_sse2, f64: cm_f64_fma_sse2),
      ]
    #elseif arch(arm64)
      return [row("FMA neon", .neon, bits: 128, f32: cm_f32_fma_neon, f64: cm_f64_fma_neon)]
    #else
      return []
    #endif
  }

  /// The tile unit with bfloat16 operands, two by two accumulators.
  package static var amx: ComputeCeiling? {
    #if arch(x86_64)
      ComputeCeiling(
        name: "bf16 AMX 2x2 tiles", requires: [.amxTile, .amxBF16], unit: .flops,
        work: Double(CM_AMX_OPERATIONS_PER_STEP)
      ) { _ = cm_bf16_amx($0) }
    #else
      nil
    #endif
  }
}

// MARK: - SHA-256

extension ComputeCeiling {
  /// The rounds of one stream, each of which waits for the one before, by the CPU's instructions for them.
  package static var sha256Stream: ComputeCeiling? {
    #if arch(x86_64)
      ComputeCeiling(name: "SHA-256 one chain", requires: [.sha, .sse41], unit: .bytes, work: 64) {
        _ = cm_sha256_chain_shani($0)
      }
    #elseif arch(arm64)
      ComputeCeiling(name: "SHA-256 one chain", requires: .sha2, unit: .bytes, work: 64) {
        _ = cm_sha256_chain_sha2($0)
      }
    #else
      nil
    #endif
  }

  /// The rounds and message schedules of four streams side by side: as many as the units take.
  package static var sha256Streams: ComputeCeiling? {
    #if arch(x86_64)
      ComputeCeiling(name: "SHA-256 four chains", requires: [.sha, .sse41], unit: .bytes, work: 4 * 64) {
        _ = cm_sha256_chains_shani(4 * $0)
      }
    #elseif arch(arm64)
      ComputeCeiling(name: "SHA-256 four chains", requires: .sha2, unit: .bytes, work: 4 * 64) {
        _ = cm_sha256_chains_sha2(4 * $0)
      }
    #else
      nil
    #endif
  }
}

extension CPUFeatures {
  /// This set with all that its features stand on: a CPU with AVX-512 has AVX2.
  package var withNeeds: CPUFeatures {
    var result = self
    // Each entry comes after what it needs, so that one pass from the end is enough.
    for entry in Self.entries.reversed() where result.contains(entry.feature) { result.formUnion(entry.needs) }
    return result
  }
}
