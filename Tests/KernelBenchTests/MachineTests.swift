import BenchHarness
import Foundation
import Kernels
import Testing

@Suite struct CacheTopologyTests {
  let machine = Scratchpad()

  private func add(_ index: Int, level: Int, type: String, size: String) throws {
    let directory = "sys/devices/system/cpu/cpu3/cache/index\(index)"
    try machine.write("\(level)\n", to: directory + "/level")
    try machine.write("\(type)\n", to: directory + "/type")
    try machine.write("\(size)\n", to: directory + "/size")
    try machine.write("128\n", to: directory + "/coherency_line_size")
    try machine.write("12\n", to: directory + "/ways_of_associativity")
    try machine.write("3,7\n", to: directory + "/shared_cpu_list")
  }

  @Test func readsWhatLinuxSays() throws {
    try add(0, level: 1, type: "Data", size: "48K")
    try add(1, level: 1, type: "Instruction", size: "32K")
    try add(2, level: 2, type: "Unified", size: "2048K")
    try add(3, level: 3, type: "Unified", size: "260M")
    let topology = CacheTopology.current(cpu: 3, root: machine.root)
    #expect(topology.source == "sysfs")
    #expect(topology.caches.map(\.bytes) == [48 << 10, 32 << 10, 2 << 20, 260 << 20])
    #expect(topology.caches.map(\.kind) == [.data, .instruction, .unified, .unified])
    #expect(topology.caches[0].line == 128 && topology.caches[0].ways == 12 && topology.caches[0].sharedBy == "3,7")
    #expect(topology.dataBytes(level: 1) == 48 << 10)
    #expect(topology.dataBytes(level: 4) == nil)
  }

  @Test func fallsBackToTheCPU() {
    let topology = CacheTopology.current(root: machine.root)
    #expect(topology.source == "cpuid")
    #expect(topology.dataBytes(level: 1) == CacheSizes.current.l1)
    #expect(topology.dataBytes(level: 2) == CacheSizes.current.l2)
  }

  @Test func skipsWhatItCannotRead() throws {
    try add(0, level: 1, type: "Data", size: "many")
    try add(1, level: 1, type: "Trace", size: "32K")
    try add(2, level: 2, type: "Unified", size: "1M")
    #expect(CacheTopology.current(cpu: 3, root: machine.root).caches.map(\.level) == [2])
  }

  @Test func workingSetsLieInTheirLevels() throws {
    try add(0, level: 1, type: "Data", size: "32K")
    try add(1, level: 2, type: "Unified", size: "512K")
    try add(2, level: 3, type: "Unified", size: "32M")
    let sets = MemoryCeilings.workingSets(.current(cpu: 3, root: machine.root))
    #expect(sets.map(\.name) == ["L1", "L2", "L3", "DRAM"])
    #expect(sets.map(\.bytes) == [16 << 10, 256 << 10, 2 << 20, 128 << 20])
  }

  @Test func aMachineWithoutCachesHasMemory() {
    let sets = MemoryCeilings.workingSets(CacheTopology(caches: [], source: "none"))
    #expect(sets.map(\.name) == ["DRAM"])
  }
}

@Suite struct MachineTests {
  @Test func describesThisMachine() {
    let machine = MachineDescription.current()
    #expect(!machine.cpu.isEmpty)
    #expect(machine.affinity >= 1)
    #expect(!machine.caches.caches.isEmpty)
  }

