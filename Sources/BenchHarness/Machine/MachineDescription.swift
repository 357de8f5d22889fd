import CKernels
import CMachineCeilings
import Kernels

/// What the figures were measured on.
package struct MachineDescription: Hashable, Codable, Sendable {
  package let cpu: String
  package let architecture: String
  package let featuresDetected: String
  /// Without those that are masked.
  package let featuresActive: String
  package let caches: CacheTopology
  /// CPUs that the scheduler may use, and the quota of the tightest cgroup in whole CPUs, where there is one.
  package let affinity: Int
  package let quota: Int?
  /// Version of the operating system's kernel.
  package let system: String

  /// - Parameter cpu: the CPU whose caches are described.
  package static func current() -> MachineDescription {
    MachineDescription(
      cpu: cpuName() ?? "unknown", architecture: architecture,
      featuresDetected: CPUFeatures.detected.description, featuresActive: CPUFeatures.current.description,
      caches: .current(), affinity: CPUQuota.affinity, quota: CPUQuota.cgroup,
      system: SystemFile.text("/proc/sys/kernel/osrelease").map { "Linux \($0)" } ?? "unknown")
  }

  /// Features that the CPU has and the process may not use.
  package var featuresMasked: [Substring] {
    let active = featuresActive.split(separator: ",")
    return featuresDetected.split(separator: ",").filter { !active.contains($0) }
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  /// CPUID's brand string; on other architectures what Linux knows, at worst implementer and part of the MIDR register.
  private static func cpuName() -> String? {
    #if arch(x86_64)
      var bytes: [UInt8] = []
      for leaf: UInt32 in 0x8000_0002...0x8000_0004 {
        let r = ck_cpuid(leaf, 0)
        for word in [r.eax, r.ebx, r.ecx, r.edx] {
          for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
        }
      }
      let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      let name = text.split(separator: " ").joined(separator: " ")
      return name.isEmpty ? nil : name
    #else
      let lines = SystemFile.text("/proc/cpuinfo")?.split(separator: "\n") ?? []
      func field(_ name: String) -> String? {
        lines.first { $0.hasPrefix(name) }?.split(separator: ":", maxSplits: 1).last.map {
          $0.drop { $0 == " " }.description
        }
      }
      if let name = field("model name") { return name }
      guard let implementer = field("CPU implementer"), let part = field("CPU part") else { return nil }
      return "implementer \(implementer) part \(part)"
    #endif
  }
}

/// How this program was built.
package struct BuildDescription: Hashable, Codable, Sendable {
  /// Of the package.
  package let version: String
  package let swift: String
  package let c: String
  package let configuration: String

  /// - Parameter version: the package's.
  package static func current(version: String) -> BuildDescription {
    BuildDescription(
      version: version, swift: swiftVersion, c: unsafe String(cString: cm_compiler()),
      configuration: isOptimised ? "release" : "debug")
  }

  /// Whether the harness was compiled with optimisation; kernels without it say nothing about speed.
  package static var isOptimised: Bool {
    var optimised = true
    // The condition of an assertion is evaluated without optimisation alone.
    func notOptimised() -> Bool {
      optimised = false
      return true
    }
    assert(notOptimised())
    return optimised
  }

  private static var swiftVersion: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
