import Kernels

extension MachineDescription {
  /// Twelve hexadecimal digits that are the same for machines whose times may be compared: of the CPU, the features that a process
  /// may use, its caches and how many CPUs it may use. The operating system's version is not in it.
  package var fingerprint: String {
    let caches = caches.caches.map { "\($0.level) \($0.kind.rawValue) \($0.bytes)" }.sorted()
    let text = ([cpu, architecture, featuresActive] + caches + ["\(min(affinity, quota ?? affinity))"])
      .joined(separator: "\n")
    return unsafe Array(text.utf8).withUnsafeBytes { bytes in
      unsafe String(SHA256.hash(bytes).description.prefix(12))
    }
  }

  /// How another machine differs, in a few words; nil where the fingerprints are the same.
  package func difference(to other: MachineDescription) -> String? {
    if fingerprint == other.fingerprint { return nil }
    if cpu != other.cpu { return "\(other.cpu) there, \(cpu) here" }
    if featuresActive != other.featuresActive { return "other CPU features may be used there" }
    if caches != other.caches { return "its caches are others" }
    return "\(min(other.affinity, other.quota ?? other.affinity)) CPUs there, \(min(affinity, quota ?? affinity)) here"
  }
}
