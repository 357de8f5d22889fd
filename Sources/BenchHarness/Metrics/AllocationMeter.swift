/// Calls of the C allocator and the bytes that they asked for.
package struct AllocationCounts: Hashable, Codable, Sendable {
  /// Calls that may return a block: malloc, calloc, realloc and their kin.
  package var allocations: UInt64
  package var frees: UInt64
  package var bytes: UInt64

  package init(allocations: UInt64, frees: UInt64, bytes: UInt64) {
    (self.allocations, self.frees, self.bytes) = (allocations, frees, bytes)
  }

  package static func - (a: AllocationCounts, b: AllocationCounts) -> AllocationCounts {
    AllocationCounts(allocations: a.allocations - b.allocations, frees: a.frees - b.frees, bytes: a.bytes - b.bytes)
  }
}

/// Reads the allocation counters, where there are any: only the executable may link what replaces malloc.
package enum AllocationMeter: Meter {
  /// What the process counted so far. The closure itself must not allocate.
  case counting(@Sendable () -> AllocationCounts)
  case unavailable(reason: String)

  /// Mallocs, frees and bytes per call of what `body` repeats.
  ///
  /// One pass of `calls` and one of twice as many: what a pass itself allocates, such as the context of a closure in a
  /// debug build, is in both and drops out of the difference.
  package func perCall(_ calls: Int, _ body: (Int) throws -> Void) rethrows -> [NamedMetric] {
    switch self {
    case .unavailable(let reason):
      return [.mallocCalls, .mallocBytes, .freeCalls].map { NamedMetric($0, .unavailable(reason: reason)) }
    case .counting(let read):
      _ = read()  // the first reading of all may set up what later ones use
      let start = read()
      try body(calls)
      let once = read()
      try body(2 * calls)
      let twice = read()
      let (single, double) = (once - start, twice - once)
      func metric(_ count: KeyPath<AllocationCounts, UInt64>, _ unit: String) -> Metric {
        let difference = double[keyPath: count].subtractingReportingOverflow(single[keyPath: count])
        if difference.overflow { return .unavailable(reason: "a pass of twice the calls allocated less") }
        return .value(Double(difference.partialValue) / Double(calls), unit: unit, source: .measured)
      }
      return [
        NamedMetric(.mallocCalls, metric(\.allocations, "calls")), NamedMetric(.mallocBytes, metric(\.bytes, "B")),
        NamedMetric(.freeCalls, metric(\.frees, "calls")),
      ]
    }
  }
}
