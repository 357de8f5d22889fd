import CMachineCeilings
import Kernels

/// What a level of the memory gives to one core.
package struct MemoryLevel: Hashable, Codable, Sendable {
  package let name: String
  /// Bytes of the working set that was read.
  package let workingSet: Int
  /// GB/s, by the widest loads.
  package let readBandwidth: Summary
  /// Nanoseconds from a load's issue to that of the one that needs its result.
  package let loadLatency: Summary
}

package enum MemoryCeilings {
  /// Working sets that lie in one level and not in the one above: half of a core's own cache; four times L2, and no more than
  /// half of L3, which other cores use too; for DRAM four times the last cache, at least 64 MiB and at most 512.
  package static func workingSets(_ caches: CacheTopology) -> [(name: String, bytes: Int)] {
    let sizes = (1...3).compactMap { level in caches.dataBytes(level: level).map { (level, $0) } }
    var result: [(name: String, bytes: Int)] = []
    var above = 0
    for (level, bytes) in sizes {
      var set = bytes / 2
      if level == 3 { set = min(set, 4 * above) }
      guard set > above else { continue }
      result.append(("L\(level)", set / 1024 * 1024))
      above = bytes
    }
    result.append(("DRAM", min(max(4 * above, 64 << 20), 512 << 20) / 1024 * 1024))
    return result
  }

  /// Reads and chases through one level. Both in rounds, so that drift shows in the spread.
  package static func measure(
    _ level: (name: String, bytes: Int), line: Int, plan: Plan, seed: UInt64
  ) throws -> MemoryLevel {
    let memory = try WorkingSet(bytes: level.bytes)
    var random = SplitMix64(seed: seed)
    memory.makeChain(line: line, using: &random)
    let steps = 64
    let chase = chasing(memory, steps: steps)
    // A turn of the whole chain in steady state, so that every line comes to its place; then where the last one ended.
    try chase.body((memory.bytes / line + steps - 1) / steps)

    // One after the other: in turn, reading would bring the lines that chasing then finds.
    let read = try Sampling.sideBySide([reading(memory)], plan: plan, seed: seed)[0]
    let chased = try Sampling.sideBySide([chase], plan: plan, seed: seed)[0]
    return MemoryLevel(
      name: level.name, workingSet: memory.bytes, readBandwidth: Summary(read.speeds),
      loadLatency: Summary(chased.nanoseconds.map { $0 / Double(steps) }))
  }

  /// Every byte once an iteration, by the widest loads.
  static func reading(_ memory: WorkingSet) -> Contender {
    let read = unsafe reader(for: .current)
    return Contender("read", role: .ceiling, work: Double(memory.bytes)) {
      unsafe read(memory.base, memory.bytes, UInt64($0))
    }
  }

  /// The same as the limit of a case: a call of it does `work`, and must read all of the memory.
  static func reading(_ memory: WorkingSet, work: Double) -> Contender {
    Contender("read \(Format.bytes(Double(memory.bytes)))", role: .ceiling, work: work, body: reading(memory).body)
  }

  /// The limit of a case whose call does `work`, and must write at least half of the memory while it reads the other half.
  package static func copying(_ memory: WorkingSet, work: Double) -> Contender {
    let copy = unsafe copier(for: .current)
    let half = memory.bytes / 2
    return Contender("copy \(Format.bytes(Double(half)))", role: .ceiling, work: work) {
      unsafe copy(memory.base, memory.base + half, half, UInt64($0))
    }
  }

  /// `steps` links of the chain an iteration, from where the last one ended. The memory must hold a chain.
  static func chasing(_ memory: WorkingSet, steps: Int) -> Contender {
    var address = unsafe UnsafeRawPointer(memory.base)
    return Contender("chase", role: .ceiling, work: Double(steps)) { iterations in
      // Named here, so that the memory lives as long as what walks through it.
      withExtendedLifetime(memory) { unsafe address = cm_chase(address, UInt64(iterations * steps)) }
    }
  }

  /// The widest loads that `features` allow.
  @unsafe
  private static func reader(for features: CPUFeatures) -> (UnsafeRawPointer, Int, UInt64) -> Void {
    #if arch(x86_64)
      if features.contains(.avx512f) { return { unsafe _ = cm_read_avx512f($0, $1, $2) } }
      if features.contains(.avx2) { return { unsafe _ = cm_read_avx2($0, $1, $2) } }
      return { unsafe _ = cm_read_sse2($0, $1, $2) }
    #elseif arch(arm64)
      return { unsafe _ = cm_read_neon($0, $1, $2) }
    #else
      #error("the machine's ceilings need loops for this architecture")
    #endif
  }

  /// The widest loads and stores that `features` allow.
  @unsafe
  private static func copier(
    for features: CPUFeatures
  ) -> (UnsafeMutableRawPointer, UnsafeRawPointer, Int, UInt64) -> Void {
    #if arch(x86_64)
      if features.contains(.avx512f) { return { unsafe cm_copy_avx512f($0, $1, $2, $3) } }
      if features.contains(.avx2) { return { unsafe cm_copy_avx2($0, $1, $2, $3) } }
      return { unsafe cm_copy_sse2($0, $1, $2, $3) }
    #elseif arch(arm64)
      return { unsafe cm_copy_neon($0, $1, $2, $3) }
    #else
      #error("the machine's ceilings need loops for this architecture")
    #endif
  }
}
