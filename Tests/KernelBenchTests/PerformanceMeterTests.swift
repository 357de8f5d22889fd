import BenchHarness
import Foundation
import Testing

/// A PMU of the test's own.
private final class FakeCounters: PerformanceCounting, @unchecked Sendable {
  /// What is added to each event around the loop once, and how often a body ran it; bodies call `run`.
  var perCall: [MetricName: UInt64] = [.instructions: 2, .cycles: 1, .branchMisses: 0, .llcMisses: 3]
  /// What a pass counts by itself.
  var overhead: UInt64 = 100
  /// Counters that there are.
  var limit = 8
  var refused: [MetricName: Int32] = [:]
  /// Of the time that a group was to run; changed by a test in the middle.
  var runningShare = 1.0
  var groups: [[MetricName]] = []
  private var calls: UInt64 = 0

  func run(_ calls: UInt64) { self.calls += calls }

  func count(_ events: [PerformanceEvent], _ body: () throws -> Void) throws -> PerformanceReading {
    groups.append(events.map(\.name))
    for event in events {
      if let code = refused[event.name] { throw PerformanceFailure.refused(Errno(code: code)) }
    }
    if events.count > limit { throw PerformanceFailure.notScheduled }
    calls = 0
    try body()
    return PerformanceReading(
      values: events.map { overhead + calls * (perCall[$0.name] ?? 0) }, enabled: 1000,
      running: UInt64(1000 * runningShare))
  }

  func meter(_ events: [PerformanceEvent] = PerformanceMeter.standardEvents) -> PerformanceMeter {
    PerformanceMeter(counters: self, events: events, paranoid: "3", loop: { self.run($0) })
  }
}

@Suite struct PerformanceMeterTests {
  private func figures(_ meter: PerformanceMeter, _ counters: FakeCounters, calls: Int = 10) throws -> [MetricName:
    Metric]
  {
    let metrics = try meter.perCall(calls) { counters.run(UInt64($0)) }
    return Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.metric) })
  }

  private static let all: [MetricName] = [
    .instructions, .cycles, .branchMisses, .l1dMisses, .llcMisses, .dtlbMisses, .instructionsPerCycle,
  ]

  @Test func perCallWithoutWhatAPassCounts() throws {
    let counters = FakeCounters()
    let metrics = try figures(counters.meter(), counters)
    #expect(Set(metrics.keys) == Set(Self.all))
    #expect(metrics[.instructions] == .value(2, unit: "instructions", source: .measured))
    #expect(metrics[.cycles] == .value(1, unit: "cycles", source: .measured))
    #expect(metrics[.llcMisses] == .value(3, unit: "misses", source: .measured))
    #expect(metrics[.branchMisses]?.value == 0)
    #expect(metrics[.instructionsPerCycle] == .value(2, unit: "instructions/cycle", source: .derived))
  }

  @Test func oneGroupWhereThereAreCountersEnough() {
    let counters = FakeCounters()
    #expect(counters.meter().groups == [[.instructions] + PerformanceMeter.standardEvents])
  }

  /// Each group has the instructions, so that each is validated; cycles stay beside them.
  @Test func severalGroupsWhereThereAreFew() throws {
    let counters = FakeCounters()
    counters.limit = 3
    let groups = counters.meter().groups
    #expect(groups.allSatisfy { $0.count <= 3 && $0.first == .instructions })
    #expect(Set(groups.flatMap { $0.dropFirst() }) == Set(PerformanceMeter.standardEvents))
    let metrics = try figures(counters.meter(), counters)
    #expect(metrics[.instructionsPerCycle]?.value == 2 && metrics[.llcMisses]?.value == 3)
  }

  @Test func oneCounterIsForTheInstructions() throws {
    let counters = FakeCounters()
    counters.limit = 1
    let metrics = try figures(counters.meter(), counters)
    #expect(metrics[.instructions]?.value == 2)
    for name in Self.all.dropFirst() { #expect(metrics[name]?.value == nil, "\(name)") }
  }

  @Test func anEventThatIsMissingLeavesTheOthers() throws {
    let counters = FakeCounters()
    counters.refused = [.dtlbMisses: ENOENT]
    let metrics = try figures(counters.meter(), counters)
    #expect(metrics[.instructions]?.value == 2 && metrics[.llcMisses]?.value == 3)
    guard case .unavailable(let reason) = metrics[.dtlbMisses] else { return #expect(Bool(false)) }
    #expect(reason.hasPrefix("this machine has no such counter"))
  }

  @Test(arguments: [
    (ENOENT, "no such counter"), (EOPNOTSUPP, "no such counter"), (EACCES, "kernel.perf_event_paranoid is 3"),
    (EPERM, "sysctl kernel.perf_event_paranoid=2"), (ENOSYS, "there is no perf_event_open here"), (EMFILE, "failed"),
  ])
  func withoutInstructionsThereIsNothing(code: Int32, text: String) throws {
    let counters = FakeCounters()
    counters.refused = [.instructions: code]
    let meter = counters.meter()
    #expect(meter.groups.isEmpty)
    let metrics = try figures(meter, counters)
    #expect(metrics.count == 7)
    for (name, metric) in metrics {
      guard case .unavailable(let reason) = metric else {
        Issue.record("\(name) has a figure")
        continue
      }
      #expect(reason.contains(text))
    }
  }

  /// A PMU that counts nothing, or twice, or a half: a virtual machine's may.
  @Test(arguments: [0, 1, 4] as [UInt64]) func aWrongCountOnTheKnownLoopDistrustsAll(perIteration: UInt64) throws {
    let counters = FakeCounters()
    counters.perCall[.instructions] = perIteration
    let metrics = try figures(counters.meter(), counters)
    #expect(metrics.values.allSatisfy { $0.value == nil })
    #expect(
      metrics[.cycles]
        == .unavailable(reason: "\(perIteration * 1_000_000 + 100) instructions were counted on a loop of 2000000"))
  }

  /// Nothing is scaled: a group that ran for a part of the time has no figures.
  @Test(arguments: [0, 0.5, 0.999]) func aGroupThatWasNotAlwaysCountingIsRejected(share: Double) throws {
    let counters = FakeCounters()
    let meter = counters.meter()
    counters.runningShare = share
    let metrics = try figures(meter, counters)
    #expect(metrics.count == 7 && metrics.values.allSatisfy { $0.value == nil })

    #expect(counters.meter().groups.isEmpty, "nor is it trusted on the known loop")
  }

  /// Misses that an empty pass had more of are none, not less than none.
  @Test func neverBelowZero() throws {
    let counters = FakeCounters()
    let meter = counters.meter()
    let metrics = try meter.perCall(10) { calls in counters.overhead = calls == 0 ? 500 : 100 }
    #expect(metrics.first { $0.name == .llcMisses }?.metric.value == 0)
  }

  @Test func whatTheBodyThrowsIsThrown() {
    let counters = FakeCounters()
    #expect(throws: BenchError.self) { try counters.meter().perCall(1) { _ in throw BenchError("no") } }
  }
}

