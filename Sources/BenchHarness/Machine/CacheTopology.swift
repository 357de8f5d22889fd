import Kernels

/// One cache of a CPU.
package struct Cache: Hashable, Codable, Sendable {
  package let level: Int
  package let kind: Kind
  package let bytes: Int
  /// Bytes of a line and lines of a set; nil where the system does not say.
  package let line: Int?
  package let ways: Int?
  /// CPUs that share it, as Linux lists them: "0-3,8".
  package let sharedBy: String?

  package enum Kind: String, Hashable, Codable, Sendable {
    case data, instruction, unified
  }
}

/// The caches of one CPU, and who said so.
package struct CacheTopology: Hashable, Codable, Sendable {
  package let caches: [Cache]
  package let source: String

  package init(caches: [Cache], source: String) { (self.caches, self.source) = (caches, source) }

  /// Linux `Documentation/ABI/testing/sysfs-devices-system-cpu`; where that is empty, as in some containers, CPUID's sizes.
  ///
  /// - Parameter root: prefix of `/sys`, for tests.
  package static func current(cpu: Int = 0, root: String = "") -> CacheTopology {
    let directory = "\(root)/sys/devices/system/cpu/cpu\(cpu)/cache"
    let caches = SystemFile.names(in: directory).filter { $0.hasPrefix("index") }.compactMap {
      cache(directory + "/" + $0)
    }
    if !caches.isEmpty { return CacheTopology(caches: caches, source: "sysfs") }

    let sizes = CacheSizes.current
    let levels = [(1, Cache.Kind.data, sizes.l1), (2, .unified, sizes.l2), (3, .unified, sizes.l3)]
    return CacheTopology(
      caches: levels.map { Cache(level: $0.0, kind: $0.1, bytes: $0.2, line: nil, ways: nil, sharedBy: nil) },
      source: "cpuid")
  }

  /// Bytes of the cache that holds data at `level`, or nil.
  package func dataBytes(level: Int) -> Int? {
    caches.first { $0.level == level && $0.kind != .instruction }?.bytes
  }

  /// Bytes of a line of the first cache; 64 where the system does not say, which almost every CPU has.
  package var line: Int { caches.first { $0.level == 1 }?.line ?? 64 }

  private static func cache(_ directory: String) -> Cache? {
    func text(_ name: String) -> String? { SystemFile.text(directory + "/" + name) }
    guard
      let level = text("level").flatMap({ Int($0) }),
      let kind = text("type").flatMap({ Cache.Kind(rawValue: $0.lowercased()) }),
      let bytes = text("size").flatMap(size)
    else { return nil }
    return Cache(
      level: level, kind: kind, bytes: bytes, line: text("coherency_line_size").flatMap { Int($0) },
      ways: text("ways_of_associativity").flatMap { Int($0) }, sharedBy: text("shared_cpu_list"))
  }

  /// "32K" and "1M" as sysfs writes them.
  static func size(_ text: String) -> Int? {
    let shift = text.hasSuffix("K") ? 10 : text.hasSuffix("M") ? 20 : 0
    guard let number = Int(shift == 0 ? text[...] : text.dropLast()), number > 0 else { return nil }
    return number << shift
  }
}
