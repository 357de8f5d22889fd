import BenchHarness
import Foundation
import Testing

@Suite struct AllocationMeterTests {
  @Test func perCall() {
    // A counter that the body moves: two mallocs, a calloc and 100 bytes a call, and seven mallocs of 8 bytes a pass.
    nonisolated(unsafe) var counts = AllocationCounts()
    let meter = AllocationMeter.counting { unsafe counts }
    let metrics = meter.perCall(10) { calls in
      unsafe counts[.malloc].calls += UInt64(2 * calls + 7)
      unsafe counts[.malloc].bytes += UInt64(60 * calls + 56)
      unsafe counts[.calloc].calls += UInt64(calls)
      unsafe counts[.calloc].bytes += UInt64(40 * calls)
    }
    #expect(
      Array(metrics.prefix(7)) == [
        NamedMetric(.mallocCalls, .value(3, unit: "calls", source: .measured)),
        NamedMetric(.mallocBytes, .value(100, unit: "B", source: .measured)),
        NamedMetric(.freeCalls, .value(0, unit: "calls", source: .measured)),
        NamedMetric(.calls(of: .malloc), .value(2, unit: "calls", source: .measured)),
        NamedMetric(.bytes(of: .malloc), .value(60, unit: "B", source: .measured)),
        NamedMetric(.calls(of: .calloc), .value(1, unit: "calls", source: .measured)),
        NamedMetric(.bytes(of: .calloc), .value(40, unit: "B", source: .measured)),
      ])
    #expect(metrics.count == 3 + 2 * 9 && metrics.dropFirst(7).allSatisfy { $0.metric.value == 0 })
  }

  @Test func countsThatMakeNoSenseAreNoFigure() {
    nonisolated(unsafe) var counts = AllocationCounts()
    let meter = AllocationMeter.counting { unsafe counts }
    var passes = 0
    let metrics = meter.perCall(10) { _ in
      passes += 1
      if passes % 2 == 1 { unsafe counts[.realloc].calls += 100 }
    }
    #expect(metrics.prefix(3).map(\.metric.value) == [nil, 0, 0])
    #expect(metrics.first { $0.name == .calls(of: .realloc) }?.metric.value == nil)
  }

  @Test func whatIsAllocatedOnceIsNotOfTheCalls() {
    nonisolated(unsafe) var counts = AllocationCounts()
    let meter = AllocationMeter.counting { unsafe counts }
    var passes = 0
    let metrics = meter.perCall(10) { calls in
      passes += 1
      if passes == 1 { unsafe counts[.realloc].calls += 100 }
      unsafe counts[.malloc].calls += UInt64(calls)
    }
    #expect(passes == 4)
    #expect(metrics.prefix(3).map(\.metric.value) == [1, 0, 0])
  }

  @Test func unavailableIsNotZero() {
    let metrics = AllocationMeter.unavailable(reason: "why").perCall(10) { _ in Issue.record("nothing to count") }
    #expect(metrics.count == 21 && metrics.allSatisfy { $0.metric == .unavailable(reason: "why") })
    #expect(Set(metrics.map(\.name)).count == metrics.count)
  }

  @Test func entryPointsHaveTheirNamesInC() {
    #expect(AllocationEntryPoint.alignedAlloc.name == "aligned_alloc")
    #expect(MetricName.calls(of: .posixMemalign).rawValue == "calls.posix_memalign")
    #expect(MetricName.bytes(of: .reallocarray).rawValue == "bytes.reallocarray")
  }
}

@Suite struct LiveMemoryMeterTests {
  /// An allocator of the test's own: tracks as the real one does.
  private final class Allocator: @unchecked Sendable {
    var live = LiveMemory()
    var held: Int64 = 0
    var isTracking = false

    func obtain(_ bytes: Int64) {
      held += bytes
      live.peak = max(live.peak, held)
      live.obtainedBlocks += 1
      live.obtainedBytes += UInt64(bytes)
    }