  @Test func featuresWithTheirNeeds() {
    #expect(CPUFeatures.avx512f.withNeeds.isSuperset(of: [.avx2, .fma, .avx, .sse42, .ssse3]))
    #expect(!CPUFeatures.avx2.withNeeds.contains(.fma))
    #expect(CPUFeatures().withNeeds == [])
    for entry in CPUFeatures.entries { #expect(entry.feature.withNeeds.closed == entry.feature.withNeeds) }
  }

  @Test(arguments: FloatType.allCases) func theCeilingIsOfTheRowsInstructionSet(type: FloatType) throws {
    let all = ComputeCeiling.fma(type)
    for ceiling in all {
      #expect(ComputeCeiling.fma(type, features: ceiling.requires)?.name == ceiling.name)
    }
    #if arch(x86_64)
      #expect(ComputeCeiling.fma(type, features: [.avx2, .fma])?.requires == [.avx2, .fma])
      #expect(ComputeCeiling.fma(type, features: [])?.requires == [])
    #endif
  }

  /// Each loop that this CPU can run does work: its time grows with its iterations.
  @Test func ceilingsMeasure() throws {
    let all =
      FloatType.allCases.flatMap { ComputeCeiling.fma($0) } + [.amx, .sha256Stream, .sha256Streams].compactMap { $0 }
    for ceiling in all where CPUFeatures.current.isSuperset(of: ceiling.requires) {
      let body = ceiling.contender.body
      func time(_ iterations: Int) throws -> Double {
        try (0..<5).map { _ in try Clock.time { try body(iterations) } }.min() ?? 0
      }
      try body(10)
      let (short, long) = try (time(200), time(20_000))
      #expect(long > 5 * short, "\(ceiling.name)")
    }
  }

  @Test func copiesAsLimit() throws {
    let memory = try WorkingSet(bytes: 8 << 10)
    unsafe memset(memory.base + (4 << 10), 7, 4 << 10)
    let copy = MemoryCeilings.copying(memory, work: 4096)
    try copy.body(3)
    #expect(copy.name == "copy 4.00 KiB")
    #expect(unsafe UnsafeRawBufferPointer(start: memory.base, count: memory.bytes).allSatisfy { $0 == 7 })
    let work = BenchmarkCase(
      name: "copy", series: "copy", size: 1, parameters: [], unit: .bytes, row: "row", ceiling: .copying(bytes: 3000)
    ) { [Contender("row", role: .kernel, work: 3000) { _ in }] }
    let sampling = try work.sampling(.quick, .none)
    #expect(sampling.samples.map(\.role) == [Contender.Role.kernel, .ceiling])
  }

  @Test func memoryLevels() throws {
    let plan = Plan(sampleNanoseconds: 50_000, minimumRounds: 3, maximumRounds: 3, caseNanoseconds: 1e6)
    let level = try MemoryCeilings.measure(("L1", 16 << 10), line: 64, plan: plan, seed: 1)
    #expect(level.readBandwidth.median > 0.1)
    #expect(level.loadLatency.median > 0.1 && level.loadLatency.median < 1000)
  }
}

@Suite struct PeerSearchTests {
  let place = Scratchpad()

  @Test func findsLibrariesBelowDirectories() throws {
    try place.write("", to: "a/lib/python3.11/site-packages/scipy_openblas64/lib/libscipy_openblas64_.so")
    try place.write("", to: "a/lib/libmkl_rt.so.3")
    try place.write("", to: "a/lib/libmkl_core.so.3")
    try place.write("", to: "a/lib/libmkl_rt.a")
    try place.write("", to: "b/libopenblas.so.0")
    let search = PeerSearch(directories: ["b", "a", "absent"].map { place.path($0) })
    #expect(search.libraries(prefixes: ["libmkl_rt.so"]) == [place.path("a/lib/libmkl_rt.so.3")])
    #expect(
      search.libraries(prefixes: ["libopenblas", "libscipy_openblas"]) == [
        place.path("b/libopenblas.so.0"),
        place.path("a/lib/python3.11/site-packages/scipy_openblas64/lib/libscipy_openblas64_.so"),
      ])
    #expect(search.libraries(prefixes: ["libblis"]).isEmpty)
  }

  @Test func linksThatGoRoundEnd() throws {
    try place.write("", to: "lib/libblis.so.4")
    try FileManager.default.createSymbolicLink(atPath: place.path("lib/loop"), withDestinationPath: "..")
    let found = PeerSearch(directories: [place.root]).libraries(prefixes: ["libblis"])
    #expect(found.first == place.path("lib/libblis.so.4"))
  }
}
