import Foundation
import Testing

@testable import BenchHarness

@Suite struct KneeFinderTests {
  static let caches = CacheTopology(
    caches: [(1, 32 << 10), (2, 512 << 10), (3, 32 << 20)].map {
      Cache(level: $0.0, kind: .data, bytes: $0.1, line: 64, ways: 8, sharedBy: nil)
    }, source: "test")

  /// 4 KiB to 128 MiB, two an octave.
  static let sizes = (0...30).map { Int(4096 * exp2(Double($0) / 2)) }

  /// Speeds of a machine with steps behind `knees`, and as much noise as `spread`.
  private static func speeds(behind knees: [Int], ratio: Double, spread: Double, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    return sizes.map { size in
      let level = 100 * pow(ratio, Double(knees.count { size > $0 }))
      // The sum of twelve uniform numbers is close to a normal distribution with a deviation of 1.
      let noise = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
      return level * (1 + spread * noise)
    }
  }

  @Test(arguments: [0.0, 0.02, 0.06]) func findsKneesInNoise(spread: Double) {
    for seed: UInt64 in 0..<20 {
      let speeds = Self.speeds(behind: [32 << 10, 512 << 10, 32 << 20], ratio: 0.55, spread: spread, seed: seed)
      let knees = KneeFinder.named(KneeFinder.knees(sizes: Self.sizes, speeds: speeds), by: Self.caches)
      #expect(knees.map(\.last) == [32 << 10, 512 << 10, 32 << 20], "seed \(seed)")
      #expect(knees.map(\.cache) == ["L1", "L2", "L3"])
      for knee in knees { #expect(abs(knee.ratio - 0.55) < 0.15) }
    }
  }

  @Test(arguments: [0.0, 0.03, 0.1]) func findsNoneWhereThereIsNone(spread: Double) {
    let found = (0..<50).count { seed in
      let speeds = Self.speeds(behind: [], ratio: 1, spread: spread, seed: UInt64(seed))
      return !KneeFinder.knees(sizes: Self.sizes, speeds: speeds).isEmpty
    }
    #expect(found <= 1)
  }

  @Test func risingIsNoKnee() {
    #expect(KneeFinder.knees(sizes: Self.sizes, speeds: Self.sizes.indices.map { 10 + 5 * Double($0) }).isEmpty)
  }

  /// A fall over two sizes is one knee, which begins where the level before ends.
  @Test func aWayDownIsOneKnee() throws {
    let speeds = Self.sizes.map { $0 <= 512 << 10 ? 100.0 : $0 <= 800 << 10 ? 70 : 40 }
    let knees = KneeFinder.knees(sizes: Self.sizes, speeds: speeds)
    #expect(knees.count == 1)
    let knee = try #require(knees.first)
    #expect(knee.last == 512 << 10 && knee.first == 1 << 20 && abs(knee.ratio - 0.4) < 0.01)
  }

  @Test func namesAreGivenOnceAndNearby() {
    func knee(_ bytes: Int) -> Knee { Knee(last: bytes, first: bytes, ratio: 0.5) }
    let knees = [30 << 10, 40 << 10, 150 << 10, 600 << 10, 6 << 20].map(knee)
    #expect(KneeFinder.named(knees, by: Self.caches).map(\.cache) == ["L1", nil, nil, "L2", "L3"])
    #expect(KneeFinder.named([knee(3 << 20)], by: Self.caches).map(\.cache) == [nil])
  }

  @Test func fewSizesAreNoTrouble() {
    #expect(KneeFinder.knees(sizes: [], speeds: []).isEmpty)
    #expect(KneeFinder.knees(sizes: [4096], speeds: [3]).isEmpty)
  }
}

@Suite struct SweepTests {
  @Test func workingSetsGoBeyondTheLastCache() throws {
    let sets = try SweepSizes.workingSets(caches: KneeFinderTests.caches, steps: 2, most: nil, available: 8 << 30)
    #expect(sets.first == 4096 && sets.last == 64 << 20 && sets.count == 29)
    #expect(sets == sets.sorted() && Set(sets).count == sets.count && sets.allSatisfy { $0 % 1024 == 0 })
    let small = try SweepSizes.workingSets(caches: KneeFinderTests.caches, steps: 2, most: nil, available: 64 << 20)
    #expect(small.last == 8 << 20)
    #expect(throws: BenchError.self) {
      try SweepSizes.workingSets(caches: KneeFinderTests.caches, steps: 0, most: nil, available: nil)
    }
  }

  @Test func memoryThatIsToBeHad() throws {
    let machine = Scratchpad()
    #expect(SweepSizes.availableMemory(root: machine.root) == nil)
    try machine.write("MemTotal: 100 kB\nMemAvailable:    2048 kB\n", to: "proc/meminfo")
    #expect(SweepSizes.availableMemory(root: machine.root) == 2 << 20)
    try machine.write("1048576\n", to: "sys/fs/cgroup/memory.max")
    try machine.write("48576\n", to: "sys/fs/cgroup/memory.current")
    #expect(SweepSizes.availableMemory(root: machine.root) == 1_000_000)
    try machine.write("max\n", to: "sys/fs/cgroup/memory.max")
    #expect(SweepSizes.availableMemory(root: machine.root) == 2 << 20)
  }

  @Test(arguments: [("256K", 256 << 10), ("64m", 64 << 20), ("4096", 4096)]) func sizes(text: String, bytes: Int) throws
  {
    #expect(try SweepSizes.bytes(text) == bytes)
  }

  @Test func ofAKernel() throws {
    let place = Scratchpad()
    let arguments = ["sweep", "sha256", "--quick", "--to", "32K", "--steps", "1"]
    let result = try KernelBench.run(arguments + ["--svg", place.path("a.svg"), "--json", place.path("a.json")])
    #expect(result.status == 0, "\(result.error)")
    for line in result.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    let report = try SweepReport.read(place.path("a.json"))
    #expect(report.curves.count == 1 && report.subject == "sha256")
    #expect(report.curves[0].points.map(\.workingSet) == [4096, 8192, 16384, 32768])
    #expect(report.curves[0].points.allSatisfy { $0.median > 0 && $0.interval.low > 0 })
    #expect(try String(contentsOfFile: place.path("a.svg"), encoding: .utf8).hasPrefix("<svg"))
    #expect(place.names == ["a.json", "a.svg"])
  }

  @Test func ofTheMemory() throws {
    let place = Scratchpad()
    let result = try KernelBench.run(
      ["sweep", "memory", "--quick", "--to", "32K", "--steps", "1", "--json", place.path("a.json")])
    #expect(result.status == 0, "\(result.error)")
    #expect(try SweepReport.read(place.path("a.json")).curves.map(\.unit) == ["GB/s", "ns"])
  }

  @Test(arguments: [
    (["sweep", "nonsense"], 1, "these have one: sgemm, dgemm,"),
    (["sweep", "sha256-batch"], 1, "sha256-batch has no sweep over the working set"),
    (["sweep", "sgemm", "--to", "much"], 1, "is no size"), (["sweep", "sgemm", "--to", "4K"], 1, "has no steps"),
    (["sweep", "sgemm", "--steps", "99"], 1, "--steps 99"), (["sweep"], 64, "Name a series"),
    (["sweep", "sgemm", "--filter", "x"], 64, "not both"), (["sweep", "--filter", "nonsense"], 1, "no case matches"),
  ])
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    let result = try KernelBench.run(arguments)
    #expect(result.status == status)
    #expect(result.error.contains(message), "\(result.error)")
  }
}