    func release(_ bytes: Int64) {
      held -= bytes
      live.releasedBlocks += 1
      live.releasedBytes += UInt64(bytes)
    }

    var meter: LiveMemoryMeter {
      .tracking(
        track: { on in
          self.isTracking = on
          if on { (self.live, self.held) = (LiveMemory(), 0) }
        }, read: { self.live })
    }
  }

  /// A call holds 100 and 50 bytes at once and leaks 8; a pass holds 1000 around its calls.
  @Test func peakAndLeaks() {
    let allocator = Allocator()
    let metrics = allocator.meter.perCall(10) { calls in
      allocator.obtain(1000)
      for _ in 0..<calls {
        allocator.obtain(100)
        allocator.obtain(50)
        allocator.release(100)
        allocator.release(50)
        allocator.obtain(8)
      }
      allocator.release(1000)
    }
    #expect(
      metrics == [
        NamedMetric(.livePeak, .value(150, unit: "B", source: .measured)),
        NamedMetric(.freedBytes, .value(150, unit: "B", source: .measured)),
        NamedMetric(.leakedBytes, .value(8, unit: "B", source: .measured)),
        NamedMetric(.leakedBlocks, .value(1, unit: "blocks", source: .measured)),
      ])
    #expect(!allocator.isTracking)
  }

  /// Memory that calls free and others obtained is a leak below zero, and no error.
  @Test func callsThatFreeMore() {
    let allocator = Allocator()
    let metrics = allocator.meter.perCall(4) { calls in for _ in 0..<calls { allocator.release(16) } }
    #expect(metrics.map(\.metric.value) == [0, 16, -16, -1])
  }

  @Test func trackingEndsWhenTheBodyThrows() {
    let allocator = Allocator()
    #expect(throws: BenchError.self) { try allocator.meter.perCall(1) { _ in throw BenchError("no") } }
    #expect(!allocator.isTracking)
  }

  @Test func unavailableIsNotZero() {
    let metrics = LiveMemoryMeter.unavailable(reason: "why").perCall(10) { _ in Issue.record("nothing to count") }
    #expect(metrics.map(\.metric) == Array(repeating: .unavailable(reason: "why"), count: 4))
  }
}

@Suite struct ReferenceMeterTests {
  @Test func figuresAreLowerBounds() {
    nonisolated(unsafe) var counts = ReferenceCounts()
    nonisolated(unsafe) var isOn = false
    let meter = ReferenceMeter.counting(count: { unsafe isOn = $0 }, read: { unsafe counts })
    let metrics = meter.perCall(10) { calls in
      #expect(unsafe isOn)
      unsafe counts.retains += UInt64(3 * calls + 2)
      unsafe counts.releases += UInt64(4 * calls)
    }
    #expect(
      metrics == [
        NamedMetric(.retains, .value(3, unit: "calls", source: .atLeast)),
        NamedMetric(.releases, .value(4, unit: "calls", source: .atLeast)),
      ])
    #expect(unsafe !isOn)
  }

  @Test func unavailableIsNotZero() {
    let metrics = ReferenceMeter.unavailable(reason: "why").perCall(10) { _ in Issue.record("nothing to count") }
    #expect(metrics.map(\.metric) == Array(repeating: .unavailable(reason: "why"), count: 2))
  }
}

@Suite struct MetricSourceTests {
  /// Every source has a name in JSON that is read back; those of older files too.
  @Test(arguments: [
    ("measured", Metric.Source.measured), ("derived", .derived), ("at least", .atLeast), ("simulated", .simulated),
    ("modelled", .modelled),
  ])
  func namesInJSON(name: String, source: Metric.Source) throws {
    let json = #"{"source":"\#(name)","unit":"ns","value":1.5}"#
    let metric = Metric.value(1.5, unit: "ns", source: source)
    #expect(try JSONDecoder().decode(Metric.self, from: Data(json.utf8)) == metric)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    #expect(String(decoding: try encoder.encode(metric), as: UTF8.self) == json)
  }
}
