#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The working sets of a sweep.
package enum SweepSizes {
  package static let least = 4 << 10

  /// From 4 KiB, `steps` an octave, to `most`, or to twice the last cache and at least 64 MiB; never more than an eighth of
  /// the memory that is to be had, because a sweep holds several sizes at once.
  ///
  /// - Parameter most: bytes, nil where the caches decide.
  /// - Throws: ``BenchError`` when nothing is between the ends.
  package static func workingSets(
    caches: CacheTopology, steps: Int, most: Int?, available: Int? = availableMemory()
  ) throws(BenchError) -> [Int] {
    guard 1...16 ~= steps else { throw BenchError("--steps \(steps) is not within 1...16; 2 is usual") }
    let last = (1...4).compactMap { caches.dataBytes(level: $0) }.max() ?? 0
    let end = min(most ?? max(2 * last, 64 << 20), (available ?? 1 << 30) / 8)
    guard end >= 2 * least else {
      throw BenchError("a sweep from 4 KiB to \(Format.bytes(Double(end))) has no steps; give it 8K or more with --to")
    }
    let octaves = log2(Double(end) / Double(least))
    let count = Int((octaves * Double(steps)).rounded(.down))
    return (0...count).map { step in
      // Whole KiB, so that every loop over memory takes it.
      Int((Double(least) * exp2(Double(step) / Double(steps)) / 1024).rounded()) * 1024
    }
  }

  /// Bytes that the system says can be had without swapping, within the limit of this process's cgroup (version 2); nil
  /// where it does not say (Linux `Documentation/filesystems/proc.rst`, MemAvailable).
  package static func availableMemory(root: String = "") -> Int? {
    let lines = SystemFile.text(root + "/proc/meminfo")?.split(separator: "\n") ?? []
    let words = lines.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ") ?? []
    guard words.count >= 2, let kibibytes = Int(words[1]) else { return nil }
    let limit = SystemFile.text(root + "/sys/fs/cgroup/memory.max").flatMap { Int($0) }
    let used = SystemFile.text(root + "/sys/fs/cgroup/memory.current").flatMap { Int($0) } ?? 0
    return min(kibibytes << 10, limit.map { max(0, $0 - used) } ?? .max)
  }

  /// "64M", "256K", "4096": bytes.
  package static func bytes(_ text: String) throws(BenchError) -> Int {
    guard let bytes = CacheTopology.size(text.uppercased()) else {
      throw BenchError("\"\(text)\" is no size; write bytes, or KiB or MiB as 256K or 64M")
    }
    return bytes
  }
}
