import ArgumentParser
import BenchHarness
import CAllocationCounter

/// The allocation counter on known calls of every entry point, on one thread and on several at once; and what it costs.
struct SelfTestAllocations: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest-allocations",
    abstract: "Prove the allocation counter on known numbers of calls.", shouldDisplay: false)

  @Option(help: "The most calls of each entry point; powers of ten below it are tried too.")
  var calls: UInt64 = 100_000

  @Option(help: "Threads that call at the same time.")
  var threads = 8

  func run() throws {
    if let reason = AllocationCounter.unavailable { throw BenchError("unavailable: \(reason)") }
    guard threads >= 1, threads <= 1024 else { throw BenchError("--threads must be within 1...1024") }

    try fail(AllocationCounter.checkNames())
    var numbers: [UInt64] = [0, calls]
    for power in sequence(first: UInt64(1), next: { $0 < 1_000_000_000 ? $0 * 10 : nil }) where power < calls {
      numbers += [power, power + 1]
    }
    for entry in AllocationEntryPoint.allCases {
      for number in numbers.sorted() { try fail(AllocationCounter.checkCounts(entry, calls: number, bytes: 40)) }
      try checkCountsOnThreads(entry)
      print("\(entry.name): exact for 0...\(calls) calls, and on \(threads) threads")
    }

    for entry in AllocationEntryPoint.allocating {
      for number in [0, 1, 1000] { try fail(AllocationCounter.checkLive(entry, blocks: number, bytes: 40)) }
      try checkLiveOnThreads(entry)
    }
    try fail(AllocationCounter.checkResizing())
    print("live memory: exact for 0...1000 blocks, resized ones, and blocks that other threads free")

    for entry in AllocationEntryPoint.allocating { try fail(AllocationCounter.checkLayout(entry)) }
    print("layout of blocks: glibc's own")

    print(Self.cost())
  }

  private func fail(_ problem: String?) throws {
    if let problem { throw BenchError(problem) }
  }

  private func checkCountsOnThreads(_ entry: AllocationEntryPoint) throws {
    let calls = calls
    let crew = try ThreadCrew(threads) { _ in ac_exercise(entry.counter, calls, 40) }
    let before = AllocationCounter.read()
    crew.work()
    let after = AllocationCounter.read()
    crew.end()
    let found = after[entry].calls - before[entry].calls
    if found != calls * UInt64(threads) {
      throw BenchError("\(threads) threads with \(calls) calls of \(entry.name) each gave \(found)")
    }
  }

  /// Every thread obtains blocks, and then frees those of its neighbour.
  private func checkLiveOnThreads(_ entry: AllocationEntryPoint) throws {
    let blocks = 100
    let held = (0..<threads).map { _ in HeldBlocks(blocks) }
    let (obtaining, releasing) = try (
      ThreadCrew(threads) { held[$0].obtain(entry, bytes: 40) },
      ThreadCrew(threads) { held[($0 + 1) % held.count].release() }
    )
    ac_track_live(true)
    obtaining.work()
    let most = AllocationCounter.readLive()
    releasing.work()
    let end = AllocationCounter.readLive()
    ac_track_live(false)
    obtaining.end()
    releasing.end()

    let size = held.reduce(0) { $0 + $1.usableBytes }
    let number = UInt64(threads * blocks)
    let isRight =
      most == LiveMemory(peak: size, obtainedBlocks: number, obtainedBytes: UInt64(size))
      && end.peak == size && end.releasedBlocks == number && end.leakedBytes == 0
    if !isRight {
      throw BenchError("\(threads) threads with \(blocks) blocks of \(entry.name) gave \(most) and \(end)")
    }
  }

  /// A pair of malloc and free through the counter and past it, in turns. Beside the medians, the fastest hundredth of the
  /// turns: on a shared core a neighbour slows most of them down, and both ways alike.
  private static func cost() -> String {
    let pairs = 2000
    func nanoseconds(counted: Bool) -> Double {
      Clock.time { ac_exercise_pairs(counted, UInt64(pairs), 40) } / Double(pairs)
    }
    var counted: [Double] = []
    var direct: [Double] = []
    for turn in 0..<2000 {
      let isFirst = turn % 2 == 0
      if isFirst { counted.append(nanoseconds(counted: true)) }
      direct.append(nanoseconds(counted: false))
      if !isFirst { counted.append(nanoseconds(counted: true)) }
    }
    (counted, direct) = (counted.sorted(), direct.sorted())
    func text(_ percent: Double) -> String {
      let (with, without) = (
        Summary.percentile(percent, ofSorted: counted), Summary.percentile(percent, ofSorted: direct)
      )
      let figures = [with, without, with - without].map { Format.fixed($0, digits: 2) }
      return "\(figures[0]) ns counted, \(figures[1]) past the counter, \(figures[2]) more"
    }
    return """
      a pair of malloc and free, median: \(text(50))
      a pair of malloc and free, undisturbed: \(text(1))
      """
  }
}
