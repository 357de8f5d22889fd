/// Calls a case for a given time and reads the system between intervals.
package struct Soak {
  private let seconds: Double
  private let allocations: AllocationMeter

  /// At most this many intervals, and none shorter than a tenth of a second.
  package static let mostIntervals = 30

  /// - Parameters:
  ///   - seconds: above 0.
  ///   - allocations: read between intervals.
  package init(seconds: Double, allocations: AllocationMeter) {
    precondition(seconds > 0, "Soak: seconds must be positive")
    (self.seconds, self.allocations) = (seconds, allocations)
  }

  /// Runs to the end of the time, or of the interval in which the user interrupts.
  ///
  /// - Parameters:
  ///   - benchmark: its first contender is called, warm.
  ///   - progress: told the seconds that have passed, after each interval.
  /// - Throws: ``BenchError`` when the case cannot be prepared. What a call throws is counted.
  package func run(_ benchmark: BenchmarkCase, progress: (Double) -> Void) throws(BenchError) -> SoakResult {
    let kernel = try benchmark.attempt { try benchmark.prepare()[0] }
    var failures = Failures()
    // Calls that take a millisecond, so that the clock is read rarely enough.
    let batch = Calibration(target: 1e6) { calls in Clock.time { failures.count(calls, of: kernel) } }.iterations
    failures = Failures()
    let count = min(Self.mostIntervals, max(1, Int(seconds * 10)))
    let length = seconds / Double(count)
    var intervals: [SoakInterval] = []
    intervals.reserveCapacity(count)
    // Once before, so that what the first reading sets up is not taken for growth.
    _ = (ProcessMemory.exactResident, ProcessMemory.heapInUse)
    let start = Clock.nanoseconds
    for index in 1...count where !Interruption.isRequested {
      let before = allocations.counts
      let began = Clock.nanoseconds
      let failed = failures.errors
      let end = start + UInt64(Double(index) * length * 1e9)
      var (calls, now) = (0, began)
      repeat {
        failures.count(batch, of: kernel)
        calls += batch
        now = Clock.nanoseconds
      } while now < end && !Interruption.isRequested
      let after = allocations.counts
      func spent(_ count: KeyPath<AllocationCounts, UInt64>, _ unit: String) -> Metric {
        guard let before, let after else { return .unavailable(reason: allocations.reason) }
        return .value(Double(after[keyPath: count] &- before[keyPath: count]), unit: unit, source: .measured)
      }
      calls -= failures.errors - failed
      intervals.append(
        SoakInterval(
          end: Double(now - start) / 1e9, calls: calls, seconds: Double(now - began) / 1e9,
          throughput: Double(calls) * kernel.work / Double(now - began), resident: ProcessMemory.exactResident,
          heap: ProcessMemory.heapInUse, mallocCalls: spent(\.allocations, "calls"), mallocBytes: spent(\.bytes, "B")))
      progress(Double(now - start) / 1e9)
    }
    return SoakResult(
      name: benchmark.name, row: benchmark.row, unit: benchmark.unit, intervals: intervals, errors: failures.errors,
      firstError: failures.first)
  }
}

/// Calls that threw.
private struct Failures {
  private(set) var errors = 0
  private(set) var first: String?

  /// Makes `calls` calls of a kernel.
  mutating func count(_ calls: Int, of kernel: Contender) {
    for _ in 0..<calls {
      do {
        try kernel.body(1)
      } catch {
        errors += 1
        if first == nil { first = "\(error)" }
      }
    }
  }
}

extension AllocationMeter {
  /// Everything so far; nil where it cannot be had.
  fileprivate var counts: AllocationCounts? {
    if case .counting(let read) = self { read() } else { nil }
  }

  fileprivate var reason: String {
    if case .unavailable(let reason) = self { reason } else { "" }
  }
}