#if os(Linux)
  /// The system's own counters; those of the kernel, which need no PMU.
  @Suite struct LinuxPerformanceCountersTests {
    /// Nil where the kernel lets nobody count.
    private func count(_ events: [PerformanceEvent], _ body: () -> Void) throws -> PerformanceReading? {
      do {
        return try LinuxPerformanceCounters().count(events, body)
      } catch PerformanceFailure.refused(let error) where [EACCES, EPERM, ENOSYS].contains(error.code) {
        return nil
      }
    }

    @Test func softwareEventsCount() throws {
      let reading = try count([.taskClock, .pageFaults]) { touchNewPages(bytes: 4 << 20) }
      guard let reading else { return }
      #expect(reading.values.count == 2)
      #expect(reading.values[0] > 1000, "nanoseconds on the CPU")
      // A sanitizer has pages beside each page.
      #expect(reading.values[1] >= 2 && reading.values[1] <= 10 * 1024, "a fault a page, or for some pages")
      #expect(reading.enabled > 0 && reading.running == reading.enabled)
    }

    @Test func itCountsTheBodyAlone() throws {
      guard let short = try count([.taskClock], {}) else { return }
      guard
        let long = try count(
          [.taskClock],
          {
            let end = Clock.nanoseconds + 5_000_000
            while Clock.nanoseconds < end {}
          })
      else { return }
      #expect(long.values[0] > short.values[0])
    }

    @Test func filesAreClosed() throws {
      func files() -> Int { SystemFile.names(in: "/proc/self/fd").count }
      let before = files()
      for _ in 0..<100 { _ = try count([.taskClock, .pageFaults]) {} }
      #expect(files() < before + 50)
    }

    /// Whatever this machine has: a figure, or a reason.
    @Test func onThisMachine() throws {
      let metrics = try PerformanceMeter().perCall(1000) { calls in for _ in 0..<calls {} }
      #expect(metrics.count == 7)
      for metric in metrics {
        if case .unavailable(let reason) = metric.metric { #expect(!reason.isEmpty) }
      }
    }
  }
#endif
